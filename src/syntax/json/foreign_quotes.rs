//! Quotes that are none in JSON, or only half there: other languages', a word processor's.

use std::borrow::Cow;

use crate::syntax::Problem;
use crate::syntax::json::lexer::Lexer;

impl<'t> Lexer<'t> {
    /// Python's `"""text"""`; says so.
    pub(super) fn triple_quoted(&mut self) -> Cow<'t, str> {
        const QUOTES: &str = "\"\"\"";
        let (start, text) = (self.at, &self.text[self.at + QUOTES.len()..]);
        let length = text.find(QUOTES).unwrap_or(text.len());
        self.at = (start + QUOTES.len() + length + QUOTES.len()).min(self.text.len());
        self.error(start, self.at, Problem::OddQuotes('"'));
        Cow::Borrowed(&text[..length])
    }

    /// A text in quotes that are none in JSON; says so.
    pub fn foreign_string(&mut self, byte: u8) -> Option<Cow<'t, str>> {
        if matches!(byte, b'\'' | b'`') {
            return Some(self.string_slow(byte));
        }
        let (start, rest) = (self.at, &self.text[self.at..]);
        let open = rest.chars().next()?;
        let closers: &[char] = match open {
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' => &['\u{201c}', '\u{201d}', '"'],
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' => &['\u{2018}', '\u{2019}', '\''],
            _ => return None,
        };
        let line = rest[open.len_utf8()..].lines().next()?;
        let ends = |behind: &str| matches!(behind.trim_start().bytes().next(), None | Some(b':' | b',' | b'}' | b']'));
        let (length, close) = line.match_indices(closers).find(|(at, close)| ends(&line[at + close.len()..]))?;
        self.at = start + open.len_utf8() + length + close.len();
        self.error(start, self.at, Problem::OddQuotes(open));
        Some(Cow::Borrowed(&line[..length]))
    }

    /// A quote stands here, and a colon behind it.
    pub(super) fn closes_a_key(&self) -> bool {
        let behind = self.text[self.at..].strip_prefix('"');
        behind.is_some_and(|behind| behind.trim_start_matches([' ', '\t']).starts_with(':'))
    }
}
