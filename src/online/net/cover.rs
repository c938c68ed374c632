//! Whoever says the key again is not heard saying it, however it is written.

use serde_json::Value;

use crate::online::net::recaptcha::encoded;

/// What is shorter is no key, and stands everywhere.
const TELLING: usize = 6;

/// What stands for the key: itself and as it is in a URL, in lower case, since a header may have lost its capitals.
pub struct Cover(Vec<String>);

impl Cover {
    /// For this key.
    pub fn of(key: &str) -> Self {
        let key = key.trim();
        let mut forms = vec![key.to_ascii_lowercase(), encoded(key).to_ascii_lowercase()];
        forms.dedup();
        forms.retain(|form| form.len() >= TELLING);
        Self(forms)
    }

    /// Whether the key is in a text.
    pub fn finds(&self, text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        self.0.iter().any(|form| lower.contains(form))
    }

    /// The text with stars in the place of the key.
    pub fn text(&self, text: &str) -> String {
        let mut shown = text.to_owned();
        for form in &self.0 {
            // Lower case of ASCII leaves every byte at its place.
            let lower = shown.to_ascii_lowercase();
            for (start, found) in lower.match_indices(form) {
                shown.replace_range(start..start + found.len(), &"*".repeat(found.len()));
            }
        }
        shown
    }

    /// The same for every string and every name in it: only now is it known what escapes stood for.
    pub fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(object) => {
                object.into_iter().map(|(name, value)| (self.text(&name), self.value(value))).collect()
            }
            Value::Number(number) if self.finds(&number.to_string()) => Value::Null,
            other => other,
        }
    }
}
