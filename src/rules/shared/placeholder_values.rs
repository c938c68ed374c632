//! Recognizes IDs and keys that are placeholders: values that RevCent or Google never issues.

use std::borrow::Cow;

use crate::model::portal::has_id_length;
use crate::rules::wording::trim;
use crate::syntax::cursor::Cursor;

/// Words that are a placeholder if they are the whole text, or if the text consists of their repetitions (`TODOTODOTODO`).
const WHOLE_WORDS: [&str; 17] = [
    "asdf", "dummy", "fake", "fixme", "foo", "foobar", "insert", "n/a", "none", "null", "sample", "tba", "tbc", "tbd",
    "test", "todo", "xxx",
];

/// Words that make a text a placeholder if they are separate words in it: `my-todo-key`.
const SEPARATE_WORDS: [&str; 8] = ["dummy", "fake", "fixme", "insert", "tbd", "todo", "xxx", "your"];

/// Words that make a text a placeholder wherever they are, each with its parts. They are long, and [`is_written_as_word`] rejects
/// `exAMpLE`, so a random ID contains one of them with a probability of less than one in a billion.
const LONG_WORDS: [&[&str]; 14] = [
    &["asdfghjkl"],
    &["campaign", "id"],
    &["change", "me"],
    &["domain", "id"],
    &["example"],
    &["insert", "key"],
    &["key", "here"],
    &["place", "holder"],
    &["portal", "id"],
    &["profile", "id"],
    &["qwertyuiop"],
    &["replace", "me"],
    &["smtp", "profile"],
    &["tracking", "domain"],
];

/// The length of the shortest long word. Most random IDs have no such number of adjacent letters.
const MIN_LONG_WORD_LEN: usize = 7;

/// Whether a text can be a real ID: it has the length of one and is not a placeholder. The account is only queried for such IDs.
pub(crate) fn is_plausible_id(text: &str) -> bool {
    has_id_length(text) && placeholder_reason(text).is_none()
}

/// The text of an ID field, if it can be a real ID; see [`is_plausible_id`]. `None` for a variable.
pub(crate) fn plausible_id<'d>(field: &Cursor<'d>) -> Option<&'d str> {
    field.literal_text().filter(|text| is_plausible_id(text))
}

/// Why an ID or key is a placeholder, as the end of the sentence "it …"; `None` for a value that may be real.
pub(crate) fn placeholder_reason(text: &str) -> Option<&'static str> {
    let text = trim(text).as_bytes();
    let (first, last) = (*text.first()?, *text.last()?);
    if text.len() > 3 && text.iter().all(|byte| byte.eq_ignore_ascii_case(&first)) {
        return Some("repeats one character");
    }
    if matches!(first, b'<' | b'[' | b'{') && matches!(last, b'>' | b']' | b'}') {
        return Some("was never filled in");
    }
    if first.is_ascii_uppercase() && is_constant_name(text) {
        return Some("names the value instead of containing it");
    }
    if is_whole_word(text) || has_separate_word(text) || contains_long_word(text) {
        return Some("contains a placeholder word");
    }
    is_sequential(text).then_some("consists of sequential characters")
}

/// Whether a text is written like a constant: `RECAPTCHA_SITE_KEY`.
fn is_constant_name(text: &[u8]) -> bool {
    // Every part between two underscores needs at least one character: `A__B` is not the name of a constant.
    text.contains(&b'_') && text.split(|byte| *byte == b'_').all(is_constant_part)
}

fn is_constant_part(part: &[u8]) -> bool {
    !part.is_empty() && part.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Whether a text for people is only a reminder to write one: `TODO`, `TBD: ask Anna`, `Lorem ipsum dolor`.
pub(crate) fn is_placeholder_text(text: &str) -> bool {
    const WORDS: [&str; 8] = ["asdf", "change me", "changeme", "dummy", "placeholder", "tba", "tbc", "xxx"];
    const REMINDERS: [&str; 3] = ["FIXME", "TBD", "TODO"];
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    let first_word = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_word = WORDS.iter().chain(&REMINDERS).any(|word| text.eq_ignore_ascii_case(word));
    let is_sample_text = text.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("lorem ipsum"));
    // In lower case, the first word may belong to another language: Spanish "todo" means "all".
    is_word || is_sample_text || REMINDERS.contains(&first_word)
}

fn is_whole_word(text: &[u8]) -> bool {
    // Compare the first letters before the words: they nearly always differ, and that is faster.
    let Some(first) = text.first().map(u8::to_ascii_lowercase) else { return false };
    WHOLE_WORDS.iter().any(|word| word.as_bytes()[0] == first && consists_of(text, word))
}

/// Whether a text is a word or its repetitions. The last repetition may be incomplete, because people fill 20 characters.
fn consists_of(text: &[u8], word: &str) -> bool {
    text.len() >= word.len()
        && text.iter().zip(word.bytes().cycle()).all(|(byte, expected)| byte.eq_ignore_ascii_case(&expected))
}

fn has_separate_word(text: &[u8]) -> bool {
    if text.iter().all(u8::is_ascii_alphanumeric) {
        return false;
    }
    text.split(|byte| !byte.is_ascii_alphanumeric()).any(|part| {
        let is_word = SEPARATE_WORDS.iter().any(|word| part.eq_ignore_ascii_case(word.as_bytes()));
        is_word || is_run_of_x(part, MIN_SEPARATE_X)
    })
}

/// So many adjacent `x` are a placeholder if they are a separate word: `XXXX-XXXX`.
const MIN_SEPARATE_X: usize = 3;

/// So many adjacent `x` are a placeholder anywhere in a text. Some random IDs contain four of them.
const MIN_X: usize = 9;

fn is_run_of_x(text: &[u8], min_length: usize) -> bool {
    text.len() >= min_length && text.iter().all(|byte| byte.eq_ignore_ascii_case(&b'x'))
}

fn contains_long_word(text: &[u8]) -> bool {
    // Without separators, `insert-key-here` and `InsertKeyHere` are the same word.
    let letters: Cow<'_, [u8]> = if text.iter().all(u8::is_ascii_alphanumeric) {
        Cow::Borrowed(text)
    } else {
        text.iter().copied().filter(u8::is_ascii_alphanumeric).collect()
    };
    letters.split(u8::is_ascii_digit).filter(|run| run.len() >= MIN_LONG_WORD_LEN).any(run_contains_long_word)
}

/// Whether adjacent letters contain a long word or many `x`.
fn run_contains_long_word(letters: &[u8]) -> bool {
    for start in 0..=letters.len() - MIN_LONG_WORD_LEN {
        let rest = &letters[start..];
        let first = rest[0].to_ascii_lowercase();
        let is_placeholder = match first {
            b'x' => rest.len() >= MIN_X && is_run_of_x(&rest[..MIN_X], MIN_X),
            b'a' | b'c'..=b'e' | b'i' | b'k' | b'p'..=b't' => {
                LONG_WORDS.iter().any(|parts| parts[0].as_bytes()[0] == first && is_written_as_word(rest, parts))
            }
            _ => false,
        };
        if is_placeholder {
            return true;
        }
    }
    false
}

/// Whether a text starts with these parts, each in lower case, in upper case or capitalized, as people write words.
fn is_written_as_word(mut text: &[u8], parts: &[&str]) -> bool {
    for part in parts {
        let Some((candidate, rest)) = text.split_at_checked(part.len()) else { return false };
        if !candidate.eq_ignore_ascii_case(part.as_bytes()) {
            return false;
        }
        let tail = &candidate[1..];
        let is_lower_case = tail.iter().all(u8::is_ascii_lowercase);
        if !is_lower_case && !candidate.iter().all(u8::is_ascii_uppercase) {
            return false;
        }
        text = rest;
    }
    true
}

/// Whether each character is the successor of the previous one: `12345678901234567890`, `abcdefghijklmnopqrst`. A long text may
/// consist of two such sequences: `abcdefghij0123456789`.
fn is_sequential(text: &[u8]) -> bool {
    const MIN_LEN: usize = 10;
    if text.len() < MIN_LEN {
        return false;
    }
    let max_breaks = usize::from(text.len() >= 2 * MIN_LEN);
    text.windows(2).filter(|pair| !is_successor(pair)).take(max_breaks + 1).count() <= max_breaks
}

fn is_successor(pair: &[u8]) -> bool {
    pair[1] == pair[0].wrapping_add(1) || pair == b"90"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_recognized() {
        for text in [
            "XXXXXXXXXXXXXXXXXXXX",
            "XXXX-XXXX-XXXX-XXXX1",
            "6LxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxX",
            "RECAPTCHA_SITE_KEY",
            "ACME_BRAND_A_SHOP_ID",
            "<your key>",
            "changeme",
            "ChangeMe000000000000",
            "YOUR_DOMAIN_ID_00000",
            "your-key",
            "12345678901234567890",
            "abcdefghij0123456789",
            "0123456789ABCDEFGHIJ",
            "TODO",
            "tbd",
            "FIXME",
            "dummy",
            "insert-key-here",
            "InsertKeyHere",
            "TODOTODOTODOTODOTODO",
            "TBDTBDTBDTBDTBDTBDTB",
            "ExampleSmtpProfileId",
            "MyTrackingDomainId01",
            "EXAMPLE0000000000001",
            "test",
        ] {
            assert!(placeholder_reason(text).is_some(), "{text}");
        }
    }

    #[test]
    fn real_ids_and_keys_are_not_placeholders() {
        for text in [
            "Kq7ZpW2mVx9LcT4bRn8D",
            "ABCDE12345ABCDE12345",
            "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI",
            "GX7ScAViYrotRXXXxHdD",
            "xxxxScAViYrotRabcHdD",
            "aTODObcTBDkFIXMEl9Zq",
            "k3exAmPLeq8Zt1Vw5Yb0",
            "testTest1test2Testy3",
            "1234567890123456e789",
            "6SAcmeOutfittersSiteKey00000000000000000",
        ] {
            assert_eq!(placeholder_reason(text), None, "{text}");
        }
    }

    #[test]
    fn reminders_are_placeholders_and_sentences_are_not() {
        for text in ["TODO", "todo", "TBD: ask Anna", "- FIXME -", "Lorem ipsum dolor", "Change me!", "xxx"] {
            assert!(is_placeholder_text(text), "{text}");
        }
        for text in ["", "Todo para tu mascota", "To do lists for teams", "Dummy Brand Shop", "The TODO shop", "Test"] {
            assert!(!is_placeholder_text(text), "{text}");
        }
    }

    #[test]
    fn each_long_word_is_found() {
        for parts in LONG_WORDS {
            assert!(parts.concat().len() >= MIN_LONG_WORD_LEN, "{parts:?} occurs in random ids");
            assert!(contains_long_word(format!("Kq7Z{}", parts.concat()).as_bytes()), "{parts:?}");
        }
    }

    /// Checks random IDs, which are always the same ones.
    fn assert_random_ids_are_real(count: usize) {
        const CHARACTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        // SplitMix64.
        let mut state = 0x5DEE_CE66_D1CE_4E5Bu64;
        let mut next_random = || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        };
        for _ in 0..count {
            let id: String = (0..20).map(|_| char::from(CHARACTERS[(next_random() % 62) as usize])).collect();
            assert_eq!(placeholder_reason(&id), None, "{id}");
        }
    }

    #[test]
    fn no_random_id_is_a_placeholder() {
        assert_random_ids_are_real(100_000);
    }

    #[test]
    #[ignore = "takes two minutes; `tests/integrations/random_ids.sh` runs it"]
    fn none_of_many_random_ids_is_a_placeholder() {
        assert_random_ids_are_real(10_000_000);
    }
}
