//! RCP022: the portal starts disabled.

use crate::diagnostic::{Finding, Severity};
use crate::rules::context::PortalContext;
use crate::schema::Kind;

/// `true`, or left out of a create body. Not for exports: what runs is meant to be enabled.
pub fn portal(cx: &mut PortalContext<'_>) {
    let enabled = cx.portal.at("enabled");
    if cx.kind() == Kind::Export {
        return;
    }
    if enabled.bool() == Some(true) {
        let message = "customers can use the portal at once: `enabled` is `true`";
        let help =
            "start with `false`, and enable the portal when domain, emails, keys, filters and permissions are reviewed";
        cx.report(Finding::new(enabled.place(), message, help));
    } else if enabled.is_missing() && cx.kind() == Kind::Create {
        let message = "nothing says whether the portal is enabled: there is no `enabled`";
        let help = "add `\"enabled\": false`, and enable the portal when it has been reviewed";
        cx.report(Finding::new(enabled.place(), message, help).severity(Severity::Advice).of_value());
    }
}
