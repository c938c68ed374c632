//! Recognizes keys whose values are secrets.

/// Whether the name of a key says that its value is a secret. Case, `_` and `-` do not matter, and `secret_key` may have typos.
pub(crate) fn is_secret_name(key: &str) -> bool {
    const WORDS: [&str; 9] =
        ["secret", "password", "passwd", "passphrase", "token", "apikey", "privatekey", "credential", "accesskey"];
    let letters: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
    // `customer_account_password_reset` is an email, and not a secret. The second test covers typos in its name.
    let mut name = letters.to_ascii_lowercase().replace("passwordreset", "");
    if name.starts_with("customeraccount") {
        name = name.replace("password", "");
    }
    WORDS.iter().any(|word| name.contains(word)) || is_similar(key, "secret_key")
}

/// Whether a key is a word, with at most two typos.
pub(super) fn is_similar(key: &str, word: &str) -> bool {
    const MAX_TYPOS: usize = 2;
    // The difference in length is a lower bound of the distance, and cheap.
    key == word || (key.len().abs_diff(word.len()) <= MAX_TYPOS && strsim::damerau_levenshtein(key, word) <= MAX_TYPOS)
}
