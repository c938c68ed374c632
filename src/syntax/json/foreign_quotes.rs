//! Strings with quotes that JSON does not have: those of other languages, and the curly quotes of word processors.

use std::borrow::Cow;

use crate::syntax::Problem;
use crate::syntax::json::lexer::Lexer;

impl<'t> Lexer<'t> {
    /// Parses `"""text"""`, as in Python, and reports it.
    pub(super) fn triple_quoted_string(&mut self) -> Cow<'t, str> {
        const QUOTES: &str = "\"\"\"";
        let (start, text) = (self.at, &self.text[self.at + QUOTES.len()..]);
        let length = text.find(QUOTES).unwrap_or(text.len());
        self.at = (start + QUOTES.len() + length + QUOTES.len()).min(self.text.len());
        self.error(start, self.at, Problem::OddQuotes('"'));
        Cow::Borrowed(&text[..length])
    }

    /// Parses a string in other quotes than `"` and reports it. `None` if the next character is no such quote.
    pub(super) fn foreign_string(&mut self, byte: u8) -> Option<Cow<'t, str>> {
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
        let ends_value =
            |rest: &str| matches!(rest.trim_start().bytes().next(), None | Some(b':' | b',' | b'}' | b']'));
        let (length, close) = line.match_indices(closers).find(|(at, close)| ends_value(&line[at + close.len()..]))?;
        self.at = start + open.len_utf8() + length + close.len();
        self.error(start, self.at, Problem::OddQuotes(open));
        Some(Cow::Borrowed(&line[..length]))
    }

    /// Whether a quote and a colon follow, as at the end of a key.
    pub(super) fn at_key_end(&self) -> bool {
        let after_quote = self.text[self.at..].strip_prefix('"');
        after_quote.is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with(':'))
    }
}
