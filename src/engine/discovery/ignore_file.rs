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
    // Git skips a line without a pattern. To the library, `!` includes everything again.
    if trimmed == "!" || trimmed == "!/" {
        return None;
    }
    let without_slash = trimmed.strip_suffix('/').unwrap_or(trimmed);
    // A backslash that escapes nothing: the library would ignore it, or the slash after it.
    if ends_with_escape(without_slash) && (without_slash.len() < trimmed.len() || trimmed.len() == pattern.len()) {
        return None;
    }
    let pattern = adapt_syntax(pattern);
    let end = pattern.trim_end_matches(' ');
    match end.chars().next_back() {
        // The library removes all white space at the end, and git only spaces. It does not remove a character in brackets.
        Some(last) if last.is_whitespace() => {
            let before = &end[..end.len() - last.len_utf8()];
            // In brackets, the character needs no escape.
            let before = if ends_with_escape(before) { &before[..before.len() - 1] } else { before };
            Some(Cow::Owned(format!("{before}[{last}]")))
        }
        _ => Some(pattern),
    }
}

/// Whether a text ends with a backslash that is not itself escaped.
fn ends_with_escape(text: &str) -> bool {
    (text.len() - text.trim_end_matches('\\').len()) % 2 == 1
}

/// Adapts what the library reads differently outside of bracket expressions: braces, which are literal in git, are escaped, and three or
/// more stars become two.
fn adapt_syntax(pattern: &str) -> Cow<'_, str> {
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
