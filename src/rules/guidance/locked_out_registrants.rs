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
    match find_campaign(cx, id, &filter) {
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
            // An ID that is wrong in itself is no reason to change the filter.
            .with_invalid_value(),
    );
}

/// What a campaign filter says about the registration campaign.
enum Membership {
    /// The filter has other campaigns only.
    NotListed,
    /// The filter or the campaign is not in this body.
    Unknown,
    /// The filter contains the campaign, there is no filter, or another rule reports a value.
    Irrelevant,
}

fn find_campaign(cx: &PortalContext<'_>, id: &str, filter: &Filter<'_>) -> Membership {
    let portal = cx.portal;
    // The same ID as another kind of object is another rule's finding.
    let uses = portal.ids().iter().filter(|other| other.text() == Some(id)).count();
    if uses > 1 {
        return Membership::Irrelevant;
    }
    if is_unknown(cx, &filter.cursor) {
        return Membership::Unknown;
    }
    let campaigns = portal.filter_ids(filter);
    let mut has_variable = portal.registration_campaign().variable().is_some();
    if (!has_variable && !cx.is_id(id)) || filter.cursor.items().len() == 0 {
        return Membership::Irrelevant;
    }
    for entry in campaigns {
        match entry.text() {
            Some(_) if entry.variable().is_some() => has_variable = true,
            Some(text) if cx.is_id(text) => {}
            // Perhaps the invalid entry is meant to be this campaign.
            _ => return Membership::Irrelevant,
        }
    }
    if has_variable { Membership::Unknown } else { Membership::NotListed }
}

/// Whether a field may have a value that is not in this body.
fn is_unknown(cx: &PortalContext<'_>, field: &Cursor<'_>) -> bool {
    field.value().is_none() && (cx.portal.keeps_missing_fields() || !field.is_missing())
}
