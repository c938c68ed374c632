//! Which parts of a text fixes changed. Comparing the texts instead would take quadratic time.

use crate::base::diagnostic::Edit;
use crate::base::source::Span;
use crate::base::steps::count_steps;

/// A part of a text that was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EditedSpan {
    /// Its bytes in the old text.
    pub before: Span,
    /// Its bytes in the new text.
    pub after: Span,
}

/// An edited part of a text between two others.
struct MiddleSpan {
    span: Span,
    /// The length of the part in the text before, or in the one after if that differs.
    before_len: usize,
    after_len: usize,
}

/// Adds edits of a text to the spans of earlier edits that led to this text. The result is sorted, like the spans, and its spans do not
/// touch each other.
pub(crate) fn add_edits<'e>(spans: &[EditedSpan], edits: impl IntoIterator<Item = &'e Edit>) -> Vec<EditedSpan> {
    let mut parts = Vec::new();
    for EditedSpan { before, after } in spans {
        let (before_len, after_len) = (before.range().len(), after.range().len());
        parts.push(MiddleSpan { span: *after, before_len, after_len });
    }
    for Edit { span, replacement } in edits {
        parts.push(MiddleSpan { span: *span, before_len: span.range().len(), after_len: replacement.len() });
    }
    parts.sort_by_key(|part| part.span);
    let mut combined = Vec::new();
    // The ends of the previous result in the three texts.
    let (mut before_end, mut middle_end, mut after_end) = (0, 0, 0);
    let mut parts = parts.into_iter().peekable();
    while let Some(first) = parts.next() {
        let (start, mut end) = (first.span.range().start, first.span.range().end);
        let mut replaced = vec![first];
        while let Some(next) = parts.next_if(|next| next.span.range().start <= end) {
            count_steps(1);
            end = end.max(next.span.range().end);
            replaced.push(next);
        }
        let len_in_middle: usize = replaced.iter().map(|part| part.span.range().len()).sum();
        let len = |part_len: fn(&MiddleSpan) -> usize| {
            (end - start + replaced.iter().map(part_len).sum::<usize>()) - len_in_middle
        };
        let (before_len, after_len) = (len(|part| part.before_len), len(|part| part.after_len));
        let (before_start, after_start) = (before_end + (start - middle_end), after_end + (start - middle_end));
        (before_end, middle_end, after_end) = (before_start + before_len, end, after_start + after_len);
        let before = Span::new(before_start, before_end);
        combined.push(EditedSpan { before, after: Span::new(after_start, after_end) });
    }
    combined
}

/// The edits that turn one of two texts into the other. What is equal at the start and at the end of a span is in no edit.
pub(crate) fn minimal_edits([before, after]: [&str; 2], spans: &[EditedSpan]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for EditedSpan { before: old, after: new } in spans {
        let (old_text, new_text) = (&before[old.range()], &after[new.range()]);
        let (start, end) = equal_ends(old_text, new_text);
        let span = Span::new(old.range().start + start, old.range().end - end);
        edits.push(Edit { span, replacement: new_text[start..new_text.len() - end].to_owned() });
    }
    edits
}

/// The lengths of the equal starts and ends of two texts, which do not overlap.
fn equal_ends(a: &str, b: &str) -> (usize, usize) {
    let equal_len = |(a, b): (char, char)| (a == b).then_some(a.len_utf8());
    let start: usize = a.chars().zip(b.chars()).map_while(equal_len).sum();
    let end = a[start..].chars().rev().zip(b[start..].chars().rev()).map_while(equal_len).sum();
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::testing::Random;
    use crate::syntax::edit::apply_edits;

    #[test]
    fn combined_spans_turn_the_first_text_into_the_last() {
        let mut random = Random::new();
        for _ in 0..500 {
            let before: String = (0..40).map(|_| ['a', 'b', '\n'][random.below(3)]).collect();
            let (mut text, mut spans) = (before.clone(), Vec::new());
            for _ in 0..3 {
                let mut edits = Vec::new();
                let mut at = random.below(10);
                while at < text.len() {
                    let end = (at + random.below(4)).min(text.len());
                    edits.push(Edit { span: Span::new(at, end), replacement: "xyz"[..random.below(4)].to_owned() });
                    at = end + 1 + random.below(12);
                }
                spans = add_edits(&spans, &edits);
                text = apply_edits(&text, &edits).expect("the edits do not overlap");
            }
            let combined = minimal_edits([&before, &text], &spans);
            assert_eq!(apply_edits(&before, &combined).as_deref(), Some(&*text), "{before:?} {spans:?}");
            assert!(spans.windows(2).all(|pair| pair[0].before.end < pair[1].before.start), "{spans:?}");
        }
    }
}
