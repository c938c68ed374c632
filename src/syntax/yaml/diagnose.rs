//! Finds the probable cause of a parse error, and a repair that lets the parser continue.
//!
//! The parser reports where its grammar failed, which is often far from the mistake: a list without its `]` fails at the next
//! key. The modules below scan the lines around that place for the usual mistakes.

mod block;
mod diagnosis;
mod escape;
mod flow;
mod tabs;

use granit_parser::ErrorKind;

use crate::syntax::yaml::builder::ParseStop;
use crate::syntax::yaml::diagnose::diagnosis::Diagnosis;
use crate::syntax::yaml::repair::Repair;
use crate::syntax::yaml::{indentation, line_scan};
use crate::syntax::{Problem, merge_conflict};

/// Finds the cause of a stop.
pub(super) fn diagnose(text: &str, stop: &ParseStop) -> Diagnosis {
    use ErrorKind as Kind;
    let at = stop.at;
    let openers = flow::openers(text, stop);
    // These mistakes stop the parser with many different reasons, so they are checked before its reason is considered.
    let found = flow::diagnose_stray_opener(text, stop, &openers)
        .or_else(|| diagnose_quotes(text, stop, &openers))
        .or_else(|| tabs::diagnose(text, stop, !openers.is_empty()))
        .or_else(|| diagnose_foreign_line(text, at))
        .or_else(|| diagnose_dedented_text(text, at));
    if let Some(found) = found {
        return found;
    }
    match &stop.kind {
        Kind::UnexpectedCharacter { character } if !"@`%|>".contains(*character) => {
            diagnose_control_character(text, at, *character)
        }
        Kind::BomInsideDocument => diagnose_control_character(text, at, '\u{feff}'),
        Kind::UndeclaredTagHandle => {
            let end = text[at..].find(char::is_whitespace).map_or(text.len(), |found| at + found);
            Diagnosis::new(Problem::CustomTag(text[at..end].to_owned()), at, end, vec![Repair::Blank(at..end)])
        }
        Kind::MisplacedFlowCollectionEnd
        | Kind::MismatchedFlowCollectionEnd { .. }
        | Kind::UnclosedFlowCollection { .. } => flow::diagnose_bracket(text, stop, &openers),
        _ if !openers.is_empty() => flow::diagnose(text, stop, &openers),
        _ => block::diagnose(text, stop),
    }
}

/// The repair for a text that the diagnosis did not change: blanks out the line or, if it is already blank, the closest line
/// before it that is not.
pub(super) fn blank_out_line(text: &str, at: usize) -> Vec<Repair> {
    let mut line = line_scan::line_at(text, at);
    if line.is_blank() && line.text == line.full_end {
        match line_scan::line_before(text, &line) {
            Some(before) => line = before,
            None => return Vec::new(),
        }
    }
    vec![Repair::Lines(line.start..line.full_end)]
}

/// A line that is no YAML: a marker of a merge conflict, or a comment of another language. It is the line of the stop or the
/// one before.
fn diagnose_foreign_line(text: &str, at: usize) -> Option<Diagnosis> {
    let line = line_scan::line_at(text, at);
    for line in [Some(line), line_scan::line_before(text, &line)].into_iter().flatten() {
        let content = &text[line.text..line.full_end];
        let problem = if line.indent() == 0 && merge_conflict::is_marker(content) {
            Problem::MergeConflict
        } else if content.starts_with("//") || content.starts_with("/*") {
            Problem::Comment
        } else {
            continue;
        };
        let repairs = vec![Repair::Lines(line.start..line.full_end)];
        return Some(Diagnosis::new(problem, line.text, line.end, repairs));
    }
    None
}

/// Text that is indented less than the block scalar it belongs to.
fn diagnose_dedented_text(text: &str, at: usize) -> Option<Diagnosis> {
    let (line, repairs) = indentation::dedented_text(text, &line_scan::line_at(text, at))?;
    Some(Diagnosis::new(Problem::Indentation, line.text, line.end, repairs))
}

/// A control character, which YAML forbids (section 5.1). The repair removes the ones next to it, too.
fn diagnose_control_character(text: &str, at: usize, character: char) -> Diagnosis {
    let start = text[at..].find(character).map_or(at, |found| at + found);
    let is_forbidden = |c: char| {
        c == '\u{feff}' || (c.is_control() && !"\t\n\r\u{85}".contains(c)) || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    let length =
        text[start..].chars().take_while(|&c| c == character || is_forbidden(c)).map(char::len_utf8).sum::<usize>();
    Diagnosis::new(
        Problem::ControlCharacter(character),
        start,
        start + character.len_utf8(),
        vec![Repair::Replace(start..start + length, String::new())],
    )
}

/// Errors in and next to quoted text.
fn diagnose_quotes(text: &str, stop: &ParseStop, openers: &[usize]) -> Option<Diagnosis> {
    use ErrorKind as Kind;
    let at = stop.at;
    match stop.kind {
        Kind::UnclosedQuotedScalar | Kind::DocumentIndicatorInQuotedScalar => {
            Some(diagnose_unclosed_quote(text, at, text.len(), openers))
        }
        Kind::InvalidQuotedScalarIndent | Kind::TabInIndentation => {
            let (start, _) = last_quoted_text(text, stop.after, at)?;
            if stop.kind == Kind::TabInIndentation && tabs::leading_tab(text, &line_scan::line_at(text, at)).is_some() {
                return None;
            }
            let line = line_scan::line_at(text, at);
            let bytes = text.as_bytes();
            match line_scan::quote_end(bytes, start, text.len()) {
                Some(end) if line.colon.is_none() && end <= line_scan::block_end(text, &line, line.indent()) => {
                    let first = line_scan::line_at(text, start);
                    let found =
                        Diagnosis::new(Problem::Indentation, line.text, line.end, vec![Repair::Value(start..end)]);
                    Some(found.related(start, first.end.max(start + 1)))
                }
                _ => Some(diagnose_unclosed_quote(text, start, line.start, openers)),
            }
        }
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => {
            let (start, end) = last_quoted_text(text, stop.after, at)?;
            let end = end.unwrap_or(at);
            let lines = text[start..end].contains(['\n', '\r']);
            Some(if lines {
                diagnose_unclosed_quote(text, start, at, openers)
            } else if openers.is_empty() {
                diagnose_dedented_text(text, at)
                    .unwrap_or_else(|| block::diagnose_text_after_quote(text, start, end, at))
            } else {
                flow::diagnose_text_after_quote(text, start, end, at, openers)
            })
        }
        Kind::UnknownQuotedScalarEscape
        | Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidLowSurrogateHexEscape
        | Kind::InvalidLowSurrogate
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate
        | Kind::InvalidUnicodeEscape => {
            let (errors, repairs) = escape::find_bad_escapes(text, at).into_iter().unzip();
            Some(Diagnosis { errors, repairs })
        }
        _ => None,
    }
}

/// A quote that is not closed. In brackets, the text is assumed to end with its line; otherwise with the last line that
/// belongs to the value by its indentation.
fn diagnose_unclosed_quote(text: &str, start: usize, limit: usize, openers: &[usize]) -> Diagnosis {
    let line = line_scan::line_at(text, start);
    let end = if openers.is_empty() {
        line_scan::block_end(text, &line, line.key_column() + 1).min(limit.max(line.full_end))
    } else {
        let rest = text[start..line.full_end].trim_end_matches([' ', '\t', ',', ']', '}']);
        start + rest.len().max(1)
    };
    Diagnosis::new(Problem::UnclosedText, start, start + 1, vec![Repair::Value(start..end)])
}

/// The start of the last quoted text that starts between two offsets, and its end if it has one before `at`.
fn last_quoted_text(text: &str, after: usize, at: usize) -> Option<(usize, Option<usize>)> {
    line_scan::scan_tokens(text, after.min(at), at).into_iter().rev().find_map(|mark| match mark {
        line_scan::Token::Quoted(start, end) => Some((start, end)),
        _ => None,
    })
}
