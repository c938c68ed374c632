//! Skips text outside of strings that is not JSON: a word, a sign, a template tag or markup. The value or entry that follows is kept.

use crate::syntax::Problem;
use crate::syntax::json::{Expect, Parser};

/// The signs of JSON that end stray text, and line breaks.
const SIGNS: [char; 9] = [':', '"', '{', '}', '[', ']', ',', '\n', '\r'];

/// What follows text that is not a value.
enum Next {
    Value,
    /// A comma, a closing bracket, the next key, or the end of the line.
    EndOfEntry,
    /// More text, after this many bytes.
    Text(usize),
}

impl Parser<'_, '_> {
    /// Skips the rest of a value that is not JSON. Returns whether a value follows on the line: then the text before it is stray, such
    /// as `x` in `"recaptcha": x {`. Otherwise all of it, including strings, is one broken value.
    pub(super) fn skip_to_value(&mut self) -> bool {
        loop {
            let end = self.lexer.offset;
            let rest = &self.lexer.text[end..];
            self.lexer.offset += rest.len() - rest.trim_start_matches([' ', '\t']).len();
            match self.next_after_broken_value() {
                Next::Value => return true,
                Next::EndOfEntry => {
                    self.lexer.offset = end;
                    return false;
                }
                Next::Text(0) => self.lexer.skip_unquoted_text(),
                Next::Text(len) => self.lexer.offset += len,
            }
        }
    }

    fn next_after_broken_value(&self) -> Next {
        match self.lexer.peek() {
            None | Some(b',' | b'}' | b']' | b'\n' | b'\r') => return Next::EndOfEntry,
            Some(b'{') if self.lexer.is_at_template() => return Next::Text(0),
            Some(b'{' | b'[') => return Next::Value,
            Some(b'"') => {}
            Some(_) => return Next::Text(0),
        }
        let here = self.lexer.offset;
        let Some((next, byte)) = self.peek_after_string(here) else { return Next::Text(1) };
        let string = self.lexer.text[here..next].trim_ascii_end();
        let is_line_end = self.lexer.text[here + string.len()..next].contains(['\n', '\r']);
        match byte {
            _ if string.contains(['\n', '\r']) => Next::Text(1),
            Some(b':') => Next::EndOfEntry,
            None | Some(b',' | b'}' | b']') => Next::Value,
            Some(_) if is_line_end => Next::Value,
            Some(_) => Next::Text(string.len()),
        }
    }

    /// Skips and reports signs between a key and its colon. Returns `false` without any change if there is no colon, or a word after a
    /// space: it may be the value.
    pub(super) fn skip_signs_before_colon(&mut self) -> bool {
        let rest = &self.lexer.text[self.lexer.offset..];
        let is_directly_after_key = self.lexer.offset == self.last_end;
        let is_stray = |first: &char| is_directly_after_key || !first.is_alphanumeric();
        let Some(first) = rest.chars().next().filter(is_stray) else { return false };
        let Some(len) = rest.find(SIGNS) else { return false };
        if len == 0 || !rest[len..].starts_with(':') {
            return false;
        }
        self.lexer.report_unexpected(self.lexer.offset, self.lexer.offset + first.len_utf8(), first);
        self.lexer.offset += len;
        true
    }

    /// Skips and reports the rest of a key with a quote inside it, as in `"descrip"tion": …`. Returns `false` without any change if the text
    /// after the key does not end like a key.
    pub(super) fn skip_rest_of_key(&mut self) -> bool {
        let (text, here, key_end) = (self.lexer.text, self.lexer.offset, self.last_end);
        let Some(len) = text[here..].find(SIGNS) else { return false };
        if len == 0 || !text[..key_end].ends_with('"') || !self.lexer.is_key_end(here + len) {
            return false;
        }
        self.lexer.report(key_end - 1, key_end, Problem::QuoteInKey);
        self.lexer.offset += len + 1;
        true
    }

    /// Skips and reports a template tag, such as `{{#if brand}}`, where a key or comma is expected.
    pub(super) fn skip_template(&mut self, expected: Expect) -> bool {
        if !matches!(expected, Expect::Key | Expect::Comma) || !self.lexer.is_at_template() {
            return false;
        }
        let start = self.lexer.offset;
        self.lexer.skip_unquoted_text();
        self.lexer.report(start, self.lexer.offset, Problem::UnquotedText(None));
        if expected == Expect::Key && self.lexer.peek() == Some(b',') {
            self.lexer.offset += 1;
        }
        true
    }

    /// Skips and reports text between a value and the next comma. Returns `false` without any change if it may be a key.
    pub(super) fn skip_stray_text(&mut self) -> bool {
        let start = self.lexer.offset;
        let Some(first) = self.lexer.text[start..].chars().next() else { return false };
        if is_quote_or_opener(first) {
            return false;
        }
        self.lexer.skip_unquoted_text();
        let skipped = &self.lexer.text[start..self.lexer.offset];
        if skipped.is_empty() || skipped.contains([':', '=']) || self.lexer.peek() == Some(b'"') {
            self.lexer.offset = start;
            return false;
        }
        self.lexer.report_unexpected(start, self.lexer.offset, first);
        true
    }
}

/// Whether a character is an opening bracket or a quote, also of another kind than those of JSON.
pub(super) fn is_quote_or_opener(character: char) -> bool {
    matches!(character, '"' | '\'' | '`' | '{' | '[' | '\u{2018}'..='\u{201f}')
}
