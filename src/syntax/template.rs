//! Whether a file is a template in another language (Jinja, Helm and other Go templates, Handlebars, ERB): a text that becomes
//! JSON or YAML only when somebody fills it in.
//!
//! Inside a string, `{{email_code}}` and the like are content. An expression counts only where JSON or YAML would have a key,
//! a value or a line of its own, and only in a text that cannot be read as it stands.

use crate::base::source::{Format, Source, Span};
use crate::syntax::{Parsed, Style, Value};

/// How an expression starts, and how it ends.
const BRACKETS: [(&str, &str); 4] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>")];

/// No expression is longer. The bound keeps the search linear in a text of nothing but opening brackets.
const MOST_BYTES: usize = 1000;

/// The first expression of a template language, if the text is a template.
pub fn find_template(source: &Source, parsed: &Parsed<'_>) -> Option<Span> {
    if parsed.errors.iter().all(crate::syntax::SyntaxError::is_limit) {
        return find_erb_value(source, parsed);
    }
    let strings = string_spans(parsed);
    let mut lines = Lines::new(source.text(), source.format());
    while let Some((start, line)) = lines.next_outside_blocks() {
        for at in memchr::memchr2_iter(b'{', b'<', line.as_bytes()) {
            if !is_structural(&line[..at]) {
                continue;
            }
            let Some(length) = expression_length(&line[at..], &source.text()[start + at..]) else { continue };
            let place = start + at;
            let is_text = source.format() != Format::Yaml && lines.is_in_quotes(place);
            if !is_text && !is_inside(&strings, place) {
                return Some(Span::new(place, place + length));
            }
        }
    }
    None
}

/// `key: <%= value %>` is plain text to YAML, and nothing in it is wrong.
fn find_erb_value(source: &Source, parsed: &Parsed<'_>) -> Option<Span> {
    if source.format() != Format::Yaml || memchr::memmem::find(source.text().as_bytes(), b"<%").is_none() {
        return None;
    }
    for node in parsed.documents.iter().flat_map(crate::syntax::Document::nodes) {
        let is_expression = |text: &str| text.starts_with("<%") && text.trim_end().ends_with("%>");
        if matches!(&node.value, Value::String(text) if node.style == Style::Plain && is_expression(text)) {
            return Some(node.span);
        }
    }
    None
}

/// The lines of a text, with what is known about the text before each.
struct Lines<'t> {
    text: &'t str,
    format: Format,
    /// Where the next line starts.
    next: usize,
    /// The indentation of the line that a block scalar of YAML belongs to.
    block: Option<usize>,
    /// Up to where quotes were counted, and whether the text is inside quotes there.
    quotes: (usize, bool),
}

impl<'t> Lines<'t> {
    fn new(text: &'t str, format: Format) -> Self {
        Self { text, format, next: 0, block: None, quotes: (0, false) }
    }

    /// The next line that is no comment and, in YAML, not in a block scalar; with its start.
    fn next_outside_blocks(&mut self) -> Option<(usize, &'t str)> {
        while self.next < self.text.len() {
            let start = self.next;
            let end = memchr::memchr(b'\n', &self.text.as_bytes()[start..]).map_or(self.text.len(), |at| start + at);
            self.next = end + 1;
            let line = &self.text[start..end];
            if self.format != Format::Yaml {
                return Some((start, line));
            }
            let content = line.trim();
            let indent = line.len() - line.trim_start().len();
            if content.is_empty() || content.starts_with('#') || self.block.is_some_and(|block| indent > block) {
                continue;
            }
            self.block = starts_block(content).then_some(indent);
            return Some((start, line));
        }
        None
    }

    /// Whether a place is between double quotes, which may stand on different lines.
    fn is_in_quotes(&mut self, place: usize) -> bool {
        let (mut at, mut is_inside) = self.quotes;
        let bytes = self.text.as_bytes();
        while at < place {
            match bytes[at] {
                b'\\' if is_inside => at += 1,
                b'"' => is_inside = !is_inside,
                _ => {}
            }
            at += 1;
        }
        self.quotes = (at, is_inside);
        is_inside
    }
}

/// Whether a line of YAML ends with the start of a block scalar: `key: |-`.
fn starts_block(content: &str) -> bool {
    let before_comment = content.split(" #").next().unwrap_or_default().trim_end();
    let without_hints = before_comment.trim_end_matches(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit());
    let before = without_hints.strip_suffix(['|', '>']);
    before.is_some_and(|before| before.trim_end().ends_with([':', '-']) && before.ends_with(' '))
}

/// The length of the expression that `line` starts with, as far as it is on this line; `rest` is the text from there on.
fn expression_length(line: &str, rest: &str) -> Option<usize> {
    let (open, close) = BRACKETS.into_iter().find(|(open, _)| line.starts_with(open))?;
    let inside = if open == "{{" { &line[2..] } else { &rest[2..] };
    let mut end = inside.len().min(MOST_BYTES);
    while !inside.is_char_boundary(end) {
        end -= 1;
    }
    let length = inside[..end].find(close)?;
    if open == "{{" && !is_expression(&inside[..length]) {
        return None;
    }
    Some((2 + length + close.len()).min(line.len()))
}

/// Whether this could stand between `{{` and `}}`: a name, a path, a call. An object of JSON has a colon, and the shortcode of
/// the guide is what somebody forgot to put in quotes.
fn is_expression(inside: &str) -> bool {
    let content = inside.trim_start_matches(['{', '-', '~', '#', '/', '^', '&', '!', '>', '*']).trim();
    let content = content.trim_end_matches(['-', '~']).trim_end();
    let starts_well =
        content.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '.' | '$' | '(' | '"' | '\'' | '@'));
    let has_colon = content.replace(":=", "").contains(':');
    starts_well && !has_colon && !content.contains(['{', '}']) && !content.eq_ignore_ascii_case("email_code")
}

/// Whether a key, a value or a line of its own could start behind this part of a line.
fn is_structural(before: &str) -> bool {
    let spaces = before.bytes().rev().take(MOST_BYTES).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let before = &before[..before.len() - spaces];
    match before.as_bytes() {
        [] | [b'-'] | [.., b' ', b'-'] => true,
        [.., last] => matches!(last, b':' | b',' | b'[' | b'{' | b'}' | b']' | b'>'),
    }
}

/// Where the strings of the trees are, in the order of the text.
fn string_spans(parsed: &Parsed<'_>) -> Vec<Span> {
    let nodes = parsed.documents.iter().flat_map(crate::syntax::Document::nodes);
    let mut spans: Vec<Span> =
        nodes.filter(|node| matches!(node.value, Value::String(_))).map(|node| node.span).collect();
    spans.sort_unstable();
    spans
}

/// Whether a place is inside one of the strings, and not its start.
fn is_inside(strings: &[Span], place: usize) -> bool {
    let before = strings.partition_point(|span| span.range().start < place);
    before > 0 && place < strings[before - 1].range().end
}
