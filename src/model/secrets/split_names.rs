//! Finds names of secrets that mistakes split: `"sec"ret_key"`, `"secr" + "et_key"`, and a name with a control character or a line break.

use std::ops::Range;

use crate::model::secrets::characters::{is_blank, is_name_char, is_opening_quote};
use crate::model::secrets::names::is_secret_name;

/// The number of parts that are put before the last one. Without a limit, the time is quadratic.
const MAX_PARTS: usize = 3;

/// A longer text is not a name.
const MAX_LEN: usize = 64;

/// If a word is the last part of a split name of a secret, returns where the name starts. `None` if the other parts are a name, because
/// the word may be its value.
pub(super) fn start_of_split_name(text: &str, word: &Range<usize>) -> Option<usize> {
    let mut part = previous_part(text, word.start)?;
    if word.len() > MAX_LEN || is_secret_name(&text[word.clone()]) {
        return None;
    }
    let mut before = String::new();
    for _ in 0..MAX_PARTS {
        if before.len() + part.len() > MAX_LEN || is_secret_name(&text[part.clone()]) {
            return None;
        }
        before.insert_str(0, &text[part.clone()]);
        if is_secret_name(&before) {
            return None;
        }
        if is_secret_name(&format!("{before}{}", &text[word.clone()])) {
            return Some(part.start);
        }
        part = previous_part(text, part.start)?;
    }
    None
}

/// The word before `start`, if only characters are between them that can split a name.
fn previous_part(text: &str, start: usize) -> Option<Range<usize>> {
    let end = text[..start].trim_end_matches(|c| is_splitter(c) || matches!(c, ' ' | '\t' | '-')).len();
    let gap = &text[end..start];
    // `- api` and `- key` on the next line are two items of a list, and not one split name.
    let is_next_item = gap.rsplit_once(['\n', '\r']).is_some_and(|(_, indent)| indent.contains("- "));
    if is_next_item || !gap.contains(is_splitter) {
        return None;
    }
    let part = text[..end].trim_end_matches(is_name_char).len()..end;
    (!part.is_empty()).then_some(part)
}

/// Whether a character splits a name. A space or a hyphen alone is a part of a name or a sentence.
fn is_splitter(c: char) -> bool {
    is_opening_quote(c) || matches!(c, '+' | '\\') || (is_blank(c) && !matches!(c, ' ' | '\t'))
}
