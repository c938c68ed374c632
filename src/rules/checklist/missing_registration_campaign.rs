//! RCP021: reports a campaign for new customers that is missing, has an invalid ID, or is never used.

use crate::base::diagnostic::{Finding, Severity};
use crate::rules::context::PortalContext;
use crate::rules::shared::id_violations::{IdTarget, report_other_values, report_violations};
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;

const CAMPAIGN: IdTarget = IdTarget { noun: "registration campaign", source: ", as returned by GetCampaigns" };

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    report_violations(cx, CAMPAIGN);
    let is_other_value = report_other_values(cx, [cx.portal.registration_campaign()], CAMPAIGN);
    if is_other_value || !cx.owned_violations().is_empty() {
        return;
    }
    let flag = cx.portal.create_non_existing_customer;
    let campaign = cx.portal.field("create_non_existing_customer_campaign");
    if flag.bool() == Some(true) && !campaign.is_present() {
        // The portal keeps the fields that an edit leaves out, so it may have a campaign.
        if cx.portal.keeps_missing_fields() || (cx.kind() == PortalKind::Edit && !campaign.is_missing()) {
            cx.mark_unverified("whether the portal has a campaign for customers who register themselves");
        } else if campaign.is_missing() {
            report_missing_campaign(cx, &campaign, &flag);
        }
    }
    if campaign.is_present() && is_closed(cx) {
        report_unused_campaign(cx, &campaign, &flag);
    }
}

/// Whether a request says that nobody can register.
fn is_closed(cx: &PortalContext<'_>) -> bool {
    let flag = cx.portal.create_non_existing_customer;
    match cx.kind() {
        PortalKind::Create => flag.is_missing() || flag.bool() == Some(false),
        // An edit that sets only the campaign may prepare a later edit. A portal after an edit is like an export: its campaign may
        // date from a time when people could register.
        PortalKind::Edit => cx.portal.keeps_missing_fields() && flag.bool() == Some(false),
        PortalKind::Export => false,
    }
}

fn report_missing_campaign(cx: &mut PortalContext<'_>, campaign: &Cursor<'_>, flag: &Cursor<'_>) {
    let message = "`create_non_existing_customer` is `true`, but `create_non_existing_customer_campaign` is missing";
    let help = "set `create_non_existing_customer_campaign` to the 20-character ID of the campaign for new customers";
    cx.report(
        Finding::new(campaign.location(), message, help)
            .with_invalid_value()
            .with_note(flag.span(), "registration is enabled here"),
    );
}

fn report_unused_campaign(cx: &mut PortalContext<'_>, campaign: &Cursor<'_>, flag: &Cursor<'_>) {
    let message = "`create_non_existing_customer_campaign` is set, but `create_non_existing_customer` is not `true`";
    let help = "remove `create_non_existing_customer_campaign`, or set `create_non_existing_customer` to `true`";
    let mut finding = Finding::new(campaign.location(), message, help).with_severity(Severity::Warning);
    if flag.is_present() {
        finding = finding.with_note(flag.span(), "registration is disabled here");
    }
    cx.report(finding);
}
