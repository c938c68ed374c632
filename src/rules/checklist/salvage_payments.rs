//! RCP017: customers may pay failed renewals and failed trial expirations.

use crate::diagnostic::Finding;
use crate::rules::context::PortalContext;

/// A decision that fires until it is recorded.
pub fn portal(cx: &mut PortalContext<'_>) {
    let flag = cx.portal.permission("salvage_transaction_process");
    if flag.bool() == Some(true) {
        let message = "customers can pay failed renewals and failed trial expirations in the portal";
        let help = "keep `salvage_transaction_process` as `true` only if customers should pay failed renewals or failed trial expirations";
        cx.report(Finding::new(flag.place(), message, help));
    }
}
