//! Parses the tokens of JSON: white space, comments, strings, numbers and literals. Errors in them are reported.

use std::borrow::Cow;

use crate::base::source::Span;
use crate::base::steps::count_steps;
use crate::syntax::escape::{Escape, decode_escape};
use crate::syntax::json::Dialect;
use crate::syntax::json::errors::Errors;
use crate::syntax::look_alikes::{look_alike, looks_like_separator};
use crate::syntax::number::is_read_as_infinity;
use crate::syntax::{Problem, SyntaxError, Value};

/// The maximum initial capacity of a decoded string: enough for most strings with escapes, and not too much for many short ones.
const DECODED_CAPACITY: usize = 256;

/// A position in the text, with the errors and comments before it.
pub(super) struct Lexer<'t> {
    pub text: &'t str,
    pub offset: usize,
    pub errors: Errors<'t>,
    pub comments: Vec<Span>,
    /// Whether the end of the last string is uncertain, because it contains quotes or line breaks, so that its value is unknown.
    pub has_uncertain_end: bool,
    dialect: Dialect,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str, dialect: Dialect) -> Self {
        let offset = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, offset, errors: Errors::new(text), comments: Vec::new(), has_uncertain_end: false, dialect }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    pub(super) fn report(&mut self, start: usize, end: usize, problem: Problem) {
        self.errors.add(SyntaxError { span: Span::new(start, end), problem, related: None });
    }

    /// Reports text that cannot be there, by its first character. If that looks like a sign of JSON, the error names the sign.
    pub(super) fn report_unexpected(&mut self, start: usize, end: usize, first: char) {
        let starts_word = self.text[start + first.len_utf8()..].starts_with(char::is_alphanumeric);
        match look_alike(first) {
            // Where a colon or comma is expected, `skip_look_alike` reports it. A look-alike of a quote that is not before a word is stray.
            Some(sign) if !matches!(sign, ':' | ',') && (starts_word || !matches!(sign, '"' | '\'')) => {
                self.report(start, start + first.len_utf8(), Problem::LookAlike(first, sign));
            }
            _ => self.report(start, end, Problem::Unexpected(first)),
        }
    }

    /// Reports a problem that is allowed in JSON with comments.
    pub(super) fn report_if_strict(&mut self, start: usize, end: usize, problem: Problem) {
        if self.dialect == Dialect::Strict {
            self.report(start, end, problem);
        }
    }

    /// The offset of the character that ends at `end`.
    pub(super) fn char_start_before(&self, end: usize) -> usize {
        self.text.floor_char_boundary(end.saturating_sub(1))
    }

    /// The indentation of a line whose text starts at `offset`. `None` if other text precedes `offset` on its line.
    pub(super) fn indentation_before(&self, offset: usize) -> Option<usize> {
        let before = self.text[..offset].trim_end_matches([' ', '\t']);
        count_steps(offset - before.len());
        (before.is_empty() || before.ends_with('\n')).then_some(offset - before.len())
    }

    /// The indentation of the line that contains `offset`. `None` for a very long line: it is minified, and searching for its start
    /// at each bracket would take quadratic time.
    pub(super) fn line_indentation(&self, offset: usize) -> Option<usize> {
        const MAX_LINE: usize = 1000;
        let search_start = offset.saturating_sub(MAX_LINE);
        count_steps(offset - search_start);
        let start = match memchr::memrchr(b'\n', &self.text.as_bytes()[search_start..offset]) {
            Some(newline) => search_start + newline + 1,
            None if search_start == 0 => 0,
            None => return None,
        };
        let line = &self.text[start..];
        Some(line.len() - line.trim_start_matches([' ', '\t']).len())
    }

    /// Skips white space and comments.
    pub(super) fn skip_trivia(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.offset += 1;
        }
        if let Some(b'/' | b'#') = self.peek() {
            self.skip_comments();
        }
    }

    /// Skips white space and comments. In strict JSON, consecutive comments are reported as one error.
    #[cold]
    fn skip_comments(&mut self) {
        let mut first_start = None;
        let mut last_end = self.offset;
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.offset += 1,
                Some(b'/') if matches!(self.text.as_bytes().get(self.offset + 1), Some(b'/' | b'*')) => {
                    let start = self.offset;
                    self.skip_comment();
                    first_start.get_or_insert(start);
                    last_end = self.offset;
                }
                // YAML has these comments; no dialect of JSON does.
                Some(b'#') => {
                    let start = self.offset;
                    self.skip_line_comment();
                    self.report(start, self.offset, Problem::Comment);
                }
                _ => break,
            }
        }
        if let Some(start) = first_start {
            self.report_if_strict(start, last_end, Problem::Comment);
        }
    }

    fn skip_comment(&mut self) {
        let start = self.offset;
        if self.text[start..].starts_with("//") {
            self.skip_line_comment();
        } else if let Some(length) = self.text[start + 2..].find("*/") {
            self.offset = start + 2 + length + 2;
        } else {
            self.offset = self.text.len();
            self.report(start, start + 2, Problem::UnclosedComment);
        }
        self.comments.push(Span::new(start, self.offset));
    }

    fn skip_line_comment(&mut self) {
        let rest = &self.text[self.offset..];
        self.offset += rest.find(['\n', '\r']).unwrap_or(rest.len());
    }

    /// Parses a string in double quotes.
    pub(super) fn parse_string(&mut self) -> Cow<'t, str> {
        if self.text[self.offset..].starts_with("\"\"\"") {
            return self.parse_triple_quoted_string();
        }
        self.parse_quoted_string(b'"')
    }

    /// Parses any string in `quote` (`"`, `'` or a backtick), including those with errors.
    pub(super) fn parse_quoted_string(&mut self, quote: u8) -> Cow<'t, str> {
        let start = self.offset;
        self.offset += 1;
        // The decoded text, if the string has escapes, and the offset up to which it has been copied.
        let mut decoded: Option<String> = None;
        let mut copied = self.offset;
        let mut has_reported_control = false;
        loop {
            let rest = &self.text.as_bytes()[self.offset..];
            let (plain_len, is_control) = scan_plain(rest, quote);
            count_steps(plain_len + 1);
            if is_control {
                let control = self.offset + plain_len;
                let character = rest[plain_len];
                if matches!(character, b'\n' | b'\r') && self.is_unclosed_at(control) {
                    return self.end_unclosed_string(start, copied, control, decoded, has_reported_control);
                }
                // A JavaScript template literal, in backticks, may contain line breaks. One error per string is enough.
                if !has_reported_control && quote != b'`' {
                    self.report(control, control + 1, Problem::ControlCharacter(char::from(character)));
                    has_reported_control = true;
                }
                // The string cannot end at a later line break of the same white space, so skip all of it.
                let rest = &self.text[control + 1..];
                self.offset = self.text.len() - rest.trim_ascii_start().len();
                continue;
            }
            self.offset += plain_len;
            match self.peek() {
                None => return self.end_unclosed_string(start, copied, self.offset, decoded, false),
                Some(b'\\') => {
                    let text = decoded.get_or_insert_with(|| String::with_capacity(rest.len().min(DECODED_CAPACITY)));
                    text.push_str(&self.text[copied..self.offset]);
                    let Escape { character, len, problem } = decode_escape(&self.text[self.offset..], true);
                    text.extend(character);
                    copied = self.offset + len;
                    // In other quotes, the escaped quote is a part of the error about them.
                    if let Some(problem) = problem.filter(|_| quote == b'"' || character != Some(char::from(quote))) {
                        self.report(self.offset, copied, problem);
                    }
                    self.offset = copied;
                }
                Some(_) if has_reported_control && !self.ends_pasted_text(self.offset) => {
                    self.has_uncertain_end = true;
                    self.offset += 1;
                }
                Some(_) => break,
            }
        }
        let tail = &self.text[copied..self.offset];
        self.offset += 1;
        match quote {
            b'\'' => self.report(start, self.offset, Problem::SingleQuotes),
            b'`' => self.report(start, self.offset, Problem::ForeignQuotes('`')),
            _ => {}
        }
        append_tail(decoded, tail)
    }

    /// Ends a string without a closing quote: at `end` if an error about its line breaks was reported, otherwise at the end of its
    /// first line. A comma at its end is not part of the string.
    fn end_unclosed_string(
        &mut self,
        start: usize,
        copied: usize,
        end: usize,
        decoded: Option<String>,
        is_reported: bool,
    ) -> Cow<'t, str> {
        let mut line_end = end;
        if is_reported {
            self.has_uncertain_end = true;
        } else {
            line_end = self.text[copied..end].find(['\n', '\r']).map_or(end, |length| copied + length);
            // In a file that ends inside a string, the rest of its value is missing.
            self.has_uncertain_end = self.text[line_end..].trim_ascii().is_empty();
        }
        let tail = self.text[copied..line_end].trim_end();
        let tail = tail.strip_suffix(',').unwrap_or(tail);
        self.offset = copied + tail.len();
        if !is_reported {
            self.report_unclosed_string(start, self.offset);
        }
        append_tail(decoded, tail)
    }

    /// Reports a string without a closing quote. If its text ends with a character that looks like a quote, the error names that character.
    pub(super) fn report_unclosed_string(&mut self, start: usize, end: usize) {
        // `end` may be inside a character if the string has escapes before it.
        let last = self.text.get(start..end).and_then(|text| text.chars().next_back());
        match last.filter(|last| matches!(look_alike(*last), Some('"' | '\''))) {
            Some(quote) => self.report(end - quote.len_utf8(), end, Problem::LookAlike(quote, '"')),
            None => self.report(start, start + 1, Problem::MissingClosingQuote),
        }
    }

    /// Parses a number, `true`, `false` or `null`, and reports anything else.
    pub(super) fn parse_scalar(&mut self) -> Value<'t> {
        let start = self.offset;
        let word = self.take_word();
        match word {
            "true" => return Value::Bool(true),
            "false" => return Value::Bool(false),
            "null" => return Value::Null,
            _ if is_number(word) => {
                if !is_read_as_infinity(word) {
                    return Value::Number(word.into());
                }
                self.report(start, self.offset, Problem::NumberTooLarge);
                return Value::Broken;
            }
            _ => {}
        }
        let unsigned = word.trim_start_matches(['-', '+', '.']);
        // In `"descripti"on": "…"`, the word is the end of a key.
        let ends_key = self.is_key_end(self.offset);
        if unsigned.starts_with(|first: char| first.is_ascii_digit()) && !ends_key {
            self.report(start, self.offset, Problem::InvalidNumber);
        } else if (unsigned.is_empty() || word.starts_with("...")) && !self.is_at_template() {
            let character = self.text[start..].chars().next().unwrap_or_default();
            self.report_unexpected(start, start + character.len_utf8(), character);
            self.skip_unquoted_text();
        } else {
            self.skip_unquoted_text();
            let unquoted = &self.text[start..self.offset];
            let literal = if ends_key { None } else { json_literal_for(unquoted) };
            self.report(start, self.offset, Problem::UnquotedText(literal));
        }
        Value::Broken
    }

    /// Parses a key without quotes and reports it.
    pub(super) fn parse_unquoted_key(&mut self) -> Cow<'t, str> {
        let start = self.offset;
        let word = self.take_word();
        if word.is_empty() {
            let character = self.text[start..].chars().next().unwrap_or_default();
            self.offset += character.len_utf8();
            self.report_unexpected(start, self.offset, character);
        } else if self.text[self.offset..].starts_with("://") {
            // A URL, and not a key with a comment after its colon.
            self.skip_unquoted_text();
            self.report_unexpected(start, self.offset, word.chars().next().unwrap_or_default());
        } else if self.is_key_end(self.offset) {
            self.offset += 1;
            self.report(start, self.offset, Problem::MissingOpeningQuote);
            return Cow::Borrowed(word);
        } else if !self.text[self.offset..].trim_start().starts_with([':', '=']) {
            self.report_unexpected(start, self.offset, word.chars().next().unwrap_or_default());
        } else if is_number(word) || matches!(word, "true" | "false" | "null") {
            self.report(start, self.offset, Problem::KeyNotString);
        } else {
            self.report(start, self.offset, Problem::UnquotedKey);
        }
        Cow::Borrowed(&self.text[start..self.offset])
    }

    fn take_word(&mut self) -> &'t str {
        let word = self.peek_word();
        self.offset += word.len();
        word
    }

    pub(super) fn peek_word(&self) -> &'t str {
        let rest = &self.text[self.offset..];
        &rest[..rest.find(ends_word).unwrap_or(rest.len())]
    }
}

/// Whether a character is not part of a word: a name, a number or an e-mail address. Some characters that Unicode counts as letters are
/// invisible or look like a colon, so they end a word, too.
fn ends_word(character: char) -> bool {
    !character.is_alphanumeric() && !matches!(character, '_' | '-' | '+' | '.' | '$' | '@')
        || looks_like_separator(character)
}

fn append_tail(decoded: Option<String>, tail: &str) -> Cow<'_, str> {
    match decoded {
        None => Cow::Borrowed(tail),
        Some(mut text) => {
            text.push_str(tail);
            Cow::Owned(text)
        }
    }
}

/// The JSON literal that corresponds to a literal of another language.
fn json_literal_for(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some("true"),
        "false" | "no" | "off" => Some("false"),
        "none" | "nil" | "null" | "undefined" => Some("null"),
        _ => None,
    }
}

/// Whether a word is a number (RFC 8259, section 6).
fn is_number(word: &str) -> bool {
    let word = word.strip_prefix('-').unwrap_or(word);
    let integer_len = count_leading_digits(word);
    // JSON forbids leading zeros (in other languages, `01` is octal).
    if integer_len == 0 || (integer_len > 1 && word.starts_with('0')) {
        return false;
    }
    let mut rest = &word[integer_len..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let fraction_len = count_leading_digits(fraction);
        if fraction_len == 0 {
            return false;
        }
        rest = &fraction[fraction_len..];
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        return !digits.is_empty() && count_leading_digits(digits) == digits.len();
    }
    rest.is_empty()
}

fn count_leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// The number of bytes before the next quote, backslash or control character, and whether a control character follows them.
fn scan_plain(bytes: &[u8], quote: u8) -> (usize, bool) {
    /// The compiler turns a test of a whole block into a few vector instructions.
    const BLOCK_LEN: usize = 16;
    let is_special = |byte: &u8| *byte == quote || *byte == b'\\' || *byte < b' ';
    let blocks = bytes.chunks_exact(BLOCK_LEN);
    let plain_blocks = blocks.take_while(|block| !block.iter().fold(false, |found, byte| found | is_special(byte)));
    let start = plain_blocks.count() * BLOCK_LEN;
    let length = bytes[start..].iter().position(is_special).map_or(bytes.len(), |offset| start + offset);
    (length, bytes.get(length).is_some_and(|byte| *byte < b' '))
}
