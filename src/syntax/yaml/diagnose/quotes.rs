//! Diagnoses errors in and next to quoted text.

use granit_parser::ErrorKind;

use crate::syntax::Problem;
use crate::syntax::escape::{Escape, decode_escape};
use crate::syntax::yaml::diagnose::{Diagnosis, block, brackets, diagnose_dedented_text, tabs};
use crate::syntax::yaml::line_scan;
use crate::syntax::yaml::line_scan::FlowToken;
use crate::syntax::yaml::parse_pass::ParseStop;

/// Finds the cause of a stop whose reason is about quoted text.
pub(super) fn diagnose_quotes(text: &str, stop: &ParseStop, open_brackets: &[usize]) -> Option<Diagnosis> {
    use ErrorKind as Kind;
    let offset = stop.offset;
    match stop.kind {
        Kind::UnclosedQuotedScalar | Kind::DocumentIndicatorInQuotedScalar => Some(diagnose_unclosed_quote(offset)),
        Kind::InvalidQuotedScalarIndent => diagnose_quoted_line(text, stop),
        // If the indentation of the line contains a tab, `diagnose_tabs` reports it.
        Kind::TabInIndentation if tabs::leading_tab(text, &line_scan::line_at(text, offset)).is_none() => {
            diagnose_quoted_line(text, stop)
        }
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => {
            let (start, end) = last_quoted_text(text, stop)?;
            let end = end.unwrap_or(offset);
            // In `a: 'x` with `b: 'y'` on a line below, the quote that ends the text was meant to open the next one.
            if text[start..end].contains(['\n', '\r']) {
                return Some(diagnose_unclosed_quote(start));
            }
            diagnose_dedented_text(text, offset)
                .filter(|_| open_brackets.is_empty())
                .or_else(|| Some(diagnose_text_after_quote(text, start, end, offset, open_brackets)))
        }
        Kind::UnknownQuotedScalarEscape
        | Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidLowSurrogateHexEscape
        | Kind::InvalidLowSurrogate
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate
        | Kind::InvalidUnicodeEscape => find_invalid_escape(text, offset),
        _ => None,
    }
}

fn diagnose_unclosed_quote(start: usize) -> Diagnosis {
    Diagnosis::new(Problem::MissingClosingQuote, start, start + 1)
}

/// Diagnoses text after the quoted text from `start` to `end`.
fn diagnose_text_after_quote(
    text: &str,
    start: usize,
    end: usize,
    offset: usize,
    open_brackets: &[usize],
) -> Diagnosis {
    let line = line_scan::line_at(text, start);
    let (is_key, text_end) = match open_brackets.last() {
        Some(&open) if text[open..].starts_with('{') => {
            (text[..start].trim_end().ends_with(['{', ',']), brackets::item_end(text, offset))
        }
        Some(_) => (false, brackets::item_end(text, offset)),
        None => (start == line.key_start && line.colon.is_none(), line.text_end.max(offset)),
    };
    if is_key && offset > end {
        // `"key" value`
        return Diagnosis::new(Problem::MissingColon, start, end);
    }
    if !open_brackets.is_empty() && offset > end {
        return brackets::diagnose_missing_comma(text, offset);
    }
    let quote = text[start..].chars().next().unwrap_or('"');
    block::find_stray_punctuation(text, &line, offset)
        .unwrap_or_else(|| Diagnosis::new(Problem::TextAfterQuote(quote), offset, text_end))
}

/// Diagnoses a line of quoted text that is indented too little: the text continues on it, or its quote was not closed before.
fn diagnose_quoted_line(text: &str, stop: &ParseStop) -> Option<Diagnosis> {
    let (start, _) = last_quoted_text(text, stop)?;
    let line = line_scan::line_at(text, stop.offset);
    match line_scan::quote_end(text.as_bytes(), start, text.len()) {
        // A line with a key or a dash is not text. The text cannot continue beyond the end of the block either.
        Some(end)
            if line.colon.is_none()
                && line.key_start == line.text_start
                && end <= line_scan::block_end(text, &line, line.indent()) =>
        {
            Some(Diagnosis::new(Problem::Indentation, line.text_start, line.text_end).with_unreadable(start..end))
        }
        _ => Some(diagnose_unclosed_quote(start)),
    }
}

/// The start of the last quoted text before a stop, and its end, which is `None` if the text is not closed before the stop.
fn last_quoted_text(text: &str, stop: &ParseStop) -> Option<(usize, Option<usize>)> {
    let tokens = line_scan::scan_flow_tokens(text, stop.last_event.end.min(stop.offset), stop.offset);
    for token in tokens.into_iter().rev() {
        if let FlowToken::Quoted(start, end) = token {
            return Some((start, end));
        }
    }
    None
}

/// Finds the first invalid escape sequence in the text whose opening quote is at `quote_start`. The parser reports only the
/// position of the quote.
fn find_invalid_escape(text: &str, quote_start: usize) -> Option<Diagnosis> {
    let mut offset = quote_start + 1;
    loop {
        let start = offset + memchr::memchr2(b'"', b'\\', &text.as_bytes()[offset..])?;
        if text[start..].starts_with('"') {
            return None;
        }
        let Escape { len, problem, .. } = decode_escape(&text[start..], false);
        offset = start + len;
        if let Some(problem) = problem {
            return Some(Diagnosis::new(problem, start, offset));
        }
    }
}
