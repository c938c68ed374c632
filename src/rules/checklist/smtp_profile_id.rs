//! RCP005: the SMTP profile is the 20-character id of one.

use crate::rules::context::PortalContext;
use crate::rules::shared::id;

/// What the schema found wrong with it.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    id::report(cx, "SMTP profile", "");
}
