//! Finds the API key and other secrets in texts from services.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::online::net::plain_words::quote_plain_words;
use crate::online::net::text::{decode_escapes, percent_encode};
use aho_corasick::AhoCorasick;

/// Shorter secrets are not searched for, because they would match parts of ordinary words.
const MIN_SECRET_LEN: usize = 6;

/// No part of the key with this number of characters is shown.
const PART_LEN: usize = 8;

/// Finds secrets in texts.
#[derive(Debug)]
pub(super) struct SecretFinder {
    /// The search for the secrets as they are and percent-encoded, in any case of ASCII letters, because a service may change the case of
    /// a header or host. `None` if they are too long to build the search: then every text counts as one with a secret.
    forms: Option<AhoCorasick>,
    /// The searches for parts of the API key, each of which finds other encodings of them.
    part_searches: Vec<PartSearch>,
}

impl SecretFinder {
    /// Creates a search for these secrets.
    pub(super) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut forms = Vec::new();
        for secret in secrets {
            let secret = secret.trim();
            for form in [secret.to_owned(), percent_encode(secret)] {
                if form.len() >= MIN_SECRET_LEN {
                    forms.push(form);
                }
            }
        }
        let forms = AhoCorasick::builder().ascii_case_insensitive(true).build(forms).ok();
        Self { forms, part_searches: Vec::new() }
    }

    /// Also finds parts of the API key, in the usual encodings.
    #[must_use]
    pub(super) fn with_key_parts(self, key: &str) -> Self {
        let key = key.trim();
        let punctuation: BTreeSet<char> = key.chars().filter(|c| !c.is_ascii_alphanumeric()).collect();
        let rotated_parts = substrings(&rotate_letters(key), PART_LEN).map(|part| part.to_ascii_lowercase()).collect();
        let mut part_searches = vec![PartSearch::new(key, punctuation.iter().collect(), rotated_parts)];
        // The separator that a service puts between the characters of the key may be one of its own punctuation characters.
        for separator in &punctuation {
            let kept_punctuation = punctuation.iter().filter(|c| *c != separator).collect();
            part_searches.push(PartSearch::new(key, kept_punctuation, Vec::new()));
        }
        part_searches.push(PartSearch::new(key, String::new(), encoded_parts(key)));
        Self { part_searches, ..self }
    }

    /// Whether the text contains a secret or a part of the key.
    pub(super) fn finds_secret(&self, text: &str) -> bool {
        self.forms.as_ref().is_none_or(|forms| forms.is_match(text)) || self.finds_key_part(text)
    }

    /// The known words of a text. `None` if there are none, or if they contain a secret or a part of the key.
    pub(super) fn quote(&self, text: &str) -> Option<String> {
        quote_plain_words(text).filter(|words| !self.finds_secret(words))
    }

    /// Whether a text contains a part of the key, which may be escaped up to twice.
    fn finds_key_part(&self, text: &str) -> bool {
        let decoded = decode_escapes(text);
        let decoded_twice = decode_escapes(&decoded);
        // The bytes may be hexadecimal numbers with prefixes: `0x6b, 0x65`.
        let without_prefixes = text.to_ascii_lowercase().replace("0x", "");
        let joined = [text, &decoded, &decoded_twice].map(join_separated_characters);
        let mut texts = BTreeSet::from([text, &decoded, &decoded_twice, &without_prefixes]);
        texts.extend(joined.iter().map(String::as_str));
        texts.iter().any(|text| self.part_searches.iter().any(|search| search.finds_part(text)))
    }
}

/// A search for parts of the API key with [`PART_LEN`] characters. A service may put separators between the characters of the key, so only
/// letters, digits and some punctuation characters are compared.
#[derive(Debug)]
struct PartSearch {
    /// The punctuation characters that are compared.
    kept_punctuation: String,
    /// `None` if the key is too long.
    finder: Option<AhoCorasick>,
}

impl PartSearch {
    /// `parts` are further texts to search for.
    fn new(key: &str, kept_punctuation: String, mut parts: Vec<String>) -> Self {
        parts.extend(substrings(&reduce_text(key, &kept_punctuation), PART_LEN));
        let reversed: Vec<String> = parts.iter().map(|part| part.chars().rev().collect()).collect();
        parts.extend(reversed);
        Self { kept_punctuation, finder: AhoCorasick::new(parts).ok() }
    }

    /// Also true if the search is not possible.
    fn finds_part(&self, text: &str) -> bool {
        let text = reduce_text(text, &self.kept_punctuation);
        self.finder.as_ref().is_none_or(|finder| finder.is_match(&text))
    }
}

/// Finds sequences of characters that are separated by the same character, and returns them without this separator: `r_k` for `r___k`.
/// [`reduce_text`] would also remove the `_` that is a character of the key. Sequences with fewer than [`PART_LEN`] characters are left out.
fn join_separated_characters(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut joined = String::new();
    // A sequence may start at an even or an odd position.
    for first in 0..2 {
        // Each pair is a character and its separator.
        let pairs: Vec<&[char]> = chars.get(first..).unwrap_or_default().chunks(2).collect();
        let mut end = 0;
        for group in pairs.chunk_by(|pair, next| pair.get(1) == next.get(1)) {
            let start = end;
            end += group.len();
            // The pair after a group has its last character, which no separator or another one follows.
            let with_last = &pairs[start..pairs.len().min(end + 1)];
            if group.len() + 1 >= PART_LEN {
                joined.extend(with_last.iter().map(|pair| pair[0]));
            }
        }
    }
    joined
}

/// The letters, the digits and the `kept_punctuation` of a text, in lower case and normal width.
fn reduce_text(text: &str, kept_punctuation: &str) -> String {
    let is_kept = |c: &char| c.is_ascii_alphanumeric() || kept_punctuation.contains(*c);
    text.chars().map(to_normal_width).filter(is_kept).map(|c| c.to_ascii_lowercase()).collect()
}

/// The ASCII character that a full-width character stands for.
fn to_normal_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// A text with each letter 13 places later in the alphabet (ROT13).
fn rotate_letters(text: &str) -> String {
    text.chars().map(rotate_letter).collect()
}

fn rotate_letter(c: char) -> char {
    let Ok(byte) = u8::try_from(c) else { return c };
    match byte {
        b'a'..=b'm' | b'A'..=b'M' => char::from(byte + 13),
        b'n'..=b'z' | b'N'..=b'Z' => char::from(byte - 13),
        _ => c,
    }
}

/// The encodings of the parts of the key and of the reversed key: as numbers, Base32 and Base64, also of UTF-16, and with doubled
/// characters.
fn encoded_parts(key: &str) -> Vec<String> {
    let reversed: String = key.chars().rev().collect();
    let mut encoded_parts = Vec::new();
    for part in substrings(key, PART_LEN).chain(substrings(&reversed, PART_LEN)) {
        // In UTF-16, a zero is between the bytes, and before the first or after the last one.
        let mut utf16: Vec<u8> = part.bytes().flat_map(|byte| [byte, 0]).collect();
        utf16.pop();
        for bytes in [part.as_bytes(), &utf16] {
            push_encodings(bytes, &mut encoded_parts);
        }
        let doubled: String = part.chars().flat_map(|c| [c, c]).collect();
        encoded_parts.push(reduce_text(&doubled, ""));
    }
    // Reduced to letters and digits, the encoding of a part can be so short that other texts contain it by chance.
    encoded_parts.retain(|encoded| encoded.len() >= PART_LEN);
    encoded_parts
}

/// Adds the encodings of bytes as numbers, Base32 and Base64, reduced to letters and digits.
fn push_encodings(bytes: &[u8], encodings: &mut Vec<String>) {
    let mut numbers = [const { String::new() }; 4];
    let [binary, octal, decimal, hex] = &mut numbers;
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(binary, "{byte:08b}");
        let _ = write!(octal, "{byte:03o}");
        let _ = write!(decimal, "{byte}");
        let _ = write!(hex, "{byte:02x}");
    }
    encodings.extend(numbers);
    for (alphabet, bits) in [(BASE32, 5), (BASE64, 6)] {
        // Several bytes are encoded at a time, so the encoding depends on the position of the part.
        let encoded = (0..bits).map(|offset| encode_part(bytes, alphabet, bits, offset));
        encodings.extend(encoded.map(|text| reduce_text(&text, "")));
    }
}

const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes a part of a text in characters of `bits` bits each, `offset` bits after the start of a character. The characters that also
/// encode what is around the part are left out.
fn encode_part(part: &[u8], alphabet: &[u8], bits: usize, offset: usize) -> String {
    let mut encoded = String::new();
    let (mut value, mut value_bits) = (0_usize, offset);
    for byte in part {
        value = value << 8 | usize::from(*byte);
        value_bits += 8;
        while value_bits >= bits {
            value_bits -= bits;
            encoded.push(char::from(alphabet[value >> value_bits & (alphabet.len() - 1)]));
        }
        value &= (1 << value_bits) - 1;
    }
    if offset > 0 {
        // The first character also encodes what is before the part.
        encoded.remove(0);
    }
    encoded
}

/// All substrings of a text with this number of characters.
fn substrings(text: &str, len: usize) -> impl Iterator<Item = String> {
    let chars: Vec<char> = text.chars().collect();
    (len..=chars.len()).map(move |end| chars[end - len..end].iter().collect())
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

    use crate::online::net::secret_finder::*;

    const KEY: &str = "rk_live_9fQ2-xW7bL0pZ4tHs8Vn";

    /// A part of the key in different encodings.
    fn encodings(part: &str) -> Vec<String> {
        let bytes = |format: fn(u8) -> String| part.bytes().map(format).collect::<Vec<_>>();
        let hex = bytes(|byte| format!("{byte:02x}"));
        let base32 = |text: &str| encode_part(text.as_bytes(), BASE32, 5, 0);
        let fullwidth = |byte| char::from_u32(u32::from(byte) + 0xfee0).unwrap().to_string();
        let mut encodings = vec![
            part.to_owned(),
            part.to_uppercase(),
            part.chars().rev().collect(),
            rotate_letters(part),
            hex.concat(),
            hex.join(" ").to_uppercase(),
            hex.concat().chars().rev().collect(),
            bytes(fullwidth).concat(),
        ];
        let formats: [fn(u8) -> String; 31] = [
            |byte| format!("0x{byte:02x}, "),
            |byte| format!("%{byte:02X}"),
            |byte| format!("%25{byte:02x}"),
            |byte| format!("\\x{byte:02x}"),
            |byte| format!("\\u00{byte:02x}"),
            |byte| format!("\\u{{{byte:x}}}"),
            |byte| format!("\\{byte:03o}"),
            |byte| format!("={byte:02X}"),
            |byte| format!("&#{byte};"),
            |byte| format!("&#x{byte:x};"),
            |byte| format!("{byte},"),
            |byte| format!("{byte:08b} "),
            |byte| format!("{byte:08b}"),
            |byte| format!("{byte:03o} "),
            |byte| format!("{}\u{200b}", char::from(byte)),
            |byte| format!("{}\u{fe0f}", char::from(byte)),
            |byte| format!("{} ", char::from(byte)),
            |byte| format!("{}.", char::from(byte)),
            |byte| format!("{}-", char::from(byte)),
            |byte| format!("{}_", char::from(byte)),
            |byte| format!("_{}", char::from(byte)),
            |byte| format!("{}|", char::from(byte)),
            |byte| format!("%{byte:02X}_"),
            // One character on each line, and UTF-16 as text, in hexadecimal and in octal.
            |byte| format!("{}\n", char::from(byte)),
            |byte| format!("{}\r\n", char::from(byte)),
            |byte| format!("{}\0", char::from(byte)),
            |byte| format!("{byte:02x}00"),
            |byte| format!("00{byte:02X}"),
            |byte| format!("\\u{{{byte:04X}}}"),
            |byte| format!("&#{byte:04};"),
            |byte| format!("{0}{0}", char::from(byte)),
        ];
        encodings.extend(formats.map(|format| bytes(format).concat()));
        let utf16: Vec<u8> = part.bytes().flat_map(|byte| [byte, 0]).collect();
        encodings.push(BASE64_URL_SAFE_NO_PAD.encode(part));
        encodings.push(BASE64_URL_SAFE_NO_PAD.encode(part.chars().rev().collect::<String>()));
        encodings.push(BASE64_STANDARD.encode(&utf16));
        encodings.push(BASE64_STANDARD.encode([&[0], &utf16[..]].concat()));
        for prefix in ["", "a", "ab", "abc", "abcd"] {
            encodings.push(BASE64_STANDARD.encode(format!("{prefix}{part}")));
            encodings.push(base32(&format!("{prefix}{part}c")));
            encodings.push(base32(&format!("{prefix}{part}c")).to_lowercase());
        }
        encodings
    }

    #[test]
    fn no_part_of_the_key_is_quoted_in_any_encoding() {
        let secrets = SecretFinder::new([KEY]).with_key_parts(KEY);
        for part in substrings(KEY, 8).chain([KEY, &KEY[..9], &KEY[9..20]].map(str::to_owned)) {
            for written in encodings(&part) {
                assert!(secrets.finds_secret(&format!("{}{written}", "x ".repeat(100))), "{written}");
                let quoted = secrets.quote(&format!("the key {written} is unknown")).unwrap_or_default();
                // `live` and short numbers are quoted.
                assert!(quoted.len() <= "the key …-_live_1234567-… is unknown".len(), "{written}: {quoted}");
            }
        }
    }

    /// Keys with the characters and lengths of real ones.
    #[test]
    fn no_part_of_a_random_key_is_missed_or_quoted_in_any_encoding() {
        const CHARACTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
        let mut state = 7_u64;
        let mut below = |limit: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(state >> 33).expect("31 bits") % limit
        };
        for _ in 0..40 {
            let length = 16 + below(32);
            let key: String = (0..length).map(|_| char::from(CHARACTERS[below(CHARACTERS.len())])).collect();
            let secrets = SecretFinder::new([key.as_str()]).with_key_parts(&key);
            let start = below(length - 8);
            let part = &key[start..start + 8 + below(length - start - 8)];
            for written in encodings(part) {
                assert!(secrets.finds_secret(&written), "{part} of {key}: {written:?}");
                let quoted = secrets.quote(&format!("key {written}")).unwrap_or_default();
                assert!(quoted.bytes().filter(u8::is_ascii_digit).count() < 8, "{part} of {key}: {quoted}");
            }
        }
    }

    #[test]
    fn encodings_that_are_not_searched_for_are_not_quoted() {
        let secrets = SecretFinder::new([KEY]).with_key_parts(KEY);
        for written in [
            "ix_orer_1sD8",
            "mp_bocz_2uC5",
            "romeo kilo underscore lima india victor echo",
            "⠗⠅⠸⠇⠊⠧⠑",
            "Zr Kz 9f Qx",
            ".-. -.- ..--.- .-.. .. ...- .",
            "🅁🄺 🄻🄸🅅🄴",
            "ⓡⓚ_ⓛⓘⓥⓔ",
            "8245928655720965490",
        ] {
            let quoted = secrets.quote(&format!("key {written} unknown")).unwrap_or_default();
            assert!(["key … unknown", "key unknown"].contains(&quoted.as_str()), "{written}: {quoted}");
        }
    }

    #[test]
    fn other_texts_are_not_secret() {
        let secrets = SecretFinder::new([KEY]).with_key_parts(KEY);
        for text in [
            "the key starts with rk_live",
            "tracking domain Kq7ZpW2mVx9LcT4bRn8D not found",
            "r_k_l_i_v_e and r k _ l i v e, or r-k-_-l-i",
            "a_b_c_d_e_f_g_h_i_j, a - b - c - d - e - f - g - h, ________________",
            "100% of 0x12 %zz &#x; &#99999999999; \\u12 \\u{} \\999 =zz %",
            "",
        ] {
            assert!(!secrets.finds_secret(text), "{text}");
        }
        assert_eq!(secrets.quote("the key starts with rk").as_deref(), Some("the key starts with …"));
        assert_eq!(SecretFinder::new(["invalid"]).quote("the key is invalid"), None);
    }
}
