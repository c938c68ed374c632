//! Diagnoses errors in brackets (YAML's flow style). Where possible, a repair changes a single character, so that no value is
//! lost.

mod brackets;

use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::yaml::diagnose::diagnosis::Diagnosis;
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::FlowToken;
use crate::syntax::yaml::parse_pass::ParseStop;
use crate::syntax::yaml::repair::Repair;
use crate::syntax::yaml::span_fixups;
use brackets::{close_all, diagnose_unclosed_by_indentation};
pub(super) use brackets::{diagnose_bracket, diagnose_stray_opener};

/// The offsets of the brackets that are open where the parser stopped, outermost first.
pub(super) fn find_open_brackets(text: &str, stop: &ParseStop) -> Vec<usize> {
    let mut open = Vec::new();
    for collection in &stop.open {
        // A mapping without braces in a list, `[a: 1]`, is in flow style as well.
        let is_bracket = matches!(text.as_bytes().get(collection.start), Some(b'[' | b'{'));
        if collection.is_flow && is_bracket {
            open.push(collection.start);
        }
    }
    // The builder knows the collections up to its last event; scan the text after the start of the innermost one.
    let scan_start = open.pop().unwrap_or(stop.last_event_end);
    for token in line_scan::scan_flow_tokens(text, scan_start.min(stop.at), stop.at) {
        match token {
            FlowToken::Open(at) => open.push(at),
            FlowToken::Close(_) => {
                open.pop();
            }
            FlowToken::Quoted(..) => {}
        }
    }
    open
}

/// Errors in brackets, except those about the brackets themselves.
pub(super) fn diagnose_item(text: &str, stop: &ParseStop, open_brackets: &[usize]) -> Diagnosis {
    use ErrorKind as Kind;
    let at = stop.at;
    if let Some(diagnosis) = diagnose_unclosed_by_indentation(text, open_brackets, at, false) {
        return diagnosis;
    }
    let Some(character) = text[at..].chars().next() else {
        let open = open_brackets.last().copied().unwrap_or_default();
        let repairs = vec![close_all(text, open_brackets)];
        return Diagnosis::new(Problem::Unclosed(bracket_at(text, open)), open, open + 1, repairs);
    };
    let problem = match (&stop.kind, character) {
        (Kind::FlowMappingValueAdjacentCollection, _) => {
            let line_end = line_scan::line_at(text, at).end;
            let repairs = vec![Repair::BlankOut(at + 1..line_end.max(at + 1))];
            return Diagnosis::new(Problem::MissingSpace, at, at + 1, repairs);
        }
        (Kind::MissingAnchorOrAliasName | Kind::UnexpectedCharacter { .. }, _) | (_, '!') => {
            Problem::NeedsQuotes(character)
        }
        (Kind::BlockEntryInFlowCollection | Kind::PlainScalarStartsWithDashFlowIndicator, _) => {
            return Diagnosis::new(Problem::Unexpected(character), at, at + 1, vec![Repair::BlankOut(at..at + 1)]);
        }
        (_, ',') => {
            let repairs = vec![Repair::Replace(at..at + 1, " ".to_owned())];
            return Diagnosis::new(Problem::ExtraComma, at, at + 1, repairs);
        }
        (_, ':') => return diagnose_second_colon(text, at),
        (Kind::ExpectedFlowMappingSeparator | Kind::ExpectedFlowSequenceSeparator, _) => {
            return diagnose_missing_comma(text, at);
        }
        // `{{#if x}}`: the `#` of a template variable is taken for a comment.
        (Kind::CommentNotSeparated, _) if text[..at].ends_with("{{") => {
            return diagnose_template(text, at, open_brackets);
        }
        (Kind::CommentNotSeparated, _) => Problem::NeedsQuotes(character),
        _ => Problem::Unexpected(character),
    };
    let end = item_end(text, at).max(at + character.len_utf8());
    Diagnosis::new(problem, at, end, vec![Repair::BreakValue(at..end)])
}

/// The bracket at an offset.
fn bracket_at(text: &str, at: usize) -> char {
    text[at..].chars().next().unwrap_or('[')
}

/// An unquoted template variable, whose two braces are the last two open brackets.
fn diagnose_template(text: &str, at: usize, open_brackets: &[usize]) -> Diagnosis {
    let start = match open_brackets {
        [.., outer, _] => *outer,
        [only] => *only,
        [] => at,
    };
    let end = line_scan::line_at(text, at).end;
    Diagnosis::new(Problem::NeedsQuotes('{'), start, end, vec![Repair::BreakValue(start..end)])
}

/// Two items without a comma between them, the second of which starts at `next_item`.
fn diagnose_missing_comma(text: &str, next_item: usize) -> Diagnosis {
    // The error is reported at the last character of the first item, where the comma belongs.
    let end = text[..next_item].trim_end().len();
    let start = span_fixups::snap(text, end.saturating_sub(1));
    Diagnosis::new(Problem::MissingComma, start, end, vec![insert_comma(next_item)])
}

fn insert_comma(at: usize) -> Repair {
    Repair::Replace(at..at, ",".to_owned())
}

/// A second colon in an item: `{a: 1 b: 2}` lacks a comma, `{a: b: c}` lacks quotes.
fn diagnose_second_colon(text: &str, at: usize) -> Diagnosis {
    let before = &text[..at];
    let item_start = before.rfind([',', '{', '[']).map_or(0, |separator| separator + 1);
    let item = &before[item_start..];
    let Some(first_colon) = item.find(": ").or_else(|| item.find(":\n")) else {
        // There is no first colon, so the text before this one is the key, or a value and the key of the next item.
        return match before.trim_end().rfind(char::is_whitespace) {
            Some(blank) if blank > item_start => diagnose_missing_comma(text, blank + 1),
            _ => Diagnosis::new(Problem::Unexpected(':'), at, at + 1, vec![Repair::BlankOut(at..at + 1)]),
        };
    };
    let after_colon = item_start + first_colon + 1;
    let value_start = (text.len() - text[after_colon..].trim_start().len()).min(at);
    if let Some(blank) = text[value_start..at].trim_end().rfind(char::is_whitespace) {
        return diagnose_missing_comma(text, value_start + blank + 1);
    }
    let end = item_end(text, at).max(at + 1);
    Diagnosis::new(Problem::NeedsQuotes(':'), value_start, end, vec![Repair::BreakValue(value_start..end)])
}

/// Text after a closing quote, in brackets.
pub(super) fn diagnose_text_after_quote(
    text: &str,
    start: usize,
    end: usize,
    at: usize,
    open_brackets: &[usize],
) -> Diagnosis {
    let bytes = text.as_bytes();
    if at <= end {
        // `"it"s`: a quote inside the text.
        let quote = char::from(bytes[start]);
        let item_end = item_end(text, at).max(at + 1);
        return Diagnosis::new(Problem::AfterQuote(quote), at, item_end, vec![Repair::BreakValue(start..item_end)]);
    }
    let is_in_mapping = open_brackets.last().is_some_and(|&open| bytes[open] == b'{');
    if is_in_mapping && text[..start].trim_end().ends_with(['{', ',']) {
        // `{"key" value}`
        return Diagnosis::new(Problem::MissingColon, start, end, vec![Repair::Replace(end..end, ":".to_owned())]);
    }
    let line_end = line_scan::line_at(text, at).end;
    if matches!(bytes[at], b'"' | b'\'') && line_scan::quote_end(bytes, at, line_end).is_none() {
        // `["a" "b]`: the second text lacks its closing quote as well.
        let unclosed = text[at..line_end].trim_end_matches([' ', '\t', ',', ']', '}']);
        let repairs = vec![insert_comma(at), Repair::BreakValue(at..at + unclosed.len().max(1))];
        return Diagnosis::new(Problem::UnclosedText, at, at + 1, repairs);
    }
    diagnose_missing_comma(text, at)
}

/// The end of the value or key at `start`: before the next comma, closing bracket or line break outside of quotes.
fn item_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let line_end = line_scan::line_at(text, start).end;
    let mut end = start;
    while end < line_end {
        match bytes[end] {
            b'"' | b'\'' if end == start => end = line_scan::quote_end(bytes, end, line_end).unwrap_or(end + 1),
            b',' | b']' | b'}' => break,
            _ => end += 1,
        }
    }
    start + text[start..span_fixups::snap(text, end)].trim_end().len()
}
