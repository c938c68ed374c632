//! RCP900: reports files that cannot be read or that pass a limit on size, depth or number of values.

use crate::base::diagnostic::{Finding, Location};
use crate::base::read_error::ReadError;
use crate::base::source::Span;
use crate::rules::context::FileContext;
use crate::syntax::{Problem, SyntaxError};

pub(crate) fn check_file(cx: &mut FileContext<'_>) {
    for finding in cx.syntax_errors.iter().filter_map(limit_finding) {
        cx.report(finding);
    }
    let Some(error) = cx.read_error else { return };
    let help = match error {
        ReadError::Missing => "check the path",
        ReadError::Forbidden => "check its permissions",
        ReadError::NotAFile(_) => "name a file or a folder",
        ReadError::TooLarge { .. } => "name a portal file, or raise `file-bytes` under `[limits]` in portal-lint.toml",
        ReadError::Io(_) => "try again, or check the disk",
        // Reported by the rule about encodings.
        ReadError::Utf16 | ReadError::NotUtf8 { .. } | ReadError::Nul { .. } => return,
    };
    let start = Location { pointer: String::new(), span: Span::default() };
    cx.report(Finding::new(start, error.to_string(), help));
}

/// The finding for a passed limit; `None` for all other syntax errors.
pub(crate) fn limit_finding(error: &SyntaxError) -> Option<Finding> {
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
    let location = Location { pointer: String::new(), span: error.span };
    Some(Finding::new(location, message, help))
}
