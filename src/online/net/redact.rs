//! Redacts the API key and other secrets in texts from services.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::online::net::text::{decode_escapes, percent_encode};

/// Shorter secrets are not redacted, because they would match parts of ordinary words.
const MIN_SECRET_LEN: usize = 6;

/// No part of the key with this number of characters is shown.
const PART_LEN: usize = 8;

/// What replaces a text that contains a part of the key.
const HIDDEN: &str = "(not shown, because it repeats a part of the key)";

/// Replaces secrets in texts.
#[derive(Debug, Default)]
pub(super) struct Redactor {
    /// The secrets as they are and percent-encoded, in ASCII lower case, because a service may change the case of a header or host.
    forms: Vec<String>,
    /// The searches for parts of the API key, each of which finds other encodings of them.
    part_searches: Vec<PartSearch>,
}

impl Redactor {
    /// Creates a redactor for these secrets.
    pub(super) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut forms = Vec::new();
        for secret in secrets {
            let secret = secret.trim();
            for form in [secret.to_ascii_lowercase(), percent_encode(secret).to_ascii_lowercase()] {
                if form.len() >= MIN_SECRET_LEN {
                    forms.push(form);
                }
            }
        }
        // Replace longer forms first, because a shorter one may be part of a longer one.
        forms.sort_by_key(|form| Reverse(form.len()));
        forms.dedup();
        Self { forms, part_searches: Vec::new() }
    }

    /// Also hides every text that contains a part of the API key, in any usual encoding.
    #[must_use]
    pub(super) fn with_key_parts(self, key: &str) -> Self {
        let key = key.trim();
        let punctuation: BTreeSet<char> = key.chars().filter(|c| !c.is_ascii_alphanumeric()).collect();
        let mut part_searches = vec![PartSearch::new(key, punctuation.iter().collect(), Vec::new())];
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
        let lower = text.to_ascii_lowercase();
        self.forms.iter().any(|form| lower.contains(form)) || self.finds_key_part(text)
    }

    /// Replaces each secret by asterisks, and the whole text if it contains a part of the key.
    pub(super) fn redact(&self, text: &str) -> String {
        let mut redacted = text.to_owned();
        for form in &self.forms {
            // Changing the case of ASCII letters does not move any byte.
            let lower = redacted.to_ascii_lowercase();
            for (start, secret) in lower.match_indices(form) {
                redacted.replace_range(start..start + secret.len(), &"*".repeat(secret.len()));
            }
        }
        if self.finds_key_part(&redacted) { HIDDEN.to_owned() } else { redacted }
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

/// The letters, the digits and the `kept_punctuation` of a text, in lower case.
fn reduce_text(text: &str, kept_punctuation: &str) -> String {
    let is_kept = |c: &char| c.is_ascii_alphanumeric() || kept_punctuation.contains(*c);
    text.chars().filter(is_kept).map(|c| c.to_ascii_lowercase()).collect()
}

/// The hexadecimal, decimal and Base64 encodings of the parts of the key and of the reversed key, reduced to letters and digits.
fn encoded_parts(key: &str) -> Vec<String> {
    let reversed: String = key.chars().rev().collect();
    let mut encoded_parts = Vec::new();
    for part in substrings(key, PART_LEN).chain(substrings(&reversed, PART_LEN)) {
        let (mut hex, mut decimal) = (String::new(), String::new());
        for byte in part.bytes() {
            // Writing to a string does not fail.
            let _ = write!(hex, "{byte:02x}");
            let _ = write!(decimal, "{byte}");
        }
        encoded_parts.extend([hex, decimal]);
        // Base64 encodes three bytes at a time, so the encoding depends on the position of the part. Its first and last characters
        // depend on the bytes around the part, so they are left out.
        for padding in ["", "x", "xx"] {
            let encoded = BASE64_STANDARD.encode(format!("{padding}{part}"));
            let start = (padding.len() * 8).div_ceil(6);
            let end = (padding.len() + part.len()) * 8 / 6;
            encoded_parts.push(reduce_text(&encoded[start..end], ""));
        }
    }
    encoded_parts
}

/// All substrings of a text with this number of characters.
fn substrings(text: &str, len: usize) -> impl Iterator<Item = String> {
    let chars: Vec<char> = text.chars().collect();
    (len..=chars.len()).map(move |end| chars[end - len..end].iter().collect())
}

#[cfg(test)]
mod tests {
    use crate::online::net::redact::*;

    const KEY: &str = "rk_live_9fQ2-xW7bL0pZ4tHs8Vn";

    #[test]
    fn no_part_of_the_key_is_repeated_in_any_encoding() {
        let redactor = Redactor::new([KEY]).with_key_parts(KEY);
        for part in substrings(KEY, 8).chain([KEY, &KEY[..9], &KEY[9..20]].map(str::to_owned)) {
            let bytes = |format: fn(u8) -> String| part.bytes().map(format).collect::<Vec<_>>();
            let hex = bytes(|byte| format!("{byte:02x}"));
            for written in [
                part.clone(),
                part.to_uppercase(),
                part.chars().rev().collect(),
                hex.concat(),
                hex.join(" ").to_uppercase(),
                hex.concat().chars().rev().collect(),
                bytes(|byte| format!("0x{byte:02x}")).join(", "),
                bytes(|byte| format!("%{byte:02X}")).concat(),
                bytes(|byte| format!("%25{byte:02x}")).concat(),
                bytes(|byte| format!("\\x{byte:02x}")).concat(),
                bytes(|byte| format!("\\u00{byte:02x}")).concat(),
                bytes(|byte| format!("&#{byte};")).concat(),
                bytes(|byte| format!("&#x{byte:x};")).concat(),
                bytes(|byte| byte.to_string()).join(","),
                bytes(|byte| format!("{}\u{200b}", char::from(byte))).concat(),
                bytes(|byte| format!("{}\u{fe0f}", char::from(byte))).concat(),
                bytes(|byte| format!("{} ", char::from(byte))).concat(),
                bytes(|byte| format!("{}.", char::from(byte))).concat(),
                bytes(|byte| format!("{}-", char::from(byte))).concat(),
                bytes(|byte| format!("{}_", char::from(byte))).concat(),
                bytes(|byte| char::from(byte).to_string()).join("_"),
                bytes(|byte| char::from(byte).to_string()).join("|"),
                bytes(|byte| format!("%{byte:02X}_")).concat(),
                BASE64_STANDARD.encode(&part),
                BASE64_STANDARD.encode(format!("a{part}")),
                BASE64_STANDARD.encode(format!("ab{part}c")),
            ] {
                let redacted = redactor.redact(&format!("the key {written} is unknown"));
                let is_hidden = redacted == HIDDEN || (written.contains(KEY) && redacted.contains("***"));
                assert!(is_hidden || redacted.contains(&"*".repeat(KEY.len())), "{written}: {redacted}");
                assert!(redactor.finds_secret(&format!("{}{written}", "x ".repeat(5_000))), "{written}");
            }
        }
    }

    #[test]
    fn other_texts_are_shown() {
        let redactor = Redactor::new([KEY]).with_key_parts(KEY);
        for text in [
            "the key starts with rk_live",
            "tracking domain Kq7ZpW2mVx9LcT4bRn8D not found",
            "r_k_l_i_v_e and r k _ l i v e, or r-k-_-l-i",
            "a_b_c_d_e_f_g_h_i_j, a - b - c - d - e - f - g - h, ________________",
            "100% of 0x12 %zz &#x; &#99999999999; \\u12 %",
            "",
        ] {
            assert_eq!(redactor.redact(text), text);
            assert!(!redactor.finds_secret(text), "{text}");
        }
    }
}
