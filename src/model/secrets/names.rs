//! Recognizes keys whose values are secrets.

/// Whether the name of a key suggests that its value is a secret. Letter case and punctuation do not matter. `secret_key` may have two
/// typos, and the last letter of the other words may be missing.
pub(crate) fn is_secret_name(key: &str) -> bool {
    const WORDS: [&str; 9] =
        ["secret", "password", "passwd", "passphrase", "token", "apikey", "privatekey", "credential", "accesskey"];
    let mut name = key.to_ascii_lowercase();
    name.retain(|c| c.is_ascii_alphanumeric());
    if is_similar(&name, "secretkey") {
        return true;
    }
    // `customer_account_password_reset` is an email, and not a secret. The second test covers typos in its name.
    if name.contains("password") {
        name = name.replace("passwordreset", "");
        if name.starts_with("customeraccount") {
            name = name.replace("password", "");
        }
    }
    // `token` is too short for this: other words end with `toke`, too.
    let is_cut_off = |word: &str| word.len() > 5 && name.ends_with(&word[..word.len() - 1]);
    WORDS.iter().any(|word| name.contains(word) || is_cut_off(word))
}

/// Whether a key is this word, or this word with at most two typos.
pub(super) fn is_similar(key: &str, word: &str) -> bool {
    const MAX_TYPOS: usize = 2;
    // Computing the distance takes much longer than two conditions that it implies: on the length of the key, and on the number of its
    // letters that the word does not have.
    key == word
        || (key.len().abs_diff(word.len()) <= MAX_TYPOS
            && key.chars().filter(|letter| !word.contains(*letter)).count() <= MAX_TYPOS
            && strsim::damerau_levenshtein(key, word) <= MAX_TYPOS)
}
