//! RCP022: reports a portal that customers can use as soon as it is created, unless it is already enabled in the account.

use crate::base::diagnostic::{Finding, Severity};
use crate::model::account::ObjectKind;
use crate::model::portal::Portal;
use crate::rules::context::PortalContext;
use crate::rules::shared::account_portal::find_account_portal;
use crate::schema::PortalKind;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    // An export is a portal that is in use, so it may be enabled.
    if cx.kind() == PortalKind::Export {
        return;
    }
    // A portal that is in use has been reviewed. In an online run, the account data contains the portal with this name or ID.
    let enabled_in_account = find_account_portal(cx).and_then(|portal| portal.cursor.field("enabled").bool());
    if enabled_in_account == Some(true) {
        return;
    }
    let enabled = cx.portal.enabled;
    if let Some(id) = cx.portal.bound_id {
        check_bound(cx, id, enabled_in_account);
        return;
    }
    if enabled.bool() == Some(true) {
        let message = if cx.kind() == PortalKind::Edit {
            "`enabled` is `true`: this edit lets customers use the portal"
        } else {
            "`enabled` is `true`, so customers can use the portal as soon as it is created"
        };
        // The report adds how to record the review to the findings of a rule with `intent`.
        let help = if enables_only(cx.portal) {
            "enable the portal only after it has been reviewed"
        } else {
            "set `enabled` to `false` until the domain, emails, keys, filters, and permissions have been reviewed"
        };
        cx.report_at_use(&enabled, message, help);
        if cx.kind() == PortalKind::Edit && cx.before_edit.is_none_or(|before| before.root.is_partial()) {
            cx.mark_unverified("whether the portal is ready to be enabled");
        }
    } else if enabled.is_missing() && cx.kind() == PortalKind::Create {
        // The guide does not say what RevCent uses if the field is left out.
        let message = "`enabled` is missing, and RevCent does not document the default";
        let help = "set `enabled` to `false` until the portal has been reviewed";
        cx.report(Finding::new(enabled.location(), message, help).with_severity(Severity::Advice).with_invalid_value());
    }
}

/// Checks a file that is bound to an existing portal. Leaving out `enabled` does not change that portal.
fn check_bound(cx: &mut PortalContext<'_>, id: &str, enabled_in_account: Option<bool>) {
    let enabled = cx.portal.enabled;
    if enabled.bool() != Some(true) {
        return;
    }
    if enabled_in_account == Some(false) {
        let message = "`enabled` is `true`, but the portal in the account is disabled";
        cx.report_at_use(&enabled, message, "enable the portal only after it has been reviewed");
    } else {
        cx.mark_unverified_by_account(
            ObjectKind::Portal,
            Some(id),
            "whether the portal is already enabled in the account",
        );
    }
}

/// Whether an edit only enables the portal, apart from texts that customers do not see. The setup has probably been reviewed then.
fn enables_only(portal: &Portal<'_>) -> bool {
    const FIELDS: [&str; 5] = ["customer_portal_id", "enabled", "name", "description", "$schema"];
    portal.keeps_missing_fields() && portal.root.entries().iter().all(|entry| FIELDS.contains(&&*entry.key))
}
