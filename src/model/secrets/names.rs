//! Recognizes keys whose values are secrets, and values that only name a secret.

use crate::model::secrets::characters::{is_blank, is_name_char, is_opening_quote};
use crate::syntax::variables::variable_name;

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
    let name = name.as_bytes();
    (0..name.len()).any(|start| WORDS.iter().any(|word| starts_with_word(&name[start..], word.as_bytes())))
}

/// Whether a text starts with a word, or is the word without its last letter.
fn starts_with_word(text: &[u8], word: &[u8]) -> bool {
    // `token` is too short to be cut off: other words end with `toke`, too.
    text.first() == word.first() && (text.starts_with(word) || (word.len() > 5 && text == &word[..word.len() - 1]))
}

/// Whether a key is this word, or this word with at most two typos.
pub(super) fn is_similar(key: &str, word: &str) -> bool {
    const MAX_TYPOS: usize = 2;
    // The distance comes last, because computing it takes much longer. It is at least the difference of the lengths, and at least the
    // number of letters that the word does not have.
    key == word
        || (key.len().abs_diff(word.len()) <= MAX_TYPOS
            && key.chars().filter(|letter| !word.contains(*letter)).count() <= MAX_TYPOS
            && strsim::damerau_levenshtein(key, word) <= MAX_TYPOS)
}

/// Whether a text is a variable of portal-lint, `${NAME}`, or an expression of GitHub Actions, `${{ secrets.NAME }}`, perhaps with quotes
/// and punctuation around it.
pub(super) fn is_variable(text: &str) -> bool {
    let text = text.trim_start_matches(|c| is_opening_quote(c) || is_blank(c) || c == ',');
    let closing = if text.starts_with("${{") { "}}" } else { "}" };
    let Some((start, after)) = text.split_once(closing) else { return false };
    let is_complete = match start.strip_prefix("${{") {
        Some(expression) => !expression.contains(['{', '}']),
        None => variable_name(&text[..=start.len()]).is_some(),
    };
    is_complete && !after.contains(|c| is_name_char(c) || c == '$')
}
