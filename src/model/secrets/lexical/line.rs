//! A cursor over one line, and functions that need only one line.

use std::ops::Range;

use crate::model::secrets::characters::{
    is_blank, is_colon, is_colon_or_equals_sign, is_name_char, is_name_start, is_opening_quote,
};
use crate::model::secrets::names::{is_secret_name, is_variable};

/// A position in a line.
#[derive(Clone, Copy)]
pub(super) struct LineCursor<'t> {
    /// The whole text, which all offsets refer to.
    pub text: &'t str,
    /// The current position.
    pub offset: usize,
    /// The position that the cursor was created at. The methods do not look at characters before it.
    start: usize,
    /// The end of the line.
    end: usize,
}

/// A string that is closed on its line.
pub(super) struct ClosedString {
    /// The bytes between the quotes.
    pub content: Range<usize>,
    /// After the closing quote.
    pub end: usize,
}

impl<'t> LineCursor<'t> {
    pub(super) fn new(text: &'t str, start: usize, end: usize) -> Self {
        Self { text, offset: start, start, end }
    }

    /// The rest of the line.
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.offset..self.end]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn bump(&mut self) {
        self.offset += self.peek().map_or(0, char::len_utf8);
    }

    /// The part of the line before the cursor.
    fn before(&self) -> &'t str {
        &self.text[self.start..self.offset]
    }

    /// The last character before the cursor that is not blank.
    fn previous(&self) -> Option<char> {
        self.before().trim_end_matches(is_blank).chars().next_back()
    }

    /// Whether a quote at the cursor ends a string instead of starting one: `word"` or `\"`.
    pub(super) fn follows_word_or_backslash(&self) -> bool {
        self.before().chars().next_back().is_some_and(|c| c == '\\' || is_name_char(c))
    }

    /// Whether the value of an entry is expected here.
    pub(super) fn is_in_value_position(&self) -> bool {
        self.previous().is_some_and(is_colon_or_equals_sign)
    }

    /// Whether `=` is directly before the cursor, as in an attribute of an HTML element.
    pub(super) fn follows_equals_sign(&self) -> bool {
        self.before().ends_with('=')
    }

    /// Whether a quote is directly before the cursor. It opens a string that this scan did not recognize.
    pub(super) fn is_after_quote(&self) -> bool {
        self.before().chars().next_back().is_some_and(is_opening_quote)
    }

    /// Whether the last character before the cursor that is not blank is a quote.
    pub(super) fn follows_string(&self) -> bool {
        self.previous().is_some_and(is_opening_quote)
    }

    /// Whether the cursor is between the `<` and `>` of an HTML tag: `<input type="password">`.
    pub(super) fn is_inside_tag(&self) -> bool {
        /// Tags are short. Without a limit, the time for a long line is quadratic in its length.
        const MAX_TAG_LEN: usize = 500;
        let before = self.before();
        let mut start = before.len().saturating_sub(MAX_TAG_LEN);
        while !before.is_char_boundary(start) {
            start += 1;
        }
        let near = &before[start..];
        near.rfind('<').is_some_and(|open| {
            let name = near[open + 1..].trim_start_matches('/');
            name.starts_with(|c: char| c.is_ascii_alphabetic()) && !near[open..].contains('>')
        })
    }

    /// If a comment starts at the cursor: where its text starts, after the marker.
    pub(super) fn comment_start(&self, line_start: usize) -> Option<usize> {
        let before = &self.text[line_start..self.offset];
        let is_separate = before.is_empty() || before.ends_with([' ', '\t']);
        let marker = ["//", "/*", "#", "*/", "* "].into_iter().find(|marker| self.rest().starts_with(marker))?;
        let is_continued = marker.starts_with('*') && !before.trim().is_empty();
        (is_separate && !is_continued).then_some(self.offset + marker.len())
    }

    /// The string that is opened at the cursor, if it is closed on this line.
    pub(super) fn string(&self) -> Option<ClosedString> {
        let quote = self.peek()?;
        let start = self.offset + quote.len_utf8();
        let (len, closing) = find_unescaped(&self.text[start..self.end], |c| is_closing_quote(quote, c))?;
        let close = start + len;
        Some(ClosedString { content: start..close, end: close + closing.len_utf8() })
    }

    /// The end of the string that is opened at the cursor, if an entry, its key or the line ends after it. Otherwise, a quote may be
    /// missing.
    pub(super) fn properly_closed_string(&self) -> Option<usize> {
        let string = self.string()?;
        (self.ends_entry(string.end) || self.is_followed_by_colon(string.end)).then_some(string.end)
    }

    /// Whether the entry, a list or the line ends at this offset, or after blanks.
    pub(super) fn ends_entry(&self, offset: usize) -> bool {
        let rest = self.skip_blanks(offset);
        rest.is_empty() || rest.starts_with([',', '}', ']', '#']) || rest.starts_with("//")
    }

    fn is_followed_by_colon(&self, offset: usize) -> bool {
        self.skip_blanks(offset).starts_with(is_colon)
    }

    /// Whether a colon, an equals sign or a quote is at this offset, or after blanks.
    pub(super) fn is_followed_by_separator(&self, offset: usize) -> bool {
        let rest = self.skip_blanks(offset);
        rest.starts_with(is_colon_or_equals_sign) || rest.starts_with(is_opening_quote)
    }

    /// Where the variables and expressions at this offset end: `token ${{ github.token }}` is a key that contains no secret.
    pub(super) fn end_of_variables(&self, offset: usize) -> usize {
        let mut end = offset;
        loop {
            let rest = self.skip_blanks(end);
            let closing = if rest.starts_with("${{") { "}}" } else { "}" };
            let variable = rest.split_inclusive(closing).next().filter(|variable| is_variable(variable));
            match variable {
                Some(variable) => end = self.end - rest.len() + variable.len(),
                None => return end,
            }
        }
    }

    /// The rest of the line from this offset on, without the blanks at its start.
    fn skip_blanks(&self, offset: usize) -> &'t str {
        self.text[offset..self.end].trim_start_matches(is_blank)
    }

    /// The word at the cursor. A `-` ends it if nothing follows that belongs to a name: `secret_key-> S`.
    pub(super) fn word(&self) -> Range<usize> {
        let len = self.rest().find(|c| !is_name_char(c)).unwrap_or(self.rest().len());
        self.offset..self.offset + self.rest()[..len].trim_end_matches('-').len()
    }

    /// The word at the cursor, or after the quote at the cursor.
    pub(super) fn quoted_word(&self) -> Range<usize> {
        let mut inside = *self;
        if self.peek().is_some_and(is_opening_quote) {
            inside.bump();
        }
        inside.word()
    }

    /// The words from the cursor on that have one space between them.
    pub(super) fn phrase(&self) -> Vec<Range<usize>> {
        const MAX_WORDS: usize = 4;
        let mut words = Vec::new();
        let mut cursor = *self;
        while words.len() < MAX_WORDS && cursor.peek().is_some_and(is_name_start) {
            let word = cursor.word();
            cursor.offset = word.end;
            words.push(word);
            if cursor.peek() != Some(' ') {
                break;
            }
            cursor.bump();
        }
        words
    }
}

/// Where the first quote of a text is that is not escaped.
pub(super) fn find_quote(text: &str, quote: char) -> Option<usize> {
    find_unescaped(text, |c| c == quote).map(|(offset, _)| offset)
}

/// The first character of a text that is not escaped and for which `is_wanted` is true, with its offset.
fn find_unescaped(text: &str, is_wanted: impl Fn(char) -> bool) -> Option<(usize, char)> {
    let mut escaped = false;
    for (offset, c) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if is_wanted(c) {
            return Some((offset, c));
        }
    }
    None
}

fn is_closing_quote(open: char, c: char) -> bool {
    match open {
        '"' | '\'' | '`' | '＂' => c == open,
        _ => !matches!(c, '"' | '\'' | '`') && is_opening_quote(c),
    }
}

/// The number of blank bytes at the start of a line.
pub(super) fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(is_blank).len()
}

/// Whether a line ends with the header of a YAML block scalar, such as `: |` or `- >-`.
pub(super) fn opens_block_scalar(line: &str) -> bool {
    let line = line.split_once(" #").map_or(line, |(code, _)| code).trim_end();
    let header = line.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    let Some(before) = header.strip_suffix(['|', '>']) else { return false };
    line.len() - header.len() <= 2 && before.trim_end().ends_with([':', '-'])
}

/// Returns where the name in a word ends. `secret_key-S` contains a name and a value, unless a separator follows the word.
pub(super) fn end_of_name(text: &str, word: Range<usize>) -> usize {
    /// No name has more parts. Without a limit, the time is quadratic, because each part is tested together with those before it.
    const MAX_PARTS: usize = 8;
    let rest = text[word.end..].trim_start_matches(is_blank);
    if rest.starts_with(is_colon_or_equals_sign) {
        return word.end;
    }
    let separators = text[word.clone()].match_indices(['-', '_']).take(MAX_PARTS);
    let part_ends = separators.map(|(offset, _)| word.start + offset).chain([word.end]);
    let mut name_end = None;
    for end in part_ends {
        let part = text[name_end.unwrap_or(word.start)..end].trim_start_matches(['-', '_']);
        if name_end.is_some() && !part.eq_ignore_ascii_case("key") {
            break;
        }
        if is_secret_name(&text[word.start..end]) {
            name_end = Some(end);
        }
    }
    name_end.unwrap_or(word.end)
}
