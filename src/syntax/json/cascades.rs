//! Removes errors that are only consequences of another error.

use crate::base::steps::count_steps;
use crate::syntax::{Problem, SyntaxError};

/// Removes all but the first error of each line that has three or more. Such a line usually has one cause: after a missing
/// quote, text is parsed as code and code as text.
///
/// Returns whether keys and values may have been misread, so that the document must be marked as partial.
pub(super) fn remove_cascades(text: &str, errors: &mut Vec<SyntaxError>) -> bool {
    const MIN_CASCADE: usize = 3;
    let start = |error: &SyntaxError| error.span.start as usize;
    let mut kept = Vec::with_capacity(errors.len());
    let is_same_line = |first: &SyntaxError, second: &SyntaxError| {
        let between = &text[start(first)..start(second)];
        count_steps(between.len());
        !between.contains('\n')
    };
    for line in errors.chunk_by(is_same_line) {
        let count = if line.len() < MIN_CASCADE { line.len() } else { 1 };
        kept.extend_from_slice(&line[..count]);
    }
    let is_shorter = kept.len() < errors.len();
    *errors = kept;
    is_shorter || errors.iter().any(may_misread_text)
}

fn may_misread_text(error: &SyntaxError) -> bool {
    matches!(error.problem, Problem::UnclosedText | Problem::Unexpected(_))
}
