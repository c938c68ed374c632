//! RCP900: the file can be read, and is within the limits.

use crate::base::diagnostic::{Finding, Place};
use crate::base::read_error::Trouble;
use crate::base::source::Span;
use crate::rules::context::FileContext;
use crate::syntax::{Problem, SyntaxError};

/// What the system said, and the limits on size, depth and number of values.
pub fn file(cx: &mut FileContext<'_>) {
    cx.errors.iter().filter_map(limit_words).for_each(|finding| cx.report(finding));
    let Some(trouble) = cx.trouble else { return };
    let help = match trouble {
        Trouble::Missing => "check the path",
        Trouble::Forbidden => "check its permissions",
        Trouble::NotAFile(_) => "name a file or a folder",
        Trouble::TooLarge { .. } => "name a portal file, or raise `file-bytes` under `[limits]` in portal-lint.toml",
        Trouble::Io(_) => "try again, or check the disk",
        Trouble::Utf16 | Trouble::NotUtf8 { .. } | Trouble::Nul { .. } => return,
    };
    let message = trouble.to_string();
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
