//! Diagnoses errors in brackets (YAML's flow style). Where possible, a repair changes a single character, so that no value is
//! lost.

use crate::syntax::yaml::span_fixups;
use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::yaml::builder::ParseStop;
use crate::syntax::yaml::diagnose::diagnosis::Diagnosis;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::Token;
use crate::syntax::yaml::repair::Repair;

/// The brackets that are open where the parser stopped, outermost first.
pub(super) fn openers(text: &str, stop: &ParseStop) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut open: Vec<usize> = stop.open.iter().filter(|(_, flow)| *flow).map(|(start, _)| *start).collect();
    open.retain(|&at| matches!(bytes.get(at), Some(b'[' | b'{')));
    // The builder knows the collections up to its last event; scan the text after the start of the innermost one.
    let from = open.pop().unwrap_or(stop.after);
    for token in line_scan::scan_tokens(text, from.min(stop.at), stop.at) {
        match token {
            Token::Open(at) => open.push(at),
            Token::Close(_) => {
                open.pop();
            }
            Token::Quoted(..) => {}
        }
    }
    open
}

/// Errors about the brackets themselves.
pub(super) fn diagnose_bracket(text: &str, stop: &ParseStop, openers: &[usize]) -> Diagnosis {
    let at = stop.at;
    let bytes = text.as_bytes();
    match stop.kind {
        ErrorKind::UnclosedFlowCollection { open } => {
            let all = openers.iter().copied().filter(|&outer| outer < at).chain([at]).collect::<Vec<_>>();
            diagnose_unclosed_by_indentation(text, &[at], text.len(), all.len() > 1)
                .unwrap_or_else(|| Diagnosis::new(Problem::Unclosed(open), at, at + 1, vec![close_all(text, &all)]))
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            let end = find_mismatch(text, at, close).unwrap_or(at);
            if let Some(found) = diagnose_unclosed_by_indentation(text, &[at], end, !openers.is_empty()) {
                return found;
            }
            let right = if open == '[' { "]" } else { "}" }.to_owned();
            let outer = openers.iter().rev().find(|&&outer| outer < at).map(|&outer| bytes[outer]);
            let closes_outer = outer.is_some_and(|outer| (outer == b'[') == (close == ']'));
            if closes_outer {
                return Diagnosis::new(Problem::Unclosed(open), at, at + 1, vec![Repair::Replace(end..end, right)]);
            }
            Diagnosis::new(Problem::StrayClose(close), end, end + 1, vec![Repair::Replace(end..end + 1, right)])
                .related(at, at + 1)
        }
        _ => {
            let close = text[at..].chars().next().unwrap_or(']');
            let line = line_scan::line_at(text, at);
            let whole = line.text == at || line.value != at;
            let repair = if whole {
                Repair::Replace(at..at + 1, " ".to_owned())
            } else {
                Repair::Value(at..line.end.max(at + 1))
            };
            Diagnosis::new(Problem::StrayClose(close), at, at + close.len_utf8(), vec![repair])
        }
    }
}

/// Appends all missing closing brackets to the text.
fn close_all(text: &str, openers: &[usize]) -> Repair {
    let bytes = text.as_bytes();
    let close = |&at: &usize| if bytes.get(at) == Some(&b'[') { ']' } else { '}' };
    Repair::Replace(text.len()..text.len(), std::iter::once('\n').chain(openers.iter().rev().map(close)).collect())
}

/// The closing bracket of the wrong kind that matches the one at `open`.
fn find_mismatch(text: &str, open: usize, close: char) -> Option<usize> {
    let mut depth = 0usize;
    line_scan::scan_tokens(text, open, text.len()).into_iter().find_map(|token| match token {
        Token::Open(_) => {
            depth += 1;
            None
        }
        Token::Close(at) => {
            depth -= usize::from(depth > 0);
            (depth == 0 && text[at..].starts_with(close)).then_some(at)
        }
        Token::Quoted(..) => None,
    })
}

/// Finds a bracket that was never closed by the indentation: the lines after it include another key of its block.
fn diagnose_unclosed_by_indentation(text: &str, openers: &[usize], limit: usize, nested: bool) -> Option<Diagnosis> {
    let &open = openers.first()?;
    let first = line_scan::line_at(text, open);
    let in_block = first.colon.is_some_and(|colon| colon < open) || (first.key > first.text && first.key <= open);
    if !in_block || first.text == open {
        return None;
    }
    if text[first.full_end..].trim_end().is_empty() && !nested {
        let kind = text[open..].chars().next().unwrap_or('[');
        return Some(Diagnosis::new(Problem::Unclosed(kind), open, open + 1, vec![Repair::Value(open..first.end)]));
    }
    let mut line = first;
    while line.next > line.start && line.next < text.len() && line.next <= limit {
        line = line_scan::line_at(text, line.next);
        if line.is_blank() {
            continue;
        }
        let is_block_key = line.colon.is_some() && !text[line.key..].starts_with(['"', '\'', '{', '[', ']', '}', ',']);
        if line_scan::is_marker(text, line.start) || (line.key_column() <= first.key_column() && is_block_key) {
            let kind = text[open..].chars().next().unwrap_or('[');
            let end = text[..line.start].trim_end().trim_end_matches(',').len().max(open + 1);
            let mut repairs = vec![Repair::Value(open..end)];
            if nested && !text[end..].starts_with(',') {
                repairs.push(insert_comma(end));
            }
            return Some(Diagnosis::new(Problem::Unclosed(kind), open, open + 1, repairs));
        }
    }
    None
}

/// A stray opening bracket: it ends the line of a key, and the lines below are an ordinary block.
pub(super) fn diagnose_stray_opener(text: &str, stop: &ParseStop, openers: &[usize]) -> Option<Diagnosis> {
    let unclosed = matches!(stop.kind, ErrorKind::UnclosedFlowCollection { .. }).then_some(stop.at);
    let open = openers.first().copied().into_iter().chain(unclosed).min()?;
    let line = line_scan::line_at(text, open);
    let below = line_scan::line_at(text, line.next);
    let is_item = text[below.text..].starts_with("- ");
    let starts_block = is_item || (below.colon.is_some() && below.indent() > line.key_column());
    let in_block = line.text < open && line.end == open + 1;
    if !in_block
        || !starts_block
        || text[..below.end].ends_with([',', '{', '['])
        || text[below.key..].starts_with(['"', '\''])
    {
        return None;
    }
    let kind = text[open..].chars().next()?;
    let end = line_scan::block_end(text, &line, line.key_column() + usize::from(!is_item));
    let last = line_scan::line_at(text, end);
    let close = [last, line_scan::line_at(text, last.next)].iter().find_map(|line| {
        let closes = text[line.text..line.full_end].starts_with([']', '}']);
        closes.then_some(line.text)
    });
    let found = Diagnosis::new(Problem::StrayOpen(kind), open, open + 1, Vec::new());
    let blank_out = |at: usize| Repair::Replace(at..at + 1, " ".to_owned());
    match close {
        // Commas at the ends of the lines show that brackets were meant.
        Some(_) if text[open..end].lines().any(|line| line.trim_end().ends_with(',')) => None,
        Some(close) => {
            Some(Diagnosis { repairs: vec![blank_out(open), blank_out(close)], ..found.related(close, close + 1) })
        }
        None => Some(Diagnosis { repairs: vec![blank_out(open)], ..found }),
    }
}

/// Errors in brackets, except those about the brackets themselves.
pub(super) fn diagnose(text: &str, stop: &ParseStop, openers: &[usize]) -> Diagnosis {
    use ErrorKind as Kind;
    let at = stop.at;
    if let Some(found) = diagnose_unclosed_by_indentation(text, openers, at, false) {
        return found;
    }
    let Some(character) = text[at..].chars().next() else {
        let open = openers.last().copied().unwrap_or_default();
        let kind = text[open..].chars().next().unwrap_or('[');
        return Diagnosis::new(Problem::Unclosed(kind), open, open + 1, vec![close_all(text, openers)]);
    };
    let end = item_end(text, at).max(at + character.len_utf8());
    let replace_item = |problem| Diagnosis::new(problem, at, end, vec![Repair::Value(at..end)]);
    match (&stop.kind, character) {
        (Kind::FlowMappingValueAdjacentCollection, _) => {
            let close = line_scan::line_at(text, at).full_end;
            Diagnosis::new(Problem::MissingSpace, at, at + 1, vec![Repair::Blank(at + 1..close.max(at + 1))])
        }
        (Kind::MissingAnchorOrAliasName | Kind::UnexpectedCharacter { .. }, c) => replace_item(Problem::NeedsQuotes(c)),
        (_, '!') => replace_item(Problem::NeedsQuotes('!')),
        (Kind::BlockEntryInFlowCollection | Kind::PlainScalarStartsWithDashFlowIndicator, c) => {
            Diagnosis::new(Problem::Unexpected(c), at, at + 1, vec![Repair::Blank(at..at + 1)])
        }
        (_, ',') => Diagnosis::new(Problem::ExtraComma, at, at + 1, vec![Repair::Replace(at..at + 1, " ".to_owned())]),
        (_, ':') => diagnose_second_colon(text, at),
        (Kind::ExpectedFlowMappingSeparator | Kind::ExpectedFlowSequenceSeparator, _) => {
            diagnose_missing_comma(text, at)
        }
        (Kind::CommentNotSeparated, c) => {
            let open = openers.last().copied().unwrap_or(at);
            if text[..at].ends_with("{{") {
                let line = line_scan::line_at(text, at);
                let start = openers.get(openers.len().saturating_sub(2)).copied().unwrap_or(open);
                return Diagnosis::new(
                    Problem::NeedsQuotes('{'),
                    start,
                    line.full_end,
                    vec![Repair::Value(start..line.full_end)],
                );
            }
            replace_item(Problem::NeedsQuotes(c))
        }
        (_, c) => replace_item(Problem::Unexpected(c)),
    }
}

fn diagnose_missing_comma(text: &str, at: usize) -> Diagnosis {
    let (start, end) = last_char_before(text, at);
    Diagnosis::new(Problem::MissingComma, start, end, vec![insert_comma(at)])
}

/// The span of the last character before `at` that is not a blank; a missing comma is reported there.
fn last_char_before(text: &str, at: usize) -> (usize, usize) {
    let end = text[..at].trim_end().len();
    (span_fixups::snap(text, end.saturating_sub(1)), end)
}

fn insert_comma(at: usize) -> Repair {
    Repair::Replace(at..at, ",".to_owned())
}

/// A second colon in an item: `{a: 1 b: 2}` lacks a comma, `{a: b: c}` lacks quotes.
fn diagnose_second_colon(text: &str, at: usize) -> Diagnosis {
    let before = &text[..at];
    let item = before.rfind([',', '{', '[']).map_or(0, |found| found + 1);
    let value = before[item..].find(": ").or_else(|| before[item..].find(":\n")).map(|found| item + found + 1);
    let Some(value) = value else {
        let last_blank = before.trim_end().rfind(char::is_whitespace).filter(|&blank| blank > item);
        return match last_blank {
            Some(blank) => {
                let start = blank + 1;
                let (from, to) = last_char_before(text, start);
                Diagnosis::new(Problem::MissingComma, from, to, vec![insert_comma(start)])
            }
            None => Diagnosis::new(Problem::Unexpected(':'), at, at + 1, vec![Repair::Blank(at..at + 1)]),
        };
    };
    let value = value + (text[value..].len() - text[value..].trim_start().len());
    let between = &text[value.min(at)..at];
    if let Some(blank) = between.trim_end().rfind(char::is_whitespace) {
        let start = value + blank + 1;
        let (from, to) = last_char_before(text, start);
        return Diagnosis::new(Problem::MissingComma, from, to, vec![insert_comma(start)]);
    }
    let end = item_end(text, at).max(at + 1);
    let value = value.min(at);
    Diagnosis::new(Problem::NeedsQuotes(':'), value, end, vec![Repair::Value(value..end)])
}

/// Text after a closing quote, in brackets.
pub(super) fn diagnose_text_after_quote(
    text: &str,
    start: usize,
    end: usize,
    at: usize,
    openers: &[usize],
) -> Diagnosis {
    let bytes = text.as_bytes();
    let quote = char::from(bytes[start]);
    let before = text[..start].trim_end().as_bytes().last().copied();
    let mapping = openers.last().is_some_and(|&open| bytes[open] == b'{');
    if at > end && mapping && matches!(before, Some(b'{' | b',')) {
        return Diagnosis::new(Problem::MissingColon, start, end, vec![Repair::Replace(end..end, ":".to_owned())]);
    }
    let line = line_scan::line_at(text, at);
    if at > end && matches!(bytes[at], b'"' | b'\'') && line_scan::quote_end(bytes, at, line.full_end).is_none() {
        let value_end = at + text[at..line.full_end].trim_end_matches([' ', '\t', ',', ']', '}']).len().max(1);
        return Diagnosis::new(Problem::UnclosedText, at, at + 1, vec![insert_comma(at), Repair::Value(at..value_end)]);
    }
    if at > end {
        return diagnose_missing_comma(text, at);
    }
    let item_end = item_end(text, at).max(at + 1);
    Diagnosis::new(Problem::AfterQuote(quote), at, item_end, vec![Repair::Value(start..item_end)])
}

/// The end of the value or key at `at`: before the next comma, closing bracket or line break outside of quotes.
fn item_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let line = line_scan::line_at(text, at).full_end;
    let mut here = at;
    while here < line {
        match bytes[here] {
            b'"' | b'\'' if here == at => here = line_scan::quote_end(bytes, here, line).unwrap_or(here + 1),
            b',' | b']' | b'}' => break,
            _ => here += 1,
        }
    }
    span_fixups::snap(text, at + text[at..span_fixups::snap(text, here)].trim_end().len())
}
