//! Bracket expressions of git's patterns, such as `[!a-z[:digit:]]`.

use std::collections::BTreeSet;

/// The classes of characters that git knows.
const CLASSES: [&str; 12] =
    ["alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit"];

/// Converts the bracket expression at the start of a pattern to one of the library, which knows no escapes in it and rejects a range
/// whose end precedes its start. Returns it and the text after it. `None` if git matches nothing with the pattern.
pub(super) fn convert_bracket_expression(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('[')?;
    let members = inner.strip_prefix(['!', '^']).unwrap_or(inner);
    let mut characters = BTreeSet::new();
    let mut classes = String::new();
    // The character before a `-`, which starts a range.
    let mut start = None;
    let mut rest = members;
    // A bracket at the start is a member.
    while rest.len() == members.len() || !rest.starts_with(']') {
        if let Some((class, after)) = split_class(rest) {
            if !CLASSES.contains(&class) {
                return None;
            }
            classes.push_str(&rest[..rest.len() - after.len()]);
            start = None;
            rest = after;
            continue;
        }
        let range_end = rest.strip_prefix('-').filter(|end| !end.starts_with(']'));
        if let (Some(first), Some(end)) = (start.take(), range_end) {
            let (last, after) = split_member(end)?;
            // git compares bytes, so a range contains no character of several bytes. The limit also keeps the set small.
            characters.extend(first..=last.min('\u{7f}'));
            rest = after;
        } else {
            let (member, after) = split_member(rest)?;
            characters.insert(member);
            start = Some(member);
            rest = after;
        }
    }
    let after = &rest[1..];
    // A bracket expression never matches a slash. But if one is written in it, git matches the pattern with the whole path and not with the
    // name.
    characters.remove(&'/');
    characters.extend(text[..text.len() - after.len()].contains('/').then_some('/'));
    let mut converted = String::from(if members.len() < inner.len() { "[!" } else { "[" });
    // To the library, a bracket is a member only at the start, and a hyphen only at the end. No path contains the character NUL: after it,
    // `!` and `^` are members.
    converted.push_str(if characters.remove(&']') { "]\0" } else { "\0" });
    let hyphen = characters.take(&'-');
    converted.extend(characters);
    converted.push_str(&classes);
    converted.extend(hyphen);
    converted.push(']');
    Some((converted, after))
}

/// Splits a class such as `[:digit:]` off: its name, and the text after it.
fn split_class(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix("[:")?.split_once(']')?;
    Some((name.strip_suffix(':')?, after))
}

/// Splits a character off, which may be escaped.
fn split_member(text: &str) -> Option<(char, &str)> {
    let text = text.strip_prefix('\\').unwrap_or(text);
    let member = text.chars().next()?;
    Some((member, &text[member.len_utf8()..]))
}
