//! Reads Rust source without a parser: code without comments and strings, identifiers, and the modules that a file uses.

use std::collections::BTreeSet;

/// The code of a file without comments, the contents of strings, and test modules.
///
/// A test module is always the last item of a file, so everything from the first `#[cfg(test)] mod … {` on is removed.
pub fn production_code(source: &str) -> String {
    let code = without_comments_and_strings(source);
    let mut searched = 0;
    while let Some(found) = code[searched..].find("#[cfg(test)]") {
        let start = searched + found;
        let next_item = code[start..].trim_start_matches("#[cfg(test)]").trim_start();
        if next_item.starts_with("mod ") && next_item.find('{') < next_item.find(';').or(Some(usize::MAX)) {
            return code[..start].to_owned();
        }
        searched = start + "#[cfg(test)]".len();
    }
    code
}

/// The code of a file without comments, and with empty strings.
pub fn without_comments_and_strings(source: &str) -> String {
    split_strings(source).0
}

/// The texts of the strings in the code outside of test modules, as they are written.
pub fn production_strings(source: &str) -> Vec<&str> {
    let end = production_code(source).len();
    let mut strings = split_strings(source).1;
    strings.retain(|(offset, _)| *offset < end);
    strings.into_iter().map(|(_, text)| text).collect()
}

/// The code without comments and with empty strings and characters, and the texts of the strings with their offsets in that code.
fn split_strings(source: &str) -> (String, Vec<(usize, &str)>) {
    let mut code = String::new();
    let mut strings = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if let Some(hashes) = raw_string_hashes(rest) {
            let end = format!("\"{}", "#".repeat(hashes));
            let body = &rest[rest.find('"').expect("a quote") + 1..];
            let (text, after) = body.split_once(&end).unwrap_or((body, ""));
            strings.push((code.len(), text));
            code.push_str("\"\"");
            rest = after;
        } else if first == '"' {
            let after = after_string(&rest[1..]);
            strings.push((code.len(), rest[1..rest.len() - after.len()].trim_end_matches('"')));
            code.push_str("\"\"");
            rest = after;
        } else if let Some(length) = char_literal_len(rest) {
            rest = &rest[length..];
            code.push_str("' '");
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    (code, strings)
}

/// The number of `#` of a raw string that starts here.
fn raw_string_hashes(text: &str) -> Option<usize> {
    let after_prefix = ["r", "br", "cr"].iter().find_map(|prefix| text.strip_prefix(prefix))?;
    let hashes = after_prefix.len() - after_prefix.trim_start_matches('#').len();
    after_prefix[hashes..].starts_with('"').then_some(hashes)
}

/// The code after a string literal, given the text after its opening quote.
fn after_string(text: &str) -> &str {
    let mut is_escaped = false;
    for (index, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return &text[index + 1..],
            _ => {}
        }
    }
    ""
}

/// The length of a character literal that starts here. A lifetime (`'a`) is not a literal.
fn char_literal_len(text: &str) -> Option<usize> {
    let body = text.strip_prefix('\'')?;
    if let Some(escaped) = body.strip_prefix('\\') {
        let first = escaped.chars().next()?;
        let end = escaped[first.len_utf8()..].find('\'')?;
        return Some(2 + first.len_utf8() + end + 1);
    }
    let c = body.chars().next()?;
    body[c.len_utf8()..].starts_with('\'').then_some(1 + c.len_utf8() + 1)
}

/// The identifiers of some code.
pub fn identifiers(code: &str) -> BTreeSet<&str> {
    let words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| word.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')).collect()
}

/// The words of an identifier or a file name, in lower case: `FieldPath` and `field-path` are `field` and `path`.
pub fn words(identifier: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    for c in identifier.chars() {
        let starts_word = c.is_uppercase() && !previous.is_uppercase();
        if !c.is_alphanumeric() || starts_word {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().expect("never empty").extend(c.to_lowercase());
        }
        previous = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The paths in a file that may name a module, each as its segments: the paths of `use` items and those in expressions.
pub fn paths(code: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    let mut rest = String::new();
    for (number, part) in code.split("use ").enumerate() {
        let is_use_item = number > 0 && part.contains(';');
        let (tree, after) = if is_use_item { part.split_once(';').expect("checked") } else { ("", part) };
        if is_use_item {
            expand_use_tree(&tree.split_whitespace().collect::<String>(), &mut Vec::new(), &mut paths);
        }
        rest.push_str(after);
        rest.push(' ');
    }
    for path in rest.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':') {
        if path.contains("::") {
            paths.push(path.split("::").filter(|segment| !segment.is_empty()).map(str::to_owned).collect());
        }
    }
    paths
}

/// Adds the paths of a use tree: `a::{b, c::d}` has the paths `a::b` and `a::c::d`.
fn expand_use_tree(tree: &str, prefix: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    let depth = prefix.len();
    let mut rest = tree;
    loop {
        let end = rest.find(['{', ',', ':']).unwrap_or(rest.len());
        prefix.push(rest[..end].to_owned());
        if let Some(more) = rest[end..].strip_prefix("::") {
            if let Some(group) = more.strip_prefix('{') {
                for part in split_group(group.strip_suffix('}').unwrap_or(group)) {
                    expand_use_tree(part, prefix, paths);
                }
                break;
            }
            rest = more;
            continue;
        }
        paths.push(prefix.clone());
        break;
    }
    prefix.truncate(depth);
}

/// Splits a group at its commas, except those in groups inside it: `a,b::{c,d}` is `a` and `b::{c,d}`.
fn split_group(group: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (index, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&group[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}
