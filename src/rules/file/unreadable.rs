//! RCP900: the file can be read, and is within the limits.

use crate::base::diagnostic::{Finding, Location};
use crate::base::read_error::ReadError;
use crate::base::source::Span;
use crate::rules::context::FileContext;
use crate::syntax::{Problem, SyntaxError};

/// What the system said, and the limits on size, depth and number of values.
pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    cx.syntax_errors.iter().filter_map(limit_words).for_each(|finding| cx.report(finding));
    let Some(trouble) = cx.read_error else { return };
    let help = match trouble {
        ReadError::Missing => "check the path",
        ReadError::Forbidden => "check its permissions",
        ReadError::NotAFile(_) => "name a file or a folder",
        ReadError::TooLarge { .. } => "name a portal file, or raise `file-bytes` under `[limits]` in portal-lint.toml",
        ReadError::Io(_) => "try again, or check the disk",
        ReadError::Utf16 | ReadError::NotUtf8 { .. } | ReadError::Nul { .. } => return,
    };
    let message = trouble.to_string();
    let place = Location { pointer: String::new(), span: Span::default() };
    cx.report(Finding::new(place, message, help));
}

/// The words for a limit that was passed; `None` for every other error (RCP901 has those).
pub(crate) fn limit_words(error: &SyntaxError) -> Option<Finding> {
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
    let place = Location { pointer: String::new(), span: error.span };
    Some(Finding::new(place, message, help))
}
