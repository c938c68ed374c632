//! Diagnoses tabs in indentation, which YAML forbids (YAML 1.2, section 6.1).

use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::yaml::diagnose::Diagnosis;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::{Line, nonempty_lines};
use crate::syntax::yaml::parse_pass::ParseStop;

/// Finds the tabs that stopped the parser.
pub(super) fn diagnose_tabs(text: &str, stop: &ParseStop, in_brackets: bool) -> Option<Diagnosis> {
    use ErrorKind as Kind;
    let line = line_scan::line_at(text, stop.offset);
    let is_about_tabs = matches!(
        stop.kind,
        Kind::TabNotAllowed
            | Kind::TabInBlockIndentation
            | Kind::TabInIndentation
            | Kind::TabInPlainScalar
            | Kind::TabAtBlockScalarStart
            | Kind::InvalidBlockEntryWhitespace
    );
    // In brackets, indentation has no meaning, and a reserved character is an error with any indentation.
    if !is_about_tabs && (in_brackets || matches!(stop.kind, Kind::UnexpectedCharacter { .. })) {
        return None;
    }
    let diagnosis = diagnose_tab_lines(text, &line);
    if diagnosis.is_some() || !is_about_tabs {
        return diagnosis;
    }
    let mut lines_below = nonempty_lines(text, line.next_start, text.len());
    if let Some(diagnosis) = lines_below.find_map(|below| diagnose_tab_lines(text, &below)) {
        return Some(diagnosis);
    }
    // The last tab before the stop, such as one between a dash and its value.
    let tab = line.start + text[line.start..stop.offset.max(line.start)].rfind('\t')?;
    Some(Diagnosis::new(Problem::TabIndentation, tab, tab + 1))
}

/// The offset of the first tab before the text of a line.
pub(super) fn leading_tab(text: &str, line: &Line) -> Option<usize> {
    text[line.start..line.text_start].find('\t').map(|offset| line.start + offset)
}

/// Diagnoses adjacent lines with tabs, one of which is `line`, as one error, because they have one cause: an editor that inserts tabs.
pub(super) fn diagnose_tab_lines(text: &str, line: &Line) -> Option<Diagnosis> {
    let has_tab = |line: &Line| leading_tab(text, line).is_some();
    let last = nonempty_lines(text, line.start, text.len()).take_while(has_tab).last().unwrap_or(*line);
    let start = leading_tab(text, line)?;
    let tabs = text[start..].bytes().take_while(|&byte| byte == b'\t').count();
    let diagnosis = Diagnosis::new(Problem::TabIndentation, start, start + tabs);
    Some(diagnosis.with_unreadable(line.start..last.end))
}
