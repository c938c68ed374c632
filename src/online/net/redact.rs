//! Redacts the API key and other secrets in texts from services.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::fmt::Write as _;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::base::sanitize::is_unprintable;
use crate::online::net::text::{decode_escapes, percent_encode};

/// Shorter secrets are not redacted, because they would match parts of ordinary words.
const MIN_SECRET_LEN: usize = 6;

/// No part of the key with this number of characters is shown.
const PART_LEN: usize = 8;

/// Only this number of characters of a text is searched for parts of the key. Messages quote fewer characters.
const MAX_SEARCHED_CHARS: usize = 2000;

/// What replaces a text that contains a part of the key.
const HIDDEN: &str = "(not shown, because it repeats a part of the key)";

/// Replaces secrets in texts.
#[derive(Debug, Default)]
pub(super) struct Redactor {
    /// The secrets as they are and percent-encoded, in ASCII lower case, because a service may change the case of a header or host.
    forms: Vec<String>,
    key_parts: KeyParts,
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
        Self { forms, key_parts: KeyParts::default() }
    }

    /// Also hides every text that contains a part of the API key, in any usual encoding.
    #[must_use]
    pub(super) fn with_key_parts(self, key: &str) -> Self {
        Self { key_parts: KeyParts::new(key), ..self }
    }

    /// Whether the text contains a secret.
    pub(super) fn finds_secret(&self, text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        self.forms.iter().any(|form| lower.contains(form))
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
        if self.key_parts.occur_in(&redacted) { HIDDEN.to_owned() } else { redacted }
    }
}

/// The parts of the API key with [`PART_LEN`] characters, in several encodings.
#[derive(Debug, Default)]
struct KeyParts {
    /// The parts as they are written, in lower case.
    exact: HashSet<String>,
    /// The parts, and their encodings, reduced to letters and digits. A service may put other characters between those of the key.
    alphanumeric: HashSet<String>,
    /// The different lengths of `alphanumeric`.
    lengths: HashSet<usize>,
}

impl KeyParts {
    fn new(key: &str) -> Self {
        let mut parts = Self::default();
        let key = key.trim();
        parts.exact.extend(substrings(&key.to_ascii_lowercase(), PART_LEN));
        parts.alphanumeric.extend(substrings(&to_alphanumeric(key), PART_LEN));
        let reversed: String = key.chars().rev().collect();
        for text in [key, &reversed] {
            for part in substrings(text, PART_LEN) {
                parts.add_encodings(&part);
            }
        }
        parts.lengths = parts.alphanumeric.iter().map(String::len).collect();
        parts
    }

    /// Adds the hexadecimal, decimal and Base64 encodings of a part.
    fn add_encodings(&mut self, part: &str) {
        let (mut hex, mut decimal) = (String::new(), String::new());
        for byte in part.bytes() {
            // Writing to a string does not fail.
            let _ = write!(hex, "{byte:02x}");
            let _ = write!(decimal, "{byte}");
        }
        self.alphanumeric.extend([hex, decimal]);
        // Base64 encodes three bytes at a time, so the encoding depends on the position of the part. Its first and last characters
        // depend on the bytes around the part, so they are left out.
        for padding in ["", "x", "xx"] {
            let encoded = BASE64_STANDARD.encode(format!("{padding}{part}"));
            let start = (padding.len() * 8).div_ceil(6);
            let end = (padding.len() + part.len()) * 8 / 6;
            self.alphanumeric.insert(to_alphanumeric(&encoded[start..end]));
        }
    }

    /// Whether a text contains a part, which may be reversed or escaped up to twice.
    fn occur_in(&self, text: &str) -> bool {
        if self.exact.is_empty() {
            return false;
        }
        let text: String = text.chars().take(MAX_SEARCHED_CHARS).collect();
        let decoded = decode_escapes(&text);
        let decoded_twice = decode_escapes(&decoded);
        for text in [text, decoded, decoded_twice] {
            let reversed: String = text.chars().rev().collect();
            if self.occur_unescaped(&text) || self.occur_unescaped(&reversed) {
                return true;
            }
        }
        false
    }

    fn occur_unescaped(&self, text: &str) -> bool {
        // Zero-width characters and spaces may separate the characters of the key.
        let dense: String = text.chars().filter(|c| !is_unprintable(*c) && !c.is_whitespace()).collect();
        if contains_part(&dense.to_ascii_lowercase(), PART_LEN, &self.exact) {
            return true;
        }
        let alphanumeric = to_alphanumeric(text);
        // `0x6b, 0x65` is hexadecimal with prefixes.
        let without_prefixes = to_alphanumeric(&text.to_ascii_lowercase().replace("0x", ""));
        for len in &self.lengths {
            if contains_part(&alphanumeric, *len, &self.alphanumeric)
                || contains_part(&without_prefixes, *len, &self.alphanumeric)
            {
                return true;
            }
        }
        false
    }
}

/// Whether a text contains one of the parts with this number of characters.
fn contains_part(text: &str, len: usize, parts: &HashSet<String>) -> bool {
    substrings(text, len).any(|substring| parts.contains(&substring))
}

/// The letters and digits of a text in lower case.
fn to_alphanumeric(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
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
        for part in [KEY, &KEY[..8], &KEY[4..12], &KEY[9..20], &KEY[20..]] {
            let bytes = |format: fn(u8) -> String| part.bytes().map(format).collect::<Vec<_>>();
            let hex = bytes(|byte| format!("{byte:02x}"));
            for written in [
                part.to_owned(),
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
                bytes(|byte| format!("{} ", char::from(byte))).concat(),
                BASE64_STANDARD.encode(part),
                BASE64_STANDARD.encode(format!("a{part}")),
                BASE64_STANDARD.encode(format!("ab{part}c")),
            ] {
                let redacted = redactor.redact(&format!("the key {written} is unknown"));
                let is_hidden = redacted == HIDDEN || (written.contains(KEY) && redacted.contains("***"));
                assert!(is_hidden || redacted.contains(&"*".repeat(KEY.len())), "{written}: {redacted}");
            }
        }
    }

    #[test]
    fn other_texts_are_shown() {
        let redactor = Redactor::new([KEY]).with_key_parts(KEY);
        for text in [
            "the key starts with rk_live",
            "tracking domain Kq7ZpW2mVx9LcT4bRn8D not found",
            "100% of 0x12 %zz &#x; &#99999999999; \\u12 %",
            "",
        ] {
            assert_eq!(redactor.redact(text), text);
        }
    }
}
