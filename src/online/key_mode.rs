//! Whether a key is live or test, as far as answers tell, and what that means for who reads findings.
//!
//! RevCent documents that each key is of one mode and is shown the items of that mode, but not where an answer says which. What
//! says it by itself is believed ([`WORD`], [`FLAGS`]), on the pages of lists alone: there nothing but the envelope is beside the
//! items. Nothing else is taken for a sign.

use std::collections::BTreeSet;
use std::fmt;

use crate::online::snapshot_text::Object;

/// The mode of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// No account was asked.
    #[default]
    NotAsked,
    /// No answer tells it.
    Unanswered,
    /// Live items are shown to it.
    Live,
    /// Test items are shown to it.
    Test,
}

/// A field that would name the mode.
const WORD: &str = "mode";

/// Fields that would be `true` in the first mode and `false` in the second.
const FLAGS: [(&str, [Mode; 2]); 4] = [
    ("live", [Mode::Live, Mode::Test]),
    ("live_mode", [Mode::Live, Mode::Test]),
    ("test", [Mode::Test, Mode::Live]),
    ("test_mode", [Mode::Test, Mode::Live]),
];

/// What the pages of lists said.
#[derive(Debug, Default)]
pub struct Said(BTreeSet<Mode>);

impl Said {
    /// Takes a page.
    pub fn add(&mut self, page: &Object) {
        let word = page.get(WORD).and_then(|word| word.as_str()).and_then(|word| match &*word.to_ascii_lowercase() {
            "live" => Some(Mode::Live),
            "test" => Some(Mode::Test),
            _ => None,
        });
        let flags = FLAGS.iter().filter_map(|(field, [yes, no])| {
            let is_so = page.get(*field)?.as_bool()?;
            Some(if is_so { *yes } else { *no })
        });
        self.0.extend(word.into_iter().chain(flags));
    }

    /// What follows. Who says both says nothing.
    pub fn mode(&self) -> Mode {
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
    fn only_what_says_it_by_itself_is_believed() {
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
            let mut said = Said::default();
            pages.as_array().into_iter().flatten().filter_map(|page| page.as_object()).for_each(|page| said.add(page));
            assert_eq!(said.mode(), mode, "{pages}");
        }
    }
}
