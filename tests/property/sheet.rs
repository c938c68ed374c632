//! A text while it is written, and where in it each key and each value came to stand.

use std::collections::HashMap;
use std::ops::Range;

/// Where a value stands.
#[derive(Clone, Debug, Default)]
pub struct Location {
    /// Of a field.
    pub key: Option<Range<usize>>,
    pub value: Range<usize>,
    /// Of a text: bytes of it, and the bytes they are written with.
    pub pieces: Vec<(Range<usize>, Range<usize>)>,
}

impl Location {
    /// The bytes that a part of the text is written with.
    pub fn part(&self, part: &Range<usize>) -> Range<usize> {
        let first = self.pieces.iter().find(|(text, _)| text.start == part.start).expect("it starts with a character");
        let last = self.pieces.iter().find(|(text, _)| text.end == part.end).expect("it ends with a character");
        first.1.start..last.1.end
    }
}

/// A file's text.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub name: &'static str,
    pub text: String,
    /// By JSON Pointer; of a key that is there twice, the last.
    pub places: HashMap<String, Location>,
    /// What stands for the top level: its brace, or its first key.
    pub opening: Range<usize>,
    /// How lines end.
    pub newline: &'static str,
    /// The last value's final line break is a part of it.
    pub needs_end: bool,
    pieces: Vec<(Range<usize>, Range<usize>)>,
    decoded: usize,
}

impl Sheet {
    /// An empty file.
    pub fn new(name: &'static str, newline: &'static str, marked: bool) -> Self {
        let text = String::from(if marked { "\u{feff}" } else { "" });
        let (pieces, decoded) = (Vec::new(), 0);
        Self { name, text, places: HashMap::new(), opening: 0..0, newline, needs_end: false, pieces, decoded }
    }

    /// Whether it starts with a byte order mark.
    pub fn is_marked(&self) -> bool {
        self.text.starts_with('\u{feff}')
    }

    pub fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub fn at(&self) -> usize {
        self.text.len()
    }

    /// A line break and blanks.
    pub fn line(&mut self, indent: usize) {
        self.put(self.newline);
        self.text.extend(std::iter::repeat_n(' ', indent));
    }

    /// A character of a text, written as `raw`.
    pub fn piece(&mut self, c: char, raw: &str) {
        let (start, decoded) = (self.at(), self.decoded);
        self.put(raw);
        self.decoded += c.len_utf8();
        self.pieces.push((decoded..self.decoded, start..self.at()));
    }

    /// The pieces of the text that was just written.
    pub fn take_pieces(&mut self) -> Vec<(Range<usize>, Range<usize>)> {
        self.decoded = 0;
        std::mem::take(&mut self.pieces)
    }

    /// Keeps where the value at `pointer` stands: from `start` to here. Its pieces are those that were just written.
    pub fn placed(&mut self, pointer: &str, start: usize) {
        self.placed_at(pointer, start..self.at());
    }

    /// The same for a value that does not end here.
    pub fn placed_at(&mut self, pointer: &str, value: Range<usize>) {
        let pieces = self.take_pieces();
        let place = self.places.entry(pointer.to_owned()).or_default();
        (place.value, place.pieces) = (value, pieces);
    }

    /// Keeps where a key stands.
    pub fn placed_key(&mut self, pointer: &str, key: Range<usize>) {
        self.take_pieces();
        self.places.entry(pointer.to_owned()).or_default().key = Some(key);
    }
}
