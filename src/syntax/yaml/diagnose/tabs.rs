//! Diagnoses tabs in indentation, which YAML forbids (section 6.1). The lines around a tab show how wide its author meant it.

use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::yaml::builder::ParseStop;
use crate::syntax::yaml::diagnose::diagnosis::Diagnosis;
use crate::syntax::yaml::indentation::OpenBlocks;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::Line;
use crate::syntax::yaml::repair::Repair;

/// How wide a tab may be meant to be, the likeliest first.
const TAB_WIDTHS: [usize; 4] = [2, 4, 8, 1];

/// Finds the tabs that stopped the parser.
pub(super) fn diagnose(text: &str, stop: &ParseStop, in_brackets: bool) -> Option<Diagnosis> {
    use ErrorKind as Kind;
    let here = line_scan::line_at(text, stop.at);
    let is_about_tabs = matches!(
        stop.kind,
        Kind::TabNotAllowed
            | Kind::TabInBlockIndentation
            | Kind::TabInIndentation
            | Kind::TabInPlainScalar
            | Kind::TabAtBlockScalarStart
            | Kind::InvalidBlockEntryWhitespace
    );
    if !is_about_tabs && (in_brackets || matches!(stop.kind, Kind::UnexpectedCharacter { .. })) {
        return None;
    }
    if let Some(found) = diagnose_tab_lines(text, &here) {
        return Some(found);
    }
    if !is_about_tabs {
        return None;
    }
    diagnose_tab_below(text, &here).or_else(|| diagnose_inner_tab(text, &here, stop.at))
}

/// The first tab before the text of a line.
pub(super) fn leading_tab(text: &str, line: &Line) -> Option<usize> {
    text[line.start..line.text].find('\t').map(|tab| line.start + tab)
}

/// Reports the tab-indented lines around `line` as one error, because they have one cause, an editor that inserts tabs. Lines
/// without indentation do not end the group.
pub(super) fn diagnose_tab_lines(text: &str, line: &Line) -> Option<Diagnosis> {
    leading_tab(text, line)?;
    let mut first = *line;
    while let Some(before) = line_scan::line_before(text, &first).filter(|line| leading_tab(text, line).is_some()) {
        first = before;
    }
    let start = leading_tab(text, &first)?;
    let end = start + text[start..first.text].bytes().take_while(|byte| *byte == b'\t').count();
    let mut open_blocks = OpenBlocks::before(text, &first);
    let mut repairs = Vec::new();
    let mut widths = TAB_WIDTHS.to_vec();
    let mut line = first;
    loop {
        let has_tabs = leading_tab(text, &line).is_some();
        if line.text < line.full_end {
            let mut column = line.indent();
            if has_tabs {
                let column_for = |width: usize| indented_column(&text[line.start..line.text], width);
                let columns: Vec<usize> = widths.iter().map(|&width| column_for(width)).collect();
                column = open_blocks.expected_column(text, &line, &columns);
                repairs.push(Repair::Indent(line.start..line.text, column));
                // The width is the same on all lines, so each line rules out some widths.
                if columns.contains(&column) {
                    widths.retain(|&width| column_for(width) == column);
                }
            }
            open_blocks.enter(text, &line, column);
        } else if has_tabs {
            repairs.push(Repair::Indent(line.start..line.text, 0));
        }
        if line.next >= text.len() || line.next <= line.start {
            break;
        }
        line = line_scan::line_at(text, line.next);
        if line.indent() > 0 && line.text < line.full_end && leading_tab(text, &line).is_none() {
            break;
        }
    }
    Some(Diagnosis::new(Problem::TabIndentation, start, end, repairs))
}

/// The column after these blanks if tabs have this width.
fn indented_column(blanks: &str, width: usize) -> usize {
    blanks.bytes().fold(0, |column, byte| if byte == b'\t' { (column / width + 1) * width } else { column + 1 })
}

/// The first tab-indented lines below `line`.
fn diagnose_tab_below(text: &str, line: &Line) -> Option<Diagnosis> {
    let mut line = *line;
    while line.next > line.start && line.next < text.len() {
        line = line_scan::line_at(text, line.next);
        if let Some(found) = diagnose_tab_lines(text, &line) {
            return Some(found);
        }
    }
    None
}

/// The last tab of a line before `at`, such as one between a dash and its value.
fn diagnose_inner_tab(text: &str, line: &Line, at: usize) -> Option<Diagnosis> {
    let tab = line.start + text[line.start..at.max(line.start)].rfind('\t')?;
    let spaces = text[line.start..line.full_end].replace('\t', " ");
    let repairs = vec![Repair::Replace(line.start..line.full_end, spaces)];
    Some(Diagnosis::new(Problem::TabIndentation, tab, tab + 1, repairs))
}
