//! RCP018: the filters are lists of 20-character ids, each named once.

use std::collections::HashMap;

use crate::base::diagnostic::{Applicability, Finding};
use crate::model::portal::{Filter, FilterKind};
use crate::rules::context::PortalContext;
use crate::rules::shared::id;
use crate::rules::wording::{quote, wrong_type};

/// What the schema found wrong with lists and entries, and ids that are listed twice.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let has_violations = !cx.owned_violations().is_empty();
    for filter in cx.portal.filters() {
        let list = filter.list;
        if has_violations {
            violations(cx, &filter);
        }
        if filter.slot.items().len() < 2 {
            continue;
        }
        let editor = cx.editor();
        let mut seen: HashMap<&str, _> = HashMap::new();
        for slot in cx.portal.filter_ids(&filter) {
            let Some(id) = slot.text() else { continue };
            if let Some(first) = seen.get(id) {
                let message = format!("the {} {} is listed twice", list.words(), quote(id));
                let finding = Finding::new(slot.location(), message, "remove one of the two")
                    .with_note(*first, "first listed here");
                // Of an export the entry is an object, which may say more than the id.
                let edits = slot.is_item().then(|| editor.remove(&slot)).flatten();
                cx.report(finding.with_invalid_value().with_fix(Applicability::Safe, "remove the second one", edits));
            } else {
                seen.insert(id, slot.span());
            }
        }
    }
}

/// What the schema found wrong with one of the lists.
fn violations<'a>(cx: &mut PortalContext<'a>, filter: &Filter<'a>) {
    let list = filter.list;
    if let Some(violation) =
        cx.owned_violations().into_iter().find(|violation| violation.slot.is_same_place(&filter.slot))
    {
        let help = format!("write a list of {} ids, or an empty list for no such filter", list.words());
        cx.report(Finding::new(filter.slot.location(), wrong_type(&violation), help).with_invalid_value());
    }
    let whence = match list {
        FilterKind::Campaign => ", as GetCampaigns lists it",
        FilterKind::Shop => ", as GetUserShops lists it",
    };
    id::report_entries(cx, &filter.slot, list.words(), whence);
}
