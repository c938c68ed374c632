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
        Kind::MappingValueNotAllowed | Kind::InvalidSimpleKey => diagnose_colon(text, stop, &line),
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
fn diagnose_colon(text: &str, stop: &ParseStop, line: &Line) -> Diagnosis {
    if line.colon.is_some_and(|colon| colon < stop.offset) {
        // `key: text: more`
        return Diagnosis::new(Problem::NeedsQuotes(':'), line.value_start.min(stop.offset), line.text_end);
    }
    if indentation::is_text(text, line) {
        return diagnose_text_line(text, line);
    }
    // For the parser, all lines from the start of the last text to the colon are one key.
    let text_start = stop.last_event.start;
    let first = line_scan::line_at(text, text_start);
    if first.start == line.start {
        return diagnose_indentation(text, line);
    }
    if first.colon.is_none_or(|colon| text_start <= colon) {
        return diagnose_missing_colon(text, &first);
    }
    if is_misindented_key(text, &first, line) {
        return diagnose_indentation(text, line);
    }
    if let Some(diagnosis) = diagnose_value_above_block(text, &first, line) {
        return diagnosis;
    }
    // The first line of a block is as likely to have the wrong indentation as the one below it.
    match line_scan::line_before(text, &first) {
        Some(parent) if indentation::opens_block(text, &parent) => diagnose_indentation(text, line),
        _ => diagnose_indentation_of(text, line),
    }
}

/// Diagnoses the key in `key_line`, which has a value on its line and also a block below it, whose first line is `line`. `None` if the block
/// is a single line and the value has a letter or digit: then the indentation of that line is probably the mistake.
fn diagnose_value_above_block(text: &str, key_line: &Line, line: &Line) -> Option<Diagnosis> {
    let (start, end) = (key_line.value_start, key_line.text_end);
    if key_line.colon.is_none() || start == end || indentation::has_children_at_same_column(text, line) {
        return None;
    }
    let column = key_line.key_column();
    let is_list = indentation::is_item(text, line);
    let belongs_to_key = |below: &Line| {
        below.indent() > column || (below.indent() == column && is_list && indentation::is_item(text, below))
    };
    let block = line_scan::nonempty_lines(text, key_line.next_start, text.len()).take_while(belongs_to_key);
    let (mut line_count, mut block_end) = (0, end);
    for below in block {
        if below.indent() < line.indent() {
            return None;
        }
        line_count += 1;
        block_end = below.end;
    }
    if line_count < 2 && text[start..end].contains(char::is_alphanumeric) {
        return None;
    }
    let is_template = text[start..].starts_with("{{");
    let problem = if is_template { Problem::NeedsQuotes('{') } else { Problem::ValueAboveBlock };
    Some(Diagnosis::new(problem, start, end).with_unreadable(start..block_end))
}

/// Whether `key_line`, and not the block that starts with `line` below it, has the wrong indentation: it is to the left of the lines
/// around it, or indented by another number of spaces than the block.
fn is_misindented_key(text: &str, key_line: &Line, line: &Line) -> bool {
    let before = line_scan::line_before(text, key_line);
    let parent = before.filter(|before| indentation::opens_block(text, before) && before.indent() < key_line.indent());
    let has_other_step = !indentation::is_item(text, line)
        && parent.is_some_and(|parent| {
            key_line.indent() - parent.indent() != line.indent().saturating_sub(key_line.indent())
        });
    has_other_step || indentation::is_between_lines_of_block(text, key_line)
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
        (None, _) if !indentation::is_item(text, line) => diagnose_missing_colon(text, line),
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
    diagnose_indentation_of(text, &indentation::misindented_above(text, line).unwrap_or(*line))
}

/// Diagnoses the wrong indentation of a line.
fn diagnose_indentation_of(text: &str, line: &Line) -> Diagnosis {
    if line.colon.is_some() && indentation::is_text(text, line) {
        return diagnose_text_line(text, line);
    }
    if let Some(diagnosis) = tabs::diagnose_tab_lines(text, line) {
        return diagnosis;
    }
    let end = line.colon.unwrap_or(line.text_end).max(line.text_start);
    Diagnosis::new(Problem::Indentation, line.text_start, end)
}

/// Diagnoses a line, or text after a value, that does not fit into the block that contains it.
fn diagnose_misplaced_line(text: &str, stop: &ParseStop, line: &Line) -> Diagnosis {
    if stop.offset > line.key_start {
        return diagnose_text_after_value(text, stop.offset, line);
    }
    if stop.kind == ErrorKind::ExpectedDocumentStart {
        return diagnose_line_after_end(text, line);
    }
    if line.colon.is_some()
        && !indentation::is_item(text, line)
        && let Some(previous) = line_scan::line_before(text, line).filter(|above| above.indent() == line.indent())
        && previous.colon.is_none()
        && !indentation::is_item(text, &previous)
    {
        return diagnose_line_without_key(text, &previous);
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

/// Diagnoses a line of its own among keys, such as `"text"`, `[[name]]` or `*name`.
fn diagnose_line_without_key(text: &str, line: &Line) -> Diagnosis {
    match text[line.text_start..].chars().next() {
        Some(sign @ ('[' | '{' | ']' | '}' | '*' | '&')) => {
            Diagnosis::new(Problem::Unexpected(sign), line.text_start, line.text_end)
        }
        _ => diagnose_missing_colon(text, line),
    }
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
    if is_item
        && line.colon.is_none()
        && let Some(previous) = line_scan::line_before(text, line)
    {
        if previous.colon.is_none() && previous.key_start == previous.text_start {
            return Diagnosis::new(Problem::MissingDash, previous.text_start, previous.text_end);
        }
        if previous.indent() == line.indent()
            && let Some(diagnosis) = diagnose_value_above_block(text, &previous, line)
        {
            return diagnosis;
        }
    }
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

/// Finds a line above `line`, which is a key, that has a stray dash. It is `- key: value`, and the only line with a key in the block above
/// that has the column of `line`. It starts a list that `line` does not fit into.
fn find_stray_dash(text: &str, line: &Line) -> Option<Line> {
    let column = line.indent();
    let block = line_scan::lines_before(text, line)
        .take_while(|above| above.indent() >= column && !line_scan::is_document_marker(text, above.start));
    let has_key = |above: &Line| above.indent() == column && above.colon.is_some();
    let mut siblings = block.filter(has_key);
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
