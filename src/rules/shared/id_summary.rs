//! Facts about all IDs and keys of a portal, computed once. In nearly every portal all are valid, and then the rules about IDs do
//! not check each of them again.

use crate::model::portal::Portal;
use crate::rules::shared::placeholder_values::placeholder_reason;
use crate::rules::wording::trim;

/// Whether no two texts are equal. For the few IDs of a portal, sorting is faster than a hash table.
pub(crate) fn are_distinct<'t>(texts: impl Iterator<Item = &'t str>) -> bool {
    let mut sorted: Vec<&str> = texts.collect();
    sorted.sort_unstable();
    sorted.windows(2).all(|pair| pair[0] != pair[1])
}

/// Facts about the IDs and keys of one portal. Variables (`${NAME}`) are left out because their values are unknown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IdSummary<'a> {
    /// The site key and the secret key of reCAPTCHA without surrounding white space; `None` for a key that is missing or blank.
    pub recaptcha_keys: [Option<&'a str>; 2],
    /// Whether any ID or key is a placeholder.
    pub has_placeholder: bool,
    /// Whether any ID has a character other than ASCII letters and digits.
    pub has_invalid_character: bool,
}

impl<'a> IdSummary<'a> {
    pub(crate) fn new(portal: &Portal<'a>) -> Self {
        let recaptcha_keys = [portal.recaptcha.site_key, portal.recaptcha.secret_key]
            .map(|key| key.literal_text().map(trim).filter(|key| !key.is_empty()));
        let mut has_placeholder = false;
        let mut has_invalid_character = false;
        for key in recaptcha_keys.into_iter().flatten() {
            has_placeholder |= placeholder_reason(key).is_some();
        }
        for id in portal.ids() {
            let Some(text) = id.literal_text() else { continue };
            has_placeholder |= placeholder_reason(text).is_some();
            has_invalid_character |= !text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        }
        Self { recaptcha_keys, has_placeholder, has_invalid_character }
    }
}
