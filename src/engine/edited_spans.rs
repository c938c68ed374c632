//! The parts of a text that fixes changed. They are tracked edit by edit, because comparing the texts would take quadratic time.

use std::ops::Range;

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

/// A changed part of the text that the earlier edits produced and the new edits apply to: the middle one of three texts.
struct MiddlePart {
    /// The part in the middle text.
    start: usize,
    end: usize,
    /// Its length in the text before the earlier edits.
    before_len: usize,
    /// Its length in the text after the new edits.
    after_len: usize,
}

impl MiddlePart {
    fn new(span: Span, before_len: usize, after_len: usize) -> Self {
        let Range { start, end } = span.range();
        Self { start, end, before_len, after_len }
    }

    /// Extends this part by one that starts in it or directly after it.
    fn merge(&mut self, next: &Self) {
        count_steps(1);
        // Bytes that `next` does not change are in all three texts.
        let added = next.end.saturating_sub(self.end);
        let next_len = next.end - next.start;
        self.before_len = self.before_len + added + next.before_len - next_len;
        self.after_len = self.after_len + added + next.after_len - next_len;
        self.end += added;
    }
}

/// Adds new edits of a text to the spans of the earlier edits that produced the text. The spans must be sorted. In the result, they
/// are sorted and do not touch each other.
pub(crate) fn add_edits<'e>(spans: &[EditedSpan], edits: impl IntoIterator<Item = &'e Edit>) -> Vec<EditedSpan> {
    let mut parts = Vec::new();
    for EditedSpan { before, after } in spans {
        parts.push(MiddlePart::new(*after, before.range().len(), after.range().len()));
    }
    for Edit { span, replacement } in edits {
        parts.push(MiddlePart::new(*span, span.range().len(), replacement.len()));
    }
    parts.sort_by_key(|part| (part.start, part.end));
    let mut merged: Vec<MiddlePart> = Vec::new();
    for part in parts {
        match merged.last_mut() {
            Some(last) if part.start <= last.end => last.merge(&part),
            _ => merged.push(part),
        }
    }
    let mut combined = Vec::new();
    // The ends of the previous part in the three texts. What is between two parts has the same length in all of them.
    let (mut before_end, mut middle_end, mut after_end) = (0, 0, 0);
    for MiddlePart { start, end, before_len, after_len } in merged {
        let unchanged_len = start - middle_end;
        let (before_start, after_start) = (before_end + unchanged_len, after_end + unchanged_len);
        (before_end, middle_end, after_end) = (before_start + before_len, end, after_start + after_len);
        let before = Span::new(before_start, before_end);
        combined.push(EditedSpan { before, after: Span::new(after_start, after_end) });
    }
    combined
}

/// The edits that turn the text `before` into `after`. `spans` are the parts that differ. What is equal at the start and at the end of
/// a span is left out of its edit.
pub(crate) fn minimal_edits([before, after]: [&str; 2], spans: &[EditedSpan]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for EditedSpan { before: old, after: new } in spans {
        let (old_text, new_text) = (&before[old.range()], &after[new.range()]);
        let prefix = common_prefix_len(old_text.chars(), new_text.chars());
        let suffix = common_prefix_len(old_text[prefix..].chars().rev(), new_text[prefix..].chars().rev());
        let span = Span::new(old.range().start + prefix, old.range().end - suffix);
        edits.push(Edit { span, replacement: new_text[prefix..new_text.len() - suffix].to_owned() });
    }
    edits
}

/// The number of bytes that two texts have in common at their starts.
fn common_prefix_len(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> usize {
    let mut len = 0;
    for (a, b) in a.zip(b) {
        if a != b {
            break;
        }
        len += a.len_utf8();
    }
    len
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
                let mut start = random.below(10);
                while start < text.len() {
                    let end = (start + random.below(4)).min(text.len());
                    edits.push(Edit { span: Span::new(start, end), replacement: "xyz"[..random.below(4)].to_owned() });
                    start = end + 1 + random.below(12);
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
