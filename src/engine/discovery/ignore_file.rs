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
        if let Some(pattern) = convert_pattern(line) {
            let _ = builder.add_line(None, &pattern);
        }
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// Converts a pattern of git to one of the library that matches the same paths. `None` if it matches nothing.
fn convert_pattern(line: &str) -> Option<Cow<'_, str>> {
    let pattern = line.strip_suffix('\r').unwrap_or(line);
    let trimmed = pattern.trim_end_matches(' ');
    let without_slash = trimmed.strip_suffix('/').unwrap_or(trimmed);
    let backslashes = without_slash.len() - without_slash.trim_end_matches('\\').len();
    // A backslash that escapes nothing: the library would ignore it, or the slash after it.
    if backslashes % 2 == 1 && (without_slash.len() < trimmed.len() || trimmed.len() == pattern.len()) {
        return None;
    }
    let pattern = escape_braces(pattern);
    // The library removes all white space at the end, and git only spaces.
    match pattern.trim_end_matches(' ').chars().next_back().filter(|last| *last != ' ' && last.is_whitespace()) {
        Some(last) => {
            let start = pattern.trim_end_matches(' ').len() - last.len_utf8();
            Some(Cow::Owned(format!("{}[{last}]", &pattern[..start])))
        }
        None => Some(pattern),
    }
}

/// Escapes the braces outside of bracket expressions: they are literal in git, but list alternatives in the patterns of the library.
/// Three or more stars become two, which git reads in the same way.
fn escape_braces(pattern: &str) -> Cow<'_, str> {
    if !pattern.contains(['{', '}']) && !pattern.contains("***") {
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
        if !rest.starts_with("***") {
            escaped.push_str(&rest[..len]);
        }
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
