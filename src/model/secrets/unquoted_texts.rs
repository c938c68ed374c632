//! Decides for a valid file whether a text that looks like a secret is one, although it is not the value of a secret's key.

use crate::base::source::SpanSet;
use crate::model::secrets::random_tokens::{MIN_LONG_TOKEN_LEN, RandomToken};
use crate::syntax::{Parsed, Style, Value};

/// The parts of a file in which the name of a secret is not prose.
pub(super) struct UnquotedTexts {
    /// The comments, and the strings without quotes.
    unquoted: SpanSet,
    /// The comments and all strings.
    texts: SpanSet,
}

impl UnquotedTexts {
    pub(super) fn new(parsed: &Parsed<'_>) -> Self {
        let mut unquoted: SpanSet = parsed.comments.iter().copied().collect();
        let mut texts: SpanSet = parsed.comments.iter().copied().collect();
        for node in parsed.nodes() {
            if matches!(node.value, Value::String(_)) {
                texts.insert(node.span);
                if node.style == Style::Plain {
                    unquoted.insert(node.span);
                }
            }
        }
        Self { unquoted, texts }
    }

    /// Whether there are none, as in JSON without comments.
    pub(super) fn is_empty(&self) -> bool {
        self.unquoted.is_empty()
    }

    /// Whether a text may be a secret: if it is in the same comment or string as the name before it (`x: ab, secretKey S`), or if it is
    /// the next word after a comment or string with the name (`# smtp_password:` above `S`).
    pub(super) fn may_contain(&self, token: &RandomToken, text: &str) -> bool {
        let value = &text[token.range.clone()];
        if value.len() < MIN_LONG_TOKEN_LEN || !value.contains(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let Some(around_name) = self.unquoted.around(token.name_start) else { return false };
        if token.range.end <= around_name.range().end {
            return true;
        }
        let before = text[token.name_start..token.range.start].trim_end_matches(['"', '\'', '&', '*']);
        // An item of a list is probably an ID.
        token.is_next_word && !before.ends_with("- ") && self.texts.around(token.range.start).is_some()
    }
}
