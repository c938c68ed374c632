//! Diagnoses a key without its colon, or without the space after it.

use crate::syntax::Problem;
use crate::syntax::yaml::diagnose::Diagnosis;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::FlowToken;

/// Diagnoses the text from `start` to `end`, in which the parser found no key with a colon.
pub(super) fn diagnose_key(text: &str, start: usize, end: usize) -> Diagnosis {
    let content = &text[start..end];
    let key_length = key_length(content);
    let key_end = start + key_length;
    let after_key = &content[key_length..];
    if let ":," | ":;" | ":]" | ":}" = after_key {
        let punctuation = after_key.chars().next_back().unwrap_or(',');
        return Diagnosis::new(Problem::Unexpected(punctuation), end - 1, end);
    }
    // `key:value`, but not `https://…`
    if key_length > 0 && after_key.len() > 1 && after_key.starts_with(':') && !after_key.starts_with("://") {
        return Diagnosis::new(Problem::MissingSpace, key_end, key_end + 1);
    }
    let sign = after_key.trim_start();
    if key_length > 0
        && (sign.starts_with([';', ',']) || ["= ", "='", "=\""].iter().any(|start| sign.starts_with(start)))
    {
        // The sign was typed in place of the colon.
        let sign_start = end - sign.len();
        return Diagnosis::new(Problem::MissingColon, sign_start, sign_start + 1);
    }
    let is_key_alone = key_length > 0 && (after_key.is_empty() || after_key.starts_with(' '));
    Diagnosis::new(Problem::MissingColon, start, if is_key_alone { key_end } else { end })
}

/// Diagnoses a key between brackets without a space before the quote or variable that is its value. The parser reads `{a:'${B}'}` as text up
/// to the brace, and stops far below.
pub(super) fn find_missing_space(text: &str, open: usize, until: usize) -> Option<Diagnosis> {
    for token in line_scan::scan_flow_tokens(text, open, until) {
        let (FlowToken::Open(offset) | FlowToken::Comma(offset)) = token else { continue };
        let item = text[offset + 1..].trim_ascii_start();
        let (key, value) = item.split_at(key_length(item));
        if !key.is_empty() && [":\"", ":'", ":${"].iter().any(|start| value.starts_with(start)) {
            let colon = text.len() - value.len();
            return Some(Diagnosis::new(Problem::MissingSpace, colon, colon + 1));
        }
    }
    None
}

/// The length of the key at the start of a text.
pub(super) fn key_length(text: &str) -> usize {
    text.find(|character| !is_key_character(character)).unwrap_or(text.len())
}

pub(super) fn is_key_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.')
}
