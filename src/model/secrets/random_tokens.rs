//! Finds texts that look like secrets, because they mix letters and digits, within a few words after the name of a secret.
//!
//! In a file with syntax errors, every character can be missing or wrong, also between a name and its value. So this search does not depend
//! on quotes, separators or comments. It reads each word of the text once.

use std::ops::Range;

use crate::base::steps::count_steps;
use crate::model::secrets::characters::{
    is_blank, is_colon_or_equals_sign, is_name_char, is_name_start, is_opening_quote,
};
use crate::model::secrets::names::is_secret_name;
use crate::model::secrets::split_names::start_of_split_name;
use crate::schema::all_field_names;
use crate::syntax::variables::variable_name;

/// The shortest text that counts as random.
pub(super) const MIN_TOKEN_LEN: usize = 8;

/// The shortest text that counts as random in a valid file, without a digit, or as a part of a word: `secret_keyA1…`.
pub(super) const MIN_LONG_TOKEN_LEN: usize = 16;

/// The longest part of a text that is read to decide whether it is random. Without a limit, the time is quadratic in its length.
const MAX_TESTED_LEN: usize = 200;

/// The number of words after a name that may be its value.
const MAX_WORDS: usize = 5;

/// The longest word that may be the end of a name that a line break split.
const MAX_END_LEN: usize = 5;

/// A longer word is not a name.
const MAX_NAME_LEN: usize = 100;

/// A text that looks like a secret.
pub(super) struct RandomToken {
    /// Where the name before it starts.
    pub name_start: usize,
    pub range: Range<usize>,
    /// Whether no other word is between the name and this text.
    pub is_next_word: bool,
}

/// Returns the texts that look like secrets in their order. In a file with syntax errors, mistakes may split a name.
pub(super) fn find_random_tokens(text: &str, is_valid: bool) -> Vec<RandomToken> {
    let mut search = Search { text, is_valid, name: None, previous: 0..0, found: Vec::new() };
    let mut offset = 0;
    while let Some(len) = text[offset..].find(is_name_start) {
        let start = offset + len;
        count_steps(len);
        search.read_gap(offset..start);
        offset = search.read_word(start);
    }
    search.found
}

/// A name of a secret whose value may follow.
struct PrecedingName {
    start: usize,
    /// How many more words may be between the name and the value.
    words_left: usize,
    /// How many more line breaks may be between them: none after a value was found, because the next line starts another entry.
    lines_left: usize,
}

struct Search<'t> {
    text: &'t str,
    /// Whether the file has no syntax errors.
    is_valid: bool,
    name: Option<PrecedingName>,
    /// The word before the current one.
    previous: Range<usize>,
    found: Vec<RandomToken>,
}

impl Search<'_> {
    /// Reads the text between two words.
    fn read_gap(&mut self, gap: Range<usize>) {
        if self.text[gap].contains(['\n', '\r'])
            && let Some(name) = self.name.take()
            && name.lines_left > 0
        {
            self.name = Some(PrecedingName { lines_left: name.lines_left - 1, ..name });
        }
    }

    /// Reads the word at `start`, and returns where the search continues.
    fn read_word(&mut self, start: usize) -> usize {
        let word = start..end_of_run(self.text, start, is_name_char);
        let previous = std::mem::replace(&mut self.previous, word.clone());
        if let Some(token) = self.token_in_name(&previous, &word) {
            let end = token.end;
            self.found.push(RandomToken { name_start: start, range: token, is_next_word: true });
            return end;
        }
        if let Some(name_start) = self.start_of_name(&previous, &word) {
            self.name = Some(PrecedingName { start: name_start, words_left: MAX_WORDS, lines_left: 1 });
            return word.end;
        }
        let Some(name) = &mut self.name else { return word.end };
        if is_field(self.text, &word) {
            self.name = None;
            return word.end;
        }
        if is_variable_name(self.text, &word) {
            name.lines_left = 0;
            return word.end;
        }
        if self.text[word.end..].starts_with("://") {
            return end_of_run(self.text, word.end, is_token_char);
        }
        if is_random(&self.text[start..], MIN_TOKEN_LEN) {
            name.lines_left = 0;
            let range = start..end_of_run(self.text, start, is_token_char);
            let end = range.end;
            let is_next_word = name.words_left == MAX_WORDS;
            self.found.push(RandomToken { name_start: name.start, range, is_next_word });
            return end;
        }
        // If a line break split the name shortly before its end, this word is the end, and the value is on the third line.
        if !self.is_valid && word.len() <= MAX_END_LEN && name.words_left == MAX_WORDS {
            name.lines_left = 1;
        }
        name.words_left -= 1;
        if name.words_left == 0 {
            self.name = None;
        }
        word.end
    }

    /// If a word is the name of a secret, or the last of the two words of one, returns where the name starts.
    fn start_of_name(&self, previous: &Range<usize>, word: &Range<usize>) -> Option<usize> {
        if self.is_name(word.clone()) {
            return Some(word.start);
        }
        // In `secret S`, the value is no part of the name.
        let is_phrase = self.follows(previous, word) && !self.is_name(previous.clone());
        if is_phrase && self.is_name(previous.start..word.end) {
            return Some(previous.start);
        }
        self.start_of_split_name(word.clone())
    }

    /// The start of a name that a mistake splits before its last part.
    fn start_of_split_name(&self, last_part: Range<usize>) -> Option<usize> {
        if self.is_valid { None } else { start_of_split_name(self.text, &last_part) }
    }

    /// The part of a word that looks like a secret, if the word starts with a name or continues one: `secret_keyA1…`, `secret keyA1…`.
    fn token_in_name(&self, previous: &Range<usize>, word: &Range<usize>) -> Option<Range<usize>> {
        /// The longest part of a name without a `_`, such as `credential`.
        const MAX_PART_LEN: usize = 12;
        let mut start = word.start;
        for part in self.text[word.clone()].split(['_', '-']) {
            if !is_random(part, MIN_LONG_TOKEN_LEN) {
                start += part.len() + 1;
                continue;
            }
            let name_start = if self.follows(previous, word) { previous.start } else { word.start };
            let mut name_ends = part.char_indices().take(MAX_PART_LEN).map(|(len, _)| start + len);
            let is_name = |end| self.is_name(word.start..end) || self.is_name(name_start..end);
            let has_name = name_ends.any(|end| is_name(end) || self.start_of_split_name(word.start..end).is_some());
            return has_name.then(|| start..end_of_run(self.text, start, is_token_char));
        }
        None
    }

    /// Whether only spaces are between two words.
    fn follows(&self, previous: &Range<usize>, word: &Range<usize>) -> bool {
        self.text[previous.end..word.start].chars().all(|c| c == ' ')
    }

    fn is_name(&self, range: Range<usize>) -> bool {
        range.len() <= MAX_NAME_LEN && is_secret_name(&self.text[range])
    }
}

/// Where the characters from `start` on end for which `is_included` is true.
fn end_of_run(text: &str, start: usize, is_included: fn(char) -> bool) -> usize {
    let len = text[start..].find(|c| !is_included(c)).unwrap_or(text.len() - start);
    count_steps(len);
    start + len
}

/// Whether a character can be a part of a secret without quotes.
fn is_token_char(c: char) -> bool {
    let is_bracket = matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>');
    !is_blank(c) && !is_opening_quote(c) && !is_bracket && !matches!(c, ',' | ';' | '|' | '\\')
}

/// Whether a text starts with letters and digits that are mixed, or with many letters of both cases.
fn is_random(text: &str, min_len: usize) -> bool {
    let (mut len, mut has_upper, mut has_lower, mut has_digit) = (0, false, false, false);
    for c in text.chars().take_while(|c| is_token_char(*c)).take(MAX_TESTED_LEN) {
        count_steps(1);
        len += 1;
        has_upper |= c.is_uppercase();
        has_lower |= c.is_lowercase();
        has_digit |= c.is_ascii_digit();
    }
    let is_mixed = (has_digit && (has_upper || has_lower)) || (has_upper && has_lower && len >= MIN_LONG_TOKEN_LEN);
    len >= min_len && is_mixed
}

/// Whether a word is the key of a field of a portal.
fn is_field(text: &str, word: &Range<usize>) -> bool {
    if !all_field_names().contains(&text[word.clone()]) {
        return false;
    }
    let rest = text[word.end..].trim_start_matches(|c| is_blank(c) || is_opening_quote(c));
    rest.starts_with(is_colon_or_equals_sign)
}

/// Whether a word is the name in `${NAME}`.
fn is_variable_name(text: &str, word: &Range<usize>) -> bool {
    let Some(start) = word.start.checked_sub("${".len()) else { return false };
    text.get(start..word.end + 1).and_then(variable_name).is_some()
}
