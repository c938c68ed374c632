//! Removes errors that are only consequences of another error.

use crate::base::steps::count_steps;
use crate::syntax::{Problem, SyntaxError};

/// Removes all but the first error of each line that has three or more. Such a line usually has one cause: after a missing
/// quote, text is parsed as code and code as text.
///
/// Returns whether keys and values may have been misread, so that the document must be marked as partial.
pub(super) fn remove_cascades(text: &str, errors: &mut Vec<SyntaxError>) -> bool {
    const MIN_CASCADE: usize = 3;
    let mut kept = Vec::with_capacity(errors.len());
    for errors_of_line in errors.chunk_by(|first, second| are_on_one_line(text, first, second)) {
        let count = if errors_of_line.len() < MIN_CASCADE { errors_of_line.len() } else { 1 };
        kept.extend_from_slice(&errors_of_line[..count]);
    }
    let has_removed_errors = kept.len() < errors.len();
    *errors = kept;
    has_removed_errors || errors.iter().any(may_misread_text)
}

fn are_on_one_line(text: &str, first: &SyntaxError, second: &SyntaxError) -> bool {
    let between = &text[first.span.start as usize..second.span.start as usize];
    count_steps(between.len());
    !between.contains('\n')
}

fn may_misread_text(error: &SyntaxError) -> bool {
    matches!(error.problem, Problem::MissingClosingQuote | Problem::Unexpected(_))
}
