//! Whether an API key is live or test, and what the mode means for the findings.
//!
//! RevCent documents that each key has one mode and returns the items of that mode only, but not which field of a response
//! contains the mode. So only fields with an unambiguous name count ([`MODE_FIELD`], [`FLAG_FIELDS`]), and only in the pages
//! of lists, where the fields next to the items belong to the response and not to an item.

use std::collections::BTreeSet;
use std::fmt;

use crate::online::snapshot_text::Object;

/// The mode of an API key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// No account was queried.
    #[default]
    NotAsked,
    /// No response contains the mode.
    Unanswered,
    /// The key returns live items.
    Live,
    /// The key returns test items.
    Test,
}

/// A field whose value would be the mode.
const MODE_FIELD: &str = "mode";

/// Boolean fields, each with its mode for `true` and for `false`.
const FLAG_FIELDS: [(&str, [Mode; 2]); 4] = [
    ("live", [Mode::Live, Mode::Test]),
    ("live_mode", [Mode::Live, Mode::Test]),
    ("test", [Mode::Test, Mode::Live]),
    ("test_mode", [Mode::Test, Mode::Live]),
];

/// The modes that the pages of lists reported.
#[derive(Debug, Default)]
pub(crate) struct ReportedModes(BTreeSet<Mode>);

impl ReportedModes {
    /// Adds the modes that a page reports.
    pub(crate) fn add(&mut self, page: &Object) {
        let word =
            page.get(MODE_FIELD).and_then(|word| word.as_str()).and_then(|word| match &*word.to_ascii_lowercase() {
                "live" => Some(Mode::Live),
                "test" => Some(Mode::Test),
                _ => None,
            });
        let flags = FLAG_FIELDS.iter().filter_map(|(field, [yes, no])| {
            let is_so = page.get(*field)?.as_bool()?;
            Some(if is_so { *yes } else { *no })
        });
        self.0.extend(word.into_iter().chain(flags));
    }

    /// The mode of the key. Contradicting reports count as none.
    pub(crate) fn mode(&self) -> Mode {
        match self.0.first() {
            Some(only) if self.0.len() == 1 => *only,
            _ => Mode::Unanswered,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAsked => "no key was used",
            Self::Unanswered => {
                "RevCent did not say whether the key is live or test; a live key is shown no test items, and a test key no live ones: \
                 look up its mode in RevCent's API accounts if something seems to be missing"
            }
            Self::Live => {
                "the key is live, as RevCent said; it is shown no test items: use a test key if one seems to be missing"
            }
            Self::Test => {
                "the key is a test key, as RevCent said; it is shown no live items: use a live key if one seems to be missing"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::online::key_mode::*;

    #[test]
    fn only_unambiguous_fields_set_the_mode() {
        let cases = [
            (json!([{ "mode": "live" }]), Mode::Live),
            (json!([{ "mode": "Test" }, { "code": 1 }]), Mode::Test),
            (json!([{ "live_mode": true, "test_mode": false }]), Mode::Live),
            (json!([{ "live_mode": false }]), Mode::Test),
            (json!([{ "test": true }]), Mode::Test),
            (json!([]), Mode::Unanswered),
            (json!([{ "mode": "sandbox", "live_mode": "yes", "results": [{ "mode": "live" }] }]), Mode::Unanswered),
            (json!([{ "mode": "live" }, { "test_mode": true }]), Mode::Unanswered),
        ];
        for (pages, mode) in cases {
            let mut modes = ReportedModes::default();
            pages.as_array().into_iter().flatten().filter_map(|page| page.as_object()).for_each(|page| modes.add(page));
            assert_eq!(modes.mode(), mode, "{pages}");
        }
    }
}
