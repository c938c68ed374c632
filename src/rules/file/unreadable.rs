//! RCP900: the file can be read, and is within the limits.

use crate::diagnostic::{Finding, Place};
use crate::document::{Problem, SyntaxError};
use crate::rules::context::FileContext;
use crate::source::Span;
use crate::source::Trouble;

/// What the system said, and the limits on size, depth and number of values.
pub fn file(cx: &mut FileContext<'_>) {
    cx.errors.iter().filter_map(limit_words).for_each(|finding| cx.report(finding));
    let (message, help) = match cx.trouble {
        Some(Trouble::Missing) => ("there is no such file".to_owned(), "check the path"),
        Some(Trouble::Forbidden) => ("the file may not be read".to_owned(), "check its permissions"),
        Some(Trouble::NotAFile(what)) => (format!("this is {what}, not a file"), "name a file or a folder"),
        Some(Trouble::TooLarge { bytes, limit }) => (
            format!("the file has {bytes} bytes, more than the {limit} that are read"),
            "name a portal file, or raise `file-bytes` under `[limits]` in portal-lint.toml",
        ),
        Some(Trouble::Io(reason)) => (format!("the file cannot be read: {reason}"), "try again, or check the disk"),
        Some(Trouble::Utf16 | Trouble::NotUtf8 { .. } | Trouble::Nul { .. }) | None => return,
    };
    let place = Place { pointer: String::new(), span: Span::default() };
    cx.report(Finding::new(place, message, help));
}

/// The words for a limit that was passed; `None` for every other error (RCP901 has those).
pub fn limit_words(error: &SyntaxError) -> Option<Finding> {
    let (message, help) = match error.problem {
        Problem::TooDeep(limit) => (
            format!("nested deeper than {limit} levels; nothing after this place is checked"),
            "check that this is a portal file; a portal needs fewer than 10 levels",
        ),
        Problem::TooManyNodes(limit) => (
            format!("more than {limit} values, aliases counted each time; nothing after this place is checked"),
            "write less in one file (and repeat no aliases), or raise `nodes` under `[limits]` in portal-lint.toml",
        ),
        _ => return None,
    };
    let place = Place { pointer: String::new(), span: error.span };
    Some(Finding::new(place, message, help))
}
