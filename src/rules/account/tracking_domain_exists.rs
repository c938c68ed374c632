//! RCP301: the account has the tracking domain.

use super::exists;
use crate::account::Kind;
use crate::rules::context::PortalContext;

/// Asks for the id, if there is one.
pub fn portal(cx: &mut PortalContext<'_>) {
    let id = cx.portal.tracking_domain();
    exists::report(cx, Kind::TrackingDomain, [id], &"whether the account has the tracking domain");
}
