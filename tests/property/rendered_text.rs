//! The text of a file while it is rendered, and the byte range of each key and value in it.

use std::collections::HashMap;
use std::ops::Range;

/// The byte ranges of a value.
#[derive(Clone, Debug, Default)]
pub struct Location {
    /// The key, if the value is a field of an object.
    pub key: Option<Range<usize>>,
    pub value: Range<usize>,
    /// For a text: the range of each character in the decoded text, and its range in the file.
    pub characters: Vec<(Range<usize>, Range<usize>)>,
}

impl Location {
    /// The range in the file of a range of the decoded text.
    pub fn source_range(&self, part: &Range<usize>) -> Range<usize> {
        let first =
            self.characters.iter().find(|(text, _)| text.start == part.start).expect("it starts with a character");
        let last = self.characters.iter().find(|(text, _)| text.end == part.end).expect("it ends with a character");
        first.1.start..last.1.end
    }
}

/// See the module documentation.
#[derive(Clone, Debug)]
pub struct RenderedText {
    pub name: &'static str,
    pub text: String,
    /// By JSON Pointer. Of a duplicate key, the last one.
    pub locations: HashMap<String, Location>,
    /// The range that findings about the top-level object point to: its brace, or its first key.
    pub root_marker: Range<usize>,
    /// `\n` or `\r\n`.
    pub newline: &'static str,
    /// Whether the final line break belongs to the last value, so that it must not be removed.
    pub needs_end: bool,
    characters: Vec<(Range<usize>, Range<usize>)>,
    decoded: usize,
}

impl RenderedText {
    /// An empty file.
    pub fn new(name: &'static str, newline: &'static str, with_bom: bool) -> Self {
        let text = String::from(if with_bom { "\u{feff}" } else { "" });
        let (characters, decoded) = (Vec::new(), 0);
        Self {
            name,
            text,
            locations: HashMap::new(),
            root_marker: 0..0,
            newline,
            needs_end: false,
            characters,
            decoded,
        }
    }

    pub fn has_bom(&self) -> bool {
        self.text.starts_with('\u{feff}')
    }

    pub fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Appends a line break and indentation.
    pub fn push_line_break(&mut self, indent: usize) {
        self.push_str(self.newline);
        self.text.extend(std::iter::repeat_n(' ', indent));
    }

    /// Appends a character of a text, written as `raw`.
    pub fn push_character(&mut self, c: char, raw: &str) {
        let (start, decoded) = (self.len(), self.decoded);
        self.push_str(raw);
        self.decoded += c.len_utf8();
        self.characters.push((decoded..self.decoded, start..self.len()));
    }

    /// Takes the characters of the text that was just written.
    pub fn take_characters(&mut self) -> Vec<(Range<usize>, Range<usize>)> {
        self.decoded = 0;
        std::mem::take(&mut self.characters)
    }

    /// Records the location of the value at `pointer`: from `start` to the end of the text, with the characters just written.
    pub fn record_value(&mut self, pointer: &str, start: usize) {
        self.record_value_at(pointer, start..self.len());
    }

    /// Records the location of a value that ends before the end of the text.
    pub fn record_value_at(&mut self, pointer: &str, value: Range<usize>) {
        let characters = self.take_characters();
        let location = self.locations.entry(pointer.to_owned()).or_default();
        (location.value, location.characters) = (value, characters);
    }

    /// Records the location of a key.
    pub fn record_key(&mut self, pointer: &str, key: Range<usize>) {
        self.take_characters();
        self.locations.entry(pointer.to_owned()).or_default().key = Some(key);
    }
}
