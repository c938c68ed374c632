//! The text of one file, or why there is none, and the places in it.
//!
//! Inside the program a place is a range of bytes ([`Span`]). This is the only file that knows lines and columns;
//! what the bytes mean is not its business.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

/// A range of bytes in a [`Source`], end exclusive. Files are far below 4 GiB (the size limit sees to that).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// From byte offsets; an offset past 4 GiB is clamped, never wrapped.
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end.max(start)) }
    }

    /// As a range to slice text with.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether the two share a byte, or one is empty and lies in the other.
    pub fn overlaps(self, other: Self) -> bool {
        self == other || (self.start < other.end && other.start < self.end)
    }
}

/// Spans of which no two share a byte, so that those near another span are found without looking at all of them.
#[derive(Debug, Default)]
pub struct SpanSet(BTreeSet<Span>);

impl SpanSet {
    /// Adds a span that shares no byte with the others.
    pub fn insert(&mut self, span: Span) {
        self.0.insert(span);
    }

    /// The spans that touch or overlap this one.
    pub fn touching(&self, span: Span) -> impl Iterator<Item = Span> {
        let up_to_its_end = ..=Span { start: span.end, end: u32::MAX };
        self.0.range(up_to_its_end).rev().copied().take_while(move |other| other.end >= span.start)
    }
}

/// How the bytes are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Strict JSON (RFC 8259).
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
    /// YAML 1.2.
    Yaml,
    /// TOML 1.0: the linter's settings, never a portal.
    Toml,
}

impl Format {
    /// By the ending of the file name; `None` when the ending is none of ours.
    pub fn from_file_name(name: &str) -> Option<Self> {
        let ending = &name.as_bytes()[memchr::memrchr(b'.', name.as_bytes())? + 1..];
        let formats = [("json", Self::Json), ("jsonc", Self::Jsonc), ("yaml", Self::Yaml), ("yml", Self::Yaml)];
        formats.into_iter().find(|(known, _)| ending.eq_ignore_ascii_case(known.as_bytes())).map(|(_, format)| format)
    }

    /// For text without a name: JSON when it starts with a brace or bracket.
    pub fn sniff(text: &str) -> Self {
        match text.trim_start_matches('\u{feff}').trim_start().as_bytes().first() {
            Some(b'{' | b'[') => Self::Json,
            _ => Self::Yaml,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json => "JSON",
            Self::Jsonc => "JSON with comments",
            Self::Yaml => "YAML",
            Self::Toml => "TOML",
        })
    }
}

/// A place as people and other programs count: line and column from 1, columns in Unicode characters, bytes from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Bytes from the start of the file, a byte order mark included.
    pub offset: u32,
    /// Line, from 1. `\n`, `\r\n` and a lone `\r` end a line.
    pub line: u32,
    /// Column, from 1, in Unicode characters; a byte order mark is not counted.
    pub column: u32,
}

/// In what an editor counts the characters of a line; it and the language server agree on one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of two bytes: what the protocol takes for granted.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A place as editors count: both from 0, a byte order mark being a character like any other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct EncodedPosition {
    /// Line.
    pub line: u32,
    /// How far into the line, in units of an [`Encoding`].
    pub units: u32,
}

/// One file's name and text.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    format: Format,
    in_file: bool,
    line_starts: OnceLock<Vec<u32>>,
    /// How many characters stand before each block: see [`Source::characters_between`].
    characters: OnceLock<Vec<usize>>,
}

impl Source {
    /// `name` is the path as it will be shown.
    pub fn new(name: impl Into<String>, text: impl Into<String>, format: Format) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            format,
            in_file: true,
            line_starts: OnceLock::new(),
            characters: OnceLock::new(),
        }
    }

    /// The same text when it came through a pipe and is kept nowhere.
    #[must_use]
    pub fn without_file(self) -> Self {
        Self { in_file: false, ..self }
    }

    /// Whether the text is that of a file, which people keep and share.
    pub fn is_in_file(&self) -> bool {
        self.in_file
    }

    /// The path as it is shown.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, a byte order mark included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The memory of the text, to be used again.
    pub fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// How the text is to be read.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The length of a byte order mark at the start, in bytes.
    pub fn bom_len(&self) -> usize {
        if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
    }

    /// The text of a span; empty when the span does not lie on characters of this text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The same file with other text of the same length: positions stay true. Used to cover secrets.
    #[must_use]
    pub fn with_text(&self, text: String) -> Self {
        debug_assert_eq!(text.len(), self.text.len());
        let line_starts = self.line_starts.clone();
        Self {
            name: self.name.clone(),
            text,
            format: self.format,
            in_file: self.in_file,
            line_starts,
            characters: OnceLock::new(),
        }
    }

    /// Line and column of a byte. An offset inside a character counts as that character's start.
    pub fn position(&self, offset: u32) -> Position {
        let offset = self.on_a_character(offset);
        let line = self.line_starts().partition_point(|&start| start <= offset);
        let start = self.line_start(line);
        let mark = self.text[start..offset as usize].chars().take_while(|c| *c == '\u{feff}').count();
        let column = self.characters_between(start, offset as usize) - mark + 1;
        Position { offset, line: to_u32(line), column: to_u32(column) }
    }

    /// A byte as an editor counts.
    pub fn encoded_position(&self, offset: u32, encoding: Encoding) -> EncodedPosition {
        let offset = self.on_a_character(offset);
        let line = self.line_starts().partition_point(|&start| start <= offset);
        let before = &self.text[self.line_start(line)..offset as usize];
        EncodedPosition { line: to_u32(line - 1), units: to_u32(before.chars().map(|c| encoding.width(c)).sum()) }
    }

    /// The byte that an editor means. What is past the end of the line is its end, what is past the last line is the end of
    /// the text, and the inside of a character is its start.
    pub fn offset_at(&self, spot: EncodedPosition, encoding: Encoding) -> u32 {
        let Some(line) = self.line(spot.line as usize + 1) else { return to_u32(self.text.len()) };
        let mut left = spot.units as usize;
        let fits = |c: &char| left.checked_sub(encoding.width(*c)).inspect(|rest| left = *rest).is_some();
        let before: usize = self.slice(line).chars().take_while(fits).map(char::len_utf8).sum();
        line.start + to_u32(before)
    }

    /// How many characters stand between two bytes of a line. A file may be one line with thousands of findings: what stands
    /// before them is not counted again for each.
    fn characters_between(&self, start: usize, end: usize) -> usize {
        const BLOCK: usize = 4096;
        let bytes = self.text.as_bytes();
        if end - start <= BLOCK {
            return characters_in(&bytes[start..end]);
        }
        let before_blocks = self.characters.get_or_init(|| {
            let mut before_blocks = vec![0];
            for block in bytes.chunks(BLOCK) {
                before_blocks.push(before_blocks.last().copied().unwrap_or_default() + characters_in(block));
            }
            before_blocks
        });
        let before = |at: usize| before_blocks[at / BLOCK] + characters_in(&bytes[at / BLOCK * BLOCK..at]);
        before(end) - before(start)
    }

    fn on_a_character(&self, offset: u32) -> u32 {
        let mut offset = offset.min(to_u32(self.text.len()));
        while !self.text.is_char_boundary(offset as usize) {
            offset -= 1;
        }
        offset
    }

    /// The bytes of a line (from 1), its line break excluded; `None` past the end.
    pub fn line(&self, line: usize) -> Option<Span> {
        let start = *self.line_starts().get(line.checked_sub(1)?)? as usize;
        let end = self.line_starts().get(line).map_or(self.text.len(), |&next| next as usize);
        let content = self.text[start..end].trim_end_matches(['\n', '\r']).len();
        Some(Span::new(start, start + content))
    }

    /// How many lines there are; an empty text has one.
    pub fn line_count(&self) -> usize {
        self.line_starts().len()
    }

    fn line_start(&self, line: usize) -> usize {
        line.checked_sub(1).and_then(|index| self.line_starts().get(index)).map_or(0, |&start| start as usize)
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let breaks = memchr::memchr2_iter(b'\n', b'\r', bytes)
                .filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'))
                .map(|at| to_u32(at + 1));
            std::iter::once(0).chain(breaks).collect()
        })
    }
}

/// Bytes that start a character.
fn characters_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use crate::base::source::*;

    fn at(text: &str, offset: u32) -> (u32, u32) {
        let position = Source::new("t.json", text, Format::Json).position(offset);
        (position.line, position.column)
    }

    #[test]
    fn columns_are_characters_and_lines_end_with_lf_crlf_or_cr() {
        assert_eq!(at("ü😀x", 6), (1, 3));
        assert_eq!(at("a\r\nb\rc\nd", 3), (2, 1));
        assert_eq!(at("a\r\nb\rc\nd", 5), (3, 1));
        assert_eq!(at("a\r\nb\rc\nd", 7), (4, 1));
        assert_eq!(at("", 0), (1, 1));
        assert_eq!(at("a\n", 2), (2, 1));
    }

    #[test]
    fn an_offset_inside_a_character_or_past_the_end_is_moved_to_a_character() {
        assert_eq!(at("😀x", 2), (1, 1));
        assert_eq!(at("ab", 99), (1, 3));
    }

    #[test]
    fn a_byte_order_mark_is_in_the_offset_and_not_in_the_column() {
        assert_eq!(at("\u{feff}{", 3), (1, 1));
    }

    #[test]
    fn each_encoding_counts_in_its_own_units_there_and_back() {
        let source = Source::new("t.json", "a\r\nü😀x", Format::Json);
        for (encoding, units) in [(Encoding::Utf8, 6), (Encoding::Utf16, 3), (Encoding::Utf32, 2)] {
            let spot = EncodedPosition { line: 1, units };
            assert_eq!(source.encoded_position(9, encoding), spot, "{encoding:?}");
            assert_eq!(source.offset_at(spot, encoding), 9, "{encoding:?}");
        }
        let offset = |line, units| source.offset_at(EncodedPosition { line, units }, Encoding::Utf16);
        assert_eq!([offset(1, 2), offset(0, 9), offset(1, 99), offset(7, 0), offset(u32::MAX, 1)], [5, 1, 10, 10, 10]);
    }

    #[test]
    fn a_line_is_given_without_its_break() {
        let source = Source::new("t.json", "one\r\ntwo", Format::Json);
        assert_eq!(source.line(1), Some(Span::new(0, 3)));
        assert_eq!(source.line(2), Some(Span::new(5, 8)));
        assert_eq!(source.line(3), None);
        assert_eq!(source.line(0), None);
    }
}
