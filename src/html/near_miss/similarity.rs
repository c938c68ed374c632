//! Compares the name in a shortcode with `email_code`.

use crate::base::words::{split_into_words, split_words};

/// Longer than any name of a code with the spaces around it.
pub(super) const MAX_NAME_CHARS: usize = 64;

/// In what way a name is similar to `email_code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Similarity {
    /// `email_code`, possibly with spaces around it.
    Same,
    /// `Email_Code`.
    LetterCase,
    /// `email_code | upcase`, `&email_code`: the name with characters that other template systems read as filters or flags.
    OtherCharacters,
    /// `#email_code`: the start of a block.
    BlockStart,
    /// `emailCode`.
    Spelling,
    /// `emial_code`.
    Typo,
    /// `confirmation_code`: another name for a code.
    OtherName,
}

impl Similarity {
    /// Compares the text between two brackets with `email_code`. Returns `None` if it is not similar.
    pub(super) fn of(inner: &str) -> Option<Self> {
        let name = inner.trim().trim_start_matches(['&', '$', '#', '@', '%', '=', '^', '~', '.']);
        let name = name.split('|').next().unwrap_or(name).trim_matches(['%', '.']).trim();
        if name.len() > MAX_NAME_CHARS || name.is_empty() {
            return None;
        }
        if name.eq_ignore_ascii_case("email_code") {
            return Some(match inner.trim() {
                "email_code" => Self::Same,
                trimmed if trimmed == name => Self::LetterCase,
                trimmed if trimmed.starts_with(['#', '^']) => Self::BlockStart,
                _ => Self::OtherCharacters,
            });
        }
        let words = split_into_words(name);
        if words.concat() == "emailcode" {
            Some(Self::Spelling)
        } else if has_typo(&words) {
            Some(Self::Typo)
        } else {
            is_name_of_code(&words).then_some(Self::OtherName)
        }
    }
}

/// Whether the words are "email code" with at most one typo in each, or in both if they are not separated.
fn has_typo(words: &[String]) -> bool {
    match words {
        [first, second] => is_within_one_edit(first, "email") && is_within_one_edit(second, "code"),
        _ => is_within_one_edit(&words.concat(), "emailcode"),
    }
}

/// Whether two words differ in at most one letter that is added, missing or wrong, or in two letters that are swapped.
fn is_within_one_edit(a: &str, b: &str) -> bool {
    strsim::osa_distance(a, b) <= 1
}

/// Whether the words are a name for a code in an email about an account. All words have to be of the lists: `discount_code` is another
/// code.
fn is_name_of_code(words: &[String]) -> bool {
    const NOUNS: [&str; 5] = ["code", "token", "otp", "pin", "passcode"];
    const QUALIFIERS: [&str; 28] = split_words(
        "2fa access account activation auth authentication confirm confirmation customer email emails login mail my \
         one password portal recovery register registration reset security the time user validation verification \
         verify",
    );
    let is_noun = |word: &String| NOUNS.contains(&word.as_str());
    words.iter().any(is_noun) && words.iter().all(|word| is_noun(word) || QUALIFIERS.contains(&word.as_str()))
}
