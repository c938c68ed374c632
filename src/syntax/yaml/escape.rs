//! Bad escapes in a text in double quotes: the parser names only the quote.

use crate::base::source::Span;
use crate::syntax::yaml::repair::Repair;
use crate::syntax::{Problem, SyntaxError};

/// Every bad escape of the text whose quote is at `at`.
pub fn bad_escapes(text: &str, at: usize) -> Vec<(SyntaxError, Repair)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut here = at + 1;
    while let Some(&byte) = bytes.get(here) {
        match byte {
            b'"' => break,
            b'\\' => {
                let (end, problem) = escape(text, here);
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

/// The end of the escape at `at` and what is wrong with it.
fn escape(text: &str, at: usize) -> (usize, Option<Problem>) {
    let Some(kind) = text.get(at + 1..).and_then(|rest| rest.chars().next()) else { return (text.len(), None) };
    let after = at + 1 + kind.len_utf8();
    let digits = match kind {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ if "0abt\tnvfre \"/\\N_LP\n\r".contains(kind) => return (after, None),
        _ => return (after, Some(Problem::BadEscape)),
    };
    let (end, value) = hex(text, after, digits);
    match value {
        None => (end, Some(Problem::BadEscape)),
        Some(high @ 0xD800..=0xDBFF) if digits == 4 => {
            let low = text.get(end..).filter(|rest| rest.starts_with("\\u")).map(|_| hex(text, end + 2, 4));
            match low {
                Some((pair_end, Some(0xDC00..=0xDFFF))) => (pair_end, None),
                _ => (end, Some(lone(high))),
            }
        }
        Some(value) if char::from_u32(value).is_none() => (end, Some(lone(value))),
        Some(_) => (end, None),
    }
}

fn lone(value: u32) -> Problem {
    if (0xD800..=0xDFFF).contains(&value) { Problem::LoneSurrogate } else { Problem::BadEscape }
}

fn hex(text: &str, at: usize, digits: usize) -> (usize, Option<u32>) {
    let bytes = &text.as_bytes()[at.min(text.len())..];
    let count = bytes.iter().take(digits).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let value = text.get(at..at + count).filter(|_| count == digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    (at + count, value)
}
