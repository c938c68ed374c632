//! Diagnoses errors in and next to quoted text.

use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::yaml::diagnose::diagnosis::Diagnosis;
use crate::syntax::yaml::diagnose::{block, diagnose_dedented_text, escape, flow, tabs};
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::FlowToken;
use crate::syntax::yaml::parse_pass::ParseStop;
use crate::syntax::yaml::repair::Repair;

/// Finds the cause of a stop whose reason is about quoted text.
pub(super) fn diagnose_quotes(text: &str, stop: &ParseStop, open_brackets: &[usize]) -> Option<Diagnosis> {
    use ErrorKind as Kind;
    let at = stop.at;
    match stop.kind {
        Kind::UnclosedQuotedScalar | Kind::DocumentIndicatorInQuotedScalar => {
            Some(diagnose_unclosed_quote(text, at, text.len(), open_brackets))
        }
        Kind::InvalidQuotedScalarIndent => diagnose_quoted_line(text, stop, open_brackets),
        // If the indentation of the line contains a tab, `diagnose_tabs` reports it.
        Kind::TabInIndentation if tabs::leading_tab(text, &line_scan::line_at(text, at)).is_none() => {
            diagnose_quoted_line(text, stop, open_brackets)
        }
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => {
            let (start, end) = last_quoted_text(text, stop)?;
            let end = end.unwrap_or(at);
            // In `a: 'x` with `b: 'y'` on a line below, the quote that ends the text was meant to open the next one.
            if text[start..end].contains(['\n', '\r']) {
                return Some(diagnose_unclosed_quote(text, start, at, open_brackets));
            }
            if !open_brackets.is_empty() {
                return Some(flow::diagnose_text_after_quote(text, start, end, at, open_brackets));
            }
            diagnose_dedented_text(text, at).or_else(|| Some(block::diagnose_text_after_quote(text, start, end, at)))
        }
        Kind::UnknownQuotedScalarEscape
        | Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidLowSurrogateHexEscape
        | Kind::InvalidLowSurrogate
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate
        | Kind::InvalidUnicodeEscape => Some(escape::diagnose_escapes(text, at)),
        _ => None,
    }
}

/// A line of quoted text that is indented too little: the text continues there, or its quote is not closed.
fn diagnose_quoted_line(text: &str, stop: &ParseStop, open_brackets: &[usize]) -> Option<Diagnosis> {
    let (start, _) = last_quoted_text(text, stop)?;
    let line = line_scan::line_at(text, stop.at);
    match line_scan::quote_end(text.as_bytes(), start, text.len()) {
        // A line with a key is no text, and neither is one after which the block ends before the closing quote.
        Some(end) if line.colon.is_none() && end <= line_scan::block_end(text, &line, line.indent()) => {
            let first_line = line_scan::line_at(text, start);
            let repairs = vec![Repair::BreakValue(start..end)];
            let diagnosis = Diagnosis::new(Problem::Indentation, line.text_start, line.text_end, repairs);
            Some(diagnosis.with_related(start, first_line.text_end.max(start + 1)))
        }
        _ => Some(diagnose_unclosed_quote(text, start, line.start, open_brackets)),
    }
}

/// A quote that is not closed. In brackets, the text is assumed to end with its line; otherwise with the last line that
/// belongs to the value by its indentation.
fn diagnose_unclosed_quote(text: &str, start: usize, limit: usize, open_brackets: &[usize]) -> Diagnosis {
    let line = line_scan::line_at(text, start);
    let end = if open_brackets.is_empty() {
        line_scan::block_end(text, &line, line.key_column() + 1).min(limit.max(line.end))
    } else {
        let quoted = text[start..line.end].trim_end_matches([' ', '\t', ',', ']', '}']);
        start + quoted.len().max(1)
    };
    Diagnosis::new(Problem::UnclosedText, start, start + 1, vec![Repair::BreakValue(start..end)])
}

/// The start of the last quoted text before a stop, and its end if it has one there.
fn last_quoted_text(text: &str, stop: &ParseStop) -> Option<(usize, Option<usize>)> {
    let tokens = line_scan::scan_flow_tokens(text, stop.last_event_end.min(stop.at), stop.at);
    for token in tokens.into_iter().rev() {
        if let FlowToken::Quoted(start, end) = token {
            return Some((start, end));
        }
    }
    None
}
