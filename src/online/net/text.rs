//! Text that is sent to services, and text from services that is quoted in messages.

use std::fmt::Write as _;

use crate::base::sanitize::is_unprintable;

/// Percent-encodes every byte that is not a letter or digit, for a form field or a part of a path.
pub(super) fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(byte.into());
        } else {
            // Writing to a string does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Makes a text from a service fit for a message: one line without unprintable characters, and not too long.
pub(super) fn excerpt_for_message(text: &str) -> String {
    const MAX_CHARS: usize = 160;
    let mut excerpt = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == MAX_CHARS {
            excerpt.push('…');
            break;
        }
        excerpt.push(if is_unprintable(character) { ' ' } else { character });
    }
    excerpt.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use crate::online::net::text::*;

    #[test]
    fn encoded_values_have_no_form_delimiters() {
        assert_eq!(percent_encode("a&b=c/ü"), "a%26b%3Dc%2F%C3%BC");
    }

    #[test]
    fn quoted_text_has_no_line_breaks_or_direction_marks() {
        for c in ["\n", "\u{2028}", "\u{2029}", "\u{61c}", "\u{202e}", "\u{2066}", "\u{ad}", "\u{e0041}", "\u{1b}"] {
            assert_eq!(excerpt_for_message(&format!("a{c}b")), "a b", "{c:?}");
        }
    }
}
