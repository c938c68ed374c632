//! RCP022: reports a portal that customers can use as soon as it is created.

use crate::base::diagnostic::{Finding, Severity};
use crate::rules::context::PortalContext;
use crate::schema::PortalKind;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    // An export is a portal that is in use, so it may well be enabled.
    if cx.kind() == PortalKind::Export {
        return;
    }
    let enabled = cx.portal.enabled;
    if enabled.bool() == Some(true) {
        let message = "customers can use the portal at once: `enabled` is `true`";
        let help = "set `enabled` to `false` until domain, emails, keys, filters and permissions have been reviewed";
        cx.report_at_use(&enabled, message, help);
    } else if enabled.is_missing() && cx.kind() == PortalKind::Create {
        // The guide does not say what RevCent uses if the field is left out.
        let message = "nothing says whether the portal is enabled: there is no `enabled`";
        let help = "add `enabled` with `false` until the portal has been reviewed";
        cx.report(Finding::new(enabled.location(), message, help).with_severity(Severity::Advice).with_invalid_value());
    }
}
