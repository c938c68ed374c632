//! Finds secrets in a text without a syntax tree.
//!
//! In a file with syntax errors the tree is not enough: error recovery skips text, and what it skips may be a secret. This
//! scan reads the text line by line. It looks for a name of a secret (see [`is_secret_name`]) in *key position*, and takes
//! everything after it up to the end of its value or line, and the lines that continue it ([`value`]).
//!
//! Key position is the start of a line or of an entry, with or without quotes. The colon may be missing or mistyped. A name
//! in the middle of a properly closed string is prose ("Reset your password: here") and is skipped.
//!
//! Each line is scanned once for names and at most once as a continuation, so the time grows linearly with the text.

use std::borrow::Cow;
use std::ops::Range;

use crate::base::source::Format;
use crate::model::secrets::characters::{is_name_char, is_name_start, is_opening_quote};
use crate::model::secrets::names::is_secret_name;
use crate::model::secrets::split_names::start_of_split_name;

mod line;
mod value;

use line::LineCursor;

/// The longest text that can be a key. Longer quoted strings are values.
const MAX_NAME_LEN: usize = 64;

/// A secret in a text.
pub(super) struct FoundSecret {
    /// The first byte of its name, without a quote.
    pub name_start: usize,
    /// The bytes of its value: a range for each line.
    pub ranges: Vec<Range<usize>>,
}

/// Returns all secrets of a text in their order. In a file with syntax errors, mistakes may split a name.
pub(super) fn find_secrets(text: &str, format: Format, is_valid: bool) -> Vec<FoundSecret> {
    let lines = split_lines(text);
    let mut scan = Scan { text, format, is_valid, flow_depth: 0, block_indent: None, string_end: 0 };
    let mut found = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        let line = lines[index].clone();
        scan.leave_block(&line);
        // The line may open a string of several lines, unless it is inside one.
        if line.start >= scan.string_end {
            scan.string_end = scan.end_of_long_string(&lines[index..]);
        }
        index += 1;
        let mut offset = line.start;
        while let Some(name) = scan.find_name(&line, offset) {
            let extent = value::find_extent(&scan, &name, &lines, index);
            found.push(FoundSecret { name_start: name.start, ranges: extent.ranges });
            index = index.max(extent.next_line);
            match extent.same_line {
                Some(end) => offset = end,
                None => break,
            }
        }
        scan.enter_block(&line);
    }
    found
}

/// The lines without their line breaks. A carriage return without a line feed ends a line, too.
fn split_lines(text: &str) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (offset, byte) in text.bytes().enumerate() {
        if byte == b'\n' || byte == b'\r' {
            lines.push(start..offset);
            start = offset + 1;
        }
    }
    lines.push(start..text.len());
    lines
}

/// The name of a secret in key position.
struct Name {
    /// Where the name starts, without a quote.
    start: usize,
    /// Where its separator or value starts: after the name and its closing quote.
    end: usize,
    /// Whether the rest of the line belongs to the secret, because the name is in a comment or in the middle of a string.
    takes_line: bool,
    /// Whether the name is in a comment, so that the lines below do not continue the value.
    is_comment: bool,
}

/// The state of the scan: what the lines above the current one opened and did not close.
struct Scan<'t> {
    text: &'t str,
    format: Format,
    /// Whether the file has no syntax errors.
    is_valid: bool,
    /// How many `{` and `[` are open. In YAML a comma separates entries only inside of these.
    flow_depth: usize,
    /// The indentation of the key of the YAML block scalar (`key: |`) that the current line is part of.
    block_indent: Option<usize>,
    /// The end of a string of several lines that the current line is part of.
    string_end: usize,
}

impl Scan<'_> {
    /// Leaves a block scalar at the first line that is not indented deeper than its key.
    fn leave_block(&mut self, line: &Range<usize>) {
        let text = &self.text[line.clone()];
        if self.block_indent.is_some_and(|indent| !text.trim().is_empty() && line::indent(text) <= indent) {
            self.block_indent = None;
        }
    }

    /// Returns the end of a string that is opened as a value on the first line and properly closed on a later one, or 0 if there is none.
    /// Such a string is prose. If a line before the closing quote starts with a known field, the quote closes another string.
    fn end_of_long_string(&self, lines: &[Range<usize>]) -> usize {
        /// A longer string is scanned like any other text. Without a limit, the time is quadratic in the number of lines.
        const MAX_LINES: usize = 40;
        let first = &lines[0];
        let Some(open) = opened_string(self.text, first) else { return 0 };
        let own_indent = line::indent(&self.text[first.clone()]);
        for line in lines.iter().skip(1).take(MAX_LINES) {
            let text = &self.text[line.clone()];
            let is_deeper = self.format != Format::Yaml || line::indent(text) > own_indent || text.trim().is_empty();
            if !is_deeper || value::starts_with_known_field(text) {
                return 0;
            }
            if let Some(close) = line::find_quote(text, open) {
                let end = line.start + close + open.len_utf8();
                let cursor = LineCursor::new(self.text, end, line.end);
                return if cursor.ends_entry(end) { end } else { 0 };
            }
        }
        0
    }

    fn enter_block(&mut self, line: &Range<usize>) {
        let text = &self.text[line.clone()];
        if self.format == Format::Yaml && self.block_indent.is_none() && line::opens_block_scalar(text) {
            self.block_indent = Some(line::indent(text));
        }
    }

    /// Finds the next name of a secret in a line, from byte `from` of the text.
    fn find_name(&mut self, line: &Range<usize>, from: usize) -> Option<Name> {
        let mut cursor = LineCursor::new(self.text, from, line.end);
        // A text of several lines has no entries, so only names that are written like identifiers count there.
        let mut starts_entry = self.block_indent.is_none() && from >= self.string_end;
        while let Some(c) = cursor.peek() {
            let is_prose = self.block_indent.is_some() || cursor.offset < self.string_end;
            // In a block scalar or string, `#` does not start a comment.
            if !is_prose && let Some(start) = cursor.comment_start(line.start) {
                let is_secret = is_secret_name(&self.text[start..line.end]);
                return is_secret.then_some(Name { start, end: start, takes_line: true, is_comment: true });
            }
            if let Some(name) = self.split_name(&cursor, line.start) {
                return Some(name);
            }
            if is_opening_quote(c) && !cursor.follows_word_or_backslash() {
                if let Some(name) = quoted_name(&cursor, starts_entry) {
                    return Some(name);
                }
                if let Some(end) = cursor.properly_closed_string() {
                    cursor.offset = end;
                    starts_entry = false;
                    continue;
                }
            } else if is_name_start(c) {
                let word = cursor.word();
                if let Some(name) = self.bare_name(&cursor, word.clone(), starts_entry) {
                    return Some(name);
                }
                cursor.offset = word.end;
                // A dotted name: `recaptcha.secret_key`.
                starts_entry &= cursor.rest().starts_with('.');
                continue;
            } else {
                starts_entry = self.read_punctuation(&cursor, c, starts_entry);
            }
            cursor.bump();
        }
        None
    }

    /// Counts brackets, and returns whether an entry can start after `c`.
    fn read_punctuation(&mut self, cursor: &LineCursor<'_>, c: char, starts_entry: bool) -> bool {
        match c {
            '{' | '[' if starts_entry || self.flow_depth > 0 || cursor.is_in_value_position() => {
                self.flow_depth += 1;
                true
            }
            '}' | ']' => {
                self.flow_depth = self.flow_depth.saturating_sub(1);
                true
            }
            // In a plain YAML scalar, a comma is part of the text: `subject: Hello, password reset`.
            ',' | ';' | '(' => self.block_indent.is_none() && (self.format != Format::Yaml || self.flow_depth > 0),
            ':' | '=' => false,
            _ => starts_entry,
        }
    }

    /// A name that a mistake splits before the word at the cursor. The whole line belongs to the secret, because its quotes are wrong.
    fn split_name(&self, cursor: &LineCursor<'_>, line_start: usize) -> Option<Name> {
        if self.is_valid || self.block_indent.is_some() {
            return None;
        }
        let word = cursor.quoted_word();
        let is_part = !word.is_empty() && cursor.is_followed_by_separator(word.end);
        let start = is_part.then(|| start_of_split_name(self.text, &word)).flatten()?;
        // A line break may split the name, too.
        let start = start.max(line_start);
        Some(Name { start, end: word.end, takes_line: true, is_comment: false })
    }

    /// A name without an opening quote.
    fn bare_name(&self, cursor: &LineCursor<'_>, word: Range<usize>, starts_entry: bool) -> Option<Name> {
        if !starts_entry && cursor.is_inside_tag() {
            return None;
        }
        let text = &self.text[word.clone()];
        // JSON has no prose outside of strings, so a comma is missing between the string and this name.
        if starts_entry || (self.format != Format::Yaml && cursor.follows_string()) {
            let phrase = cursor.phrase();
            if let Some(end) = secret_prefix(self.text, &phrase) {
                let key_end = cursor.end_of_variables(end);
                let end = if cursor.is_followed_by_separator(key_end) { key_end } else { end };
                return Some(Name { start: word.start, end, takes_line: false, is_comment: false });
            }
        }
        // Elsewhere only `secret_key:`, not "my secret:".
        let is_separated = cursor.is_followed_by_separator(word.end) || cursor.is_after_quote();
        let is_name = is_code_identifier(text) && is_secret_name(text) && is_separated;
        is_name.then_some(Name { start: word.start, end: word.end, takes_line: false, is_comment: false })
    }
}

/// The quote of a value that is opened on a line and not closed: `description: "Cards and`. `None` if the key is the name of a
/// secret: [`value`] finds the end of that value.
fn opened_string(text: &str, line: &Range<usize>) -> Option<char> {
    let (key, value) = text[line.clone()].split_once(':')?;
    let quote = value.trim_start().chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let content = &value.trim_start()[1..];
    let is_closed = line::find_quote(content, quote).is_some();
    if is_closed || is_secret_name(key) { None } else { Some(quote) }
}

/// A name in quotes, at the start of a quoted string.
fn quoted_name(cursor: &LineCursor<'_>, starts_entry: bool) -> Option<Name> {
    let string = cursor.string()?;
    let raw = &cursor.text[string.content.clone()];
    let start = string.content.start;
    // Without decoding, `"secret_ke\x79": "…"` would look like a key and a value whose inner quotes are missing. Only a single word
    // is decoded: in `"secret_key S"`, the name and the value are in one string, and the value may have escapes.
    let content = if raw.contains(' ') { Cow::Borrowed(raw) } else { decode_escapes(raw) };
    let content = &*content;
    if content.len() <= MAX_NAME_LEN && content.chars().all(|c| is_name_char(c) || matches!(c, ' ' | '$' | '.')) {
        // `"Password"` is a value in `"label": "Password",`, and an attribute's value in `<input type="password">`.
        let is_value = cursor.is_in_value_position() && (cursor.ends_entry(string.end) || cursor.follows_equals_sign());
        if !is_secret_name(content) || is_value {
            return None;
        }
        // `"secret_key S"` without a separator after it is not a key: the quotes between name and value are missing.
        if !cursor.is_followed_by_separator(string.end) {
            let inside = LineCursor::new(cursor.text, start, string.content.end);
            let name_end = secret_prefix(cursor.text, &inside.phrase()).filter(|end| *end < string.content.end);
            if let Some(end) = name_end {
                return Some(Name { start, end, takes_line: true, is_comment: false });
            }
        }
        return Some(Name { start, end: string.end, takes_line: false, is_comment: false });
    }
    // `"secret_key: S"`: the closing quote of the key and the opening one of the value are missing.
    if starts_entry && !cursor.is_in_value_position() {
        let inside = LineCursor::new(cursor.text, start, string.content.end);
        let end = secret_prefix(cursor.text, &inside.phrase())?;
        let is_key = inside.end_of_variables(end) == string.content.end;
        if is_key && cursor.is_followed_by_separator(string.end) {
            return Some(Name { start, end: string.end, takes_line: false, is_comment: false });
        }
        return Some(Name { start, end, takes_line: true, is_comment: false });
    }
    None
}

/// Decodes those escapes `\xHH`, `\uHHHH` and `\UHHHHHHHH` that stand for characters of names.
fn decode_escapes(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(backslash) = rest.find('\\') {
        let (before, escape) = rest.split_at(backslash);
        decoded.push_str(before);
        let digits = match escape.as_bytes().get(1) {
            Some(b'x') => 2,
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => 0,
        };
        let code = escape.get(2..2 + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        if let Some(c) = code.and_then(char::from_u32).filter(|c| is_name_char(*c)) {
            decoded.push(c);
            rest = &escape[2 + digits..];
        } else {
            decoded.push('\\');
            rest = &escape[1..];
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// If a phrase starts with the name of a secret, returns where the name ends: after `secret key` in `secret key S`.
///
/// The next word can show that a password is not meant: `password` is the name of a secret, `password reset` is not.
fn secret_prefix(text: &str, words: &[Range<usize>]) -> Option<usize> {
    let start = words.first()?.start;
    let is_name = |word: &Range<usize>| is_secret_name(&text[start..word.end]);
    for (number, word) in words.iter().enumerate() {
        let next = words.get(number + 1);
        let is_password = text[word.clone()].to_ascii_lowercase().contains("password");
        if !is_name(word) || (is_password && next.is_some_and(|next| !is_name(next))) {
            continue;
        }
        return Some(match next {
            Some(next) if text[next.clone()].eq_ignore_ascii_case("key") => next.end,
            Some(_) => word.end,
            // `secret_key-S`: the value follows the name without a separator.
            None => line::end_of_name(text, word.clone()),
        });
    }
    None
}

/// Whether a word is written like a name in code: `secret_key`, `api-key`, `apiKey`.
fn is_code_identifier(word: &str) -> bool {
    let is_camel_case = word.chars().skip(1).any(char::is_uppercase) && word.chars().any(char::is_lowercase);
    word.contains(['_', '-']) || is_camel_case
}
