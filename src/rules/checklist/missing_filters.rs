//! RCP019: reports portals without customer filters although there are other portals, shops or campaigns, and portals on the same
//! tracking domain whose filters let in the same customers.
//!
//! For an edit, the resulting portal is checked. The portals of the run are compared with each other. A portal that is alone in the
//! run is compared with the account; if the account's data is incomplete, the check is unverified.

use std::collections::HashMap;

use crate::base::diagnostic::{Finding, Location};
use crate::base::source::Span;
use crate::model::account::{Account, ObjectKind};
use crate::model::portal::{FilterKind, ID_LENGTH};
use crate::rules::context::{FilterFact, PortalContext, PortalFacts, ProjectContext};
use crate::rules::wording::{pluralize, quote};
use crate::schema::PortalKind;
use crate::syntax::Value;

const UNVERIFIED: &str = "whether other portals, campaigns, or shops in the account make filters necessary";

/// The lists of the account that show whether a portal needs filters.
pub(crate) const RELEVANT_LISTS: [ObjectKind; 3] = [ObjectKind::Shop, ObjectKind::Campaign, ObjectKind::Portal];

/// Checks an edit: the filters that the portal has after it.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let object = cx.portal.field("customer_filters");
    let checks_result = cx.before_edit.is_some() && cx.portal.keeps_missing_fields();
    // If the portal after the edit is known, it is checked as well.
    if cx.kind() != PortalKind::Edit || !object.is_object() || checks_result {
        return;
    }
    if let Some(message) = describe_emptied_filters(cx) {
        let help = "in `customer_filters`, list the campaigns or shops whose customers should use this portal";
        cx.report(Finding::new(object.key_location(), message, help));
        return;
    }
    let mut is_unknown = false;
    for filter in cx.portal.filters() {
        match filter.cursor.value() {
            Some(Value::Array(items)) if items.is_empty() => {}
            // Another rule reports values of other types.
            Some(_) => return,
            None => is_unknown |= cx.portal.keeps_missing_fields() || !filter.cursor.is_missing(),
        }
    }
    if is_unknown {
        cx.mark_unverified("whether the portal has filters after the edit");
        return;
    }
    match find_reason_in_account(cx.account, None, cx.portal.name.literal_text()) {
        AccountReason::Found { description, span } => {
            let finding =
                missing_filters_finding(object.key_location().span, &format!("the account has {description}"));
            cx.report(finding.with_note_in_account(span, "in the account"));
        }
        AccountReason::NotFound if may_empty_unknown_filter(cx) => {
            cx.mark_unverified("whether the edit removes the portal's filters");
        }
        AccountReason::NotFound => {}
        AccountReason::Unknown => cx.mark_unverified(UNVERIFIED),
    }
}

/// Whether an edit sets a filter that the account's data does not contain. The filter may have had entries.
fn may_empty_unknown_filter(cx: &PortalContext<'_>) -> bool {
    let Some(before) = cx.before_edit else { return false };
    if !before.root.is_partial() {
        return false;
    }
    let mut filters = cx.portal.filters().into_iter().zip(before.filters());
    filters.any(|(filter, before)| filter.cursor.is_list() && !before.cursor.is_list())
}

/// The message about the filters that have entries before the edit and none after it.
fn describe_emptied_filters(cx: &PortalContext<'_>) -> Option<String> {
    let before = cx.before_edit?.filters();
    let mut emptied = Vec::new();
    for (filter, before) in cx.portal.filters().iter().zip(&before) {
        let is_empty = filter.cursor.is_missing() || (filter.cursor.is_list() && filter.cursor.items().len() == 0);
        if is_empty && before.cursor.items().len() > 0 {
            emptied.push(filter.kind.label());
        }
    }
    let has_filters = cx.portal.filters().iter().any(|filter| filter.cursor.items().len() > 0);
    match emptied[..] {
        [] => None,
        [kind] if has_filters => Some(format!("this edit empties the {kind} filter, so it no longer excludes anyone")),
        _ => Some("this edit removes all filters, so every customer can use the portal".to_owned()),
    }
}

pub(crate) fn check_project(cx: &mut ProjectContext<'_>) {
    // Create requests and exports are compared separately: the export of a portal has the filters of its create request. Edits
    // may leave out the filters and the tracking domain, so they are not compared.
    for kind in [PortalKind::Create, PortalKind::Export] {
        let portals: Vec<&PortalFacts> = cx.portals.iter().copied().filter(|facts| facts.kind == kind).collect();
        check_missing_filters(cx, &portals);
        check_overlapping_filters(cx, &portals);
    }
}

fn check_missing_filters(cx: &mut ProjectContext<'_>, portals: &[&PortalFacts]) {
    for facts in portals {
        let Some(span) = facts.unfiltered_span else { continue };
        match portals.len() - 1 {
            0 => check_only_portal(cx, facts, span),
            1 => cx.report(facts, missing_filters_finding(span, "there is another portal")),
            others => {
                let reason = format!("there are {others} other portals");
                cx.report(facts, missing_filters_finding(span, &reason));
            }
        }
    }
}

/// Checks whether the account makes filters necessary for the only portal of the run.
fn check_only_portal(cx: &mut ProjectContext<'_>, facts: &PortalFacts, span: Span) {
    let own_name = facts.name.as_ref().map(|(name, _)| &**name);
    match find_reason_in_account(cx.account, facts.bound_id.as_deref(), own_name) {
        AccountReason::Found { description, span: account_span } => {
            let finding = missing_filters_finding(span, &format!("the account has {description}"));
            cx.report(facts, finding.with_note_in_account(account_span, "in the account"));
        }
        AccountReason::NotFound => {}
        AccountReason::Unknown => cx.mark_unverified_by_account(facts, &RELEVANT_LISTS, UNVERIFIED),
    }
}

fn missing_filters_finding(span: Span, reason: &str) -> Finding {
    let location = Location { pointer: "/customer_filters".into(), span };
    let message = format!("the portal has no customer filters, although {reason}");
    let help = "in `customer_filters`, list the campaigns or shops whose customers should use this portal";
    Finding::new(location, message, help)
}

/// Whether the account has anything that makes filters necessary.
enum AccountReason {
    /// What it has ("2 shops"), and where the snapshot lists it.
    Found {
        description: String,
        span: Span,
    },
    NotFound,
    /// The data of the account is incomplete.
    Unknown,
}

/// Finds what makes filters necessary for a portal with the name `own_name`. `own_id` is its ID in the account.
fn find_reason_in_account(
    account: Option<&Account<'_>>,
    own_id: Option<&str>,
    own_name: Option<&str>,
) -> AccountReason {
    let Some(account) = account else { return AccountReason::Unknown };
    for kind in [ObjectKind::Shop, ObjectKind::Campaign] {
        if let Some(list) = account.list(kind).filter(|list| list.objects.len() > 1) {
            let description = pluralize(list.objects.len(), kind.label());
            return AccountReason::Found { description, span: list.cursor.key_location().span };
        }
    }
    let Some(portals) = account.list(ObjectKind::Portal) else { return AccountReason::Unknown };
    // Without an ID or a name, each portal of the account may be this one.
    let is_identified = own_id.is_some() || own_name.is_some();
    for portal in &portals.objects {
        let is_own = if own_id.is_some() { portal.id == own_id } else { portal.name == own_name };
        if let Some(name) = portal.name
            && is_identified
            && !is_own
        {
            let description = format!("another portal, {}", quote(name));
            return AccountReason::Found { description, span: portal.cursor.field("name").span() };
        }
    }
    for kind in RELEVANT_LISTS {
        if account.list(kind).is_none_or(|list| !list.is_complete) {
            return AccountReason::Unknown;
        }
    }
    if is_identified || portals.objects.is_empty() { AccountReason::NotFound } else { AccountReason::Unknown }
}

/// An entry of a filter list.
#[derive(Clone, Copy)]
struct FilterEntry<'f> {
    tracking_domain: &'f [u8; ID_LENGTH],
    filter: &'f FilterFact,
    /// The index of the portal.
    portal: usize,
}

impl<'f> FilterEntry<'f> {
    /// The customers that the entry lets in, and the domain on which it does.
    fn customer_key(&self) -> (&'f [u8; ID_LENGTH], FilterKind, &'f [u8]) {
        (self.tracking_domain, self.filter.list, self.filter.id.bytes())
    }
}

fn check_overlapping_filters(cx: &mut ProjectContext<'_>, portals: &[&PortalFacts]) {
    let mut by_domain: HashMap<&[u8; ID_LENGTH], Vec<usize>> = HashMap::new();
    for (index, facts) in portals.iter().enumerate() {
        if let Some(tracking_domain) = &facts.tracking_domain {
            by_domain.entry(tracking_domain).or_default().push(index);
        }
    }
    let mut entries = Vec::new();
    for (tracking_domain, indices) in by_domain.into_iter().filter(|(_, indices)| indices.len() > 1) {
        for portal in indices {
            for filter in &portals[portal].filters {
                entries.push(FilterEntry { tracking_domain, filter, portal });
            }
        }
    }
    entries.sort_unstable_by_key(|entry| (entry.customer_key(), entry.portal, entry.filter.index));
    // Another rule reports an ID that is listed twice in one portal.
    entries.dedup_by_key(|entry| (entry.customer_key(), entry.portal));
    for group in entries.chunk_by(|a, b| a.customer_key() == b.customer_key()) {
        let [first, second, ..] = group else { continue };
        for entry in group {
            // Each finding points to the first portal, and the finding about that portal to the second.
            let other = if entry.portal == first.portal { second } else { first };
            report_overlap(cx, portals, entry, other);
        }
    }
}

fn report_overlap(
    cx: &mut ProjectContext<'_>,
    portals: &[&PortalFacts],
    entry: &FilterEntry<'_>,
    other: &FilterEntry<'_>,
) {
    let FilterFact { list, index, ref id, span } = *entry.filter;
    let location = Location { pointer: format!("/customer_filters/{}/{index}", list.field()), span };
    let noun = list.label();
    let id = quote(&String::from_utf8_lossy(id.bytes()));
    let message = format!("another portal on the same tracking domain also has the {noun} {id} in its filters");
    let help = format!("keep the {noun} in only one portal on this tracking domain");
    let other_file = portals[other.portal].file;
    let finding = Finding::new(location, message, help).with_note_in(other_file, other.filter.span, "also listed here");
    cx.report(portals[entry.portal], finding);
}
