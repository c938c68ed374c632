//! RCP003: the tracking domain is DNS ready. Only the account can tell; where nobody can be asked the check is left open.

use super::domain_status::{Aspect, report};
use crate::rules::context::PortalContext;

const DNS: Aspect = Aspect {
    field: "dns",
    lacks: "is not DNS ready",
    open: &"whether the tracking domain is DNS ready",
    help: "finish the DNS records of the domain, then take the snapshot again",
};

/// Asks the account.
pub fn portal(cx: &mut PortalContext<'_>) {
    let accepted = &cx.expectations.dns;
    report(cx, &DNS, accepted);
}
