//! Decodes escape sequences in JSON strings: a fast path for strings with only the usual ones, and one that reports errors.

use std::borrow::Cow;

use crate::base::bytes::simd::{BLOCK, bits, start_of, without_first};
use crate::syntax::Problem;
use crate::syntax::json::lexer::Lexer;
use crate::syntax::json::scan::mark_special;

/// Bytes set aside for a text with escapes: enough for most, and not too much when there are many.
pub(super) const DECODED_CAPACITY: usize = 256;

impl<'t> Lexer<'t> {
    /// Parses a string with only the short escapes that HTML needs (`\n`, `\"` …). For any other string the result is `None`
    /// and the lexer has not moved.
    pub(super) fn string_with_short_escapes(&mut self) -> Option<Cow<'t, str>> {
        let bytes = self.text.as_bytes();
        let (start, mut padded) = (self.at + 1, [0; BLOCK]);
        let (mut copied, mut decoded) = (start, String::with_capacity(DECODED_CAPACITY.min(bytes.len() - start)));
        for block in (start..bytes.len()).step_by(BLOCK) {
            let stops = bits(start_of(&bytes[block..], &mut padded), |lane| mark_special(lane, b'"'));
            let mut stops = stops & without_first(copied.saturating_sub(block));
            while stops != 0 {
                let stop = block + stops.trailing_zeros() as usize;
                let (special, escaped) = (*bytes.get(stop)?, *bytes.get(stop + 1)?);
                decoded.push_str(&self.text[copied..stop]);
                if special == b'"' {
                    self.at = stop + 1;
                    return Some(Cow::Owned(decoded));
                }
                decoded.push(match escaped {
                    _ if special != b'\\' => return None,
                    b'n' => '\n',
                    b'r' => '\r',
                    b't' => '\t',
                    b'"' | b'/' | b'\\' => char::from(escaped),
                    _ => return None,
                });
                copied = stop + 2;
                stops &= without_first(copied - block);
            }
        }
        None
    }

    /// Decodes the escape sequence at a backslash. An invalid one is reported and decodes to the character after the backslash.
    pub(super) fn decode_escape(&mut self) -> char {
        let start = self.at;
        let Some(character) = self.text[start + 1..].chars().next() else {
            self.at += 1;
            return '\\';
        };
        self.at = start + 1 + character.len_utf8();
        match character {
            '"' | '/' | '\\' => character,
            'n' => '\n',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'r' => '\r',
            't' => '\t',
            'u' => self.decode_unicode_escape(start),
            _ => {
                self.error(start, self.at, Problem::BadEscape);
                character
            }
        }
    }

    /// Decodes `\uXXXX`, and two of them that form a surrogate pair (RFC 8259, section 7).
    fn decode_unicode_escape(&mut self, start: usize) -> char {
        self.is_ascii = false;
        let Some(first) = self.parse_four_hex_digits(self.at) else {
            let rest = &self.text[self.at..];
            let digits = rest.bytes().take(4).take_while(u8::is_ascii_hexdigit).count();
            self.at += digits;
            self.error(start, self.at, Problem::BadEscape);
            return char::REPLACEMENT_CHARACTER;
        };
        self.at += 4;
        if let Some(character) = char::from_u32(first) {
            return character;
        }
        if first < 0xDC00
            && self.text[self.at..].starts_with("\\u")
            && let Some(second @ 0xDC00..=0xDFFF) = self.parse_four_hex_digits(self.at + 2)
        {
            self.at += 6;
            let pair = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            return char::from_u32(pair).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        self.error(start, self.at, Problem::LoneSurrogate);
        char::REPLACEMENT_CHARACTER
    }

    fn parse_four_hex_digits(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 4)?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    }
}
