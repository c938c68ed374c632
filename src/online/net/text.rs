//! Text that is sent to services, and text from services that is quoted in messages.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::base::sanitize::is_unprintable;

/// Percent-encodes every byte that is not a letter or digit, for a form field or a part of a path.
pub(super) fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Whether the port of a host in a URL is not a number up to 65535. The URL parser ignores such a port.
pub(super) fn has_invalid_port(authority: &str) -> bool {
    let host_and_port = authority.rsplit('@').next().unwrap_or(authority);
    match host_and_port.rsplit_once(':') {
        Some((_, port)) => !port.ends_with(']') && !port.is_empty() && port.parse::<u16>().is_err(),
        None => false,
    }
}

/// Decodes the escapes of URLs (`%6b`), of emails (`=6B`), of programming languages (`\x6b`, `\u006b`, `\u{6b}`, `\153`) and of HTML
/// (`&#107;`, `&#x6b;`) that stand for printable ASCII characters.
pub(super) fn decode_escapes(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let escape = ESCAPE_FORMS.iter().find_map(|form| form.decode_prefix(rest));
        let (character, after) = escape.unwrap_or((first, &rest[first.len_utf8()..]));
        decoded.push(character);
        rest = after;
    }
    decoded
}

/// A form of escapes: the text before the number, its base, and the number of digits or the text after it.
struct EscapeForm(&'static str, u32, NumberEnd);

enum NumberEnd {
    Digits(usize),
    Text(&'static str),
}

const ESCAPE_FORMS: [EscapeForm; 8] = [
    EscapeForm("%", 16, NumberEnd::Digits(2)),
    EscapeForm("=", 16, NumberEnd::Digits(2)),
    EscapeForm("\\x", 16, NumberEnd::Digits(2)),
    EscapeForm("\\u00", 16, NumberEnd::Digits(2)),
    EscapeForm("\\u{", 16, NumberEnd::Text("}")),
    EscapeForm("\\", 8, NumberEnd::Digits(3)),
    EscapeForm("&#x", 16, NumberEnd::Text(";")),
    EscapeForm("&#", 10, NumberEnd::Text(";")),
];

impl EscapeForm {
    /// Decodes an escape at the start of a text. Returns the character and the rest of the text.
    fn decode_prefix<'t>(&self, text: &'t str) -> Option<(char, &'t str)> {
        let Self(start, base, end) = self;
        let after = text.strip_prefix(start)?;
        let (number, rest) = match end {
            NumberEnd::Digits(count) => after.split_at_checked(*count)?,
            NumberEnd::Text(end) => after.split_once(end)?,
        };
        if !number.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let byte = u8::from_str_radix(number, *base).ok().filter(u8::is_ascii_graphic)?;
        Some((char::from(byte), rest))
    }
}

/// Shortens a text from a service for a message, and replaces line breaks and other unprintable characters.
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
    fn escapes_are_decoded() {
        assert_eq!(
            decode_escapes("%6b\\x65\\u0079&#45;&#x31; \\153=65\\u{79} 5% %zz &#; &#12 %C3%BC"),
            "key-1 key 5% %zz &#; &#12 %C3%BC"
        );
    }

    #[test]
    fn quoted_text_has_no_line_breaks_or_direction_marks() {
        for c in ["\n", "\u{2028}", "\u{2029}", "\u{61c}", "\u{202e}", "\u{2066}", "\u{ad}", "\u{e0041}", "\u{1b}"] {
            assert_eq!(excerpt_for_message(&format!("a{c}b")), "a b", "{c:?}");
        }
    }
}
