//! Splits a sentence at its code spans, so that each format can write code in its own way.

/// A part of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SentencePart<'t> {
    Text(&'t str),
    /// The text between two backticks.
    Code(&'t str),
}

/// Splits a sentence at its backticks. With an odd number of backticks, the whole sentence is text.
pub(super) fn split_code_spans(sentence: &str) -> Vec<SentencePart<'_>> {
    // One backtick is unmatched, and which one is unknown: values from files can contain backticks.
    if !sentence.matches('`').count().is_multiple_of(2) {
        return vec![SentencePart::Text(sentence)];
    }
    let mut parts = Vec::new();
    for (index, part) in sentence.split('`').enumerate() {
        if index % 2 == 1 {
            parts.push(SentencePart::Code(part));
        } else if !part.is_empty() {
            parts.push(SentencePart::Text(part));
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_between_backticks_is_code() {
        assert_eq!(split_code_spans("no `name`"), [SentencePart::Text("no "), SentencePart::Code("name")]);
        assert_eq!(split_code_spans("a ` b"), [SentencePart::Text("a ` b")]);
        assert_eq!(split_code_spans(""), []);
    }
}
