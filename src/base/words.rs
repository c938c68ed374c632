//! Splits names into words.

/// The words of `confirm_code`, `confirm-code`, `confirmCode` and `user.confirm code` in lower case.
pub(crate) fn split_into_words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_after_lowercase = false;
    for c in name.chars() {
        let is_separator = !c.is_alphanumeric();
        if is_separator || (c.is_uppercase() && is_after_lowercase) {
            words.push(String::new());
        }
        is_after_lowercase = c.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| !is_separator) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Splits a list of words at spaces, at compile time. A list with another number of words does not compile.
pub(crate) const fn split_words<const N: usize>(list: &'static str) -> [&'static str; N] {
    let mut words = [""; N];
    let mut rest = list;
    let mut index = 0;
    while index < N {
        let mut end = 0;
        while end < rest.len() && rest.as_bytes()[end] != b' ' {
            end += 1;
        }
        assert!(end > 0);
        let (word, after) = rest.split_at(end);
        words[index] = word;
        rest = after.trim_ascii_start();
        index += 1;
    }
    assert!(rest.is_empty());
    words
}
