//! Html that the rules had nothing to say about: the portals of one shop are written from one template, and comparing a text is
//! far cheaper than reading it again, the more so when it is styled.
//!
//! For the same reason the fields of a portal that is written like one before it are not looked up again.
//!
//! What the rules say of html depends on nothing but its text, where it stands and the kind of body. It is remembered for one
//! run alone: another may have other rules.

use std::borrow::Cow;

use crate::model::portal::layout::Layout;
use crate::model::portal::{Html, Portal};
use crate::schema::Kind;
use crate::syntax::cursor::Cursor;

/// How many texts are remembered.
const MAX_LAYOUTS: usize = 24;

/// Of how many bytes at most: a run over many files keeps little.
const LONGEST: usize = 32 << 10;

/// See the module.
#[derive(Debug, Default)]
pub struct PortalCache {
    htmls: Vec<(Kind, &'static str, Box<str>)>,
    /// By the number of the template.
    layouts: Vec<(usize, Layout)>,
}

impl PortalCache {
    /// The layout of a body whose top level is `root`: the same for all that are written like one template.
    pub(super) fn layout(&mut self, template: Option<usize>, kind: Kind, root: Cursor<'_>) -> Cow<'_, Layout> {
        let Some(template) = template else { return Cow::Owned(Layout::of(kind, root)) };
        let known = self.layouts.iter().position(|(number, _)| *number == template).unwrap_or_else(|| {
            self.layouts.push((template, Layout::of(kind, root)));
            self.layouts.len() - 1
        });
        Cow::Borrowed(&self.layouts[known].1)
    }

    /// Whether the rules were silent about this text in this place.
    pub fn has_clean_html(&self, kind: Kind, words: &'static str, text: &str) -> bool {
        self.htmls.iter().any(|known| (known.0, known.1) == (kind, words) && *known.2 == *text)
    }

    /// The rules were silent about this portal. Where parts are missing they are more lenient.
    pub fn add_clean_html(&mut self, portal: &Portal<'_>) {
        if portal.root.is_partial() {
            return;
        }
        for Html { label, cursor, .. } in portal.htmls() {
            let room = MAX_LAYOUTS.saturating_sub(self.htmls.len());
            if let Some(text) = cursor.text().filter(|text| room > 0 && text.len() <= LONGEST) {
                self.htmls.push((portal.kind, *label, text.into()));
            }
        }
    }
}
