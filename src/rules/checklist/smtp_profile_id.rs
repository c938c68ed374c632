//! RCP005: the SMTP profile is the 20-character id of one.

use super::id;
use crate::rules::context::PortalContext;

/// What the schema found wrong with it.
pub fn portal(cx: &mut PortalContext<'_>) {
    id::report(cx, "SMTP profile", "");
}
