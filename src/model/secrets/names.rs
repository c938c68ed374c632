//! Recognizes keys whose values are secrets.

/// Whether the name of a key says that its value is a secret. Case, `_` and `-` do not matter, `secret_key` may have typos, and
/// the last letter of the other names may be missing.
pub(crate) fn is_secret_name(key: &str) -> bool {
    const WORDS: [&str; 9] =
        ["secret", "password", "passwd", "passphrase", "token", "apikey", "privatekey", "credential", "accesskey"];
    let mut name = key.to_ascii_lowercase();
    name.retain(|c| c.is_ascii_alphanumeric());
    // `customer_account_password_reset` is an email, and not a secret. The second test covers typos in its name.
    if name.contains("password") {
        name = name.replace("passwordreset", "");
        if name.starts_with("customeraccount") {
            name = name.replace("password", "");
        }
    }
    // Five letters, such as `token` without its end, would be too few.
    let is_cut_off = |word: &str| word.len() > 5 && name.ends_with(&word[..word.len() - 1]);
    WORDS.iter().any(|word| name.contains(word) || is_cut_off(word)) || is_similar(key, "secret_key")
}

/// Whether a key is this word, or this word with at most two typos.
pub(super) fn is_similar(key: &str, word: &str) -> bool {
    const MAX_TYPOS: usize = 2;
    // Two lower bounds of the distance, because computing it takes much longer: the difference in length, and the letters of the
    // key that the word does not have.
    key == word
        || (key.len().abs_diff(word.len()) <= MAX_TYPOS
            && key.chars().filter(|letter| !word.contains(*letter)).count() <= MAX_TYPOS
            && strsim::damerau_levenshtein(key, word) <= MAX_TYPOS)
}
