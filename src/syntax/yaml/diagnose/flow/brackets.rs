//! Diagnoses brackets that are not closed, close nothing, or are of the wrong kind.

use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::yaml::diagnose::diagnosis::Diagnosis;
use crate::syntax::yaml::diagnose::flow::{bracket_at, insert_comma};
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::{FlowToken, Line};
use crate::syntax::yaml::parse_pass::ParseStop;
use crate::syntax::yaml::repair::Repair;

/// Finds the cause of a stop at a bracket.
pub(in crate::syntax::yaml::diagnose) fn diagnose_bracket(
    text: &str,
    stop: &ParseStop,
    open_brackets: &[usize],
) -> Diagnosis {
    let at = stop.at;
    match stop.kind {
        ErrorKind::UnclosedFlowCollection { open } => {
            let mut unclosed: Vec<usize> = open_brackets.iter().copied().filter(|&outer| outer < at).collect();
            let is_nested = !unclosed.is_empty();
            unclosed.push(at);
            diagnose_unclosed_by_indentation(text, &[at], text.len(), is_nested).unwrap_or_else(|| {
                Diagnosis::new(Problem::Unclosed(open), at, at + 1, vec![close_all(text, &unclosed)])
            })
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            diagnose_mismatch(text, at, (open, close), open_brackets)
        }
        _ => {
            let close = text[at..].chars().next().unwrap_or(']');
            let line = line_scan::line_at(text, at);
            // A value that starts with a closing bracket is text without quotes: `a: ]`.
            let is_value = line.text_start != at && line.value_start == at;
            let repair = if is_value {
                Repair::BreakValue(at..line.text_end.max(at + 1))
            } else {
                Repair::Replace(at..at + 1, " ".to_owned())
            };
            Diagnosis::new(Problem::StrayClose(close), at, at + close.len_utf8(), vec![repair])
        }
    }
}

/// A bracket at `at` that is closed by one of the other kind. `kinds` are the two.
fn diagnose_mismatch(text: &str, at: usize, (open, close): (char, char), open_brackets: &[usize]) -> Diagnosis {
    let close_at = find_mismatch(text, at, close).unwrap_or(at);
    if let Some(diagnosis) = diagnose_unclosed_by_indentation(text, &[at], close_at, !open_brackets.is_empty()) {
        return diagnosis;
    }
    let right_close = if open == '[' { "]" } else { "}" }.to_owned();
    let outer = open_brackets.iter().rev().find(|&&outer| outer < at);
    let closes_outer = outer.is_some_and(|&outer| (text.as_bytes()[outer] == b'[') == (close == ']'));
    if closes_outer {
        // `[1, {a: 2]`: the closing bracket belongs to the outer list, and the inner one has none.
        let repairs = vec![Repair::Replace(close_at..close_at, right_close)];
        return Diagnosis::new(Problem::Unclosed(open), at, at + 1, repairs);
    }
    let repairs = vec![Repair::Replace(close_at..close_at + 1, right_close)];
    Diagnosis::new(Problem::StrayClose(close), close_at, close_at + 1, repairs).with_related(at, at + 1)
}

/// Appends all missing closing brackets to the text.
pub(super) fn close_all(text: &str, open_brackets: &[usize]) -> Repair {
    // The last line may end with a comment, so the brackets are on a line of their own.
    let mut closers = String::from("\n");
    for &open in open_brackets.iter().rev() {
        closers.push(if text.as_bytes().get(open) == Some(&b'[') { ']' } else { '}' });
    }
    Repair::Replace(text.len()..text.len(), closers)
}

/// The closing bracket of the wrong kind that matches the one at `open`.
fn find_mismatch(text: &str, open: usize, close: char) -> Option<usize> {
    let mut depth = 0usize;
    for token in line_scan::scan_flow_tokens(text, open, text.len()) {
        match token {
            FlowToken::Open(_) => depth += 1,
            FlowToken::Close(at) => {
                depth = depth.saturating_sub(1);
                if depth == 0 && text[at..].starts_with(close) {
                    return Some(at);
                }
            }
            FlowToken::Quoted(..) => {}
        }
    }
    None
}

/// Finds a bracket that was never closed by the indentation: the lines after it include another key of its block.
pub(super) fn diagnose_unclosed_by_indentation(
    text: &str,
    open_brackets: &[usize],
    limit: usize,
    is_nested: bool,
) -> Option<Diagnosis> {
    let &open = open_brackets.first()?;
    let first = line_scan::line_at(text, open);
    let is_value = first.colon.is_some_and(|colon| colon < open);
    let is_item = first.key_start > first.text_start && first.key_start <= open;
    if !(is_value || is_item) || first.text_start == open {
        return None;
    }
    let problem = Problem::Unclosed(bracket_at(text, open));
    if text[first.end..].trim_end().is_empty() && !is_nested {
        let repairs = vec![Repair::BreakValue(open..first.text_end)];
        return Some(Diagnosis::new(problem, open, open + 1, repairs));
    }
    let mut line = first;
    while !line.is_last(text) && line.next_start <= limit {
        line = line_scan::line_at(text, line.next_start);
        if line.is_blank() || !(line_scan::is_marker(text, line.start) || is_key_of_outer_block(text, &line, &first)) {
            continue;
        }
        // The value ends before this line, and before its last comma.
        let end = text[..line.start].trim_end().trim_end_matches(',').len().max(open + 1);
        let mut repairs = vec![Repair::BreakValue(open..end)];
        if is_nested && !text[end..].starts_with(',') {
            repairs.push(insert_comma(end));
        }
        return Some(Diagnosis::new(problem, open, open + 1, repairs));
    }
    None
}

/// Whether a line has a key that is not inside the value of `first`. Keys in quotes and lines that start with a bracket or
/// comma are typical of JSON, where the indentation has no meaning.
fn is_key_of_outer_block(text: &str, line: &Line, first: &Line) -> bool {
    line.key_column() <= first.key_column()
        && line.colon.is_some()
        && !text[line.key_start..].starts_with(['"', '\'', '{', '[', ']', '}', ','])
}

/// A stray opening bracket: it ends the line of a key, and the lines below are an ordinary block.
pub(in crate::syntax::yaml::diagnose) fn diagnose_stray_opener(
    text: &str,
    stop: &ParseStop,
    open_brackets: &[usize],
) -> Option<Diagnosis> {
    let mut open = open_brackets.first().copied();
    if let ErrorKind::UnclosedFlowCollection { .. } = stop.kind {
        open = Some(open.map_or(stop.at, |open| open.min(stop.at)));
    }
    let open = open?;
    let line = line_scan::line_at(text, open);
    let below = line_scan::line_at(text, line.next_start);
    let ends_key_line = line.text_start < open && line.text_end == open + 1;
    let is_item = text[below.text_start..].starts_with("- ");
    let starts_block = is_item || (below.colon.is_some() && below.indent() > line.key_column());
    if !ends_key_line || !starts_block {
        return None;
    }
    // A comma, a further bracket or a quoted key shows that brackets were meant.
    if text[..below.text_end].ends_with([',', '{', '[']) || text[below.key_start..].starts_with(['"', '\'']) {
        return None;
    }
    let block_end = line_scan::block_end(text, &line, line.key_column() + usize::from(!is_item));
    let diagnosis = Diagnosis::new(Problem::StrayOpen(bracket_at(text, open)), open, open + 1, vec![blank_out(open)]);
    let Some(close) = find_closing_line(text, block_end) else { return Some(diagnosis) };
    if text[open..block_end].lines().any(|line| line.trim_end().ends_with(',')) {
        return None;
    }
    let mut diagnosis = diagnosis.with_related(close, close + 1);
    diagnosis.repairs.push(blank_out(close));
    Some(diagnosis)
}

/// The closing bracket that starts the last line of a block or the line after it.
fn find_closing_line(text: &str, block_end: usize) -> Option<usize> {
    let last = line_scan::line_at(text, block_end);
    for line in [last, line_scan::line_at(text, last.next_start)] {
        if text[line.text_start..line.end].starts_with([']', '}']) {
            return Some(line.text_start);
        }
    }
    None
}

/// Replaces a bracket with a space, so that no offset moves.
fn blank_out(at: usize) -> Repair {
    Repair::Replace(at..at + 1, " ".to_owned())
}
