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
