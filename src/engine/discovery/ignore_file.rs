//! Parses files of patterns for paths that git ignores.

use std::borrow::Cow;
use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Parses a `.gitignore` file or another file of the same format, whose patterns are relative to `folder`. Skips invalid lines, as git
/// does.
pub(super) fn parse_patterns(folder: &Path, content: &[u8], ignores_case: bool) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    // This never fails.
    let _ = builder.case_insensitive(ignores_case);
    builder.allow_unclosed_class(false);
    let text = String::from_utf8_lossy(content);
    for line in text.strip_prefix('\u{feff}').unwrap_or(&text).lines() {
        let _ = builder.add_line(None, &escape_braces(line));
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// Escapes the braces outside of bracket expressions: they are literal in git, but list alternatives in the patterns of the library.
fn escape_braces(pattern: &str) -> Cow<'_, str> {
    if !pattern.contains(['{', '}']) {
        return Cow::Borrowed(pattern);
    }
    let mut escaped = String::with_capacity(pattern.len() + 2);
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        if matches!(first, '{' | '}') {
            escaped.push('\\');
        }
        let len = match first {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '[' => bracket_expression_len(rest),
            other => other.len_utf8(),
        };
        escaped.push_str(&rest[..len]);
        rest = &rest[len..];
    }
    Cow::Owned(escaped)
}

/// The length of a bracket expression such as `[!{[:digit:]]`. A pattern with a `[` that is never closed is invalid.
fn bracket_expression_len(text: &str) -> usize {
    let inner = &text[1..];
    let inner = inner.strip_prefix(['!', '^']).unwrap_or(inner);
    // A bracket at the start is a part of the expression.
    let members = inner.strip_prefix(']').unwrap_or(inner);
    for (end, _) in members.match_indices(']') {
        // The `:]` of a class of characters does not end the expression.
        let ends_class = members[..end].ends_with(':') && members[..end].contains("[:");
        if !ends_class {
            return text.len() - members.len() + end + 1;
        }
    }
    1
}
