//! Redacts the API key and other secrets in texts from services, in plain and in percent-encoded form.

use std::cmp::Reverse;

use crate::online::net::text::percent_encode;

/// Shorter texts are not redacted: they would match parts of ordinary words.
const MIN_SECRET_LEN: usize = 6;

/// The secrets in all forms to find, in ASCII lower case, because a service may change the case of a header or host.
#[derive(Debug, Default)]
pub(super) struct Redactor(Vec<String>);

impl Redactor {
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
        Self(forms)
    }

    /// Whether the text contains a secret.
    pub(super) fn finds_secret(&self, text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        self.0.iter().any(|form| lower.contains(form))
    }

    /// Replaces each secret by asterisks.
    pub(super) fn redact(&self, text: &str) -> String {
        let mut redacted = text.to_owned();
        for form in &self.0 {
            // Changing the case of ASCII letters does not move any byte.
            let lower = redacted.to_ascii_lowercase();
            for (start, secret) in lower.match_indices(form) {
                redacted.replace_range(start..start + secret.len(), &"*".repeat(secret.len()));
            }
        }
        redacted
    }
}
