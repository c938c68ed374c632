//! A cache for runs over many portals that are written from one template.
//!
//! It remembers two things: where the fields of each template are, and HTML that had no findings. Comparing a text with a
//! remembered one is much cheaper than parsing it again. This is correct because the findings of HTML depend only on its text,
//! its field and the kind of the portal, as long as the rules and settings stay the same: so each run has its own cache.

use std::borrow::Cow;

use crate::model::portal::layout::Layout;
use crate::model::portal::{Html, Portal};
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;

/// The number of texts that are remembered.
const MAX_CLEAN_HTMLS: usize = 24;

/// The number of bytes of the longest text that is remembered, so that the cache stays small.
const MAX_HTML_LEN: usize = 32 << 10;

/// The layouts and the HTML without findings of a run.
#[derive(Debug, Default)]
pub struct PortalCache {
    clean_htmls: Vec<CleanHtml>,
    /// Each layout with the index of its shape.
    layouts: Vec<(usize, Layout)>,
}

#[derive(Debug)]
struct CleanHtml {
    kind: PortalKind,
    /// See [`Html::label`].
    label: &'static str,
    text: Box<str>,
}

impl PortalCache {
    /// The layout of the portal with this root. Portals with the same shape share one layout.
    pub(super) fn layout(&mut self, known_shape: Option<usize>, kind: PortalKind, root: Cursor<'_>) -> Cow<'_, Layout> {
        let Some(shape) = known_shape else { return Cow::Owned(Layout::find(kind, root)) };
        let found = self.layouts.iter().position(|(known, _)| *known == shape);
        let index = found.unwrap_or(self.layouts.len());
        if found.is_none() {
            self.layouts.push((shape, Layout::find(kind, root)));
        }
        Cow::Borrowed(&self.layouts[index].1)
    }

    /// Whether this text had no findings in the same field of an earlier portal.
    pub(super) fn has_clean_html(&self, kind: PortalKind, label: &'static str, text: &str) -> bool {
        for known in &self.clean_htmls {
            if known.kind == kind && known.label == label && *known.text == *text {
                return true;
            }
        }
        false
    }

    /// Remembers the HTML of a portal without findings.
    pub fn add_clean_html(&mut self, portal: &Portal<'_>) {
        // Some checks are skipped if parts of a portal could not be read, so "no findings" means less there.
        if portal.root.is_partial() {
            return;
        }
        for Html { label, cursor, .. } in portal.htmls() {
            let Some(text) = cursor.text() else { continue };
            if self.clean_htmls.len() < MAX_CLEAN_HTMLS && text.len() <= MAX_HTML_LEN {
                self.clean_htmls.push(CleanHtml { kind: portal.kind, label, text: text.into() });
            }
        }
    }
}
