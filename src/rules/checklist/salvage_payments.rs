//! RCP017: customers may pay failed renewals and failed trial expirations.

use crate::rules::context::PortalContext;

/// A decision that fires until it is recorded.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let flag = cx.portal.permission("salvage_transaction_process");
    let message = "customers can pay failed renewals and failed trial expirations in the portal";
    let help = "set `salvage_transaction_process` to `false` unless customers should make these payments themselves";
    cx.report_if_true(&flag, message, help);
}
