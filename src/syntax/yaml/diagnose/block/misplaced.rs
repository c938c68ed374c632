//! Diagnoses a line, or text after a value, that does not fit into the block that contains it.

use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::yaml::diagnose::block::{
    blank_out_block, break_value, column_of, diagnose_indentation, diagnose_missing_colon, diagnose_percent_lines,
    find_stray_punctuation,
};
use crate::syntax::yaml::diagnose::diagnosis::Diagnosis;
use crate::syntax::yaml::indentation;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::Line;
use crate::syntax::yaml::parse_pass::ParseStop;
use crate::syntax::yaml::repair::Repair;

/// A line, or text after a value, that does not fit into the block that contains it.
pub(super) fn diagnose_misplaced_line(text: &str, stop: &ParseStop, line: &Line) -> Diagnosis {
    if text[line.start..].starts_with('%') {
        return diagnose_percent_lines(text, line);
    }
    if stop.at > line.key_start {
        return diagnose_text_after_value(text, stop.at, line);
    }
    let previous = line_scan::line_before(text, line);
    if let Some(previous) = &previous
        && text[previous.start..].starts_with('%')
    {
        return diagnose_percent_lines(text, previous);
    }
    if stop.kind == ErrorKind::ExpectedDocumentStart {
        return diagnose_line_after_end(text, stop, line, previous.as_ref());
    }
    let block_column = stop.open.last().map(|collection| column_of(text, collection.start));
    if block_column != Some(line.indent()) {
        return diagnose_indentation(text, line, stop);
    }
    // The line has the column of its block, but is of the wrong kind.
    let is_item = text[line.text_start..].starts_with("- ") || &text[line.text_start..line.text_end] == "-";
    if is_item == (stop.kind == ErrorKind::ExpectedBlockMappingKey) {
        return diagnose_wrong_kind(text, line, is_item);
    }
    if !is_item && line.colon.is_none() && line.has_value() {
        return diagnose_missing_colon(text, line);
    }
    diagnose_indentation(text, line, stop)
}

/// More text after a complete value on the same line.
fn diagnose_text_after_value(text: &str, at: usize, line: &Line) -> Diagnosis {
    if let Some(diagnosis) = find_stray_punctuation(text, line, at) {
        return diagnosis;
    }
    let value_start = if line.value_start < at { line.value_start } else { line.key_start };
    let repairs = vec![break_value(text, line, value_start)];
    // `[draft] name`, `*important*`: the value is complete for the parser before the text is.
    if let Some(character @ ('[' | '{' | '*' | '&' | '!')) = text[value_start..].chars().next() {
        return Diagnosis::new(Problem::NeedsQuotes(character), value_start, line.text_end, repairs);
    }
    let problem = Problem::Yaml("more text after the end of the value");
    Diagnosis::new(problem, at, line.text_end.max(at), repairs)
}

/// A line after the end of the document: the top-level value is complete.
fn diagnose_line_after_end(text: &str, stop: &ParseStop, line: &Line, previous: Option<&Line>) -> Diagnosis {
    if indentation::misindented_above(text, line).is_some() {
        return diagnose_indentation(text, line, stop);
    }
    // A first line without its colon is a complete document, the text of that line.
    if let Some(previous) = previous
        && previous.colon.is_none()
        && !text[previous.text_start..previous.text_end].ends_with([']', '}'])
    {
        return diagnose_missing_colon(text, previous);
    }
    Diagnosis::new(Problem::AfterEnd, line.text_start, line.text_end, vec![blank_out_block(text, line)])
}

/// A list item among keys, or a key among list items.
fn diagnose_wrong_kind(text: &str, line: &Line, is_item: bool) -> Diagnosis {
    if !is_item && let Some(diagnosis) = find_stray_dash(text, line) {
        return diagnosis;
    }
    if is_item && line.colon.is_some() {
        return diagnose_stray_dash(line);
    }
    let description = if is_item { "a list item among keys" } else { "a key among the items of a list" };
    let end = line.colon.unwrap_or(line.text_end);
    Diagnosis::new(Problem::Yaml(description), line.text_start, end, vec![blank_out_block(text, line)])
}

/// A stray dash above: `line` is a key, and the only line of the block above it with the same column is `- key: value`, which
/// starts a list that `line` does not fit into.
fn find_stray_dash(text: &str, line: &Line) -> Option<Diagnosis> {
    let mut siblings = Vec::new();
    let mut current = *line;
    while let Some(above) = line_scan::line_before(text, &current) {
        if line_scan::is_marker(text, above.start) || above.indent() < line.indent() || siblings.len() > 1 {
            break;
        }
        if above.indent() == line.indent() {
            siblings.push(above);
        }
        current = above;
    }
    match siblings.as_slice() {
        [item] if item.key_start > item.text_start && item.colon.is_some() => Some(diagnose_stray_dash(item)),
        _ => None,
    }
}

/// A dash before one of many keys.
fn diagnose_stray_dash(line: &Line) -> Diagnosis {
    let repairs = vec![Repair::Replace(line.text_start..line.key_start, String::new())];
    Diagnosis::new(Problem::StrayDash, line.text_start, line.text_start + 1, repairs)
}
