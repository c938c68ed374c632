//! Finds invalid escape sequences in double-quoted text. The parser reports only the position of the opening quote.

use crate::base::source::Span;
use crate::syntax::yaml::repair::Repair;
use crate::syntax::{Problem, SyntaxError};

/// Finds all invalid escape sequences of the text whose opening quote is at `at`.
pub(super) fn find_bad_escapes(text: &str, at: usize) -> Vec<(SyntaxError, Repair)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut here = at + 1;
    while let Some(&byte) = bytes.get(here) {
        match byte {
            b'"' => break,
            b'\\' => {
                let (end, problem) = check_escape(text, here);
                if let Some(problem) = problem {
                    let error = SyntaxError { span: Span::new(here, end), problem, related: None };
                    found.push((error, Repair::Blank(here..end)));
                }
                here = end;
            }
            _ => here += 1,
        }
    }
    found
}

/// The end of the escape sequence at `at`, and what is wrong with it. YAML's escapes are listed in section 5.7.
fn check_escape(text: &str, at: usize) -> (usize, Option<Problem>) {
    let Some(kind) = text.get(at + 1..).and_then(|rest| rest.chars().next()) else { return (text.len(), None) };
    let after = at + 1 + kind.len_utf8();
    let digits = match kind {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ if "0abt\tnvfre \"/\\N_LP\n\r".contains(kind) => return (after, None),
        _ => return (after, Some(Problem::BadEscape)),
    };
    let (end, value) = parse_hex(text, after, digits);
    match value {
        None => (end, Some(Problem::BadEscape)),
        Some(high @ 0xD800..=0xDBFF) if digits == 4 => {
            let low = text.get(end..).filter(|rest| rest.starts_with("\\u")).map(|_| parse_hex(text, end + 2, 4));
            match low {
                Some((pair_end, Some(0xDC00..=0xDFFF))) => (pair_end, None),
                _ => (end, Some(invalid_char_problem(high))),
            }
        }
        Some(value) if char::from_u32(value).is_none() => (end, Some(invalid_char_problem(value))),
        Some(_) => (end, None),
    }
}

fn invalid_char_problem(value: u32) -> Problem {
    if (0xD800..=0xDFFF).contains(&value) { Problem::LoneSurrogate } else { Problem::BadEscape }
}

fn parse_hex(text: &str, at: usize, digits: usize) -> (usize, Option<u32>) {
    let bytes = &text.as_bytes()[at.min(text.len())..];
    let count = bytes.iter().take(digits).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let value = text.get(at..at + count).filter(|_| count == digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    (at + count, value)
}
