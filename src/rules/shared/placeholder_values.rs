//! Recognizes ids and keys that are placeholders: values that RevCent or Google never issues.

use crate::model::portal::has_id_length;
use crate::rules::wording::trim;
use crate::syntax::cursor::Cursor;

/// Text that asks the author to write something else in its place, in lower case.
const PLACEHOLDER_WORDS: [&[u8]; 9] = [
    b"changeme",
    b"change_me",
    b"change-me",
    b"placeholder",
    b"replace_me",
    b"replace-me",
    b"xxxx",
    b"your_",
    b"your-",
];

/// Whether a text can be a real id: it has the length of one and is no placeholder. The account is only queried for such ids.
pub(crate) fn is_plausible_id(text: &str) -> bool {
    has_id_length(text) && placeholder_reason(text).is_none()
}

/// The text of an id field, if it can be a real id; see [`is_plausible_id`]. `None` for a variable.
pub(crate) fn plausible_id<'d>(field: &Cursor<'d>) -> Option<&'d str> {
    field.literal_text().filter(|text| is_plausible_id(text))
}

/// Why an id or key is a placeholder, as the end of the sentence "it is …"; `None` for a value that may be real.
pub(crate) fn placeholder_reason(text: &str) -> Option<&'static str> {
    let text = trim(text).as_bytes();
    let (first, last) = (*text.first()?, *text.last()?);
    if text.len() > 3 && text.iter().all(|byte| byte.eq_ignore_ascii_case(&first)) {
        return Some("one character, repeated");
    }
    if matches!(first, b'<' | b'[' | b'{') && matches!(last, b'>' | b']' | b'}') {
        return Some("a gap to be filled in");
    }
    if first.is_ascii_uppercase() && is_constant_name(text) {
        return Some("the name of a value, not a value");
    }
    if contains_placeholder_word(text) {
        return Some("a placeholder");
    }
    is_counting(text).then_some("characters counted up")
}

/// Whether a text is written like a constant: `RECAPTCHA_SITE_KEY`.
fn is_constant_name(text: &[u8]) -> bool {
    // Every part between two underscores needs at least one character: `A__B` is no name of a constant.
    text.contains(&b'_') && text.split(|byte| *byte == b'_').all(is_constant_part)
}

fn is_constant_part(part: &[u8]) -> bool {
    !part.is_empty() && part.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn contains_placeholder_word(text: &[u8]) -> bool {
    for start in 0..text.len() {
        // The first letters of the words: this runs for every id of a file.
        if !matches!(text[start].to_ascii_lowercase(), b'c' | b'p' | b'r' | b'x' | b'y') {
            continue;
        }
        for word in PLACEHOLDER_WORDS {
            if text[start..].get(..word.len()).is_some_and(|candidate| candidate.eq_ignore_ascii_case(word)) {
                return true;
            }
        }
    }
    false
}

/// Whether each character follows the one before: `12345678901234567890`, `abcdefghijklmnopqrst`.
fn is_counting(text: &[u8]) -> bool {
    text.len() >= 10 && text.windows(2).all(is_successor)
}

fn is_successor(pair: &[u8]) -> bool {
    pair[1] == pair[0].wrapping_add(1) || pair == b"90"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_recognized() {
        for text in [
            "XXXXXXXXXXXXXXXXXXXX",
            "RECAPTCHA_SITE_KEY",
            "ACME_BRAND_A_SHOP_ID",
            "<your key>",
            "changeme",
            "YOUR_DOMAIN_ID_00000",
            "12345678901234567890",
        ] {
            assert!(placeholder_reason(text).is_some(), "{text}");
        }
    }

    #[test]
    fn real_ids_and_keys_are_no_placeholders() {
        for text in ["Kq7ZpW2mVx9LcT4bRn8D", "ABCDE12345ABCDE12345", "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI"] {
            assert_eq!(placeholder_reason(text), None, "{text}");
        }
    }

    #[test]
    fn each_placeholder_word_is_found() {
        for word in PLACEHOLDER_WORDS {
            assert!(contains_placeholder_word(&[b"Kq7ZpW2m", word].concat()));
        }
    }
}
