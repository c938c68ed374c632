//! Whether a file is a template in another language (Jinja, Helm and other Go templates, Handlebars, ERB): a text that becomes
//! JSON or YAML only when somebody fills it in.
//!
//! Inside a string, `{{email_code}}` and the like are content. An expression counts only where JSON or YAML would have a key,
//! a value or a line of its own, and only in a text that cannot be read as it stands. Even there, a plain name such as
//! `{{customer_name}}` may be content without its quotes: in a file that is a portal otherwise, it is a mistake to report.

use crate::base::source::{Format, Source, Span};
use crate::syntax::{Parsed, Style, Value};

/// How an expression starts, and how it ends.
const BRACKETS: [(&str, &str); 4] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>")];

/// No expression is longer. The bound keeps the search linear in a text of nothing but opening brackets.
const MOST_BYTES: usize = 1000;

/// An expression of a template language that was found in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TemplateExpression {
    /// Where it is.
    pub span: Span,
    /// It cannot be a shortcode that somebody forgot to put in quotes. If this is false, the text is a template only if
    /// nothing else tells that it is a portal.
    pub is_certain: bool,
}

/// The first expression of a template language: the first one that is certain, or else the first one of all.
pub(crate) fn find_template(source: &Source, parsed: &Parsed<'_>) -> Option<TemplateExpression> {
    if parsed.errors.iter().all(crate::syntax::SyntaxError::is_limit) {
        return find_erb_value(source, parsed).map(|span| TemplateExpression { span, is_certain: true });
    }
    let is_yaml = source.format() == Format::Yaml;
    let strings = string_spans(parsed);
    let mut first = None;
    let mut lines = Lines::new(source.text(), source.format());
    while let Some((start, line)) = lines.next_outside_blocks() {
        for at in memchr::memchr2_iter(b'{', b'<', line.as_bytes()) {
            if !is_structural(&line[..at]) {
                continue;
            }
            let Some(length) = expression_length(&line[at..], &source.text()[start + at..]) else { continue };
            let place = start + at;
            let is_text = !is_yaml && lines.is_in_quotes(place);
            if is_text || is_inside(&strings, place) {
                continue;
            }
            let span = Span::new(place, place + length);
            let starts_value = line[..at].trim_end().ends_with([':', '-']);
            if !may_be_unquoted_shortcode(&line[at..], starts_value, is_yaml) {
                return Some(TemplateExpression { span, is_certain: true });
            }
            first.get_or_insert(TemplateExpression { span, is_certain: false });
            if starts_value && (is_yaml || starts_section(&line[at..])) {
                // The rest of the line belongs to the same value: its quotes are what is missing.
                break;
            }
        }
    }
    first
}

/// Whether the expression that `text` starts with may be content that somebody forgot to put in quotes: `{{name}}`,
/// `{{{first name}}}`, `{{customer.name}}`, and where a value starts also a section: `{{#name}}…{{/name}}`.
fn may_be_unquoted_shortcode(text: &str, starts_value: bool, is_yaml: bool) -> bool {
    /// Words that control a template when something follows them, and those that do so on their own.
    const KEYWORDS: [&str; 11] =
        ["if", "unless", "each", "with", "range", "for", "define", "block", "template", "include", "else"];
    const KEYWORDS_ALONE: [&str; 2] = ["else", "end"];
    let Some(inside) = text.strip_prefix("{{").and_then(|rest| rest.split("}}").next()) else { return false };
    let mut content = inside.trim_start_matches(['{', '&']);
    if starts_value && starts_section(text) {
        content = content.trim_start_matches(['#', '^']);
    }
    let mut words = content.split_whitespace();
    let Some(first) = words.next() else { return false };
    let is_alone = words.next().is_none();
    let is_keyword = if is_alone { KEYWORDS_ALONE.contains(&first) } else { KEYWORDS.contains(&first) };
    // In JSON, conditions stand around values; text of YAML without quotes may contain them.
    if is_keyword && !(starts_value && is_yaml) {
        return false;
    }
    content.split_whitespace().all(is_plain_word)
}

fn starts_section(text: &str) -> bool {
    text.starts_with("{{#") || text.starts_with("{{^")
}

/// Letters, digits, `_`, `-` and `.`, with a letter, a digit or `_` at the start and not a hyphen at the end.
fn is_plain_word(word: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    word.starts_with(|c: char| c.is_alphanumeric() || c == '_') && !word.ends_with('-') && word.chars().all(is_plain)
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
    starts_well && !has_colon && !content.contains(['{', '}']) && !names_email_code(content)
}

/// Whether this is the shortcode of the guide, perhaps with a filter or another mistake: `email_code | upcase`.
fn names_email_code(content: &str) -> bool {
    const NAME: &str = "email_code";
    let is_name = content.get(..NAME.len()).is_some_and(|start| start.eq_ignore_ascii_case(NAME));
    is_name && !content[NAME.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
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
