//! RCP019: with more than one portal, it was thought about who reaches which.
//!
//! Compared are the bodies of the run. Whether the account has further portals, shops or campaigns matters for a portal
//! without filters that is alone, and is left open where nobody can tell.

use crate::base::diagnostic::{Finding, Location};
use crate::base::source::Span;
use crate::model::account::{ObjectKind, ObjectList};
use crate::model::portal::{FilterKind, ID_LENGTH};
use crate::rules::context::{FilterFact, PortalFacts, ProjectContext};
use crate::rules::name_index::{Key, sharing};
use crate::rules::wording::{count, quote};
use crate::schema::Kind;

const OPEN: &&str = &"whether the account has other portals, campaigns or shops that call for filters";

/// No filters beside other portals; the same filter twice on one tracking domain.
pub(crate) fn check_project(cx: &mut ProjectContext<'_>) {
    let portals = cx.portals;
    for kind in [Kind::Create, Kind::Export] {
        let of_kind: Vec<&PortalFacts> = portals.iter().filter(|facts| facts.kind == kind).collect();
        without_filters(cx, &of_kind);
        overlapping(cx, &of_kind);
    }
}

fn without_filters(cx: &mut ProjectContext<'_>, portals: &[&PortalFacts]) {
    for facts in portals {
        let Some(span) = facts.unfiltered_span else { continue };
        let place = Location { pointer: "/customer_filters".into(), span };
        let help = "list under `customer_filters` the campaigns or shops whose customers belong here";
        let say = |why: &str| {
            let message = format!("every customer reaches this portal: it has no filters, and {why}");
            Finding::new(place, message, help)
        };
        let finding = match (portals.len() - 1, in_the_account(cx, facts)) {
            (0, InTheAccount::NothingElse) => continue,
            (0, InTheAccount::Unknown) => {
                cx.mark_unverified_by_account(
                    facts,
                    &[ObjectKind::Shop, ObjectKind::Campaign, ObjectKind::Portal],
                    OPEN,
                );
                continue;
            }
            (0, InTheAccount::Others(others, span)) => {
                say(&format!("the account has {others}")).with_note_in_account(span, "the account says so here")
            }
            (1, _) => say("there is another portal"),
            (others, _) => say(&format!("there are {others} other portals")),
        };
        cx.report(facts, finding);
    }
}

/// What the account has that calls for filters.
enum InTheAccount {
    /// In words, and where they stand in the snapshot.
    Others(String, Span),
    NothingElse,
    Unknown,
}

fn in_the_account(cx: &ProjectContext<'_>, facts: &PortalFacts) -> InTheAccount {
    let Some(account) = cx.account else { return InTheAccount::Unknown };
    for kind in [ObjectKind::Shop, ObjectKind::Campaign] {
        if let Some(list) = account.list(kind).filter(|list| list.objects.len() > 1) {
            return InTheAccount::Others(count(list.objects.len(), kind.label()), list.cursor.key_location().span);
        }
    }
    let own = facts.name.as_ref().map(|(name, _)| &**name);
    let portals = account.list(ObjectKind::Portal);
    let other = |list: &ObjectList<'_>| {
        let named = list.objects.iter().filter_map(|portal| Some((portal.name?, portal.cursor.field("name").span())));
        named.filter(|(name, _)| own.is_some_and(|own| own != *name)).map(|(name, span)| (name.to_owned(), span)).next()
    };
    if let Some((name, span)) = portals.and_then(other) {
        return InTheAccount::Others(format!("another portal, {}", quote(&name)), span);
    }
    let is_whole = |kind| account.list(kind).is_some_and(|list| list.is_complete);
    let has_no_portal = portals.is_some_and(|list| list.objects.is_empty());
    let is_known = [ObjectKind::Shop, ObjectKind::Campaign, ObjectKind::Portal].into_iter().all(is_whole);
    if is_known && (own.is_some() || has_no_portal) { InTheAccount::NothingElse } else { InTheAccount::Unknown }
}

/// Customers that reach a portal: its tracking domain, the list, the id in it; and which portal it is.
type Reached<'f> = ((&'f [u8; ID_LENGTH], FilterKind, &'f [u8]), usize, &'f FilterFact);

fn reached(portal: usize, facts: &PortalFacts) -> impl Iterator<Item = Reached<'_>> {
    let filters =
        facts.tracking_domain.iter().flat_map(|domain| facts.filters.iter().map(move |filter| (domain, filter)));
    filters.map(move |(domain, filter)| ((domain, filter.list, filter.id.bytes()), portal, filter))
}

fn overlapping(cx: &mut ProjectContext<'_>, portals: &[&PortalFacts]) {
    let all = || portals.iter().enumerate().flat_map(|(portal, facts)| reached(portal, facts));
    let key = |(domain, list, id): (&[u8; ID_LENGTH], FilterKind, &[u8])| {
        Key::default().with_text(domain).with(list as u64).with_text(id)
    };
    let shared = sharing(all().map(|(reached, portal, _)| (key(reached), portal)));
    let mut reached: Vec<Reached<'_>> = shared.iter().flat_map(|portal| reached(*portal, portals[*portal])).collect();
    reached.sort_unstable_by_key(|(key, portal, filter)| (*key, *portal, filter.index));
    // The same id twice in one portal is RCP018.
    reached.dedup_by(|second, first| (second.0, second.1) == (first.0, first.1));
    for group in reached.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        let (_, list, id) = group[0].0;
        for (index, (_, portal, filter)) in group.iter().enumerate() {
            let (_, other, other_filter) = group[usize::from(index == 0)];
            let pointer = format!("/customer_filters/{}/{}", list.field(), filter.index);
            let message = format!(
                "customers of the {} {} reach another portal on the same tracking domain too",
                list.words(),
                quote(&String::from_utf8_lossy(id))
            );
            let help = format!("list the {} in one portal of this tracking domain only", list.words());
            let finding = Finding::new(Location { pointer, span: filter.span }, message, help);
            cx.report(
                portals[*portal],
                finding.with_note_in(portals[other].file, other_filter.span, "also listed here"),
            );
        }
    }
}
