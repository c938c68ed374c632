//! RCP019: with more than one portal, it was thought about who reaches which.
//!
//! Compared are the bodies of the run. Whether the account has further portals, shops or campaigns is left open where it
//! would matter: for a portal without filters that is alone.

use crate::diagnostic::{Finding, Place};
use crate::portal::List;
use crate::rules::context::{Facts, FilterFact, ProjectContext};
use crate::rules::words::quote;
use crate::schema::Kind;

/// No filters beside other portals; the same filter twice on one tracking domain.
pub fn project(cx: &mut ProjectContext<'_>) {
    let portals = cx.portals;
    for kind in [Kind::Create, Kind::Export] {
        let of_kind: Vec<&Facts> = portals.iter().filter(|facts| facts.kind == kind).collect();
        without_filters(cx, &of_kind);
        overlapping(cx, &of_kind);
    }
}

fn without_filters(cx: &mut ProjectContext<'_>, portals: &[&Facts]) {
    for facts in portals {
        let Some(span) = facts.unfiltered else { continue };
        if portals.len() < 2 {
            cx.leave_open(facts, "whether the account has other portals, campaigns or shops that call for filters");
            continue;
        }
        let place = Place { pointer: "/customer_filters".into(), span };
        let message = format!(
            "every customer reaches this portal: it has no filters, and there {}",
            match portals.len() - 1 {
                1 => "is another portal".to_owned(),
                others => format!("are {others} other portals"),
            }
        );
        let help = "list under `customer_filters` the campaigns or shops whose customers belong here";
        cx.report(facts, Finding::new(place, message, help));
    }
}

/// Customers that reach a portal: its tracking domain, the list, the id in it.
type Reached<'f> = ((&'f str, List, &'f str), &'f Facts, &'f FilterFact);

fn overlapping(cx: &mut ProjectContext<'_>, portals: &[&Facts]) {
    let mut reached: Vec<Reached<'_>> = Vec::with_capacity(portals.len());
    for facts in portals {
        let Some(domain) = &facts.tracking_domain else { continue };
        reached.extend(facts.filters.iter().map(|filter| ((&**domain, filter.list, &*filter.id), *facts, filter)));
    }
    reached.sort_by_key(|(key, _, _)| *key);
    // The same id twice in one portal is RCP018.
    reached.dedup_by(|second, first| second.0 == first.0 && std::ptr::eq(second.1, first.1));
    for group in reached.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        let (_, list, id) = group[0].0;
        for (index, (_, facts, filter)) in group.iter().enumerate() {
            let (_, other, other_filter) = group[usize::from(index == 0)];
            let pointer = format!("/customer_filters/{}/{}", list.field(), filter.index);
            let message = format!(
                "customers of the {} {} reach another portal on the same tracking domain too",
                list.words(),
                quote(id)
            );
            let help = format!("list the {} in one portal of this tracking domain only", list.words());
            let finding = Finding::new(Place { pointer, span: filter.span }, message, help);
            cx.report(facts, finding.note_in(other.file, other_filter.span, "also listed here"));
        }
    }
}
