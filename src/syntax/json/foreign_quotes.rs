//! Parses strings with quotes that JSON does not have: those of other languages, and the curly quotes of word processors.

use std::borrow::Cow;

use crate::base::steps::count_steps;
use crate::syntax::Problem;
use crate::syntax::json::lexer::Lexer;

impl<'t> Lexer<'t> {
    /// Parses `"""text"""`, as in Python, and reports it.
    pub(super) fn parse_triple_quoted_string(&mut self) -> Cow<'t, str> {
        const QUOTES: &str = "\"\"\"";
        let (start, text) = (self.offset, &self.text[self.offset + QUOTES.len()..]);
        let Some(length) = text.find(QUOTES) else {
            self.offset = start + QUOTES.len();
            self.report(start, self.offset, Problem::MissingClosingQuote);
            return Cow::Borrowed("");
        };
        self.offset = start + QUOTES.len() + length + QUOTES.len();
        self.report(start, self.offset, Problem::ForeignQuotes('"'));
        Cow::Borrowed(&text[..length])
    }

    /// Parses a string in other quotes than `"` and reports it. `None` if no such quote follows, or if a curly quote is not closed on its
    /// line.
    pub(super) fn parse_foreign_string(&mut self, byte: u8) -> Option<Cow<'t, str>> {
        if matches!(byte, b'\'' | b'`') {
            return self.starts_foreign_string(byte).then(|| self.parse_quoted_string(byte));
        }
        let (start, rest) = (self.offset, &self.text[self.offset..]);
        let open = rest.chars().next()?;
        let closers: &[char] = match open {
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' => &['\u{201c}', '\u{201d}', '"'],
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' => &['\u{2018}', '\u{2019}', '\''],
            _ => return None,
        };
        let line = rest[open.len_utf8()..].lines().next()?;
        for (length, close) in line.match_indices(closers) {
            // A curly quote can also be an apostrophe. The string ends at the first one that could end a key or value.
            if ends_token(&line[length + close.len()..]) {
                self.offset = start + open.len_utf8() + length + close.len();
                self.report(start, self.offset, Problem::ForeignQuotes(open));
                return Some(Cow::Borrowed(&line[..length]));
            }
            // After a straight quote, a string of JSON begins, and the curly quote is stray.
            if close == "\"" {
                return None;
            }
        }
        None
    }

    /// Whether a string in single quotes or backticks starts here. Otherwise the quote is stray.
    fn starts_foreign_string(&self, quote: u8) -> bool {
        let text = &self.text[self.offset + 1..];
        let mut length = 0;
        for part in text.split_inclusive(char::from(quote)) {
            count_steps(part.len());
            length += part.len();
            if part.strip_suffix(char::from(quote)).is_some_and(|content| !content.ends_with('\\')) {
                break;
            }
        }
        let content = &text[..length];
        // A single quote without another one on its line starts a string whose closing quote is missing, unless a value of JSON or the
        // end of the line follows.
        if quote == b'\'' && content.contains('\n') {
            return !text.trim_start_matches([' ', '\t']).starts_with(['"', '{', '[', '\n', '\r']);
        }
        content.ends_with(char::from(quote)) && ends_token(&text[length..])
    }

    /// Whether a quote and a colon are at `offset`, as at the end of a key.
    pub(super) fn is_key_end(&self, offset: usize) -> bool {
        let after_quote = self.text[offset..].strip_prefix('"');
        after_quote.is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with(':'))
    }
}

/// Whether a key or value may end before this text.
fn ends_token(after: &str) -> bool {
    let after = after.trim_start_matches([' ', '\t']);
    after.is_empty() || after.starts_with([':', ',', '}', ']', '\n', '\r'])
}
