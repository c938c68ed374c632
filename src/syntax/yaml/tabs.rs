//! Tabs where only spaces may stand. How wide a tab is meant to be is told by the lines around it.

use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::yaml::builder::ParseStop;
use crate::syntax::yaml::diagnose::Diagnosis;
use crate::syntax::yaml::indentation::Open;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::Line;
use crate::syntax::yaml::repair::Repair;

/// How wide a tab may be meant to be, the likeliest first.
const WIDTHS: [usize; 4] = [2, 4, 8, 1];

/// Finds the tabs that stopped the parser.
pub fn diagnose(text: &str, halt: &ParseStop, in_brackets: bool) -> Option<Diagnosis> {
    use ErrorKind as Kind;
    let here = line_scan::line_at(text, halt.at);
    let named = matches!(
        halt.kind,
        Kind::TabNotAllowed
            | Kind::TabInBlockIndentation
            | Kind::TabInIndentation
            | Kind::TabInPlainScalar
            | Kind::TabAtBlockScalarStart
            | Kind::InvalidBlockEntryWhitespace
    );
    if !named && (in_brackets || matches!(halt.kind, Kind::UnexpectedCharacter { .. })) {
        return None;
    }
    if let Some(found) = run(text, &here) {
        return Some(found);
    }
    named.then(|| below(text, &here).or_else(|| between(text, &here, halt.at))).flatten()
}

/// The first tab before the text of a line.
pub fn leading(text: &str, line: &Line) -> Option<usize> {
    text[line.start..line.text].find('\t').map(|tab| line.start + tab)
}

/// The tab-indented lines around `line`, as one error: whoever wrote one with tabs wrote them all so. Lines without
/// indentation do not end them.
pub fn run(text: &str, line: &Line) -> Option<Diagnosis> {
    leading(text, line)?;
    let mut first = *line;
    while let Some(before) = line_scan::line_before(text, &first).filter(|line| leading(text, line).is_some()) {
        first = before;
    }
    let start = leading(text, &first)?;
    let end = start + text[start..first.text].bytes().take_while(|byte| *byte == b'\t').count();
    let mut open = Open::before(text, &first);
    let mut repairs = Vec::new();
    let mut widths = WIDTHS.to_vec();
    let mut line = first;
    loop {
        let tabs = leading(text, &line).is_some();
        if line.text < line.full_end {
            let mut column = line.indent();
            if tabs {
                let reach = |width: usize| reach(&text[line.start..line.text], width);
                column = open.fit(text, &line, &widths.iter().map(|&width| reach(width)).collect::<Vec<_>>());
                repairs.push(Repair::Indent(line.start..line.text, column));
                if widths.iter().any(|&width| reach(width) == column) {
                    widths.retain(|&width| reach(width) == column);
                }
            }
            open.enter(text, &line, column);
        } else if tabs {
            repairs.push(Repair::Indent(line.start..line.text, 0));
        }
        if line.next >= text.len() || line.next <= line.start {
            break;
        }
        line = line_scan::line_at(text, line.next);
        if line.indent() > 0 && line.text < line.full_end && leading(text, &line).is_none() {
            break;
        }
    }
    Some(Diagnosis::new(Problem::TabIndentation, start, end, repairs))
}

/// The column that blanks and tabs of a width reach.
fn reach(blanks: &str, width: usize) -> usize {
    blanks.bytes().fold(0, |column, byte| if byte == b'\t' { (column / width + 1) * width } else { column + 1 })
}

/// The first tab-indented line below `line`.
fn below(text: &str, line: &Line) -> Option<Diagnosis> {
    let mut line = *line;
    while line.next > line.start && line.next < text.len() {
        line = line_scan::line_at(text, line.next);
        if let Some(found) = run(text, &line) {
            return Some(found);
        }
    }
    None
}

/// The last tab of a line before `at`.
fn between(text: &str, line: &Line, at: usize) -> Option<Diagnosis> {
    let tab = line.start + text[line.start..at.max(line.start)].rfind('\t')?;
    let spaces = text[line.start..line.full_end].replace('\t', " ");
    let repairs = vec![Repair::Write(line.start..line.full_end, spaces)];
    Some(Diagnosis::new(Problem::TabIndentation, tab, tab + 1, repairs))
}
