//! Text that was decoded or put together from parts of an HTML text, with the bytes that each part came from.

use std::ops::Range;

/// A text whose parts can be mapped back to their bytes in an HTML text.
#[derive(Clone, Debug, Default)]
pub(crate) struct MappedText {
    pub text: String,
    segments: Vec<Segment>,
}

/// A part of the text and its source. If both have the same length, they have the same bytes. Otherwise the source is a
/// character reference such as `&amp;`, or the part is a line break in place of a tag and has an empty source.
#[derive(Clone, Debug)]
struct Segment {
    text_start: usize,
    source: Range<usize>,
}

impl MappedText {
    /// Appends a part.
    pub(crate) fn push(&mut self, text: &str, source: Range<usize>) {
        self.segments.push(Segment { text_start: self.text.len(), source });
        self.text.push_str(text);
    }

    /// The source of a part of the text, including the bytes between the sources of its segments.
    pub(crate) fn source_range(&self, part: Range<usize>) -> Range<usize> {
        let start = self.source_of_byte(part.start).start;
        if part.is_empty() {
            return start..start;
        }
        start..self.source_of_byte(part.end - 1).end.max(start)
    }

    /// Whether a part of the text contains a line break that is in place of a tag.
    pub(crate) fn contains_line_break(&self, part: Range<usize>) -> bool {
        let first = self.segments.partition_point(|segment| segment.text_start < part.start);
        let mut segments = self.segments[first..].iter().take_while(|segment| segment.text_start < part.end);
        segments.any(|segment| segment.source.is_empty())
    }

    /// The source of the byte at `offset`: the same byte, or the whole character reference.
    fn source_of_byte(&self, offset: usize) -> Range<usize> {
        let next = self.segments.partition_point(|segment| segment.text_start <= offset);
        let Some(segment) = next.checked_sub(1).map(|index| &self.segments[index]) else { return 0..0 };
        let text_end = self.segments.get(next).map_or(self.text.len(), |next| next.text_start);
        if text_end - segment.text_start != segment.source.len() {
            return segment.source.clone();
        }
        let start = segment.source.start + offset - segment.text_start;
        start..start + 1
    }
}
