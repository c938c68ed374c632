//! Html that the rules had nothing to say about: the portals of one shop are written from one template, and comparing a text is
//! far cheaper than reading it again, the more so when it is styled.
//!
//! What the rules say of html depends on nothing but its text, where it stands and the kind of body. It is remembered for one
//! run alone: another may have other rules.

use super::{Html, Portal};
use crate::schema::Kind;

/// How many texts are remembered.
const MOST: usize = 24;

/// Of how many bytes at most: a run over many files keeps little.
const LONGEST: usize = 32 << 10;

/// See the module.
#[derive(Debug, Default)]
pub struct Known {
    htmls: Vec<(Kind, &'static str, Box<str>)>,
}

impl Known {
    /// Whether the rules were silent about this text in this place.
    pub fn has(&self, kind: Kind, words: &'static str, text: &str) -> bool {
        self.htmls.iter().any(|known| (known.0, known.1) == (kind, words) && *known.2 == *text)
    }

    /// The rules were silent about this portal. Where parts are missing they are more lenient.
    pub fn remember(&mut self, portal: &Portal<'_>) {
        if portal.root.is_partial() {
            return;
        }
        for Html { words, slot, .. } in portal.htmls() {
            let room = MOST.saturating_sub(self.htmls.len());
            if let Some(text) = slot.text().filter(|text| room > 0 && text.len() <= LONGEST) {
                self.htmls.push((portal.kind, *words, text.into()));
            }
        }
    }
}
