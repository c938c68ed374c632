//! RCP022: the portal starts disabled.

use crate::base::diagnostic::{Finding, Severity};
use crate::rules::context::PortalContext;
use crate::schema::Kind;

/// `true`, or left out of a create body. Not for exports: what runs is meant to be enabled.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let enabled = cx.portal.enabled;
    if cx.kind() == Kind::Export {
        return;
    }
    if enabled.bool() == Some(true) {
        let message = "customers can use the portal at once: `enabled` is `true`";
        let help = "set `enabled` to `false` until domain, emails, keys, filters and permissions have been reviewed";
        cx.report_at_use(&enabled, message, help);
    } else if enabled.is_missing() && cx.kind() == Kind::Create {
        let message = "nothing says whether the portal is enabled: there is no `enabled`";
        let help = "add `enabled` with `false` until the portal has been reviewed";
        cx.report(Finding::new(enabled.location(), message, help).with_severity(Severity::Advice).with_invalid_value());
    }
}
