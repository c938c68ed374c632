//! Diagnoses errors outside of brackets: an extra colon, a value that needs quotes, wrong indentation, a line that does not fit into
//! its block.

use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::yaml::diagnose::missing_colon::{diagnose_key, is_key_character, key_length};
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
    if let Some(diagnosis) = diagnose_percent_line(text, &line) {
        return diagnosis;
    }
    match &stop.kind {
        Kind::MappingValueNotAllowed | Kind::InvalidSimpleKey => diagnose_colon(text, offset, &line),
        Kind::SimpleKeyExpected => diagnose_missing_colon(text, &line),
        Kind::ExpectedBlockMappingKey
        | Kind::ExpectedBlockSequenceEntry
        | Kind::ExpectedDocumentStart
        | Kind::ExpectedNodeContent => diagnose_misplaced_line(text, stop, &line),
        Kind::InvalidBlockScalarIndent => Diagnosis::new(Problem::Indentation, line.text_start, line.text_end),
        Kind::CommentInterceptedScalar => diagnose_text_after_comment(text, &line),
        Kind::CommentNotSeparated if text[offset..].starts_with('#') => {
            Diagnosis::new(Problem::MissingSpace, offset, offset + 1)
        }
        _ => {
            let is_reserved = |&start: &usize| text[start..].starts_with(|character| RESERVED.contains(character));
            let Some(start) = [line.value_start.min(offset), offset].into_iter().find(is_reserved) else {
                let start = offset.min(line.text_end);
                return Diagnosis::new(Problem::Yaml("this is not valid YAML"), start, line.text_end);
            };
            let character = text[start..].chars().next().unwrap_or(' ');
            let end = line.colon.filter(|&colon| colon > start).unwrap_or(line.text_end);
            Diagnosis::new(Problem::NeedsQuotes(character), start, end.max(start))
        }
    }
}

/// Diagnoses a template variable without quotes above lines that continue the value: `name: {{name}}` above `  and more`. For the parser,
/// the variable is a complete mapping, and the lines do not fit into the block around it.
pub(super) fn diagnose_lines_below_template(text: &str, stop: &ParseStop) -> Option<Diagnosis> {
    let before = text.get(..stop.last_event_end)?.strip_suffix("}}")?;
    let start = before.rfind("{{")?;
    let template = line_scan::line_at(text, start);
    let is_item = indentation::is_item(text, &template);
    let column = if template.key_start == start { template.indent() } else { template.key_column() };
    let continues = |line: &Line| {
        line.indent() > column
            || indentation::is_text(text, line)
            || (indentation::is_item(text, line) && !is_item && line.indent() == column)
    };
    let stop_line = line_scan::line_at(text, stop.offset);
    if stop_line.start <= template.start || !continues(&stop_line) {
        return None;
    }
    let below = line_scan::line_at(text, stop.last_event_end).next_start;
    let block = line_scan::nonempty_lines(text, below, text.len()).take_while(continues);
    let end = block.last().map_or(stop.last_event_end, |line| line.end);
    Some(Diagnosis::new(Problem::NeedsQuotes('{'), start, stop.last_event_end).with_unreadable(start..end))
}

/// Diagnoses `name {a: 1}`, in which the parser takes the text before the colon for the key.
pub(super) fn diagnose_key_before_bracket(text: &str, offset: usize) -> Option<Diagnosis> {
    let line = line_scan::line_at(text, offset);
    let (before, _) = text[line.key_start..line.colon?].split_once(['{', '['])?;
    let is_mistake = !before.is_empty() && !before.ends_with(is_key_character) && !before.starts_with(['"', '\'']);
    is_mistake.then(|| diagnose_missing_colon(text, &line))
}

/// The characters that no plain scalar can start with.
const RESERVED: &str = "@`%|>*&!-?#{[,";

/// Diagnoses a colon at a place where YAML allows no value.
fn diagnose_colon(text: &str, offset: usize, line: &Line) -> Diagnosis {
    if line.colon.is_some_and(|colon| colon < offset) {
        // `key: text: more`
        return Diagnosis::new(Problem::NeedsQuotes(':'), line.value_start.min(offset), line.text_end);
    }
    if indentation::is_text(text, line) {
        return diagnose_text_line(text, line);
    }
    let is_outside = |above: &Line| above.indent() <= line.indent();
    if let Some(sibling) = line_scan::lines_before(text, line).find(is_outside)
        && sibling.colon.is_none()
        && sibling.key_column() == line.indent()
    {
        // The parser takes `name`, the lines of its value, and `id: 1` below them for one key.
        return diagnose_missing_colon(text, &sibling);
    }
    let Some(previous) = line_scan::line_before(text, line) else { return diagnose_indentation(text, line) };
    match previous.colon {
        // The parser takes `name` and the line `id: 1` below it for one key of two lines.
        None if previous.key_column() >= line.key_column() || previous.key_start == previous.text_start => {
            diagnose_missing_colon(text, &previous)
        }
        _ => diagnose_indentation(text, line),
    }
}

/// Diagnoses text that contains a colon, such as HTML below a key without a `|`.
fn diagnose_text_line(text: &str, line: &Line) -> Diagnosis {
    Diagnosis::new(Problem::NeedsQuotes(':'), line.text_start, line.text_end)
        .with_unreadable(line.start..line_scan::block_end(text, line, line.indent().max(1)))
}

/// Diagnoses a plain value of several lines with a comment between them, which ends the value.
fn diagnose_text_after_comment(text: &str, line: &Line) -> Diagnosis {
    let below = line_scan::line_at(text, line.next_start);
    match (line.colon, below.colon) {
        (None, _) => diagnose_missing_colon(text, line),
        (Some(_), Some(_)) => diagnose_indentation(text, &below),
        _ => Diagnosis::new(Problem::Yaml("text continues after a comment"), below.text_start, below.text_end),
    }
}

/// Diagnoses a line that starts with `%`, which is a directive in YAML. It is `line` or the one above.
fn diagnose_percent_line(text: &str, line: &Line) -> Option<Diagnosis> {
    let lines = [Some(*line), line_scan::line_before(text, line)];
    let line = lines.into_iter().flatten().find(|line| text[line.start..].starts_with('%'))?;
    let is_directive = ["%YAML", "%TAG"].iter().any(|directive| text[line.start..].starts_with(directive));
    let problem = if is_directive { Problem::Directive } else { Problem::NeedsQuotes('%') };
    Some(Diagnosis::new(problem, line.start, line.text_end))
}

/// Diagnoses wrong indentation: that of `line` or, if it is more likely, that of a line above.
fn diagnose_indentation(text: &str, line: &Line) -> Diagnosis {
    let misindented = indentation::misindented_above(text, line).unwrap_or(*line);
    if misindented.colon.is_some() && indentation::is_text(text, &misindented) {
        return diagnose_text_line(text, &misindented);
    }
    if let Some(diagnosis) = tabs::diagnose_tab_lines(text, &misindented) {
        return diagnosis;
    }
    let end = misindented.colon.unwrap_or(misindented.text_end).max(misindented.text_start);
    Diagnosis::new(Problem::Indentation, misindented.text_start, end)
}

/// Diagnoses a line, or text after a value, that does not fit into the block that contains it.
fn diagnose_misplaced_line(text: &str, stop: &ParseStop, line: &Line) -> Diagnosis {
    if stop.offset > line.key_start {
        return diagnose_text_after_value(text, stop.offset, line);
    }
    if stop.kind == ErrorKind::ExpectedDocumentStart {
        return diagnose_line_after_end(text, line);
    }
    let block_column = stop.open.last().map(|block| block.start - line_scan::line_at(text, block.start).start);
    if block_column != Some(line.indent()) {
        return diagnose_indentation(text, line);
    }
    // The line has the column of its block, so it may be an item among keys or a key among items.
    let is_item = indentation::is_item(text, line);
    if is_item == (stop.kind == ErrorKind::ExpectedBlockMappingKey) {
        return diagnose_wrong_kind(text, stop, line, is_item);
    }
    if is_item || line.colon.is_some() {
        return diagnose_indentation(text, line);
    }
    diagnose_missing_colon(text, line)
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
    Diagnosis::new(Problem::TextAfterValue, offset, line.text_end.max(offset))
}

/// Diagnoses a line after the top-level value.
fn diagnose_line_after_end(text: &str, line: &Line) -> Diagnosis {
    if indentation::misindented_above(text, line).is_some() {
        return diagnose_indentation(text, line);
    }
    match line_scan::line_before(text, line) {
        // For the parser, a first line without its colon is a complete document that consists of text.
        Some(previous) if previous.colon.is_none() && !text[..previous.text_end].ends_with([']', '}']) => {
            diagnose_missing_colon(text, &previous)
        }
        _ => Diagnosis::new(Problem::TextAfterValue, line.text_start, line.text_end),
    }
}

/// Diagnoses a list item among keys, or a key among list items.
fn diagnose_wrong_kind(text: &str, stop: &ParseStop, line: &Line, is_item: bool) -> Diagnosis {
    let stray_dash = if is_item { Some(*line) } else { find_stray_dash(text, line) };
    if let Some(item) = stray_dash.filter(|item| item.colon.is_some()) {
        return Diagnosis::new(Problem::StrayDash, item.text_start, item.text_start + 1);
    }
    let description = if is_item { "a list item among keys" } else { "a key among the items of a list" };
    let end = line.colon.unwrap_or(line.text_end);
    let diagnosis = Diagnosis::new(Problem::Yaml(description), line.text_start, end);
    // It is unknown whether the block is a list or a mapping.
    let is_list = |start: &usize| text[*start..].starts_with('-');
    let lists = stop.open.iter().rev().map(|block| block.start).take_while(is_list);
    match lists.last().map(|start| line_scan::line_at(text, start)) {
        Some(first) => diagnosis.with_unreadable(first.start..line_scan::block_end(text, &first, first.indent())),
        None => diagnosis,
    }
}

/// Finds a line above `line`, which is a key, that has a stray dash. It is `- key: value` and the only line of the block above with the
/// column of `line`. It starts a list that `line` does not fit into.
fn find_stray_dash(text: &str, line: &Line) -> Option<Line> {
    let column = line.indent();
    let block = line_scan::lines_before(text, line)
        .take_while(|above| above.indent() >= column && !line_scan::is_document_marker(text, above.start));
    let is_sibling = |above: &Line| above.indent() == column && !indentation::starts_with_closer(text, above);
    let mut siblings = block.filter(is_sibling);
    let item = siblings.next().filter(|item| item.key_start > item.text_start)?;
    if siblings.next().is_none() { Some(item) } else { None }
}

/// Diagnoses a line that should have a key with a colon. It may also be a list item without its dash, or a continuation of the value
/// above.
fn diagnose_missing_colon(text: &str, line: &Line) -> Diagnosis {
    let (start, end) = (line.key_start, line.text_end);
    let previous = line_scan::line_before(text, line).filter(|previous| previous.indent() == line.indent());
    if previous.is_some_and(|previous| indentation::is_item(text, &previous)) {
        return Diagnosis::new(Problem::MissingDash, line.text_start, end);
    }
    let key_length = key_length(&text[start..end]);
    let after_key = &text[start + key_length..end];
    let is_sentence = !after_key.is_empty() && !after_key.starts_with(':');
    if is_sentence && indentation::is_between_lines_of_block(text, line) {
        // The lines around this one show that it continues the value above.
        return Diagnosis::new(Problem::Indentation, line.text_start, end);
    }
    diagnose_key(text, start, end)
}

/// Diagnoses punctuation at the end of a line, as in JSON and programming languages.
pub(super) fn find_stray_punctuation(text: &str, line: &Line, offset: usize) -> Option<Diagnosis> {
    let character = text.get(offset..line.text_end)?.chars().next()?;
    if !matches!(character, ',' | ';' | ']' | '}') || line.text_end != offset + 1 {
        return None;
    }
    Some(Diagnosis::new(Problem::Unexpected(character), offset, offset + 1))
}
