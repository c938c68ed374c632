//! RCP112: customers are shown a name that is meant for them.

use crate::base::diagnostic::Finding;
use crate::rules::context::PortalContext;
use crate::schema::Kind;

/// Left out or blank: the portal shows `name` then (guide, "Top-Level Input Fields").
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if cx.kind() != Kind::Create {
        return;
    }
    let name = cx.portal.display_name;
    let help = "write as `display_name` what customers should see, such as \"Manage Your Subscription\"";
    if name.is_missing() {
        let message = "customers see the internal `name`: there is no `display_name`";
        cx.report(Finding::new(name.location(), message, help).with_invalid_value());
    } else if name.is_blank() {
        let message = "customers see the internal `name`: `display_name` is blank";
        cx.report(Finding::new(name.location(), message, help));
    }
}
