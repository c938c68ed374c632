//! Finds where the value of a secret ends.

use std::ops::Range;

use crate::base::source::Format;
use crate::model::secrets::characters::{is_blank, is_colon, is_colon_or_equals_sign, is_name_char, is_opening_quote};
use crate::model::secrets::lexical::line::{LineCursor, indent};
use crate::model::secrets::lexical::{Name, Scan};
use crate::model::secrets::names::{is_secret_name, is_variable};
use crate::schema;
use crate::syntax::look_alikes::look_alike;

/// The bytes of a secret.
pub(super) struct SecretExtent {
    /// One range for each line, without the blanks around it.
    pub ranges: Vec<Range<usize>>,
    /// Where the scan continues in the line of the name; `None` if the rest of the line belongs to the secret.
    pub same_line: Option<usize>,
    /// The first line that does not belong to the secret.
    pub next_line: usize,
}

/// The part of a value that is on the line of its name.
enum ValueStart {
    /// There is none. The value may be on the lines below.
    None,
    /// The whole value, followed by the next entry or the end of the line.
    Complete { range: Range<usize>, end: usize },
    /// A YAML block scalar: the lines below that are indented deeper.
    Block,
    /// Everything up to the end of the line. The lines below may continue it.
    Open { start: usize },
}

/// Finds the end of the value after a name. `lines[next]` is the line after the one of the name.
pub(super) fn find_extent(scan: &Scan<'_>, name: &Name, lines: &[Range<usize>], next: usize) -> SecretExtent {
    let line = &lines[next - 1];
    let mut ranges = Vec::new();
    let mut same_line = None;
    let value = if name.takes_line { ValueStart::Open { start: name.end } } else { read_value(scan, name, line) };
    let mut may_continue_below = !name.is_comment;
    match &value {
        ValueStart::Complete { range, end } => {
            push_range(scan.text, range.clone(), &mut ranges);
            same_line = Some(*end);
            may_continue_below = !scan.text[*end..line.end].contains(is_name_char);
        }
        ValueStart::Open { start } => push_range(scan.text, *start..line.end, &mut ranges),
        ValueStart::Block => {
            // A comment after the header may be the value.
            if let Some(hash) = scan.text[name.end..line.end].find('#') {
                push_range(scan.text, name.end + hash + 1..line.end, &mut ranges);
            }
        }
        ValueStart::None => {}
    }
    let column = entry_column(&scan.text[line.start..name.start]);
    let continuation = Continuation::new(scan, &value, column, line);
    let mut next_line = next;
    if name.is_comment && ends_with_name(&scan.text[name.end..line.end]) {
        next_line = push_next_comment(scan, lines, next, &mut ranges);
    }
    if may_continue_below {
        next_line = push_lines_below(scan, lines, next, continuation, &mut ranges);
    }
    if next_line > next {
        same_line = None;
    }
    SecretExtent { ranges, same_line, next_line }
}

/// Adds the lines from `next` on that continue a value, and returns the first line after the last of them.
fn push_lines_below(
    scan: &Scan<'_>,
    lines: &[Range<usize>],
    next: usize,
    mut continuation: Continuation,
    ranges: &mut Vec<Range<usize>>,
) -> usize {
    let mut next_line = next;
    for (index, line) in lines.iter().enumerate().skip(next) {
        let text = &scan.text[line.clone()];
        if text.trim_matches(is_blank).is_empty() {
            continue;
        }
        match continuation.read_line(text) {
            LineAction::Mask => push_range(scan.text, line.clone(), ranges),
            LineAction::Skip => continue,
            LineAction::Stop => break,
        }
        next_line = index + 1;
    }
    next_line
}

/// Whether a comment ends with the name of a secret, so that its value is in the next comment.
fn ends_with_name(comment: &str) -> bool {
    let text = comment.trim_end_matches(|c| is_blank(c) || is_colon_or_equals_sign(c));
    text.rsplit(is_blank).next().is_some_and(is_secret_name)
}

/// Adds the text of the comment on line `next`, if there is one, and returns the first line after it.
fn push_next_comment(scan: &Scan<'_>, lines: &[Range<usize>], next: usize, ranges: &mut Vec<Range<usize>>) -> usize {
    let Some(line) = lines.get(next) else { return next };
    let start = line.start + indent(&scan.text[line.clone()]);
    let text = &scan.text[start..line.end];
    let Some(comment) = text.strip_prefix("//").or(text.strip_prefix('#')) else { return next };
    push_range(scan.text, line.end - comment.len()..line.end, ranges);
    next + 1
}

/// The column of an entry, from the text before its name. In `- secret_key: S` the entry starts after the dash; an entry after
/// others on its line counts like the first of them.
fn entry_column(before: &str) -> usize {
    let is_first = before.chars().all(|c| is_blank(c) || is_opening_quote(c) || matches!(c, '-' | '?' | '[' | '('));
    if is_first { before.len() } else { indent(before) }
}

/// Adds a range without the blanks around it, unless it contains only a variable or a keyword.
fn push_range(text: &str, range: Range<usize>, ranges: &mut Vec<Range<usize>>) {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start_matches(is_blank).len());
    let end = start + text[start..range.end].trim_end_matches(is_blank).len();
    let value = &text[start..end];
    // The message about a value of the wrong type names it anyway.
    let is_keyword = matches!(value, "true" | "false" | "null");
    if start < end && !is_keyword && !is_variable(value) {
        ranges.push(start..end);
    }
}

/// Reads the value on the line of its name.
fn read_value(scan: &Scan<'_>, name: &Name, line: &Range<usize>) -> ValueStart {
    let mut cursor = LineCursor::new(scan.text, name.end, line.end);
    if scan.format == Format::Yaml && is_block_header(cursor.rest()) {
        return ValueStart::Block;
    }
    skip_separator(&mut cursor);
    let start = cursor.offset;
    let Some(first) = cursor.peek() else { return ValueStart::None };
    if is_opening_quote(first) {
        return match cursor.string() {
            Some(string) if next_entry_follows(scan, string.end, line.end) => {
                ValueStart::Complete { range: string.content, end: string.end }
            }
            _ => ValueStart::Open { start },
        };
    }
    let is_flow = scan.format != Format::Yaml || scan.flow_depth > 0;
    if is_flow && (is_name_char(first) || first == '$') {
        // The `}` in `${NAME}` does not end the value.
        let variable_len = if first == '$' { cursor.rest().find('}').map_or(0, |brace| brace + 1) } else { 0 };
        let search_start = start + variable_len;
        if let Some(len) = scan.text[search_start..line.end].find([',', '}', ']']) {
            let end = search_start + len;
            if next_entry_follows(scan, end, line.end) {
                return ValueStart::Complete { range: start..end, end };
            }
        }
    }
    ValueStart::Open { start }
}

/// Whether the text after a key is a colon and the header of a YAML block scalar, such as `: |`.
fn is_block_header(text: &str) -> bool {
    let text = text.trim_start_matches(|c| is_colon(c) || is_blank(c));
    let Some(indicators) = text.strip_prefix(['|', '>']) else { return false };
    let rest = indicators.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    indicators.len() - rest.len() <= 2 && (rest.trim_start().is_empty() || rest.trim_start().starts_with('#'))
}

/// Skips the colon, or the characters in its place, up to the value.
fn skip_separator(cursor: &mut LineCursor<'_>) {
    // If the name was found without its opening quote, its closing quote is next.
    if cursor.peek().is_some_and(is_opening_quote) && cursor.string().is_none_or(|string| !string.content.is_empty()) {
        let mut inside = *cursor;
        inside.bump();
        if inside.peek().is_none_or(|c| is_separator(c) || is_blank(c)) {
            cursor.bump();
        }
    }
    while let Some(c) = cursor.peek() {
        let is_dash = c == '-' && cursor.rest()[1..].starts_with(['>', ' ', '-']);
        if !is_separator(c) && !is_blank(c) && !is_dash {
            break;
        }
        cursor.bump();
    }
}

/// What people write in place of a colon, by mistake or in other languages.
fn is_separator(c: char) -> bool {
    matches!(c, ':' | '=' | ';' | ',' | '>' | '<' | '?' | '~' | '.' | '(' | ')' | ']' | '|')
        || matches!(c, '；' | '＝' | '→' | '⇒' | '·' | '…')
        // A low quote looks like a comma, but starts a value.
        || (matches!(look_alike(c), Some(':' | ',' | '-' | '|' | '>' | ']')) && !is_opening_quote(c))
}

/// Whether a value is followed by the next entry, or by closing brackets, and by nothing else.
fn next_entry_follows(scan: &Scan<'_>, value_end: usize, line_end: usize) -> bool {
    let rest = &scan.text[value_end..line_end];
    let after_brackets = rest.trim_start_matches(|c| matches!(c, '}' | ']') || is_blank(c));
    let Some(after_comma) = after_brackets.strip_prefix(',') else { return after_brackets.is_empty() };
    let next = after_comma.trim_start_matches(is_blank);
    let separator = separator(scan);
    next.is_empty() || entry_name(next, separator).is_some() || starts_with_words_as_key(next, separator)
}

/// Whether a text starts with a key of several words: `with blanks: x`. [`entry_name`] does not count these, because a line below a
/// secret may be the rest of its value.
fn starts_with_words_as_key(text: &str, separator: char) -> bool {
    let words = LineCursor::new(text, 0, text.len()).phrase();
    words.last().is_some_and(|word| text[word.end..].trim_start_matches(is_blank).starts_with(separator))
}

/// The name of the entry that a line starts with. A name is followed by `separator`, or is a known field of a portal.
fn entry_name(line: &str, separator: char) -> Option<&str> {
    let line = line.trim_start_matches(|c| is_blank(c) || matches!(c, '{' | '[' | ',' | '-' | '?' | '}' | ']'));
    // `$` is not a character of names, but `$schema` can be a key.
    let line = line.strip_prefix('$').filter(|rest| first_word(rest) == "schema").unwrap_or(line);
    let (name, end) = if line.starts_with(is_opening_quote) {
        let string = LineCursor::new(line, 0, line.len()).string()?;
        (&line[string.content], string.end)
    } else {
        let word = first_word(line);
        (word, word.len())
    };
    let after = line[end..].trim_start_matches(is_blank);
    let is_entry = !name.is_empty() && (after.starts_with(separator) || is_known_field(name));
    is_entry.then_some(name)
}

fn first_word(text: &str) -> &str {
    &text[LineCursor::new(text, 0, text.len()).word()]
}

/// Whether a line starts with a field of a portal, even if it has syntax errors.
pub(super) fn starts_with_known_field(line: &str) -> bool {
    entry_name(line, ':').is_some_and(is_known_field)
}

fn separator(scan: &Scan<'_>) -> char {
    if scan.format == Format::Toml { '=' } else { ':' }
}

fn is_known_field(name: &str) -> bool {
    schema::all_field_names().contains(name)
}

/// What to do with a line below a secret.
enum LineAction {
    Mask,
    /// The line is not part of the value, but the value may continue after it.
    Skip,
    Stop,
}

/// How much of a value was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ValueProgress {
    /// The value starts below its name.
    Nothing,
    /// All of it, and a comma or bracket follows: the next entry starts on the next line.
    Complete,
    /// A YAML block scalar.
    Block,
    /// A part. More lines may follow.
    Open,
}

/// Decides for each line below a secret whether it continues the value.
struct Continuation {
    is_yaml: bool,
    /// The character between the name and the value of an entry.
    separator: char,
    /// The column of the entry.
    column: usize,
    progress: ValueProgress,
    /// Brackets that the value opened and did not close.
    depth: usize,
    /// A quote that the value opened and did not close.
    in_quotes: bool,
}

impl Continuation {
    fn new(scan: &Scan<'_>, value: &ValueStart, column: usize, line: &Range<usize>) -> Self {
        let progress = match value {
            ValueStart::None => ValueProgress::Nothing,
            ValueStart::Complete { end, .. } => {
                let is_separated = scan.text[*end..line.end].contains([',', '}', ']']);
                if is_separated { ValueProgress::Complete } else { ValueProgress::Open }
            }
            ValueStart::Block => ValueProgress::Block,
            ValueStart::Open { .. } => ValueProgress::Open,
        };
        let is_yaml = scan.format == Format::Yaml;
        let separator = separator(scan);
        let mut continuation = Self { is_yaml, separator, column, progress, depth: 0, in_quotes: false };
        if let ValueStart::Open { start } = value {
            continuation.count_brackets(&scan.text[*start..line.end]);
        }
        continuation
    }

    fn read_line(&mut self, line: &str) -> LineAction {
        let indent = indent(line);
        let text = &line[indent..];
        if self.progress == ValueProgress::Block {
            if indent > self.column {
                return LineAction::Mask;
            }
            // In a broken file, text with less indentation may be the rest of the block scalar.
            self.progress = ValueProgress::Open;
        }
        if self.is_yaml && (text.starts_with("---") || text.starts_with("...")) {
            return LineAction::Stop;
        }
        // A deeper line with a name may be a part of the value, unless the value is complete or the name is a field of a portal.
        let may_nest = self.progress != ValueProgress::Complete;
        let is_entry = entry_name(text, self.separator)
            .is_some_and(|name| !may_nest || indent <= self.column || is_known_field(name));
        // Before the value starts, and inside its brackets, a deeper entry always belongs to the value.
        let is_nested = indent > self.column && (self.progress == ValueProgress::Nothing || self.depth > 0);
        if is_entry && !is_nested {
            return LineAction::Stop;
        }
        if !text.contains(is_name_char) {
            return self.read_punctuation(text);
        }
        let is_conflict_marker = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark));
        if is_conflict_marker || ["#", "//", "/*"].iter().any(|comment| text.starts_with(comment)) {
            return LineAction::Skip;
        }
        let is_item = self.is_yaml && text.starts_with("- ");
        if !self.is_continued_by(indent, is_item) {
            return LineAction::Stop;
        }
        self.count_brackets(text);
        // After an item or a nested entry of the value, another one may follow.
        self.progress = match self.progress {
            _ if self.depth == 0 && text.ends_with(',') => ValueProgress::Complete,
            ValueProgress::Nothing if is_item || is_nested => ValueProgress::Nothing,
            _ => ValueProgress::Open,
        };
        LineAction::Mask
    }

    /// Whether a line that does not start an entry of its own belongs to the value.
    fn is_continued_by(&self, indent: usize, is_item: bool) -> bool {
        if self.depth > 0 || self.in_quotes {
            return true;
        }
        match self.progress {
            // A YAML list may start in the column of its key.
            ValueProgress::Nothing if is_item => indent >= self.column,
            _ if is_item => indent > self.column,
            // The line may be the rest of a value whose quotes or commas are wrong.
            _ => true,
        }
    }

    /// Reads a line that contains only brackets, commas and quotes.
    fn read_punctuation(&mut self, text: &str) -> LineAction {
        self.count_brackets(text);
        let is_closed = text.contains(['}', ']']) && self.depth == 0 && !self.in_quotes;
        if is_closed && self.progress != ValueProgress::Nothing { LineAction::Stop } else { LineAction::Skip }
    }

    /// Updates `depth` and `in_quotes` with the brackets and quotes of a line.
    fn count_brackets(&mut self, text: &str) {
        let mut characters = text.chars();
        while let Some(c) = characters.next() {
            match c {
                '\\' => drop(characters.next()),
                '"' => self.in_quotes = !self.in_quotes,
                '{' | '[' if !self.in_quotes => self.depth += 1,
                '}' | ']' if !self.in_quotes => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }
}
