//! Removes errors that are only consequences of another error.

use crate::base::steps::count_steps;
use crate::syntax::{Problem, SyntaxError};

/// Removes the errors that follow from another error on their line:
/// - all but the first error of a line that has three or more: after a missing quote, text is parsed as code and code as text;
/// - a missing or unexpected sign after any other error;
/// - a missing sign before the error that is the reason, as before a word where a comma should be.
///
/// Returns whether keys and values may have been misread, so that the document must be marked as partial.
pub(super) fn remove_cascades(text: &str, errors: &mut Vec<SyntaxError>) -> bool {
    let mut kept = Vec::with_capacity(errors.len());
    for errors_of_line in errors.chunk_by(|first, second| are_on_one_line(text, first, second)) {
        match errors_of_line {
            [first, second] if is_missing_sign(first) && is_cause(text, first, second) => kept.push(second.clone()),
            [first, second] if !may_be_consequence(second) => kept.extend([first.clone(), second.clone()]),
            [first, ..] => kept.push(first.clone()),
            [] => {}
        }
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

/// Whether the second error is the reason for the missing sign before it, because only signs are between them.
fn is_cause(text: &str, missing: &SyntaxError, second: &SyntaxError) -> bool {
    let between = text.get(missing.span.end as usize..second.span.start as usize).unwrap_or_default();
    !may_be_consequence(second) && between.trim_matches([' ', '\t', ':', ',']).is_empty()
}

fn is_missing_sign(error: &SyntaxError) -> bool {
    matches!(error.problem, Problem::MissingComma | Problem::MissingColon | Problem::MissingValue)
}

fn may_be_consequence(error: &SyntaxError) -> bool {
    let is_extra_sign =
        matches!(error.problem, Problem::ExtraComma | Problem::Unexpected(_) | Problem::StrayClosingBracket(_));
    is_extra_sign || is_missing_sign(error)
}

fn may_misread_text(error: &SyntaxError) -> bool {
    matches!(error.problem, Problem::MissingClosingQuote | Problem::Unexpected(_))
}
