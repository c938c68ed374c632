//! Recognizes keys whose values are secrets, and values that only name a secret.

use crate::model::secrets::characters::{is_blank, is_name_char, is_opening_quote};
use crate::syntax::variables::variable_name;

/// Whether the name of a key suggests that its value is a secret. Letter case and punctuation do not matter. `secret_key` may have two
/// typos. The last letter of the other words may be missing, and a word of its own, as in `smtp_pasword`, may have one typo.
pub(crate) fn is_secret_name(key: &str) -> bool {
    may_be_secret_name(key) && has_secret_name(key)
}

/// Whether a key has most letters of a word that makes it the name of a secret. Most words do not, and this test is much faster than the
/// search for words.
fn may_be_secret_name(key: &str) -> bool {
    /// The letters of each word, and how many of them a name may lack: one for each typo, or for a missing letter at the end.
    const WORDS: [(u32, u32); 12] = [
        (letter_set("secretkey"), 2),
        (letter_set("secret"), 1),
        (letter_set("password"), 1),
        (letter_set("passwd"), 1),
        (letter_set("passphrase"), 1),
        (letter_set("token"), 1),
        (letter_set("apikey"), 1),
        (letter_set("privatekey"), 1),
        (letter_set("credential"), 1),
        (letter_set("accesskey"), 1),
        (letter_set("pass"), 0),
        (letter_set("pwd"), 0),
    ];
    let key_letters = letter_set(key);
    WORDS.iter().any(|(letters, max_missing)| (letters & !key_letters).count_ones() <= *max_missing)
}

/// The set of the ASCII letters of a text, one bit for each.
const fn letter_set(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let (mut set, mut index) = (0_u32, 0);
    while index < bytes.len() {
        let byte = bytes[index].to_ascii_lowercase();
        if byte.is_ascii_lowercase() {
            set |= 1 << (byte - b'a');
        }
        index += 1;
    }
    set
}

fn has_secret_name(key: &str) -> bool {
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
    let bytes = name.as_bytes();
    // One pass over the name: a search with `contains` for each word takes longer.
    (0..bytes.len()).any(|start| WORDS.iter().any(|word| starts_with_word(&bytes[start..], word.as_bytes())))
        || (!name.starts_with("customeraccount") && has_abbreviated_or_misspelled_word(key))
}

/// Whether a word of a key, or two words next to each other, are the name of a secret with one typo (`api_tokn`, `apy_key`), or whether
/// the key ends with an abbreviation (`smtp_pass`).
fn has_abbreviated_or_misspelled_word(key: &str) -> bool {
    const WORDS: [&str; 7] = ["secret", "password", "passphrase", "token", "apikey", "privatekey", "accesskey"];
    /// A longer text is not a key.
    const MAX_LEN: usize = 64;
    /// Words that differ from one of `WORDS` in one letter.
    const OTHER_WORDS: [&str; 3] = ["taken", "woken", "secrete"];
    if key.len() > MAX_LEN {
        return false;
    }
    let key = key.to_ascii_lowercase();
    let words: Vec<&str> = key.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    // `smtp_pass` and `pwd` are names, and `pass` in a sentence is not.
    if !key.contains(' ') && words.last().is_some_and(|word| ["pass", "pwd"].contains(word)) {
        return true;
    }
    let pairs = words.windows(2).map(<[&str]>::concat);
    // The caller has searched for the words without typos. Here, they can only be a part of `password_reset`, which is not a secret.
    let is_misspelled = |name: &str| WORDS.iter().any(|word| name != *word && has_at_most_typos(name, word, 1));
    let mut names = words.iter().map(|word| (*word).to_owned()).chain(pairs);
    names.any(|name| !OTHER_WORDS.contains(&name.as_str()) && is_misspelled(&name))
}

/// Whether a text starts with a word, or is the word without its last letter.
fn starts_with_word(text: &[u8], word: &[u8]) -> bool {
    // `token` is too short to be cut off: other words end with `toke`, too.
    text.first() == word.first() && (text.starts_with(word) || (word.len() > 5 && text == &word[..word.len() - 1]))
}

/// Whether a key is this word, or this word with at most two typos.
pub(super) fn is_similar(key: &str, word: &str) -> bool {
    has_at_most_typos(key, word, 2)
}

fn has_at_most_typos(key: &str, word: &str, max_typos: usize) -> bool {
    // The distance comes last, because computing it takes much longer. It is at least the difference of the lengths, and at least the
    // number of letters that the word does not have.
    key == word
        || (key.len().abs_diff(word.len()) <= max_typos
            && key.chars().filter(|letter| !word.contains(*letter)).count() <= max_typos
            && strsim::damerau_levenshtein(key, word) <= max_typos)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelled_and_abbreviated_names_of_secrets_are_recognized() {
        for name in [
            "smtp_pasword",
            "smtp-passwrod",
            "passwort",
            "recaptcha_secrt",
            "sercet",
            "client_secert",
            "api_tokn",
            "toekn",
            "apy_key",
            "acces_key",
            "privat_key",
            "smtp_secert_key",
            "smtp_pass",
            "db-pwd",
            "pass",
            "Pwd",
            "Api Kye",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "site_key",
            "taken",
            "has_taken",
            "passport",
            "passed",
            "tests pass",
            "regret",
            "tracking_domain",
            "customer_account_password_reset",
            "customer_account_pasword_reset",
            "broken",
            "keys",
            "spoken_language",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn the_fast_test_rejects_no_name_of_a_secret() {
        for (word, typos) in [
            ("secretkey", 2),
            ("secret", 1),
            ("password", 1),
            ("passwd", 1),
            ("passphrase", 1),
            ("token", 1),
            ("credentia", 0),
            ("api_key", 1),
            ("privatekey", 1),
            ("accesskey", 1),
            ("db_pass", 0),
            ("db_pwd", 0),
        ] {
            let mut names = vec![word.to_owned()];
            for _ in 0..typos {
                names = names.iter().flat_map(|name| with_typo(name)).collect();
            }
            for name in names {
                assert!(!has_secret_name(&name) || may_be_secret_name(&name), "{name}");
            }
        }
    }

    /// A text without one of its letters, or with another one.
    fn with_typo(text: &str) -> Vec<String> {
        let mut changed = Vec::new();
        for index in 0..text.len() {
            changed.push(format!("{}{}", &text[..index], &text[index + 1..]));
            changed.push(format!("{}x{}", &text[..index], &text[index + 1..]));
        }
        changed
    }

    #[test]
    fn no_field_of_a_portal_except_the_secret_key_is_the_name_of_a_secret() {
        for name in crate::schema::all_field_names() {
            assert_eq!(is_secret_name(name), *name == "secret_key", "{name}");
        }
    }
}
