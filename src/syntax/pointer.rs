//! JSON Pointers (RFC 6901).

/// Appends a key to a pointer and escapes `~` and `/` in it.
pub fn join(pointer: &str, key: &str) -> String {
    let mut joined = String::with_capacity(pointer.len() + 1 + key.len());
    joined.push_str(pointer);
    push(&mut joined, key);
    joined
}

/// Like [`join`], in place.
pub fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    for character in key.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            _ => pointer.push(character),
        }
    }
}

/// The keys and indices of a pointer, unescaped.
pub fn steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"))
}

/// The last key or index of a pointer, unescaped; `None` for the root.
pub fn last_step(pointer: &str) -> Option<String> {
    steps(&pointer[pointer.rfind('/')?..]).next()
}

/// The pointer of the parent. The parent of the root is the root.
pub fn parent(pointer: &str) -> &str {
    pointer.rfind('/').map_or("", |slash| &pointer[..slash])
}

/// Whether a pointer is equal to `ancestor` or points below it.
pub fn is_same_or_below(pointer: &str, ancestor: &str) -> bool {
    // Compare whole steps: `/name_suffix` is not below `/name`.
    pointer.strip_prefix(ancestor).is_some_and(|below| below.is_empty() || below.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use crate::syntax::pointer::*;

    #[test]
    fn joined_keys_are_unescaped_again() {
        let pointer = join(&join("", "a/b"), "c~d");
        assert_eq!(pointer, "/a~1b/c~0d");
        assert_eq!(steps(&pointer).collect::<Vec<_>>(), ["a/b", "c~d"]);
        assert_eq!(parent(&pointer), "/a~1b");
        assert_eq!(parent(""), "");
        assert_eq!(last_step(&pointer).as_deref(), Some("c~d"));
        assert_eq!(last_step(""), None);
    }
}
