//! Diagnoses errors outside of brackets: a missing colon, a value that needs quotes, wrong indentation.

mod misplaced;
mod missing_colon;

use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::yaml::diagnose::diagnosis::Diagnosis;
use crate::syntax::yaml::diagnose::tabs;
use crate::syntax::yaml::indentation;
use crate::syntax::yaml::indentation::OpenBlocks;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::Line;
use crate::syntax::yaml::parse_pass::ParseStop;
use crate::syntax::yaml::repair::Repair;
use misplaced::diagnose_misplaced_line;
use missing_colon::diagnose_missing_colon;

/// Finds the cause of a stop outside of brackets.
pub(super) fn diagnose_block(text: &str, stop: &ParseStop) -> Diagnosis {
    use ErrorKind as Kind;
    let at = stop.at;
    let line = line_scan::line_at(text, at);
    let character = text[at..].chars().next();
    match &stop.kind {
        Kind::MappingValueNotAllowed | Kind::InvalidSimpleKey => diagnose_colon(text, stop, &line),
        Kind::SimpleKeyExpected => diagnose_missing_colon(text, &line),
        // This combination does not come from the parser, but from the builder, which rejects HTML as a key.
        Kind::ExpectedBlockMappingKey if character == Some('<') && line.colon.is_some() => {
            let end = line_scan::block_end(text, &line, line.indent().max(1));
            let repairs = vec![Repair::BreakValue(line.text_start..end)];
            Diagnosis::new(Problem::NeedsQuotes(':'), line.text_start, line.text_end, repairs)
        }
        Kind::ExpectedBlockMappingKey
        | Kind::ExpectedBlockSequenceEntry
        | Kind::ExpectedDocumentStart
        | Kind::ExpectedNodeContent => diagnose_misplaced_line(text, stop, &line),
        Kind::InvalidBlockScalarIndent => {
            let header = line_scan::line_before(text, &line).unwrap_or(line);
            let repairs = vec![break_value(text, &header, header.value_start)];
            Diagnosis::new(Problem::Indentation, line.text_start, line.text_end, repairs)
        }
        Kind::ZeroBlockScalarIndent => {
            let problem = Problem::Yaml("a text block whose indentation is said to be 0");
            Diagnosis::new(problem, at, line.text_end.max(at), vec![break_value(text, &line, at)])
        }
        Kind::CommentInterceptedScalar => diagnose_text_after_comment(text, stop, &line),
        Kind::CommentNotSeparated if character == Some('#') => {
            Diagnosis::new(Problem::MissingSpace, at, at + 1, vec![Repair::Replace(at..at, " ".to_owned())])
        }
        Kind::InvalidDocumentEnd => {
            Diagnosis::new(Problem::AfterEnd, at, line.text_end.max(at), vec![Repair::BlankOut(at..line.end)])
        }
        _ if text[line.start..].starts_with('%') => diagnose_percent_lines(text, &line),
        _ if line.value_start < at && text[line.value_start..].starts_with(['{', '[', '*', '&', '!']) => {
            diagnose_reserved_character(text, &line, line.value_start)
        }
        _ if character.is_some_and(|character| "@`%|>*&!-?#".contains(character)) => {
            diagnose_reserved_character(text, &line, at)
        }
        _ => Diagnosis::new(
            Problem::Yaml("something that cannot be read as YAML"),
            at.min(line.text_end),
            line.text_end,
            vec![Repair::BlankOutLines(line.start..line.end)],
        ),
    }
}

/// Breaks the value that starts at `value_start`, with the lines that belong to it.
fn break_value(text: &str, line: &Line, value_start: usize) -> Repair {
    let block_end = line_scan::block_end(text, line, line.key_column() + 1);
    let is_one_line = line_scan::line_at(text, block_end).start == line.start;
    // A comment after a value of one line stays.
    let end = if is_one_line { line.text_end.max(value_start) } else { block_end };
    Repair::BreakValue(value_start..end)
}

/// Blanks out a line and the lines below it that have at least its indentation.
fn blank_out_block(text: &str, line: &Line) -> Repair {
    Repair::BlankOutLines(line.start..line_scan::block_end(text, line, line.indent().max(1)))
}

/// A colon where YAML allows no value.
fn diagnose_colon(text: &str, stop: &ParseStop, line: &Line) -> Diagnosis {
    let at = stop.at;
    if line.colon.is_some_and(|colon| colon < at) {
        // `key: text: more`
        let start = line.value_start.min(at);
        let repairs = vec![break_value(text, line, start)];
        return Diagnosis::new(Problem::NeedsQuotes(':'), start, line.text_end, repairs);
    }
    let Some(previous) = line_scan::line_before(text, line) else {
        return diagnose_indentation(text, line, stop);
    };
    match previous.colon {
        // The parser reads `name` and the line `id: 1` below it as one key of two lines.
        None if previous.key_column() >= line.key_column() || previous.key_start == previous.text_start => {
            diagnose_missing_colon(text, &previous)
        }
        Some(colon) if previous.has_value() => {
            let mut diagnosis = diagnose_indentation(text, line, stop);
            // A line below a complete entry: its key explains why there can be no further level.
            if diagnosis.errors.iter().all(|error| error.span.start as usize == line.text_start) {
                diagnosis = diagnosis.with_related(previous.key_start, colon + 1);
            }
            diagnosis
        }
        _ => diagnose_indentation(text, line, stop),
    }
}

/// A plain value of several lines with a comment in between, which ends it.
fn diagnose_text_after_comment(text: &str, stop: &ParseStop, line: &Line) -> Diagnosis {
    if line.colon.is_none() {
        return diagnose_missing_colon(text, line);
    }
    let below = line_scan::line_at(text, line.next_start);
    if below.colon.is_some() {
        return diagnose_indentation(text, &below, stop);
    }
    let problem = Problem::Yaml("text that goes on after a comment");
    let repairs = vec![break_value(text, line, line.value_start)];
    Diagnosis::new(problem, below.text_start, below.text_end, repairs)
}

/// A plain value that starts with a character that is reserved in YAML.
fn diagnose_reserved_character(text: &str, line: &Line, at: usize) -> Diagnosis {
    let character = text[at..].chars().next().unwrap_or(' ');
    // Before the colon, the character starts the key, so the whole entry is lost.
    let key_end = line.colon.filter(|&colon| colon > at);
    let repair = if key_end.is_some() { blank_out_block(text, line) } else { break_value(text, line, at) };
    let end = key_end.unwrap_or(line.text_end).max(at);
    Diagnosis::new(Problem::NeedsQuotes(character), at, end, vec![repair])
}

/// Lines that start with `%`, which YAML takes for directives. All such lines in a row are one error.
fn diagnose_percent_lines(text: &str, line: &Line) -> Diagnosis {
    let mut first = *line;
    while let Some(previous) = line_scan::line_before(text, &first) {
        if !text[previous.start..].starts_with('%') {
            break;
        }
        first = previous;
    }
    let mut last = *line;
    while !last.is_last(text) && text[last.next_start..].starts_with('%') {
        last = line_scan::line_at(text, last.next_start);
    }
    let repairs = vec![Repair::BlankOutLines(first.start..last.end)];
    Diagnosis::new(Problem::NeedsQuotes('%'), first.start, first.text_end, repairs)
}

/// Lines with the wrong indentation: this one, or those above it if they are the exception.
fn diagnose_indentation(text: &str, line: &Line, stop: &ParseStop) -> Diagnosis {
    let (wrong, end, column) = if let Some(misindented) = indentation::misindented_above(text, line) {
        (misindented.line, misindented.end, misindented.column)
    } else {
        let column = OpenBlocks::before(text, line).expected_column(text, line, &[line.indent()]);
        (*line, end_of_misindented_lines(text, line, stop), column)
    };
    if let Some(diagnosis) = tabs::diagnose_tab_lines(text, &wrong) {
        return diagnosis;
    }
    let repairs = if column == wrong.indent() {
        // No better column was found, so moving the lines would change nothing.
        vec![Repair::BlankOutLines(wrong.start..end)]
    } else {
        indentation::realign(text, &wrong, end, column)
    };
    let error_end = wrong.colon.unwrap_or(wrong.text_end).max(wrong.text_start);
    Diagnosis::new(Problem::Indentation, wrong.text_start, error_end, repairs)
}

/// The end of the lines that have the same wrong indentation as `line`: those below it with at least its indentation, up to
/// the first one that has the column of an open block.
fn end_of_misindented_lines(text: &str, line: &Line, stop: &ParseStop) -> usize {
    if indentation::has_children_at_same_column(text, line) {
        return line.end;
    }
    let end = line_scan::block_end(text, line, line.indent().max(1));
    if !line.has_value() {
        // `key:` opens a block, which moves with it.
        return end;
    }
    let mut open_columns = Vec::new();
    for collection in &stop.open {
        open_columns.push(column_of(text, collection.start));
    }
    if let Some(previous) = line_scan::line_before(text, line) {
        open_columns.push(previous.indent());
    }
    let mut last = *line;
    while last.next_start < end && !last.is_last(text) {
        let below = line_scan::line_at(text, last.next_start);
        if !below.is_blank() && open_columns.contains(&below.indent()) {
            return last.end;
        }
        last = below;
    }
    end
}

/// The column of an offset, in bytes.
fn column_of(text: &str, at: usize) -> usize {
    at - line_scan::line_at(text, at).start
}

/// Text after a closing quote, outside of brackets.
pub(super) fn diagnose_text_after_quote(text: &str, start: usize, end: usize, at: usize) -> Diagnosis {
    let quote = text[start..].chars().next().unwrap_or('"');
    let line = line_scan::line_at(text, start);
    if start == line.key_start && at > end && line.colon.is_none() {
        // `"key" value`
        let repairs = vec![Repair::Replace(end..end, ":".to_owned()), Repair::DoubtValue(end..line.text_end.max(end))];
        return Diagnosis::new(Problem::MissingColon, start, end, repairs);
    }
    if let Some(diagnosis) = find_stray_punctuation(text, &line, at) {
        return diagnosis;
    }
    let end_of_line = line.end.max(at);
    let error_end = line.text_end.max(at + 1).min(end_of_line);
    Diagnosis::new(Problem::AfterQuote(quote), at, error_end, vec![Repair::BreakValue(start..end_of_line)])
}

/// Punctuation at the end of a line, which is usual in JSON and programming languages.
fn find_stray_punctuation(text: &str, line: &Line, at: usize) -> Option<Diagnosis> {
    let character = text.get(at..line.text_end)?.chars().next()?;
    if !matches!(character, ',' | ';' | ']' | '}') || line.text_end != at + 1 {
        return None;
    }
    let repairs = vec![Repair::Replace(at..at + 1, String::new())];
    Some(Diagnosis::new(Problem::Unexpected(character), at, at + 1, repairs))
}
