//! Escapes in the texts of JSON: quickly where all of them are good, and with what is wrong with one where not.

use std::borrow::Cow;

use crate::base::bytes::simd::{BLOCK, bits, start_of, without_first};
use crate::syntax::Problem;
use crate::syntax::json::lexer::Lexer;
use crate::syntax::json::scan::ends;

/// Bytes set aside for a text with escapes: enough for most, and not too much when there are many.
pub const ROOM: usize = 256;

impl<'t> Lexer<'t> {
    /// With good escapes in it and nothing else of note, as html has: `None` when there is, and then nothing was done.
    pub(super) fn escaped_string(&mut self) -> Option<Cow<'t, str>> {
        let bytes = self.text.as_bytes();
        let (start, mut room) = (self.at + 1, [0; BLOCK]);
        let (mut copied, mut decoded) = (start, String::with_capacity(ROOM.min(bytes.len() - start)));
        for block in (start..bytes.len()).step_by(BLOCK) {
            let stops = bits(start_of(&bytes[block..], &mut room), |lane| ends(lane, b'"'));
            let mut stops = stops & without_first(copied.saturating_sub(block));
            while stops != 0 {
                let stop = block + stops.trailing_zeros() as usize;
                let (sign, escaped) = (*bytes.get(stop)?, *bytes.get(stop + 1)?);
                decoded.push_str(&self.text[copied..stop]);
                if sign == b'"' {
                    self.at = stop + 1;
                    return Some(Cow::Owned(decoded));
                }
                decoded.push(match escaped {
                    _ if sign != b'\\' => return None,
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

    /// An escape, from its backslash on. A wrong one is reported and stands for its character.
    pub(super) fn escape(&mut self) -> char {
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
            'u' => self.unicode_escape(start),
            _ => {
                self.error(start, self.at, Problem::BadEscape);
                character
            }
        }
    }

    fn unicode_escape(&mut self, start: usize) -> char {
        self.is_ascii = false;
        let Some(first) = self.four_digits(self.at) else {
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
            && let Some(second @ 0xDC00..=0xDFFF) = self.four_digits(self.at + 2)
        {
            self.at += 6;
            let pair = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            return char::from_u32(pair).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        self.error(start, self.at, Problem::LoneSurrogate);
        char::REPLACEMENT_CHARACTER
    }

    fn four_digits(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 4)?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    }
}
