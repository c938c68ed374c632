//! RCP115: reports a portal that assigns customers who register to a campaign that its own campaign filter leaves out.

use crate::base::diagnostic::Finding;
use crate::model::portal::Filter;
use crate::rules::context::PortalContext;
use crate::syntax::cursor::Cursor;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let flag = cx.portal.create_non_existing_customer;
    let is_open = flag.bool() == Some(true);
    let campaign = cx.portal.registration_campaign();
    let Some(id) = campaign.text() else { return };
    if !is_open && !is_unknown(cx, &flag) {
        return;
    }
    let [filter, _] = cx.portal.filters();
    match find_membership(cx, id, &filter) {
        Membership::NotListed if is_open => report_missing_entry(cx, &campaign, &filter.cursor),
        Membership::NotListed | Membership::Unknown => {
            cx.mark_unverified("whether the campaign filter contains the registration campaign");
        }
        Membership::Irrelevant => {}
    }
}

fn report_missing_entry(cx: &mut PortalContext<'_>, campaign: &Cursor<'_>, filter: &Cursor<'_>) {
    let message =
        "the registration campaign is not in the campaign filter, so customers who register may have no access";
    let help = "add the registration campaign to `customer_filters.campaign`";
    cx.report(
        Finding::new(campaign.location(), message, help)
            .with_note(filter.key_location().span, "the campaign filter of this portal")
            // If the ID itself is wrong, only that is reported, because the filter need not change.
            .with_invalid_value(),
    );
}

/// Whether a campaign filter contains the registration campaign.
enum Membership {
    /// The filter contains only other campaigns.
    NotListed,
    /// The filter or the campaign is not in this body, or a value is a variable.
    Unknown,
    /// The filter contains the campaign, there is no filter, or another rule reports a value.
    Irrelevant,
}

fn find_membership(cx: &PortalContext<'_>, id: &str, filter: &Filter<'_>) -> Membership {
    let portal = cx.portal;
    // The ID is in the filter, or is that of another object, which another rule reports.
    let uses = portal.ids().iter().filter(|other| other.text() == Some(id)).count();
    if uses > 1 {
        return Membership::Irrelevant;
    }
    if is_unknown(cx, &filter.cursor) {
        return Membership::Unknown;
    }
    let mut has_variable = portal.registration_campaign().variable().is_some();
    if (!has_variable && !cx.is_id(id)) || filter.cursor.items().len() == 0 {
        return Membership::Irrelevant;
    }
    for entry in portal.filter_ids(filter) {
        match entry.text() {
            Some(_) if entry.variable().is_some() => has_variable = true,
            Some(text) if cx.is_id(text) => {}
            // The author may have meant this campaign by the invalid entry.
            _ => return Membership::Irrelevant,
        }
    }
    if has_variable { Membership::Unknown } else { Membership::NotListed }
}

/// Whether a field may have a value that is not in this body.
fn is_unknown(cx: &PortalContext<'_>, field: &Cursor<'_>) -> bool {
    field.value().is_none() && (cx.portal.keeps_missing_fields() || !field.is_missing())
}
