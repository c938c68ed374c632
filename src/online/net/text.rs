//! Text from and for services: percent-encoding, and error messages of others on one line.

use crate::base::sanitize::is_unprintable;

/// Percent-encodes every byte that is not a letter or digit, for a form field or a part of a path.
pub(super) fn percent_encode(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(byte.into());
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Text of a service or library for a message: at most 160 characters, without line breaks and other characters that are never
/// printed raw.
pub(super) fn to_single_line(text: &str) -> String {
    const MAX_CHARS: usize = 160;
    let mut shown: String = text.chars().take(MAX_CHARS).map(|c| if is_unprintable(c) { ' ' } else { c }).collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        shown.push('…');
    }
    shown.trim().to_owned()
}

/// Whether a host is this machine, independent of DNS.
pub(super) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_values_have_no_form_delimiters() {
        assert_eq!(percent_encode("a&b=c/ü"), "a%26b%3Dc%2F%C3%BC");
    }

    #[test]
    fn quoted_text_has_no_line_breaks_or_direction_marks() {
        for c in ["\n", "\u{2028}", "\u{2029}", "\u{61c}", "\u{202e}", "\u{2066}", "\u{ad}", "\u{e0041}", "\u{1b}"] {
            assert_eq!(to_single_line(&format!("a{c}b")), "a b", "{c:?}");
        }
    }
}
