//! The mode of an API key (live or test), and what it means for the findings.
//!
//! RevCent documents that each key has one mode and only returns items of that mode, but not which field of a response contains
//! the mode. So only fields with an unambiguous name count ([`MODE_FIELD`], [`FLAG_FIELDS`]), and only in the pages of lists,
//! where the fields next to the items belong to the response and not to an item.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use crate::online::snapshot_text::Object;

/// The mode of an API key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// No account was queried.
    #[default]
    NotQueried,
    /// No response contains the mode.
    Unknown,
    /// The key returns live items.
    Live,
    /// The key returns test items.
    Test,
}

/// A field whose value is the mode.
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
    /// Adds the modes that a page of a list reports.
    pub(crate) fn add_page(&mut self, page: &Object) {
        if let Some(value) = page.get(MODE_FIELD).and_then(Value::as_str) {
            match value.to_ascii_lowercase().as_str() {
                "live" => self.0.insert(Mode::Live),
                "test" => self.0.insert(Mode::Test),
                _ => false,
            };
        }
        for (field, [mode_if_true, mode_if_false]) in FLAG_FIELDS {
            if let Some(flag) = page.get(field).and_then(Value::as_bool) {
                self.0.insert(if flag { mode_if_true } else { mode_if_false });
            }
        }
    }

    /// The mode of the key. It is unknown if the pages contradict each other.
    pub(crate) fn key_mode(&self) -> Mode {
        match self.0.first() {
            Some(mode) if self.0.len() == 1 => *mode,
            _ => Mode::Unknown,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotQueried => "no key was used",
            Self::Unknown => {
                "RevCent did not report whether the key is a live or a test key; with a live key, test items look missing, and with a \
                 test key, live items: if something seems to be missing, check the mode of the key in RevCent"
            }
            Self::Live => {
                "RevCent reports that the key is a live key, so test items look missing: use a test key to check them"
            }
            Self::Test => {
                "RevCent reports that the key is a test key, so live items look missing: use a live key to check them"
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
            (json!([]), Mode::Unknown),
            (json!([{ "mode": "sandbox", "live_mode": "yes", "results": [{ "mode": "live" }] }]), Mode::Unknown),
            (json!([{ "mode": "live" }, { "test_mode": true }]), Mode::Unknown),
        ];
        for (pages, mode) in cases {
            let mut modes = ReportedModes::default();
            for page in pages.as_array().expect("a list of pages") {
                modes.add_page(page.as_object().expect("a page"));
            }
            assert_eq!(modes.key_mode(), mode, "{pages}");
        }
    }
}
