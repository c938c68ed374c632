//! Removes errors that are only consequences of another error.

use crate::syntax::{Problem, SyntaxError};

/// Removes all but the first error of each line that has three or more. Such a line usually has one cause: after a missing
/// quote, text is parsed as code and code as text.
///
/// Returns whether keys and values may have been misread, so that the document must be marked as partial.
pub(super) fn remove_cascades(text: &str, errors: &mut Vec<SyntaxError>) -> bool {
    const MIN_CASCADE: usize = 3;
    let before = errors.len();
    let mut line_starts = Vec::with_capacity(errors.len());
    for error in errors.iter() {
        line_starts.push(text[..error.span.range().start].rfind('\n'));
    }
    let mut index = 0;
    // `retain` visits the errors in order, so `index` is that of the current error.
    errors.retain(|_| {
        let on_same_line = line_starts.iter().filter(|line_start| **line_start == line_starts[index]).count();
        let is_first = index == 0 || line_starts[index - 1] != line_starts[index];
        index += 1;
        is_first || on_same_line < MIN_CASCADE
    });
    errors.len() < before || errors.iter().any(may_misread_text)
}

fn may_misread_text(error: &SyntaxError) -> bool {
    matches!(error.problem, Problem::UnclosedText | Problem::Unexpected(_))
}
