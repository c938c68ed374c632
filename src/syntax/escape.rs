//! Decodes the escape sequences of JSON strings (RFC 8259, section 7) and of YAML's double-quoted text (YAML 1.2, section 5.7).

use crate::syntax::Problem;

/// The characters after a backslash, each with the character that the escape decodes to. JSON has only the first [`JSON_ESCAPES`].
const SHORT_ESCAPES: [(char, char); 18] = [
    ('"', '"'),
    ('n', '\n'),
    ('\\', '\\'),
    ('/', '/'),
    ('t', '\t'),
    ('r', '\r'),
    ('b', '\u{8}'),
    ('f', '\u{c}'),
    ('0', '\0'),
    ('a', '\u{7}'),
    ('\t', '\t'),
    ('v', '\u{b}'),
    ('e', '\u{1b}'),
    (' ', ' '),
    ('N', '\u{85}'),
    ('_', '\u{a0}'),
    ('L', '\u{2028}'),
    ('P', '\u{2029}'),
];
const JSON_ESCAPES: usize = 8;

/// An escape sequence.
pub(super) struct Escape {
    /// The character that it decodes to; `None` for an escaped line break of YAML. An invalid escape decodes to the character after the
    /// backslash or to a replacement character.
    pub character: Option<char>,
    /// Its length in bytes.
    pub len: usize,
    /// Why it is invalid.
    pub problem: Option<Problem>,
}

/// Decodes the escape sequence at the start of `rest`, which starts with a backslash.
pub(super) fn decode_escape(rest: &str, is_json: bool) -> Escape {
    let Some(kind) = rest[1..].chars().next() else {
        return Escape { character: Some('\\'), len: 1, problem: None };
    };
    let len = 1 + kind.len_utf8();
    let known = if is_json { &SHORT_ESCAPES[..JSON_ESCAPES] } else { &SHORT_ESCAPES[..] };
    if let Some((_, character)) = known.iter().find(|(known, _)| *known == kind) {
        return Escape { character: Some(*character), len, problem: None };
    }
    match kind {
        'u' => decode_hex(rest, 4),
        'x' if !is_json => decode_hex(rest, 2),
        'U' if !is_json => decode_hex(rest, 8),
        '\r' if !is_json && rest[len..].starts_with('\n') => Escape { character: None, len: len + 1, problem: None },
        '\n' | '\r' if !is_json => Escape { character: None, len, problem: None },
        _ => Escape { character: Some(kind), len, problem: Some(Problem::InvalidEscape) },
    }
}

/// Decodes `\u00fc` and the like, and two of them that form a surrogate pair.
fn decode_hex(rest: &str, digit_count: usize) -> Escape {
    let digits = rest[2..].bytes().take(digit_count).take_while(u8::is_ascii_hexdigit).count();
    let len = 2 + digits;
    let code = if digits == digit_count { u32::from_str_radix(&rest[2..len], 16).ok() } else { None };
    if let Some(character) = code.and_then(char::from_u32) {
        return Escape { character: Some(character), len, problem: None };
    }
    // JSON writes characters beyond U+FFFF as two escapes, a UTF-16 surrogate pair. YAML parsers accept that.
    if digit_count == 4
        && let Some(high @ 0xD800..=0xDBFF) = code
        && let Some(low_digits) = rest[len..].strip_prefix("\\u").and_then(|digits| digits.get(..4))
        && let Ok(low @ 0xDC00..=0xDFFF) = u32::from_str_radix(low_digits, 16)
    {
        let character = char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00));
        return Escape { character, len: len + 6, problem: None };
    }
    let problem = if let Some(0xD800..=0xDFFF) = code { Problem::LoneSurrogate } else { Problem::InvalidEscape };
    Escape { character: Some(char::REPLACEMENT_CHARACTER), len, problem: Some(problem) }
}
