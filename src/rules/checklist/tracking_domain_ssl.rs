//! RCP004: the tracking domain's certificate is active. Only the account can tell; where nobody can be asked the check
//! is left open.

use super::domain_status::{Aspect, report};
use crate::rules::context::PortalContext;

const SSL: Aspect = Aspect {
    field: "ssl",
    lacks: "has no active SSL certificate",
    open: &"whether the tracking domain's SSL certificate is active",
    help: "finish the SSL setup of the domain, then take the snapshot again",
};

/// Asks the account.
pub fn portal(cx: &mut PortalContext<'_>) {
    let accepted = &cx.expectations.ssl;
    report(cx, &SSL, accepted);
}
