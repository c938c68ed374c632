//! RCP021: customers who register themselves get a campaign.

use crate::base::diagnostic::{Finding, Severity};
use crate::rules::context::PortalContext;
use crate::rules::shared::id;
use crate::schema::Kind;

/// The campaign is missing where it is needed, wrong, or set in vain.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    id::report(cx, "campaign for new customers", ", as GetCampaigns lists it");
    let flag = cx.portal.open_to_all;
    let campaign = cx.portal.at("create_non_existing_customer_campaign");
    // What an edit leaves out stays as it is, and is not known here.
    if cx.kind() == Kind::Edit || cx.owned_violations().into_iter().next().is_some() {
        return;
    }
    if flag.bool() == Some(true) && campaign.is_missing() {
        let message = "customers who register themselves get no campaign: there is no \
                       `create_non_existing_customer_campaign`";
        let help = "add `create_non_existing_customer_campaign` with the 20-character id of their campaign";
        cx.report(
            Finding::new(campaign.location(), message, help)
                .with_invalid_value()
                .with_note(flag.span(), "anybody may register"),
        );
    }
    let closed = flag.is_missing() || flag.bool() == Some(false);
    if cx.kind() == Kind::Create && closed && campaign.is_present() {
        let message = "there is a campaign for new customers, but `create_non_existing_customer` is not `true`";
        let help = "remove `create_non_existing_customer_campaign` unless new people are meant to register";
        let mut finding = Finding::new(campaign.location(), message, help).with_severity(Severity::Warning);
        if flag.is_present() {
            finding = finding.with_note(flag.span(), "new people may not register");
        }
        cx.report(finding);
    }
}
