//! Diagnoses errors outside of brackets: an extra colon, a value that needs quotes, wrong indentation, a line that does not fit into
//! its block.

use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::look_alikes::{is_space_like, look_alike};
use crate::syntax::yaml::diagnose::{Diagnosis, tabs};
use crate::syntax::yaml::indentation;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::Line;
use crate::syntax::yaml::parse_pass::ParseStop;

/// Finds the cause of a stop outside of brackets.
pub(super) fn diagnose_block(text: &str, stop: &ParseStop) -> Diagnosis {
    use ErrorKind as Kind;
    let offset = stop.offset;
    let line = line_scan::line_at(text, offset);
    let character = text[offset..].chars().next();
    match &stop.kind {
        Kind::MappingValueNotAllowed | Kind::InvalidSimpleKey => diagnose_colon(text, offset, &line),
        Kind::SimpleKeyExpected => diagnose_missing_colon(text, &line),
        // This combination does not come from the parser, but from the builder, which rejects HTML as a key.
        Kind::ExpectedBlockMappingKey if character == Some('<') && line.colon.is_some() => {
            Diagnosis::new(Problem::NeedsQuotes(':'), line.text_start, line.text_end)
                .with_unreadable(line.start..line_scan::block_end(text, &line, line.indent().max(1)))
        }
        Kind::ExpectedBlockMappingKey
        | Kind::ExpectedBlockSequenceEntry
        | Kind::ExpectedDocumentStart
        | Kind::ExpectedNodeContent => diagnose_misplaced_line(text, stop, &line),
        Kind::InvalidBlockScalarIndent => {
            let header = line_scan::line_before(text, &line).unwrap_or(line);
            let scalar_end = line_scan::block_end(text, &header, header.key_column() + 1);
            let diagnosis = Diagnosis::new(Problem::Indentation, line.text_start, line.text_end);
            diagnosis.with_unreadable(header.value_start..scalar_end.max(line.end))
        }
        Kind::ZeroBlockScalarIndent => {
            let problem = Problem::Yaml("the indentation indicator of a block scalar cannot be 0");
            Diagnosis::new(problem, offset, line.text_end.max(offset))
        }
        Kind::CommentInterceptedScalar => diagnose_text_after_comment(text, &line),
        Kind::CommentNotSeparated if character == Some('#') => {
            Diagnosis::new(Problem::MissingSpace, offset, offset + 1)
        }
        Kind::InvalidDocumentEnd => Diagnosis::new(Problem::TextAfterValue, offset, line.text_end.max(offset)),
        _ if text[line.start..].starts_with('%') => diagnose_percent_lines(text, &line),
        _ if line.value_start < offset && text[line.value_start..].starts_with(['{', '[', '*', '&', '!']) => {
            diagnose_reserved_character(text, &line, line.value_start)
        }
        _ if character.is_some_and(|character| "@`%|>*&!-?#".contains(character)) => {
            diagnose_reserved_character(text, &line, offset)
        }
        _ => {
            let problem = Problem::Yaml("this is not valid YAML");
            let diagnosis = Diagnosis::new(problem, offset.min(line.text_end), line.text_end);
            diagnosis.with_unreadable(line.start..line.end)
        }
    }
}

/// Diagnoses a colon at a place where YAML allows no value.
fn diagnose_colon(text: &str, offset: usize, line: &Line) -> Diagnosis {
    if line.colon.is_some_and(|colon| colon < offset) {
        // `key: text: more`
        return Diagnosis::new(Problem::NeedsQuotes(':'), line.value_start.min(offset), line.text_end);
    }
    let Some(previous) = line_scan::line_before(text, line) else { return diagnose_indentation(text, line) };
    match previous.colon {
        // The parser takes `name` and the line `id: 1` below it for one key of two lines.
        None if previous.key_column() >= line.key_column() || previous.key_start == previous.text_start => {
            diagnose_missing_colon(text, &previous)
        }
        Some(colon) if previous.has_value() => {
            let diagnosis = diagnose_indentation(text, line);
            // The line below a complete entry cannot be indented more. The key of that entry explains the error.
            if diagnosis.error.span.start as usize != line.text_start {
                return diagnosis;
            }
            diagnosis.with_related(previous.key_start, colon + 1)
        }
        _ => diagnose_indentation(text, line),
    }
}

/// Diagnoses a plain value of several lines with a comment between them, which ends the value.
fn diagnose_text_after_comment(text: &str, line: &Line) -> Diagnosis {
    if line.colon.is_none() {
        return diagnose_missing_colon(text, line);
    }
    let below = line_scan::line_at(text, line.next_start);
    if below.colon.is_some() {
        return diagnose_indentation(text, &below);
    }
    let problem = Problem::Yaml("text continues after a comment");
    let value_end = line_scan::block_end(text, line, line.key_column() + 1);
    let diagnosis = Diagnosis::new(problem, below.text_start, below.text_end);
    diagnosis.with_unreadable(line.value_start..value_end.max(below.end))
}

/// Diagnoses a plain value or key that starts with a character that is reserved in YAML.
fn diagnose_reserved_character(text: &str, line: &Line, offset: usize) -> Diagnosis {
    let character = text[offset..].chars().next().unwrap_or(' ');
    let end = line.colon.filter(|&colon| colon > offset).unwrap_or(line.text_end);
    Diagnosis::new(Problem::NeedsQuotes(character), offset, end.max(offset))
}

/// Diagnoses lines that start with `%`, which are directives in YAML. Adjacent lines of this kind are one error.
fn diagnose_percent_lines(text: &str, line: &Line) -> Diagnosis {
    let is_percent_line = |line: &Line| text[line.start..].starts_with('%');
    let first = line_scan::lines_before(text, line).take_while(is_percent_line).last().unwrap_or(*line);
    let is_directive = text[first.start..].starts_with("%YAML") || text[first.start..].starts_with("%TAG");
    let problem = if is_directive { Problem::Yaml("this directive is not valid") } else { Problem::NeedsQuotes('%') };
    let diagnosis = Diagnosis::new(problem, first.start, first.text_end);
    diagnosis.with_unreadable(first.start..line.end)
}

/// Diagnoses wrong indentation: that of `line` or, if it is more likely, that of a line above.
fn diagnose_indentation(text: &str, line: &Line) -> Diagnosis {
    let above = indentation::misindented_above(text, line);
    let misindented = above.unwrap_or(*line);
    if let Some(diagnosis) = tabs::diagnose_tab_lines(text, &misindented) {
        return diagnosis;
    }
    let end = misindented.colon.unwrap_or(misindented.text_end).max(misindented.text_start);
    let diagnosis = Diagnosis::new(Problem::Indentation, misindented.text_start, end);
    if above.is_some() { diagnosis.with_unreadable(misindented.start..line.start) } else { diagnosis }
}

/// Diagnoses text after a closing quote, outside of brackets.
pub(super) fn diagnose_text_after_quote(text: &str, start: usize, end: usize, offset: usize) -> Diagnosis {
    let line = line_scan::line_at(text, start);
    if start == line.key_start && offset > end && line.colon.is_none() {
        // `"key" value`
        return Diagnosis::new(Problem::MissingColon, start, end);
    }
    find_stray_punctuation(text, &line, offset).unwrap_or_else(|| {
        let quote = text[start..].chars().next().unwrap_or('"');
        let error_end = line.text_end.max(offset + 1).min(line.end.max(offset));
        Diagnosis::new(Problem::TextAfterQuote(quote), offset, error_end)
    })
}

/// Diagnoses a line, or text after a value, that does not fit into the block that contains it.
fn diagnose_misplaced_line(text: &str, stop: &ParseStop, line: &Line) -> Diagnosis {
    if text[line.start..].starts_with('%') {
        return diagnose_percent_lines(text, line);
    }
    if stop.offset > line.key_start {
        return diagnose_text_after_value(text, stop.offset, line);
    }
    let previous = line_scan::line_before(text, line);
    if let Some(previous) = &previous
        && text[previous.start..].starts_with('%')
    {
        return diagnose_percent_lines(text, previous);
    }
    if stop.kind == ErrorKind::ExpectedDocumentStart {
        return diagnose_line_after_end(text, line, previous.as_ref());
    }
    let block_column = stop.open.last().map(|block| block.start - line_scan::line_at(text, block.start).start);
    if block_column != Some(line.indent()) {
        return diagnose_indentation(text, line);
    }
    // The line has the column of its block, so it may be an item among keys or a key among items.
    let is_item = text[line.text_start..].starts_with("- ") || &text[line.text_start..line.text_end] == "-";
    if is_item == (stop.kind == ErrorKind::ExpectedBlockMappingKey) {
        return diagnose_wrong_kind(text, line, is_item);
    }
    if !is_item && line.colon.is_none() && line.has_value() {
        return diagnose_missing_colon(text, line);
    }
    diagnose_indentation(text, line)
}

/// Diagnoses more text after a complete value on the same line.
fn diagnose_text_after_value(text: &str, offset: usize, line: &Line) -> Diagnosis {
    if let Some(diagnosis) = find_stray_punctuation(text, line, offset) {
        return diagnosis;
    }
    let value_start = if line.value_start < offset { line.value_start } else { line.key_start };
    // In `[draft] name` and `*important*`, the parser takes the start of the text for a complete value.
    if let Some(character @ ('[' | '{' | '*' | '&' | '!')) = text[value_start..].chars().next() {
        return Diagnosis::new(Problem::NeedsQuotes(character), value_start, line.text_end);
    }
    Diagnosis::new(Problem::Yaml("unexpected text after the end of the value"), offset, line.text_end.max(offset))
}

/// Diagnoses a line after the top-level value.
fn diagnose_line_after_end(text: &str, line: &Line, previous: Option<&Line>) -> Diagnosis {
    if indentation::misindented_above(text, line).is_some() {
        return diagnose_indentation(text, line);
    }
    // For the parser, a first line without its colon is a complete document that consists of text.
    if let Some(previous) = previous
        && previous.colon.is_none()
        && !text[previous.text_start..previous.text_end].ends_with([']', '}'])
    {
        return diagnose_missing_colon(text, previous);
    }
    Diagnosis::new(Problem::TextAfterValue, line.text_start, line.text_end)
}

/// Diagnoses a list item among keys, or a key among list items.
fn diagnose_wrong_kind(text: &str, line: &Line, is_item: bool) -> Diagnosis {
    let stray_dash = if is_item { Some(*line) } else { find_stray_dash(text, line) };
    if let Some(item) = stray_dash.filter(|item| item.colon.is_some()) {
        return Diagnosis::new(Problem::StrayDash, item.text_start, item.text_start + 1)
            .with_unreadable(item.start..line_scan::block_end(text, &item, item.indent() + 1));
    }
    let description = if is_item { "a list item among keys" } else { "a key among the items of a list" };
    let end = line.colon.unwrap_or(line.text_end);
    Diagnosis::new(Problem::Yaml(description), line.text_start, end)
}

/// Finds a line above `line`, which is a key, that has a stray dash. It is `- key: value` and the only line of the block above with the
/// column of `line`. It starts a list that `line` does not fit into.
fn find_stray_dash(text: &str, line: &Line) -> Option<Line> {
    let column = line.indent();
    let block = line_scan::lines_before(text, line)
        .take_while(|above| above.indent() >= column && !line_scan::is_document_marker(text, above.start));
    let mut siblings = block.filter(|above| above.indent() == column);
    let item = siblings.next().filter(|item| item.key_start > item.text_start)?;
    if siblings.next().is_none() { Some(item) } else { None }
}

/// Diagnoses a line that should have a key with a colon. It may also be a list item without its dash, a continuation of the value
/// above, or a key with a character that only looks like a colon.
fn diagnose_missing_colon(text: &str, line: &Line) -> Diagnosis {
    let (start, end) = (line.key_start, line.text_end);
    if is_missing_dash(text, line) {
        return Diagnosis::new(Problem::MissingDash, line.text_start, end);
    }
    let content = &text[start..end];
    let key_length = content.find(|character: char| !is_key_character(character)).unwrap_or(content.len());
    let key_end = start + key_length;
    let after_key = &content[key_length..];
    let is_sentence = !after_key.is_empty() && !after_key.starts_with(':');
    if is_sentence && indentation::is_between_lines_of_block(text, line) {
        // The lines around this one show that it continues the value above.
        return Diagnosis::new(Problem::Indentation, line.text_start, end);
    }
    if after_key.starts_with(':')
        && let Some(diagnosis) = find_stray_punctuation(text, line, key_end + 1)
    {
        return diagnosis;
    }
    if let Some(diagnosis) = diagnose_look_alike(text, start, key_end) {
        return diagnosis;
    }
    if key_length == 0 {
        return Diagnosis::new(Problem::MissingColon, start, end);
    }
    // `key:value`, but not `https://…`
    if after_key.len() > 1 && after_key.starts_with(':') && !after_key.starts_with("://") {
        return Diagnosis::new(Problem::MissingSpace, key_end, key_end + 1);
    }
    let value = after_key.trim_start();
    if after_key.starts_with(' ') && value.starts_with("= ") {
        let equals = end - value.len();
        return Diagnosis::new(Problem::MissingColon, equals, equals + 1);
    }
    let error_end = if after_key.is_empty() || after_key.starts_with(' ') { key_end } else { end };
    Diagnosis::new(Problem::MissingColon, start, error_end)
}

/// Diagnoses a character that looks like a colon or a space, after a key, its colon or a dash.
fn diagnose_look_alike(text: &str, start: usize, key_end: usize) -> Option<Diagnosis> {
    let is_dash = text[start..key_end] == *"-";
    let colon_len = usize::from(text[key_end..].starts_with(':'));
    let offset = key_end + colon_len;
    let character = text[offset..].chars().next()?;
    let problem = match look_alike(character) {
        Some(':') if colon_len == 0 => Problem::LookAlike(character, ':'),
        _ if is_space_like(character) && (is_dash || colon_len > 0) => Problem::InvisibleCharacter(character),
        _ => return None,
    };
    Some(Diagnosis::new(problem, offset, offset + character.len_utf8()))
}

/// Whether a line is a list item without its dash, or without the space after it, directly below an item of the same column.
fn is_missing_dash(text: &str, line: &Line) -> bool {
    let Some(previous) = line_scan::line_before(text, line) else { return false };
    text[previous.text_start..].starts_with("- ") && previous.indent() == line.indent()
}

pub(super) fn is_key_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.')
}

/// Diagnoses punctuation at the end of a line, as in JSON and programming languages.
fn find_stray_punctuation(text: &str, line: &Line, offset: usize) -> Option<Diagnosis> {
    let character = text.get(offset..line.text_end)?.chars().next()?;
    if !matches!(character, ',' | ';' | ']' | '}') || line.text_end != offset + 1 {
        return None;
    }
    Some(Diagnosis::new(Problem::Unexpected(character), offset, offset + 1))
}
