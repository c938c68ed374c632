//! The places of a valid file where a text that looks like a secret is one, although the tree does not say so.

use crate::base::source::Span;
use crate::model::secrets::random_tokens::{MIN_LONG_TOKEN_LEN, RandomToken};
use crate::syntax::{Document, Parsed, Style, Value};

/// Comments, and strings without quotes. In quotes, the name of a secret is prose.
pub(super) struct UnquotedSpans {
    /// Sorted.
    unquoted: Vec<Span>,
    /// The comments and all strings, sorted.
    texts: Vec<Span>,
}

impl UnquotedSpans {
    pub(super) fn new(parsed: &Parsed<'_>) -> Self {
        let mut unquoted = parsed.comments.clone();
        let mut texts = parsed.comments.clone();
        for node in parsed.documents.iter().flat_map(Document::nodes) {
            if matches!(node.value, Value::String(_)) {
                texts.push(node.span);
                if node.style == Style::Plain {
                    unquoted.push(node.span);
                }
            }
        }
        unquoted.sort_unstable();
        texts.sort_unstable();
        Self { unquoted, texts }
    }

    /// JSON without comments has none.
    pub(super) fn is_empty(&self) -> bool {
        self.unquoted.is_empty()
    }

    /// Whether a text that looks like a secret is in the same span as the name before it: `x: ab, secretKey S`, or is the next word
    /// after a comment: `# smtp_password:` above `S`. An item of a list is probably an ID.
    pub(super) fn contain_secret(&self, token: &RandomToken, text: &str) -> bool {
        let value = &text[token.range.clone()];
        if value.len() < MIN_LONG_TOKEN_LEN || !value.contains(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let Some(around_name) = span_around(&self.unquoted, token.name_start) else { return false };
        let is_item =
            || text[token.name_start..token.range.start].trim_end_matches(['"', '\'', '&', '*']).ends_with("- ");
        token.range.end <= around_name.range().end
            || (token.is_next_word && !is_item() && span_around(&self.texts, token.range.start).is_some())
    }
}

/// The last of the sorted spans that starts at or before an offset, if it contains the offset.
fn span_around(spans: &[Span], offset: usize) -> Option<Span> {
    let next = spans.partition_point(|span| span.range().start <= offset);
    let span = spans[next.checked_sub(1)?];
    (offset < span.range().end).then_some(span)
}
