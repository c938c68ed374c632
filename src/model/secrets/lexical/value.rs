//! How far the value of a secret extends.

use std::ops::Range;

use crate::base::source::Format;
use crate::model::secrets::lexical::line::{
    LineCursor, indent, is_blank, is_colon, is_colon_or_equals_sign, is_name_char, is_opening_quote,
};
use crate::model::secrets::lexical::{Name, Scan};
use crate::model::secrets::names::is_secret_name;
use crate::schema;
use crate::syntax::look_alikes::look_alike;
use crate::syntax::variables::variable_name;

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

/// Measures the value after a name. `lines[next]` is the line after the one of the name.
pub(super) fn measure(scan: &Scan<'_>, name: &Name, lines: &[Range<usize>], next: usize) -> SecretExtent {
    let line = &lines[next - 1];
    let mut ranges = Vec::new();
    let mut same_line = None;
    let value = if name.takes_line { ValueStart::Open { start: name.end } } else { read_value(scan, name, line) };
    let mut ends_line = !name.is_comment;
    match &value {
        ValueStart::Complete { range, end } => {
            push_range(scan.text, range.clone(), &mut ranges);
            same_line = Some(*end);
            ends_line = !scan.text[*end..line.end].contains(is_name_char);
        }
        ValueStart::Open { start } => push_range(scan.text, *start..line.end, &mut ranges),
        ValueStart::None | ValueStart::Block => {}
    }
    let column = entry_column(&scan.text[line.start..name.start]);
    let mut continuation = Continuation::new(scan, &value, column, line);
    let mut next_line = next;
    if name.is_comment && ends_with_name(&scan.text[name.end..line.end]) {
        next_line = push_next_comment(scan, lines, next, &mut ranges);
    }
    let below = if ends_line { lines } else { &lines[..next] };
    for (number, line) in below.iter().enumerate().skip(next) {
        let text = &scan.text[line.clone()];
        if text.trim_matches(is_blank).is_empty() {
            continue;
        }
        match continuation.follow(text) {
            Follow::Mask => push_range(scan.text, line.clone(), &mut ranges),
            Follow::Skip => continue,
            Follow::Stop => break,
        }
        next_line = number + 1;
    }
    if next_line > next {
        same_line = None;
    }
    SecretExtent { ranges, same_line, next_line }
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
    let Some(marker) = ["//", "#"].into_iter().find(|marker| scan.text[start..line.end].starts_with(marker)) else {
        return next;
    };
    push_range(scan.text, start + marker.len()..line.end, ranges);
    next + 1
}

/// The column of an entry, from the text before its name. In `- secret_key: S` the entry starts after the dash; an entry after
/// others on its line counts like the first of them.
fn entry_column(before: &str) -> usize {
    let is_first = before.chars().all(|c| is_blank(c) || is_opening_quote(c) || matches!(c, '-' | '?' | '[' | '('));
    if is_first { before.len() } else { indent(before) }
}

/// Adds a range without the blanks around it, unless it holds one variable and nothing else that could be a value.
fn push_range(text: &str, range: Range<usize>, ranges: &mut Vec<Range<usize>>) {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start_matches(is_blank).len());
    let end = start + text[start..range.end].trim_end_matches(is_blank).len();
    let value = &text[start..end];
    // The diagnostic about the value reveals these anyway.
    let is_keyword = matches!(value, "true" | "false" | "null");
    if start < end && !is_keyword && !is_variable(value) {
        ranges.push(start..end);
    }
}

/// Whether a text is `${NAME}`, with quotes and punctuation around it or without.
fn is_variable(text: &str) -> bool {
    let text = text.trim_start_matches(is_opening_quote);
    let Some(brace) = text.find('}') else { return false };
    variable_name(&text[..=brace]).is_some() && !text[brace + 1..].contains(|c| is_name_char(c) || c == '$')
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
        let len = cursor.rest()[variable_len..].find([',', '}', ']']).map(|len| variable_len + len);
        if let Some(end) = len.map(|len| start + len).filter(|end| next_entry_follows(scan, *end, line.end)) {
            return ValueStart::Complete { range: start..end, end };
        }
    }
    ValueStart::Open { start }
}

/// Whether the text after a key is `: |` or the like.
fn is_block_header(text: &str) -> bool {
    let text = text.trim_start_matches(|c| is_colon(c) || is_blank(c));
    let Some(indicators) = text.strip_prefix(['|', '>']) else { return false };
    let rest = indicators.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    indicators.len() - rest.len() <= 2 && (rest.trim_start().is_empty() || rest.trim_start().starts_with('#'))
}

/// Skips the colon, or the characters in its place, up to the value.
fn skip_separator(cursor: &mut LineCursor<'_>) {
    // The closing quote of a name that was found without its opening quote.
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
        || matches!(c, '；' | '＝' | '–' | '—' | '−' | '→' | '⇒' | '·' | '…')
        // A low quote looks like a comma, but starts a value.
        || (look_alike(c).is_some() && !is_opening_quote(c))
}

/// Whether a value that ends at `at` is followed by the next entry, or by closing brackets, and by nothing else.
fn next_entry_follows(scan: &Scan<'_>, at: usize, line_end: usize) -> bool {
    let rest = scan.text[at..line_end].trim_start_matches(is_blank);
    let after_brackets = rest.trim_start_matches(|c| matches!(c, '}' | ']') || is_blank(c));
    let after_comma = after_brackets.strip_prefix(',').map(|rest| rest.trim_start_matches(is_blank));
    match after_comma {
        Some("") => true,
        Some(rest) => entry_name(rest, separator(scan)).is_some() || starts_with_words_as_key(rest, separator(scan)),
        None => after_brackets.is_empty(),
    }
}

/// Whether a text starts with a key of several words: `with blanks: x`. [`entry_name`] does not count these, because a line below a
/// secret may be the rest of its value.
fn starts_with_words_as_key(text: &str, separator: char) -> bool {
    let words = LineCursor::new(text, 0, text.len()).phrase();
    words.last().is_some_and(|word| text[word.end..].trim_start_matches(is_blank).starts_with(separator))
}

/// The name of the entry that a line starts with: with a colon after it, or a known field of a portal.
fn entry_name(line: &str, separator: char) -> Option<&str> {
    let line = line.trim_start_matches(|c| is_blank(c) || matches!(c, '{' | '[' | ',' | '-' | '?' | '}' | ']'));
    // `$` is no character of names, but `$schema` is a key of every format.
    let schema_key =
        line.strip_prefix('$').filter(|rest| LineCursor::new(rest, 0, rest.len()).word() == (0.."schema".len()));
    let line = schema_key.filter(|rest| rest.starts_with("schema")).unwrap_or(line);
    let cursor = LineCursor::new(line, 0, line.len());
    let (name, end) = if line.starts_with(is_opening_quote) {
        let string = cursor.string()?;
        (&line[string.content], string.end)
    } else {
        let word = cursor.word();
        (&line[word.clone()], word.end)
    };
    let after = line[end..].trim_start_matches(is_blank);
    let is_entry = !name.is_empty() && (after.starts_with(separator) || is_known_field(name));
    is_entry.then_some(name)
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
enum Follow {
    Mask,
    /// The line is no part of the value, but the value may continue after it.
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

    fn follow(&mut self, line: &str) -> Follow {
        let indent = indent(line);
        let text = &line[indent..];
        if self.progress == ValueProgress::Block {
            return if indent > self.column { Follow::Mask } else { Follow::Stop };
        }
        if self.is_yaml && (text.starts_with("---") || text.starts_with("...")) {
            return Follow::Stop;
        }
        let may_nest = self.progress != ValueProgress::Complete;
        let is_entry = entry_name(text, self.separator)
            .is_some_and(|name| !may_nest || indent <= self.column || is_known_field(name));
        let is_nested = indent > self.column && (self.progress == ValueProgress::Nothing || self.depth > 0);
        if is_entry && !is_nested {
            return Follow::Stop;
        }
        if !text.contains(is_name_char) {
            return self.follow_punctuation(text);
        }
        let is_conflict_marker = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark));
        if is_conflict_marker || text.starts_with('#') || text.starts_with("//") {
            return Follow::Skip;
        }
        let is_item = self.is_yaml && text.starts_with("- ");
        if !self.continues(indent, is_item) {
            return Follow::Stop;
        }
        self.count_brackets(text);
        // After an item or a nested entry of the value, another one may follow.
        self.progress = match self.progress {
            _ if self.depth == 0 && text.ends_with(',') => ValueProgress::Complete,
            ValueProgress::Nothing if is_item || is_nested => ValueProgress::Nothing,
            _ => ValueProgress::Open,
        };
        Follow::Mask
    }

    /// Whether a line that is no entry of its own belongs to the value.
    fn continues(&self, indent: usize, is_item: bool) -> bool {
        if self.depth > 0 || self.in_quotes {
            return true;
        }
        match self.progress {
            // A YAML list may start in the column of its key.
            ValueProgress::Nothing if is_item => indent >= self.column,
            _ if is_item => indent > self.column,
            // A line that is no entry may be the rest of a value whose quotes or commas are wrong.
            _ => true,
        }
    }

    /// A line of brackets, commas and quotes only.
    fn follow_punctuation(&mut self, text: &str) -> Follow {
        self.count_brackets(text);
        let closes = text.contains(['}', ']']) && self.depth == 0 && !self.in_quotes;
        if closes && self.progress != ValueProgress::Nothing { Follow::Stop } else { Follow::Skip }
    }

    /// Follows brackets and quotes to the end of a line.
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
