//! Diagnoses tabs in indentation, which YAML forbids (YAML 1.2, section 6.1). The lines around a tab show how wide its author
//! meant it.

use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::yaml::diagnose::diagnosis::Diagnosis;
use crate::syntax::yaml::indentation::OpenBlocks;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::Line;
use crate::syntax::yaml::parse_pass::ParseStop;
use crate::syntax::yaml::repair::Repair;

/// How wide a tab may be meant to be, the likeliest first.
const TAB_WIDTHS: [usize; 4] = [2, 4, 8, 1];

/// Finds the tabs that stopped the parser.
pub(super) fn diagnose_tabs(text: &str, stop: &ParseStop, in_brackets: bool) -> Option<Diagnosis> {
    use ErrorKind as Kind;
    let line = line_scan::line_at(text, stop.at);
    let is_about_tabs = matches!(
        stop.kind,
        Kind::TabNotAllowed
            | Kind::TabInBlockIndentation
            | Kind::TabInIndentation
            | Kind::TabInPlainScalar
            | Kind::TabAtBlockScalarStart
            | Kind::InvalidBlockEntryWhitespace
    );
    // In brackets, indentation has no meaning, and a reserved character is an error whatever the indentation is.
    if !is_about_tabs && (in_brackets || matches!(stop.kind, Kind::UnexpectedCharacter { .. })) {
        return None;
    }
    let diagnosis = diagnose_tab_lines(text, &line);
    if diagnosis.is_some() || !is_about_tabs {
        return diagnosis;
    }
    diagnose_tabs_below(text, &line).or_else(|| diagnose_inner_tab(text, &line, stop.at))
}

/// The first tab before the text of a line.
pub(super) fn leading_tab(text: &str, line: &Line) -> Option<usize> {
    text[line.start..line.text_start].find('\t').map(|offset| line.start + offset)
}

/// Reports the tab-indented lines around `line` as one error, because they have one cause, an editor that inserts tabs. Lines
/// without indentation do not end the group.
pub(super) fn diagnose_tab_lines(text: &str, line: &Line) -> Option<Diagnosis> {
    leading_tab(text, line)?;
    let mut first = *line;
    while let Some(previous) = line_scan::line_before(text, &first) {
        if leading_tab(text, &previous).is_none() {
            break;
        }
        first = previous;
    }
    let error_start = leading_tab(text, &first)?;
    let mut error_end = error_start;
    while text.as_bytes().get(error_end) == Some(&b'\t') {
        error_end += 1;
    }
    let repairs = replace_tabs(text, &first);
    Some(Diagnosis::new(Problem::TabIndentation, error_start, error_end, repairs))
}

/// Replaces the tabs in the indentation of `first` and the lines below it, up to the first line that is indented with spaces.
fn replace_tabs(text: &str, first: &Line) -> Vec<Repair> {
    let mut open_blocks = OpenBlocks::before(text, first);
    let mut repairs = Vec::new();
    let mut widths = TAB_WIDTHS.to_vec();
    let mut line = *first;
    loop {
        let has_tab = leading_tab(text, &line).is_some();
        let indentation = &text[line.start..line.text_start];
        if line.is_empty() {
            if has_tab {
                repairs.push(Repair::Reindent(line.start..line.text_start, 0));
            }
        } else if has_tab {
            let mut columns = Vec::with_capacity(widths.len());
            for &width in &widths {
                columns.push(expand_tabs(indentation, width));
            }
            let column = open_blocks.expected_column(text, &line, &columns);
            repairs.push(Repair::Reindent(line.start..line.text_start, column));
            // The width is the same on all lines, so each line rules out some widths.
            if columns.contains(&column) {
                widths.retain(|&width| expand_tabs(indentation, width) == column);
            }
            open_blocks.enter_line(text, &line, column);
        } else {
            open_blocks.enter_line(text, &line, line.indent());
        }
        if line.is_last(text) {
            return repairs;
        }
        line = line_scan::line_at(text, line.next_start);
        if line.indent() > 0 && !line.is_empty() && leading_tab(text, &line).is_none() {
            return repairs;
        }
    }
}

/// The column after these spaces and tabs if tabs have this width.
fn expand_tabs(indentation: &str, width: usize) -> usize {
    let mut column = 0;
    for byte in indentation.bytes() {
        column = if byte == b'\t' { (column / width + 1) * width } else { column + 1 };
    }
    column
}

/// The first tab-indented lines below `line`.
fn diagnose_tabs_below(text: &str, line: &Line) -> Option<Diagnosis> {
    let mut line = *line;
    while !line.is_last(text) {
        line = line_scan::line_at(text, line.next_start);
        let diagnosis = diagnose_tab_lines(text, &line);
        if diagnosis.is_some() {
            return diagnosis;
        }
    }
    None
}

/// The last tab of a line before `at`, such as one between a dash and its value.
fn diagnose_inner_tab(text: &str, line: &Line, at: usize) -> Option<Diagnosis> {
    let tab = line.start + text[line.start..at.max(line.start)].rfind('\t')?;
    // All tabs of the line: the parser would stop at the next one with the same error.
    let spaces = text[line.start..line.end].replace('\t', " ");
    let repairs = vec![Repair::Replace(line.start..line.end, spaces)];
    Some(Diagnosis::new(Problem::TabIndentation, tab, tab + 1, repairs))
}
