//! An index of the strings of a file, to distinguish content from syntax.

use crate::base::source::Span;
use crate::syntax::{Document, Parsed, Value};

/// The spans of the strings of all trees, sorted.
pub(crate) struct StringSpans(Vec<Span>);

impl StringSpans {
    pub(crate) fn new(parsed: &Parsed<'_>) -> Self {
        let strings =
            parsed.documents.iter().flat_map(Document::nodes).filter(|node| matches!(node.value, Value::String(_)));
        let mut spans: Vec<Span> = strings.map(|node| node.span).collect();
        spans.sort_unstable();
        Self(spans)
    }

    /// The string that contains an offset, unless the string starts there.
    pub(crate) fn around(&self, offset: usize) -> Option<Span> {
        let before = self.0.partition_point(|span| span.range().start < offset);
        let string = self.0[before.checked_sub(1)?];
        (offset < string.range().end).then_some(string)
    }
}
