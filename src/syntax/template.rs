//! Detects files that are templates in another language: Jinja, Helm and other Go templates, Handlebars, ERB. Only their output is JSON
//! or YAML, so the checks for portals do not apply to them.
//!
//! Inside a string, `{{email_code}}` and the like are content. An expression counts only where JSON or YAML would have a key,
//! a value or a line of its own, and only if the file has syntax errors. Even there, a plain name such as
//! `{{customer_name}}` may be content without its quotes. If the rest of the file shows that it is a portal, this is reported.

use crate::base::source::{Format, Source, Span};
use crate::syntax::{Parsed, Style, SyntaxError, Value};

/// The delimiters of expressions: Jinja, Handlebars and Go templates; Jinja statements and comments; ERB.
const DELIMITERS: [(&str, &str); 4] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>")];

/// The maximum length of an expression. Without a limit, a text of only opening delimiters would take quadratic time.
const MAX_LEN: usize = 1000;

/// An expression of a template language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TemplateExpression {
    pub span: Span,
    /// Whether this cannot be a shortcode without its quotes. If it may be one, the file counts as a template only if nothing else
    /// shows that it is a portal.
    pub is_certain: bool,
}

/// Finds the first expression that is certain or, without such an expression, the first one.
pub(crate) fn find_template(source: &Source, parsed: &Parsed<'_>) -> Option<TemplateExpression> {
    if parsed.errors.iter().all(SyntaxError::is_limit) {
        return find_erb_value(source, parsed).map(|span| TemplateExpression { span, is_certain: true });
    }
    let is_yaml = source.format() == Format::Yaml;
    let strings = parsed.string_spans();
    let mut first = None;
    let mut scanner = LineScanner::new(source.text(), source.format());
    while let Some((line_start, line)) = scanner.next_line() {
        for index in memchr::memchr2_iter(b'{', b'<', line.as_bytes()) {
            if !may_start_token(&line[..index]) {
                continue;
            }
            let start = line_start + index;
            let Some(length) = expression_length(&line[index..], &source.text()[start..]) else { continue };
            // After too many errors the parser stops, so the tree may lack strings. In JSON, quotes can be counted instead.
            let is_in_quotes = !is_yaml && scanner.is_in_quotes(start);
            // An expression at the start of a string is its whole value or a key.
            let is_in_string = strings.around(start).is_some_and(|string| string.range().start < start);
            if is_in_quotes || is_in_string {
                continue;
            }
            let span = Span::new(start, start + length);
            let starts_value = line[..index].trim_end().ends_with([':', '-']);
            if !may_be_unquoted_shortcode(&line[index..], starts_value, is_yaml) {
                return Some(TemplateExpression { span, is_certain: true });
            }
            first.get_or_insert(TemplateExpression { span, is_certain: false });
            if starts_value && (is_yaml || starts_section(&line[index..])) {
                // The rest of the line belongs to the same value without quotes.
                break;
            }
        }
    }
    first
}

/// Whether the expression at the start of `text` may be content whose quotes are missing: `{{name}}`, `{{{first name}}}`,
/// `{{customer.name}}`, and at the start of a value also a section: `{{#name}}…{{/name}}`.
fn may_be_unquoted_shortcode(text: &str, starts_value: bool, is_yaml: bool) -> bool {
    // Keywords with an argument, as in `{{if x}}`, and without one, as in `{{end}}`.
    const KEYWORDS_WITH_ARGUMENT: [&str; 11] =
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
    let is_keyword = if is_alone { KEYWORDS_ALONE.contains(&first) } else { KEYWORDS_WITH_ARGUMENT.contains(&first) };
    // In JSON, a condition surrounds values. A YAML value without quotes may contain one as text.
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
    let starts_with_word_char = word.chars().next().is_some_and(is_word_char);
    // `{{ name -}}` is the white space control of Go templates and Jinja.
    starts_with_word_char
        && !word.ends_with('-')
        && word.chars().all(|character| is_word_char(character) || matches!(character, '-' | '.'))
}

fn is_word_char(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Finds an ERB expression in a YAML file without syntax errors. For the parser, `key: <%= value %>` is a string without quotes.
fn find_erb_value(source: &Source, parsed: &Parsed<'_>) -> Option<Span> {
    if source.format() != Format::Yaml || memchr::memmem::find(source.text().as_bytes(), b"<%").is_none() {
        return None;
    }
    for node in parsed.nodes() {
        if let Value::String(text) = &node.value
            && node.style == Style::Plain
            && text.starts_with("<%")
            && text.trim_end().ends_with("%>")
        {
            return Some(node.span);
        }
    }
    None
}

/// Iterates over the lines of a text that can have keys and values, and tracks quotes and block scalars.
struct LineScanner<'t> {
    text: &'t str,
    format: Format,
    next_start: usize,
    /// The indentation of the line with the header of the current YAML block scalar.
    block_indent: Option<usize>,
    /// The offset up to which quotes have been counted.
    quotes_end: usize,
    /// Whether `quotes_end` is inside of quotes.
    in_quotes: bool,
}

impl<'t> LineScanner<'t> {
    fn new(text: &'t str, format: Format) -> Self {
        Self { text, format, next_start: 0, block_indent: None, quotes_end: 0, in_quotes: false }
    }

    /// The start and text of the next line; in YAML, of the next line that is not blank, a comment or in a block scalar.
    fn next_line(&mut self) -> Option<(usize, &'t str)> {
        while self.next_start < self.text.len() {
            let start = self.next_start;
            let rest = &self.text[start..];
            let line = &rest[..memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())];
            self.next_start = start + line.len() + 1;
            if self.format != Format::Yaml {
                return Some((start, line));
            }
            let content = line.trim();
            let indent = line.len() - line.trim_start().len();
            let is_in_block = self.block_indent.is_some_and(|block_indent| indent > block_indent);
            if content.is_empty() || content.starts_with('#') || is_in_block {
                continue;
            }
            self.block_indent = starts_block_scalar(content).then_some(indent);
            return Some((start, line));
        }
        None
    }

    /// Whether an offset is between double quotes, which may be on different lines. Each call continues at the offset of the last one,
    /// so offsets must not decrease.
    fn is_in_quotes(&mut self, offset: usize) -> bool {
        let bytes = self.text.as_bytes();
        while self.quotes_end < offset {
            match bytes[self.quotes_end] {
                // Skip the escaped byte, which may be a quote.
                b'\\' if self.in_quotes => self.quotes_end += 1,
                b'"' => self.in_quotes = !self.in_quotes,
                _ => {}
            }
            self.quotes_end += 1;
        }
        self.in_quotes
    }
}

/// Whether a line of YAML ends with the header of a block scalar, such as `key: |-` (YAML 1.2, section 8.1).
fn starts_block_scalar(content: &str) -> bool {
    let before_comment = content.split(" #").next().unwrap_or_default().trim_end();
    // The chomping and indentation indicators, in any order: `|2-`, `>+`.
    let without_indicators = before_comment.trim_end_matches(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit());
    let Some(before) = without_indicators.strip_suffix(['|', '>']) else { return false };
    before.ends_with(' ') && before.trim_end().ends_with([':', '-'])
}

/// The length of the expression at the start of `line`, at most up to the end of the line; `None` if there is none. `rest` is
/// the text from the same offset on.
fn expression_length(line: &str, rest: &str) -> Option<usize> {
    let (open, close) = DELIMITERS.into_iter().find(|(open, _)| line.starts_with(open))?;
    // Statements and comments may span lines. `{{` may not: two nested objects of JSON can start and end with these braces.
    let content = if open == "{{" { &line[2..] } else { &rest[2..] };
    let mut limit = content.len().min(MAX_LEN);
    while !content.is_char_boundary(limit) {
        limit -= 1;
    }
    let length = content[..limit].find(close)?;
    if open == "{{" && !is_expression(&content[..length]) {
        return None;
    }
    Some((2 + length + close.len()).min(line.len()))
}

/// Whether the text between `{{` and `}}` is an expression: a name, a path or a call. JSON objects are excluded, because they have a
/// colon, and the shortcode of the guide, because it is content without its quotes.
fn is_expression(inside: &str) -> bool {
    // These are the markers of Handlebars (`{{#each}}`, `{{> partial}}`) and of white space control (`{{- x -}}`, `{{~ x ~}}`).
    let content = inside.trim_start_matches(['{', '-', '~', '#', '/', '^', '&', '!', '>', '*']).trim();
    let content = content.trim_end_matches(['-', '~']).trim_end();
    let starts_expression =
        content.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '.' | '$' | '(' | '"' | '\'' | '@'));
    // `:=` declares a variable in Go templates.
    let has_colon = content.replace(":=", "").contains(':');
    starts_expression && !has_colon && !content.contains(['{', '}']) && !names_email_code(content)
}

/// Whether this is the shortcode of the guide, perhaps with a mistake such as a filter: `email_code | upcase`.
fn names_email_code(content: &str) -> bool {
    const NAME: &str = "email_code";
    let Some(start) = content.get(..NAME.len()) else { return false };
    start.eq_ignore_ascii_case(NAME) && !content[NAME.len()..].starts_with(is_word_char)
}

/// Whether a key, a value or a whole line can start after this part of a line.
fn may_start_token(before: &str) -> bool {
    // Without the limit, a line of spaces and brackets would take quadratic time.
    let spaces = before.bytes().rev().take(MAX_LEN).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let before = &before[..before.len() - spaces];
    match before.as_bytes() {
        [] | [b'-'] | [.., b' ', b'-'] => true,
        // `}` and `>` end another expression.
        [.., last] => matches!(last, b':' | b',' | b'[' | b'{' | b'}' | b']' | b'>'),
    }
}
