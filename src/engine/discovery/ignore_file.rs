//! Parses files of patterns for paths that git ignores.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::engine::discovery::bracket_expression::convert_bracket_expression;

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
fn convert_pattern(line: &str) -> Option<String> {
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
    // A path does not end with a slash.
    if without_slash.ends_with('/') {
        return None;
    }
    let pattern = expand_folders_after_text(adapt_syntax(pattern)?);
    let end = pattern.trim_end_matches(' ');
    match end.chars().next_back() {
        // The library removes all white space at the end, and git only spaces. It does not remove a character in brackets.
        Some(last) if last.is_whitespace() => {
            let before = &end[..end.len() - last.len_utf8()];
            // In brackets, the character needs no escape.
            let before = if ends_with_escape(before) { &before[..before.len() - 1] } else { before };
            Some(format!("{before}[{last}]"))
        }
        _ => Some(pattern),
    }
}

/// Rewrites `text**/rest`. git compares the text before the first wildcard on its own, so the `**/` after it also stands for no folder:
/// `a**/b` matches `ab`. To the library, it has this meaning only after a slash.
fn expand_folders_after_text(pattern: String) -> String {
    let (mark, text_and_rest) = match pattern.strip_prefix('!') {
        Some(after) => ("!", after),
        None => ("", pattern.as_str()),
    };
    let (text, rest) = text_and_rest.split_once("**/").unwrap_or_default();
    // The slash at the end of `a**/` does not count: it is for folders only.
    if text.is_empty() || rest.is_empty() || text.ends_with('/') || text.contains(['*', '?', '[', '\\']) {
        return pattern;
    }
    let text = text.strip_prefix('/').unwrap_or(text);
    format!("{mark}{{{text},{text}*/**/}}{rest}")
}

/// Whether a text ends with a backslash that is not itself escaped.
fn ends_with_escape(text: &str) -> bool {
    (text.len() - text.trim_end_matches('\\').len()) % 2 == 1
}

/// Adapts what the library reads differently: bracket expressions, braces, which are literal in git, and three or more stars, which are
/// two. `None` if the pattern is invalid.
fn adapt_syntax(pattern: &str) -> Option<String> {
    let mut adapted = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        if first == '[' {
            let (expression, after) = convert_bracket_expression(rest)?;
            adapted.push_str(&expression);
            rest = after;
            continue;
        }
        if matches!(first, '{' | '}') {
            adapted.push('\\');
        }
        let escaped = if first == '\\' { rest[1..].chars().next() } else { None };
        let (unit, after) = rest.split_at(first.len_utf8() + escaped.map_or(0, char::len_utf8));
        if !rest.starts_with("***") {
            adapted.push_str(unit);
        }
        rest = after;
    }
    Some(adapted)
}
