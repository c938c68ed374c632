//! Errors that only follow from another.

use crate::syntax::{Problem, SyntaxError};

/// A quote too few turns a line inside out: of three errors on a line and more, all but the first are its echo. What
/// was read there is anybody's guess.
pub fn leave_out(text: &str, errors: &mut Vec<SyntaxError>) -> bool {
    const ECHO: usize = 3;
    let before = errors.len();
    let line = |error: &SyntaxError| text[..error.span.range().start].rfind('\n');
    let lines: Vec<_> = errors.iter().map(line).collect();
    let mut at = 0;
    errors.retain(|_| {
        let same = lines.iter().filter(|other| **other == lines[at]).count();
        let first = at == 0 || lines[at - 1] != lines[at];
        at += 1;
        first || same < ECHO
    });
    let wild = |error: &SyntaxError| matches!(error.problem, Problem::UnclosedText | Problem::Unexpected(_));
    errors.len() < before || errors.iter().any(wild)
}
