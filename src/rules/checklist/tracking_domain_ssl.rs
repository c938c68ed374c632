//! RCP004: the tracking domain's certificate is active. Only the account can tell, so until it can be asked the check
//! is left open.

use crate::rules::context::PortalContext;
use crate::schema::Kind;

/// Left open for every body that has, or should have, a tracking domain.
pub fn portal(cx: &mut PortalContext<'_>) {
    if cx.kind() != Kind::Edit || cx.portal.at("tracking_domain").is_there() {
        cx.leave_open("whether the tracking domain's SSL certificate is active");
    }
}
