//! Decodes escape sequences in JSON strings: a fast path for strings with only the usual ones, and one that reports errors.

use std::borrow::Cow;

use crate::base::bytes::simd::{BLOCK, block_mask, mask_from, padded_chunk};
use crate::syntax::Problem;
use crate::syntax::json::lexer::Lexer;
use crate::syntax::json::scan::{DECODED_CAPACITY, mark_special};

impl<'t> Lexer<'t> {
    /// Parses a string with only the short escapes that HTML needs (`\n`, `\"` …). For any other string the result is `None`
    /// and the lexer has not moved.
    pub(super) fn parse_string_with_short_escapes(&mut self) -> Option<Cow<'t, str>> {
        let bytes = self.text.as_bytes();
        let (start, mut padded) = (self.offset + 1, [0; BLOCK]);
        let (mut copied, mut decoded) = (start, String::with_capacity(DECODED_CAPACITY.min(bytes.len() - start)));
        for block in (start..bytes.len()).step_by(BLOCK) {
            // Each bit stands for one byte of the block. The bytes of an escape that began in the block before are skipped.
            let stops = block_mask(padded_chunk(&bytes[block..], &mut padded), |lane| mark_special(lane, b'"'));
            let mut stops = stops & mask_from(copied.saturating_sub(block));
            while stops != 0 {
                let stop = block + stops.trailing_zeros() as usize;
                // A stop may be in the padding after the end of the text: then the string is not closed.
                let special = *bytes.get(stop)?;
                decoded.push_str(&self.text[copied..stop]);
                match special {
                    b'"' => {
                        self.offset = stop + 1;
                        return Some(Cow::Owned(decoded));
                    }
                    b'\\' => {}
                    // A control character, which is an error.
                    _ => return None,
                }
                let escaped = *bytes.get(stop + 1)?;
                decoded.push(match escaped {
                    b'n' => '\n',
                    b'r' => '\r',
                    b't' => '\t',
                    b'"' | b'/' | b'\\' => char::from(escaped),
                    _ => return None,
                });
                copied = stop + 2;
                // The escaped byte is no stop, even if it is a quote or a backslash.
                stops &= mask_from(copied - block);
            }
        }
        None
    }

    /// Decodes the escape sequence at a backslash. An invalid one is reported and decodes to the character after the backslash.
    pub(super) fn decode_escape(&mut self) -> char {
        let start = self.offset;
        let Some(character) = self.text[start + 1..].chars().next() else {
            self.offset += 1;
            return '\\';
        };
        self.offset = start + 1 + character.len_utf8();
        match character {
            '"' | '/' | '\\' => character,
            'n' => '\n',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'r' => '\r',
            't' => '\t',
            'u' => self.decode_unicode_escape(start),
            _ => {
                self.report(start, self.offset, Problem::BadEscape);
                character
            }
        }
    }

    /// Decodes `\uXXXX`, and two of them that form a surrogate pair (RFC 8259, section 7).
    fn decode_unicode_escape(&mut self, start: usize) -> char {
        self.is_ascii = false;
        let Some(first) = self.parse_four_hex_digits(self.offset) else {
            // Underline only the digits that are there.
            let rest = &self.text[self.offset..];
            let digits = rest.bytes().take(4).take_while(u8::is_ascii_hexdigit).count();
            self.offset += digits;
            self.report(start, self.offset, Problem::BadEscape);
            return char::REPLACEMENT_CHARACTER;
        };
        self.offset += 4;
        if let Some(character) = char::from_u32(first) {
            return character;
        }
        // A high surrogate must be followed by the escape of a low one.
        if first < 0xDC00
            && self.text[self.offset..].starts_with("\\u")
            && let Some(second @ 0xDC00..=0xDFFF) = self.parse_four_hex_digits(self.offset + 2)
        {
            self.offset += 6;
            let pair = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            return char::from_u32(pair).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        self.report(start, self.offset, Problem::LoneSurrogate);
        char::REPLACEMENT_CHARACTER
    }

    fn parse_four_hex_digits(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 4)?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    }
}
