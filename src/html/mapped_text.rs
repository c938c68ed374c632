//! Text that was decoded or put together from parts of an HTML text, with the bytes that each part came from.

use std::ops::Range;

/// See the module documentation.
#[derive(Clone, Debug, Default)]
pub(crate) struct MappedText {
    pub text: String,
    segments: Vec<Segment>,
}

/// A part of the text and its source. If both have the same length, they have the same bytes. Otherwise the source is a
/// character reference such as `&amp;`, or the part is a line break that stands for a tag and has an empty source.
#[derive(Clone, Debug)]
struct Segment {
    text_start: usize,
    source: Range<usize>,
}

impl MappedText {
    pub(crate) fn push(&mut self, text: &str, source: Range<usize>) {
        self.segments.push(Segment { text_start: self.text.len(), source });
        self.text.push_str(text);
    }

    /// The source of a part of the text, including what lies between its segments.
    pub(crate) fn source_range(&self, part: Range<usize>) -> Range<usize> {
        let start = self.source_offset(part.start, false);
        let last = part.end.saturating_sub(1).max(part.start);
        let end = if part.is_empty() { start } else { self.source_offset(last, true) };
        start..end.max(start)
    }

    /// Whether a part of the text contains a line break that stands for a tag.
    pub(crate) fn contains_line_break(&self, part: Range<usize>) -> bool {
        let first = self.segments.partition_point(|segment| segment.text_start < part.start);
        let segments = self.segments[first..].iter().take_while(|segment| segment.text_start < part.end);
        segments.into_iter().any(|segment| segment.source.is_empty())
    }

    /// The source of the byte at `offset`: its start, or the position after it.
    fn source_offset(&self, offset: usize, after: bool) -> usize {
        let next = self.segments.partition_point(|segment| segment.text_start <= offset);
        let Some(segment) = next.checked_sub(1).map(|index| &self.segments[index]) else { return 0 };
        let text_end = self.segments.get(next).map_or(self.text.len(), |next| next.text_start);
        let is_verbatim = text_end - segment.text_start == segment.source.len();
        match (is_verbatim, after) {
            (true, _) => segment.source.start + offset - segment.text_start + usize::from(after),
            (false, false) => segment.source.start,
            (false, true) => segment.source.end,
        }
    }
}
