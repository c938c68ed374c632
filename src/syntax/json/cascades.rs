//! Removes errors that are only consequences of another error.

use crate::syntax::{Problem, SyntaxError};

/// Removes all but the first error of each line that has three or more. Such a line usually has one cause: after a missing
/// quote, text is parsed as code and code as text.
///
/// Returns whether keys and values may have been misread, so that the document must be marked as partial.
pub(super) fn remove_cascades(text: &str, errors: &mut Vec<SyntaxError>) -> bool {
    const CASCADE: usize = 3;
    let before = errors.len();
    let line = |error: &SyntaxError| text[..error.span.range().start].rfind('\n');
    let lines: Vec<_> = errors.iter().map(line).collect();
    let mut index = 0;
    errors.retain(|_| {
        let on_same_line = lines.iter().filter(|other| **other == lines[index]).count();
        let is_first = index == 0 || lines[index - 1] != lines[index];
        index += 1;
        is_first || on_same_line < CASCADE
    });
    let misreads_text = |error: &SyntaxError| matches!(error.problem, Problem::UnclosedText | Problem::Unexpected(_));
    errors.len() < before || errors.iter().any(misreads_text)
}
