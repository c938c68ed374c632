//! RCP002: the tracking domain is the 20-character id of one.

use super::id;
use crate::rules::context::PortalContext;

/// What the schema found wrong with it.
pub fn portal(cx: &mut PortalContext<'_>) {
    id::report(cx, "tracking domain", ", as GetTrackingDomains lists it");
}
