//! Finds invalid escape sequences in double-quoted text. The parser reports only the position of the opening quote.

use crate::base::source::Span;
use crate::syntax::yaml::diagnose::diagnosis::Diagnosis;
use crate::syntax::yaml::repair::Repair;
use crate::syntax::{Problem, SyntaxError};

/// Finds all invalid escape sequences of the text whose opening quote is at `quote_start`.
pub(super) fn diagnose_escapes(text: &str, quote_start: usize) -> Diagnosis {
    let bytes = text.as_bytes();
    let mut diagnosis = Diagnosis::default();
    let mut at = quote_start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => break,
            b'\\' => {
                let (end, problem) = check_escape(text, at);
                if let Some(problem) = problem {
                    diagnosis.errors.push(SyntaxError { span: Span::new(at, end), problem, related: None });
                    diagnosis.repairs.push(Repair::BlankOut(at..end));
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    diagnosis
}

/// The end of the escape sequence at `start`, and what is wrong with it. YAML 1.2, section 5.7, lists the valid ones.
fn check_escape(text: &str, start: usize) -> (usize, Option<Problem>) {
    let Some(kind) = text[start + 1..].chars().next() else { return (text.len(), None) };
    let digits_start = start + 1 + kind.len_utf8();
    let digit_count = match kind {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ if "0abt\tnvfre \"/\\N_LP\n\r".contains(kind) => return (digits_start, None),
        _ => return (digits_start, Some(Problem::BadEscape)),
    };
    let (end, value) = parse_hex(text, digits_start, digit_count);
    match value {
        None => (end, Some(Problem::BadEscape)),
        // As in JSON, two `\u` escapes may form a surrogate pair; the parser accepts that.
        Some(0xD800..=0xDBFF) if digit_count == 4 => match low_surrogate_end(text, end) {
            Some(pair_end) => (pair_end, None),
            None => (end, Some(Problem::LoneSurrogate)),
        },
        Some(0xD800..=0xDFFF) => (end, Some(Problem::LoneSurrogate)),
        Some(value) if char::from_u32(value).is_none() => (end, Some(Problem::BadEscape)),
        Some(_) => (end, None),
    }
}

/// The end of the escape sequence at `start` if it is the second half of a surrogate pair.
fn low_surrogate_end(text: &str, start: usize) -> Option<usize> {
    if !text[start..].starts_with("\\u") {
        return None;
    }
    match parse_hex(text, start + 2, 4) {
        (end, Some(0xDC00..=0xDFFF)) => Some(end),
        _ => None,
    }
}

/// Parses up to `digit_count` hexadecimal digits. Returns their end, and their value if there are enough of them.
fn parse_hex(text: &str, start: usize, digit_count: usize) -> (usize, Option<u32>) {
    let bytes = text.as_bytes();
    let mut end = start;
    while end < start + digit_count && bytes.get(end).is_some_and(u8::is_ascii_hexdigit) {
        end += 1;
    }
    if end < start + digit_count {
        return (end, None);
    }
    (end, u32::from_str_radix(&text[start..end], 16).ok())
}
