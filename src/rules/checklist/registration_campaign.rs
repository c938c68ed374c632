//! RCP021: customers who register themselves get a campaign.

use super::id;
use crate::diagnostic::{Finding, Severity};
use crate::rules::context::PortalContext;
use crate::schema::Kind;

/// The campaign is missing where it is needed, wrong, or set in vain.
pub fn portal(cx: &mut PortalContext<'_>) {
    let whence = "RevCent shows it under Campaigns";
    id::report(cx, "campaign for new customers", whence);
    let flag = cx.portal.at("create_non_existing_customer");
    let campaign = cx.portal.at("create_non_existing_customer_campaign");
    // What an edit leaves out stays as it is, and is not known here.
    if cx.kind() == Kind::Edit || cx.violations().next().is_some() {
        return;
    }
    if flag.bool() == Some(true) && campaign.is_missing() {
        let message = "customers who register themselves get no campaign: there is no \
                       `create_non_existing_customer_campaign`";
        let help = format!("write the 20-character id of the campaign they belong to: {whence}");
        cx.report(Finding::new(campaign.place(), message, help).of_value().note(flag.span(), "anybody may register"));
    }
    let closed = flag.is_missing() || flag.bool() == Some(false);
    if cx.kind() == Kind::Create && closed && campaign.is_there() {
        let message = "the campaign for new customers has no effect: only existing customers can register";
        let help = "remove `create_non_existing_customer_campaign`, or set `create_non_existing_customer` to `true` if \
                    new people are meant to register";
        cx.report(Finding::new(campaign.place(), message, help).severity(Severity::Warning));
    }
}
