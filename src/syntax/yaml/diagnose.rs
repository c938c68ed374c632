//! Finds the probable cause of a parse error, and a repair that lets the parser continue.
//!
//! The parser reports where its grammar failed, which is often far from the mistake: a list without its `]` fails at the next
//! key. The modules below scan the lines around that place for the usual mistakes.

mod block;
mod diagnosis;
mod escape;
mod flow;
mod quotes;
mod tabs;

use granit_parser::ErrorKind;

use crate::syntax::yaml::diagnose::diagnosis::Diagnosis;
use crate::syntax::yaml::parse_pass::ParseStop;
use crate::syntax::yaml::repair::Repair;
use crate::syntax::yaml::{indentation, line_scan};
use crate::syntax::{Problem, merge_conflict};

/// Finds the cause of a stop.
pub(super) fn diagnose_stop(text: &str, stop: &ParseStop) -> Diagnosis {
    use ErrorKind as Kind;
    let at = stop.at;
    let open_brackets = flow::find_open_brackets(text, stop);
    // These mistakes stop the parser with many different reasons, so they are checked before its reason is considered.
    let diagnosis = flow::diagnose_stray_opener(text, stop, &open_brackets)
        .or_else(|| quotes::diagnose_quotes(text, stop, &open_brackets))
        .or_else(|| tabs::diagnose_tabs(text, stop, !open_brackets.is_empty()))
        .or_else(|| diagnose_foreign_line(text, at))
        .or_else(|| diagnose_dedented_text(text, at));
    if let Some(diagnosis) = diagnosis {
        return diagnosis;
    }
    match &stop.kind {
        // A value that starts with one of these five needs quotes, which the modules for brackets and blocks report.
        Kind::UnexpectedCharacter { character } if !"@`%|>".contains(*character) => {
            diagnose_control_character(text, at, *character)
        }
        Kind::BomInsideDocument => diagnose_control_character(text, at, '\u{feff}'),
        Kind::UndeclaredTagHandle => {
            let end = text[at..].find(char::is_whitespace).map_or(text.len(), |length| at + length);
            Diagnosis::new(Problem::CustomTag(text[at..end].to_owned()), at, end, vec![Repair::BlankOut(at..end)])
        }
        Kind::MisplacedFlowCollectionEnd
        | Kind::MismatchedFlowCollectionEnd { .. }
        | Kind::UnclosedFlowCollection { .. } => flow::diagnose_bracket(text, stop, &open_brackets),
        _ if !open_brackets.is_empty() => flow::diagnose_item(text, stop, &open_brackets),
        _ => block::diagnose_block(text, stop),
    }
}

/// The repair for a text that the diagnosis did not change: blanks out the line or, if it is already blank, the closest line
/// before it that is not.
pub(super) fn blank_out_line(text: &str, at: usize) -> Vec<Repair> {
    let mut line = line_scan::line_at(text, at);
    if line.is_empty() {
        match line_scan::line_before(text, &line) {
            Some(previous) => line = previous,
            None => return Vec::new(),
        }
    }
    vec![Repair::BlankOutLines(line.start..line.end)]
}

/// A line that is no YAML: a marker of a merge conflict, or a comment of another language. It is the line of the stop or the
/// one before.
fn diagnose_foreign_line(text: &str, at: usize) -> Option<Diagnosis> {
    let stop_line = line_scan::line_at(text, at);
    for line in [Some(stop_line), line_scan::line_before(text, &stop_line)].into_iter().flatten() {
        let content = &text[line.text_start..line.end];
        let problem = if line.indent() == 0 && merge_conflict::is_marker(content) {
            Problem::MergeConflict
        } else if content.starts_with("//") || content.starts_with("/*") {
            Problem::Comment
        } else {
            continue;
        };
        let repairs = vec![Repair::BlankOutLines(line.start..line.end)];
        return Some(Diagnosis::new(problem, line.text_start, line.text_end, repairs));
    }
    None
}

/// Text that is indented less than the block scalar it belongs to.
fn diagnose_dedented_text(text: &str, at: usize) -> Option<Diagnosis> {
    let (line, repairs) = indentation::find_dedented_text(text, &line_scan::line_at(text, at))?;
    Some(Diagnosis::new(Problem::Indentation, line.text_start, line.text_end, repairs))
}

/// A control character, which YAML forbids (YAML 1.2, section 5.1). The repair removes the ones next to it, too.
fn diagnose_control_character(text: &str, at: usize, character: char) -> Diagnosis {
    let start = text[at..].find(character).map_or(at, |offset| at + offset);
    let mut end = start;
    for next in text[start..].chars() {
        if next != character && !is_forbidden(next) {
            break;
        }
        end += next.len_utf8();
    }
    Diagnosis::new(
        Problem::ControlCharacter(character),
        start,
        start + character.len_utf8(),
        vec![Repair::Replace(start..end, String::new())],
    )
}

/// Whether a character is outside of YAML's printable set. A byte order mark is allowed only at the start.
fn is_forbidden(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\u{feff}' | '\u{fffe}' | '\u{ffff}' => true,
        _ => character.is_control(),
    }
}
