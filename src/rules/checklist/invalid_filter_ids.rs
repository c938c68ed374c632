//! RCP018: reports customer filters that are not lists of 20-character IDs, and IDs that a list contains twice.

use std::collections::HashMap;

use crate::base::diagnostic::{Applicability, Finding};
use crate::base::source::Span;
use crate::model::portal::{Filter, FilterKind};
use crate::rules::context::PortalContext;
use crate::rules::shared::id_summary::are_distinct;
use crate::rules::shared::id_violations::{IdTarget, report_entry_violations, report_other_values};
use crate::rules::wording::{describe_violation, quote};

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let has_violations = !cx.owned_violations().is_empty();
    for filter in cx.portal.filters() {
        let target = id_target(filter.kind);
        if has_violations {
            report_violations(cx, &filter, target);
        }
        report_other_values(cx, cx.portal.filter_ids(&filter), target);
        report_duplicate_ids(cx, &filter);
    }
}

fn id_target(kind: FilterKind) -> IdTarget {
    let source = match kind {
        FilterKind::Campaign => ", as returned by GetCampaigns",
        FilterKind::Shop => ", as returned by GetUserShops",
    };
    IdTarget { noun: kind.label(), source }
}

fn report_violations<'a>(cx: &mut PortalContext<'a>, filter: &Filter<'a>, target: IdTarget) {
    if let Some(violation) = cx.owned_violation_at(&filter.cursor) {
        let help = format!("use a list of {} IDs, or an empty list for no filter", target.noun);
        cx.report(Finding::new(filter.cursor.location(), describe_violation(&violation), help).with_invalid_value());
    }
    report_entry_violations(cx, &filter.cursor, target);
}

fn report_duplicate_ids<'a>(cx: &mut PortalContext<'a>, filter: &Filter<'a>) {
    if are_distinct(cx.portal.filter_ids(filter).filter_map(|id| id.text())) {
        return;
    }
    let editor = cx.editor();
    let mut first_spans: HashMap<&str, Span> = HashMap::new();
    for id in cx.portal.filter_ids(filter) {
        let Some(text) = id.text() else { continue };
        let Some(first_span) = first_spans.get(text) else {
            first_spans.insert(text, id.span());
            continue;
        };
        // In an export, the entry is an object with the ID. It may contain more than its first copy, so it is not removed.
        let edits = if id.is_item() { editor.remove(&id) } else { None };
        let message = format!("the {} {} is listed twice", filter.kind.label(), quote(text));
        let finding = Finding::new(id.location(), message, "remove one of the two entries")
            .with_note(*first_span, "first listed here");
        cx.report(finding.with_invalid_value().with_fix(Applicability::Safe, "remove the second entry", edits));
    }
}
