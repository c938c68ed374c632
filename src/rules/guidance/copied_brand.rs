//! RCP114: reports a portal with the same brand as another portal, but with other filters.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use crate::base::diagnostic::{Finding, Location};
use crate::base::file::FileId;
use crate::base::source::Span;
use crate::model::portal::FilterKind;
use crate::rules::context::{PortalFacts, ProjectContext};
use crate::schema::PortalKind;

/// Compares each portal with the first one of its brand. Edits are skipped, because they contain only a part of a portal.
pub(crate) fn check_project(cx: &mut ProjectContext<'_>) {
    let mut originals = HashMap::new();
    for facts in cx.portals.iter().filter(|facts| facts.kind != PortalKind::Edit && !facts.filters.is_empty()) {
        let Some((brand, span)) = &facts.brand else { continue };
        let ids = filter_ids(facts);
        match originals.entry((facts.kind, brand)) {
            Entry::Vacant(entry) => drop(entry.insert((facts.file, *span, ids))),
            Entry::Occupied(entry) => {
                let (original, original_span, original_ids) = entry.get();
                if *original_ids != ids {
                    report_copy(cx, facts, *span, *original, *original_span);
                }
            }
        }
    }
}

fn filter_ids(facts: &PortalFacts) -> BTreeSet<(FilterKind, &[u8])> {
    facts.filters.iter().map(|filter| (filter.list, filter.id.bytes())).collect()
}

fn report_copy(cx: &mut ProjectContext<'_>, copy: &PortalFacts, span: Span, original: FileId, original_span: Span) {
    let location = Location { pointer: "/display_name".into(), span };
    let message = "a portal with other filters has the same display name, sender, and footer";
    let help = "give the portal the display name, sender, and footer of its own brand";
    cx.report(copy, Finding::new(location, message, help).with_note_in(original, original_span, "the same brand"));
}
