//! Diagnoses errors outside of brackets: a missing colon, a value that needs quotes, wrong indentation.

use std::ops::Range;

use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::yaml::builder::ParseStop;
use crate::syntax::yaml::diagnose::diagnosis::Diagnosis;
use crate::syntax::yaml::diagnose::tabs;
use crate::syntax::yaml::indentation;
use crate::syntax::yaml::indentation::OpenBlocks;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::Line;
use crate::syntax::yaml::repair::Repair;

/// Finds the cause of a stop.
pub(super) fn diagnose(text: &str, stop: &ParseStop) -> Diagnosis {
    use ErrorKind as Kind;
    let at = stop.at;
    let line = line_scan::line_at(text, at);
    let first = text[at..].chars().next();
    match &stop.kind {
        Kind::MappingValueNotAllowed | Kind::InvalidSimpleKey => diagnose_colon(text, stop, &line),
        Kind::SimpleKeyExpected => diagnose_missing_colon(text, &line),
        // This combination does not come from the parser, but from the builder, which rejects HTML as a key.
        Kind::ExpectedBlockMappingKey if first == Some('<') && line.colon.is_some() => {
            let end = line_scan::block_end(text, &line, line.indent().max(1));
            Diagnosis::new(Problem::NeedsQuotes(':'), line.text, line.end, vec![Repair::Value(line.text..end)])
        }
        Kind::ExpectedBlockMappingKey
        | Kind::ExpectedBlockSequenceEntry
        | Kind::ExpectedDocumentStart
        | Kind::ExpectedNodeContent => diagnose_misplaced_line(text, stop, &line),
        Kind::InvalidBlockScalarIndent => {
            let header = line_scan::line_before(text, &line).unwrap_or(line);
            Diagnosis::new(Problem::Indentation, line.text, line.end, vec![replace_value(text, &header, header.value)])
        }
        Kind::ZeroBlockScalarIndent => {
            let problem = Problem::Yaml("a text block whose indentation is said to be 0");
            Diagnosis::new(problem, at, line.end.max(at), vec![replace_value(text, &line, at)])
        }
        Kind::CommentInterceptedScalar if line.colon.is_none() => diagnose_missing_colon(text, &line),
        Kind::CommentInterceptedScalar => {
            let below = line_scan::line_at(text, line.next);
            if below.colon.is_some() {
                return diagnose_indentation(text, &below, stop);
            }
            let problem = Problem::Yaml("text that goes on after a comment");
            Diagnosis::new(problem, below.text, below.end, vec![replace_value(text, &line, line.value)])
        }
        Kind::CommentNotSeparated if first == Some('#') => {
            Diagnosis::new(Problem::MissingSpace, at, at + 1, vec![Repair::Replace(at..at, " ".to_owned())])
        }
        Kind::InvalidDocumentEnd => {
            Diagnosis::new(Problem::AfterEnd, at, line.end.max(at), vec![Repair::Blank(at..line.full_end)])
        }
        _ if text[line.start..].starts_with('%') => diagnose_percent_line(text, &line),
        _ if line.value < at && text[line.value..].starts_with(['{', '[', '*', '&', '!']) => {
            diagnose_reserved_character(text, &line, line.value)
        }
        _ if first.is_some_and(|c| "@`%|>*&!-?#".contains(c)) => diagnose_reserved_character(text, &line, at),
        _ => Diagnosis::new(
            Problem::Yaml("something that cannot be read as YAML"),
            at.min(line.end),
            line.end,
            vec![Repair::Lines(line.start..line.full_end)],
        ),
    }
}

/// Replaces the value that starts at `at`, with the lines that belong to it.
fn replace_value(text: &str, line: &Line, at: usize) -> Repair {
    let end = line_scan::block_end(text, line, line.key_column() + 1);
    let last = line_scan::line_at(text, end);
    if last.start == line.start { Repair::Value(at..line.end.max(at)) } else { Repair::Value(at..end) }
}

/// Blanks out a line and the lines below it that have at least its indentation.
fn blank_out_block(text: &str, line: &Line) -> Repair {
    Repair::Lines(line.start..line_scan::block_end(text, line, line.indent().max(1)))
}

/// The end of the lines that have the same wrong indentation as `line`: those below it with at least its indentation, up to
/// the first one that has the column of an open block.
fn end_of_misindented_lines(text: &str, line: &Line, stop: &ParseStop) -> usize {
    let end = line_scan::block_end(text, line, line.indent().max(1));
    if indentation::has_children_at_same_column(text, line) {
        return line.full_end;
    }
    let mut open_columns = Vec::new();
    for &(start, _) in &stop.open {
        open_columns.push(start - line_scan::line_at(text, start).start);
    }
    open_columns.extend(line_scan::line_before(text, line).map(|before| before.indent()));
    let mut last = *line;
    while line.has_value() && last.next < end && last.next > last.start {
        let below = line_scan::line_at(text, last.next);
        if !below.is_blank() && open_columns.contains(&below.indent()) {
            return last.full_end;
        }
        last = below;
    }
    end
}

/// A plain value that starts with a character that is reserved in YAML.
fn diagnose_reserved_character(text: &str, line: &Line, at: usize) -> Diagnosis {
    let character = text[at..].chars().next().unwrap_or(' ');
    let key = line.colon.filter(|&colon| colon > at);
    let repair = if key.is_some() { blank_out_block(text, line) } else { replace_value(text, line, at) };
    Diagnosis::new(Problem::NeedsQuotes(character), at, key.unwrap_or(line.end).max(at), vec![repair])
}

/// Lines that start with `%`, which YAML takes for directives. All such lines in a row are one error.
fn diagnose_percent_line(text: &str, line: &Line) -> Diagnosis {
    let (mut first, mut last) = (*line, *line);
    while let Some(before) = line_scan::line_before(text, &first).filter(|line| text[line.start..].starts_with('%')) {
        first = before;
    }
    while last.next > last.start && text[last.next..].starts_with('%') {
        last = line_scan::line_at(text, last.next);
    }
    Diagnosis::new(Problem::NeedsQuotes('%'), first.start, first.end, vec![Repair::Lines(first.start..last.full_end)])
}

/// A colon where YAML allows no value.
fn diagnose_colon(text: &str, stop: &ParseStop, line: &Line) -> Diagnosis {
    let at = stop.at;
    if line.colon.is_some_and(|colon| colon < at) {
        let start = line.value.min(at);
        return Diagnosis::new(Problem::NeedsQuotes(':'), start, line.end, vec![replace_value(text, line, start)]);
    }
    let Some(before) = line_scan::line_before(text, line) else {
        return diagnose_indentation(text, line, stop);
    };
    match before.colon {
        None if before.key_column() >= line.key_column() || before.key == before.text => {
            diagnose_missing_colon(text, &before)
        }
        Some(colon) if before.has_value() => {
            let found = diagnose_indentation(text, line, stop);
            let is_this_line = found.errors.iter().all(|error| error.span.start as usize == line.text);
            if is_this_line { found.related(before.key, colon + 1) } else { found }
        }
        _ => diagnose_indentation(text, line, stop),
    }
}

/// Lines with the wrong indentation: this one, or those above it if they are the exception.
fn diagnose_indentation(text: &str, line: &Line, stop: &ParseStop) -> Diagnosis {
    let (wrong, until, column) = if let Some(found) = indentation::misindented_above(text, line) {
        found
    } else {
        let column = OpenBlocks::before(text, line).expected_column(text, line, &[line.indent()]);
        (*line, end_of_misindented_lines(text, line, stop), column)
    };
    if let Some(found) = tabs::diagnose_tab_lines(text, &wrong) {
        return found;
    }
    let end = wrong.colon.unwrap_or(wrong.end).max(wrong.text);
    let mut repairs = indentation::realign(text, &wrong, until, column);
    if column == wrong.indent() {
        // No better column was found, so moving the lines would change nothing.
        repairs = vec![Repair::Lines(wrong.start..until)];
    }
    Diagnosis::new(Problem::Indentation, wrong.text, end, repairs)
}

/// A line that should have a key with a colon. If it is more likely a list item without its dash, or more text of the value
/// above, that is reported instead.
fn diagnose_missing_colon(text: &str, line: &Line) -> Diagnosis {
    let (start, end) = (line.key, line.end);
    let is_item = |line: Line| text[line.text..].starts_with("- ");
    if line_scan::line_before(text, line).is_some_and(|above| is_item(above) && above.indent() == line.indent()) {
        let dash = usize::from(text[line.text..].starts_with('-'));
        let repairs = vec![Repair::Replace(line.text..line.text + dash, "- ".to_owned())];
        return Diagnosis::new(Problem::MissingDash, line.text, end, repairs);
    }
    let content = &text[start..end];
    let key_length = content.find(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c))).unwrap_or(content.len());
    let after = start + key_length;
    let rest = &content[key_length..];
    if let Some(column) =
        indentation::column_of_neighbors(text, line).filter(|_| !rest.is_empty() && !rest.starts_with(':'))
    {
        // The lines around this one show that it continues the value above.
        let repairs = vec![Repair::Indent(line.start..line.text, column + 2)];
        return Diagnosis::new(Problem::Indentation, line.text, end, repairs);
    }
    if let Some(found) = find_stray_punctuation(text, line, after + 1).filter(|_| rest.starts_with(':')) {
        return found;
    }
    // What is inserted may be wrong, so the value after it counts as broken.
    let insert =
        |at: Range<usize>, what: &str| vec![Repair::Replace(at.clone(), what.to_owned()), Repair::Guess(at.end..end)];
    if key_length > 0 && rest.len() > 1 && rest.starts_with(':') && !rest.starts_with("://") {
        return Diagnosis::new(Problem::MissingSpace, after, after + 1, insert(after + 1..after + 1, " "));
    }
    let value = end - rest.trim_start().len();
    match rest.as_bytes() {
        _ if key_length == 0 => Diagnosis::new(Problem::MissingColon, start, end, vec![blank_out_block(text, line)]),
        [b' ', ..] if text[value..].starts_with("= ") => {
            Diagnosis::new(Problem::MissingColon, value, value + 1, insert(value..value + 1, ":"))
        }
        _ if rest.starts_with('：') => {
            let full_width = after..after + '：'.len_utf8();
            Diagnosis::new(Problem::MissingColon, start, full_width.end, insert(full_width, ": "))
        }
        [] | [b' ', ..] => Diagnosis::new(Problem::MissingColon, start, after, insert(after..after, ":")),
        _ => Diagnosis::new(Problem::MissingColon, start, end, vec![blank_out_block(text, line)]),
    }
}

/// A line, or text after a value, that does not fit into the block that contains it.
fn diagnose_misplaced_line(text: &str, stop: &ParseStop, line: &Line) -> Diagnosis {
    let at = stop.at;
    if text[line.start..].starts_with('%') {
        return diagnose_percent_line(text, line);
    }
    if at > line.key {
        if let Some(found) = find_stray_punctuation(text, line, at) {
            return found;
        }
        let start = if line.value < at { line.value } else { line.key };
        return match text[start..].chars().next() {
            Some(c @ ('[' | '{' | '*' | '&' | '!')) => {
                Diagnosis::new(Problem::NeedsQuotes(c), start, line.end, vec![replace_value(text, line, start)])
            }
            _ => Diagnosis::new(
                Problem::Yaml("more text after the end of the value"),
                at,
                line.end.max(at),
                vec![replace_value(text, line, start)],
            ),
        };
    }
    let before = line_scan::line_before(text, line);
    if let Some(before) = before.filter(|before| text[before.start..].starts_with('%')) {
        return diagnose_percent_line(text, &before);
    }
    if stop.kind == ErrorKind::ExpectedDocumentStart {
        if indentation::misindented_above(text, line).is_some() {
            return diagnose_indentation(text, line, stop);
        }
        if let Some(before) = before.filter(|before| before.colon.is_none() && !ends_bracket(text, before)) {
            return diagnose_missing_colon(text, &before);
        }
        return Diagnosis::new(Problem::AfterEnd, line.text, line.end, vec![blank_out_block(text, line)]);
    }
    let column = stop.open.last().map(|&(start, _)| start - line_scan::line_at(text, start).start);
    let dash = text[line.text..].starts_with("- ") || &text[line.text..line.end] == "-";
    if dash == (stop.kind == ErrorKind::ExpectedBlockMappingKey) && column == Some(line.indent()) {
        if let Some(found) = find_stray_dash(text, line).filter(|_| !dash) {
            return found;
        }
        if dash && line.colon.is_some() {
            let repairs = vec![Repair::Replace(line.text..line.key, String::new())];
            return Diagnosis::new(Problem::StrayDash, line.text, line.text + 1, repairs);
        }
        let description = if dash { "a list item among keys" } else { "a key among the items of a list" };
        let end = line.colon.unwrap_or(line.end);
        return Diagnosis::new(Problem::Yaml(description), line.text, end, vec![blank_out_block(text, line)]);
    }
    if !dash && line.colon.is_none() && line.has_value() && column == Some(line.indent()) {
        return diagnose_missing_colon(text, line);
    }
    diagnose_indentation(text, line, stop)
}

/// A stray dash above: `line` is a key, and the lines with its indentation above it have exactly one dash among them, which
/// starts a list that `line` does not fit into.
fn find_stray_dash(text: &str, line: &Line) -> Option<Diagnosis> {
    let before =
        |line: &Line| line_scan::line_before(text, line).filter(|line| !line_scan::is_marker(text, line.start));
    let above = std::iter::successors(before(line), before);
    let mut items =
        above.take_while(|above| above.indent() >= line.indent()).filter(|above| above.indent() == line.indent());
    let item = items.next().filter(|item| item.key > item.text && item.colon.is_some())?;
    let repairs = vec![Repair::Replace(item.text..item.key, String::new())];
    items.next().is_none().then(|| Diagnosis::new(Problem::StrayDash, item.text, item.text + 1, repairs))
}

fn ends_bracket(text: &str, line: &Line) -> bool {
    text[line.text..line.end].ends_with([']', '}'])
}

/// Text after a closing quote, outside of brackets.
pub(super) fn diagnose_text_after_quote(text: &str, start: usize, end: usize, at: usize) -> Diagnosis {
    let quote = text[start..].chars().next().unwrap_or('"');
    let line = line_scan::line_at(text, start);
    if start == line.key && at > end && line.colon.is_none() {
        let repairs = vec![Repair::Replace(end..end, ":".to_owned()), Repair::Guess(end..line.end.max(end))];
        return Diagnosis::new(Problem::MissingColon, start, end, repairs);
    }
    if let Some(found) = find_stray_punctuation(text, &line, at) {
        return found;
    }
    let end_of_line = line.full_end.max(at);
    let error_end = line.end.max(at + 1).min(end_of_line);
    Diagnosis::new(Problem::AfterQuote(quote), at, error_end, vec![Repair::Value(start..end_of_line)])
}

/// Punctuation at the end of a line, which is usual in JSON and programming languages.
fn find_stray_punctuation(text: &str, line: &Line, at: usize) -> Option<Diagnosis> {
    let character = text.get(at..line.end)?.chars().next()?;
    let is_stray = matches!(character, ',' | ';' | ']' | '}') && line.end == at + 1;
    is_stray.then(|| {
        Diagnosis::new(Problem::Unexpected(character), at, at + 1, vec![Repair::Replace(at..at + 1, String::new())])
    })
}
