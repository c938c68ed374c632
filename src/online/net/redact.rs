//! Whoever says the key or a secret again is not heard saying it, however it is written.

use crate::online::net::http::encoded;

/// What is shorter is no secret, and stands everywhere.
const MIN_SECRET_LEN: usize = 6;

/// What is not to be heard: itself and as it is in a URL, in lower case, since a header or a host may have lost its capitals.
#[derive(Debug, Default)]
pub struct Redactor(Vec<String>);

impl Redactor {
    /// For these.
    pub fn of<'a>(hidden: impl IntoIterator<Item = &'a str>) -> Self {
        let forms = hidden.into_iter().map(str::trim).flat_map(|one| [one.to_ascii_lowercase(), encoded(one)]);
        let mut forms: Vec<String> = forms.map(|form| form.to_ascii_lowercase()).collect();
        forms.retain(|form| form.len() >= MIN_SECRET_LEN);
        // The longest first: another may stand in it.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        Self(forms)
    }

    /// Whether one of them is in a text.
    pub fn finds(&self, text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        self.0.iter().any(|form| lower.contains(form))
    }

    /// The text with stars in their place.
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
}
