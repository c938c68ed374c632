//! Compiles file patterns such as `portals/**/*.json`.

use globset::{ErrorKind, GlobBuilder, GlobSet};

/// The maximum length of a pattern in bytes. No path is longer, and compiling a pattern takes more than linear time.
pub(crate) const MAX_PATTERN_LEN: usize = 4096;

/// Compiles one pattern, in which `*` does not match `/`. The result is a set of one pattern, because a set is fast for simple patterns,
/// and because it has an error for a pattern that is too complex.
///
/// # Errors
/// Describes what is wrong with the pattern.
pub(crate) fn compile_pattern(pattern: &str) -> Result<GlobSet, String> {
    if pattern.len() > MAX_PATTERN_LEN {
        return Err(format!("it has more than {MAX_PATTERN_LEN} bytes"));
    }
    let glob = GlobBuilder::new(pattern).literal_separator(true).build().map_err(|error| describe(error.kind()))?;
    GlobSet::builder().add(glob).build().map_err(|error| describe(error.kind()))
}

/// A pattern that matches exactly this text.
pub(crate) fn escape_pattern(text: &str) -> String {
    globset::escape(text)
}

fn describe(error: &ErrorKind) -> String {
    let problem = match error {
        ErrorKind::UnclosedClass => "`[` without a matching `]`",
        ErrorKind::UnclosedAlternates => "`{` without a matching `}`",
        ErrorKind::UnopenedAlternates => "`}` without a matching `{`",
        ErrorKind::DanglingEscape => "a backslash at the end",
        other => return other.to_string(),
    };
    problem.to_owned()
}
