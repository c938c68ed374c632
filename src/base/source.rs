//! The text of a file, and positions in it.
//!
//! Inside portal-lint, a location is a range of bytes ([`Span`]). Only this module converts byte offsets to lines and columns;
//! see "Positions" in `docs/design.md`.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use serde::Serialize;

pub use crate::base::encoding::Encoding;
use crate::base::encoding::TextLengths;
use crate::base::file::TextKind;
pub use crate::base::format::Format;
use crate::base::steps::count_steps;
use crate::base::text_style::TextStyle;

/// A range of bytes in a [`Source`]. The size limit keeps files far below 4 GiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// The offset of the first byte.
    pub start: u32,
    /// The offset after the last byte.
    pub end: u32,
}

impl Span {
    /// Creates a span from byte offsets. Offsets above 4 GiB are clamped.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: to_u32(start), end: to_u32(end.max(start)) }
    }

    /// The span as a range, to index text with.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether the spans are equal or share a byte, or one is empty and inside the other.
    pub fn overlaps(self, other: Self) -> bool {
        self == other || (self.start < other.end && other.start < self.end)
    }
}

/// A set of spans that do not overlap. It finds the spans that touch another one or contain a byte in logarithmic time.
#[derive(Debug, Default)]
pub struct SpanSet(BTreeSet<Span>);

impl SpanSet {
    /// Adds a span that does not overlap with the others.
    pub fn insert(&mut self, span: Span) {
        self.0.insert(span);
    }

    /// The spans that touch or overlap this one, from the last to the first.
    pub fn touching(&self, span: Span) -> impl Iterator<Item = Span> {
        // The spans do not overlap, so their ends are sorted, too: the first one that ends before `span` ends the search.
        let starting_before_end = ..=Span { start: span.end, end: u32::MAX };
        self.0.range(starting_before_end).rev().copied().take_while(move |other| other.end >= span.start)
    }

    /// The span that contains the byte at an offset.
    pub fn around(&self, offset: usize) -> Option<Span> {
        let offset = to_u32(offset);
        let last = self.0.range(..=Span { start: offset, end: u32::MAX }).next_back().copied();
        last.filter(|span| offset < span.end)
    }

    /// Whether it contains no span.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Span> for SpanSet {
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Self {
        Self(spans.into_iter().collect())
    }
}

/// A position as the report shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// The offset in bytes from the start of the file, including a byte order mark.
    pub offset: u32,
    /// The line, from 1. `\n`, `\r\n` and a lone `\r` end a line.
    pub line: u32,
    /// The column, from 1, in Unicode characters. A byte order mark does not count.
    pub column: u32,
}

impl Position {
    /// The start of a file.
    pub const START: Self = Self { offset: 0, line: 1, column: 1 };
}

/// `line:column`.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A position in the language server protocol. Both numbers start from 0, and a byte order mark counts as a character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct EncodedPosition {
    /// The line.
    pub line: u32,
    /// The column, in units of an [`Encoding`].
    pub units: u32,
}

/// The name and text of a file, or of standard input.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    format: Format,
    kind: TextKind,
    /// The offset of each line. Built for the first position: a file without findings needs none.
    line_starts: OnceLock<Vec<u32>>,
    /// The lengths of the text before each block of [`BLOCK_LEN`] bytes; see [`Source::lengths_before`].
    lengths_before_blocks: OnceLock<Vec<TextLengths>>,
    /// See [`Source::style`].
    style: OnceLock<TextStyle>,
}

const BLOCK_LEN: usize = 4096;

impl Source {
    /// Creates the source of a file. `name` is its path for display.
    pub fn new(name: impl Into<String>, text: impl Into<String>, format: Format) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            format,
            kind: TextKind::File,
            line_starts: OnceLock::new(),
            lengths_before_blocks: OnceLock::new(),
            style: OnceLock::new(),
        }
    }

    /// Sets the kind of the text, which is [`TextKind::File`] otherwise.
    #[must_use]
    pub fn with_kind(self, kind: TextKind) -> Self {
        Self { kind, ..self }
    }

    /// The kind of the text.
    pub fn kind(&self) -> TextKind {
        self.kind
    }

    /// The path for display.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, including a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The format of the text.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The length in bytes of the byte order mark; 0 if there is none.
    pub fn bom_len(&self) -> usize {
        if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
    }

    /// The text of a span. Empty if the span is not inside the text or cuts a character.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The same file with another text of the same length and with the same line breaks. Used to mask secrets.
    #[must_use]
    pub fn with_text(&self, text: String) -> Self {
        debug_assert_eq!(text.len(), self.text.len());
        Self {
            name: self.name.clone(),
            text,
            format: self.format,
            kind: self.kind,
            line_starts: self.line_starts.clone(),
            // A masked character becomes one character for each of its bytes, so the lengths in characters differ.
            lengths_before_blocks: OnceLock::new(),
            style: self.style.clone(),
        }
    }

    /// The style of the text. It is detected once for all edits of a file, which may contain thousands of documents.
    pub fn style(&self) -> &TextStyle {
        self.style.get_or_init(|| TextStyle::detect(&self.text, self.format))
    }

    /// Converts a byte offset. An offset inside a character becomes the start of that character.
    pub fn position(&self, offset: u32) -> Position {
        let offset = self.floor_char_boundary(offset);
        let line = self.line_starts().partition_point(|&start| start <= offset);
        let start = self.line_start(line);
        let bom_count = self.text[start..offset as usize].chars().take_while(|c| *c == '\u{feff}').count();
        let column = self.units_between(start, offset as usize, Encoding::Utf32) - bom_count + 1;
        Position { offset, line: to_u32(line), column: to_u32(column) }
    }

    /// Converts a byte offset for an editor.
    pub fn encoded_position(&self, offset: u32, encoding: Encoding) -> EncodedPosition {
        let offset = self.floor_char_boundary(offset);
        let line = self.line_starts().partition_point(|&start| start <= offset);
        let units = self.units_between(self.line_start(line), offset as usize, encoding);
        EncodedPosition { line: to_u32(line - 1), units: to_u32(units) }
    }

    /// Converts the position of an editor. A position after the end of its line becomes the end of the line, one after the last
    /// line becomes the end of the text, and one inside a character becomes the start of the character.
    pub fn offset_at(&self, position: EncodedPosition, encoding: Encoding) -> u32 {
        let Some(line) = self.line(position.line as usize + 1) else { return to_u32(self.text.len()) };
        let target = self.lengths_before(line.range().start).units(encoding) + position.units as usize;
        // Start at the last block that starts before the position. A block may start inside a character.
        let blocks = self.lengths_before_blocks();
        let block = blocks.partition_point(|lengths| lengths.units(encoding) <= target).saturating_sub(1);
        let mut offset = self.floor_char_boundary(to_u32(block * BLOCK_LEN)).clamp(line.start, line.end);
        let mut units = self.lengths_before(offset as usize).units(encoding);
        for c in self.slice(Span { start: offset, end: line.end }).chars() {
            count_steps(1);
            units += encoding.width(c);
            if units > target {
                break;
            }
            offset += to_u32(c.len_utf8());
        }
        offset
    }

    /// The length of the text between two offsets.
    fn units_between(&self, start: usize, end: usize, encoding: Encoding) -> usize {
        if end - start <= BLOCK_LEN {
            return TextLengths::measure(&self.text.as_bytes()[start..end]).units(encoding);
        }
        self.lengths_before(end).units(encoding) - self.lengths_before(start).units(encoding)
    }

    /// The lengths of the text before an offset. A file may be one line of megabytes with thousands of findings: counting from
    /// the start of the line for each of them would take quadratic time.
    fn lengths_before(&self, offset: usize) -> TextLengths {
        let block = offset / BLOCK_LEN;
        let in_block = TextLengths::measure(&self.text.as_bytes()[block * BLOCK_LEN..offset]);
        self.lengths_before_blocks()[block].plus(in_block)
    }

    fn lengths_before_blocks(&self) -> &[TextLengths] {
        self.lengths_before_blocks.get_or_init(|| {
            let mut lengths = TextLengths::default();
            let mut lengths_before_blocks = vec![lengths];
            for block in self.text.as_bytes().chunks(BLOCK_LEN) {
                lengths = lengths.plus(TextLengths::measure(block));
                lengths_before_blocks.push(lengths);
            }
            lengths_before_blocks
        })
    }

    fn floor_char_boundary(&self, offset: u32) -> u32 {
        to_u32(self.text.floor_char_boundary(offset as usize))
    }

    /// The span of a line without its line break; `line` counts from 1. `None` if there is no such line.
    pub fn line(&self, line: usize) -> Option<Span> {
        let start = *self.line_starts().get(line.checked_sub(1)?)? as usize;
        let end = self.line_starts().get(line).map_or(self.text.len(), |&next| next as usize);
        let content = self.text[start..end].trim_end_matches(['\n', '\r']).len();
        Some(Span::new(start, start + content))
    }

    /// The number of lines. An empty text has one.
    pub fn line_count(&self) -> usize {
        self.line_starts().len()
    }

    /// The offset of a line; `line` counts from 1 and must exist.
    fn line_start(&self, line: usize) -> usize {
        self.line_starts()[line - 1] as usize
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let mut starts = vec![0];
            for offset in memchr::memchr2_iter(b'\n', b'\r', bytes) {
                // In `\r\n`, only the `\n` ends the line.
                if bytes[offset] == b'\n' || bytes.get(offset + 1) != Some(&b'\n') {
                    starts.push(to_u32(offset + 1));
                }
            }
            starts
        })
    }
}

fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use crate::base::source::*;
    use crate::base::steps::assert_linear;

    fn line_and_column(text: &str, offset: u32) -> (u32, u32) {
        let position = Source::new("t.json", text, Format::Json).position(offset);
        (position.line, position.column)
    }

    #[test]
    fn columns_are_characters_and_lines_end_with_lf_crlf_or_cr() {
        assert_eq!(line_and_column("ü😀x", 6), (1, 3));
        assert_eq!(line_and_column("a\r\nb\rc\nd", 3), (2, 1));
        assert_eq!(line_and_column("a\r\nb\rc\nd", 5), (3, 1));
        assert_eq!(line_and_column("a\r\nb\rc\nd", 7), (4, 1));
        assert_eq!(line_and_column("", 0), (1, 1));
        assert_eq!(line_and_column("a\n", 2), (2, 1));
    }

    #[test]
    fn an_offset_inside_a_character_becomes_the_start_of_the_character() {
        assert_eq!(line_and_column("😀x", 2), (1, 1));
        assert_eq!(line_and_column("ab", 99), (1, 3));
    }

    #[test]
    fn a_byte_order_mark_is_in_the_offset_and_not_in_the_column() {
        assert_eq!(line_and_column("\u{feff}{", 3), (1, 1));
    }

    #[test]
    fn positions_round_trip_in_each_encoding() {
        let source = Source::new("t.json", "a\r\nü😀x", Format::Json);
        for (encoding, units) in [(Encoding::Utf8, 6), (Encoding::Utf16, 3), (Encoding::Utf32, 2)] {
            let position = EncodedPosition { line: 1, units };
            assert_eq!(source.encoded_position(9, encoding), position, "{encoding:?}");
            assert_eq!(source.offset_at(position, encoding), 9, "{encoding:?}");
        }
        let offset = |line, units| source.offset_at(EncodedPosition { line, units }, Encoding::Utf16);
        assert_eq!([offset(1, 2), offset(0, 9), offset(1, 99), offset(7, 0), offset(u32::MAX, 1)], [5, 1, 10, 10, 10]);
    }

    #[test]
    fn positions_in_one_long_line_take_linear_time() {
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            assert_linear(
                "positions",
                |len| "xü😀".repeat(len),
                |text| {
                    let source = Source::new("t.json", text, Format::Json);
                    for number in 0..50 {
                        let offset = to_u32(text.len() / 50 * number / 7 * 7);
                        assert_eq!(source.position(offset).column, offset / 7 * 3 + 1);
                        let position = source.encoded_position(offset, encoding);
                        assert_eq!(source.offset_at(position, encoding), offset);
                    }
                },
            );
        }
    }

    #[test]
    fn the_span_of_a_line_excludes_the_line_break() {
        let source = Source::new("t.json", "one\r\ntwo", Format::Json);
        assert_eq!(source.line(1), Some(Span::new(0, 3)));
        assert_eq!(source.line(2), Some(Span::new(5, 8)));
        assert_eq!(source.line(3), None);
        assert_eq!(source.line(0), None);
    }
}
