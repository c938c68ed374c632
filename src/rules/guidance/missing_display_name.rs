//! RCP112: reports a missing or blank display name. Customers see the internal name in its place (guide, "Top-Level Input Fields").

use crate::base::diagnostic::Finding;
use crate::rules::context::PortalContext;
use crate::schema::PortalKind;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if cx.kind() != PortalKind::Create {
        return;
    }
    let name = cx.portal.display_name;
    let help = "set `display_name` to the title that customers should see, such as \"Manage Your Subscription\"";
    if name.is_missing() {
        let message = "`display_name` is missing, so customers see the internal `name`";
        cx.report(Finding::new(name.location(), message, help).with_invalid_value());
    } else if name.is_blank() {
        let message = "`display_name` is blank, so customers see the internal `name`";
        cx.report(Finding::new(name.location(), message, help));
    }
}
