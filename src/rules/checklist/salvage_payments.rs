//! RCP017: reports that customers can pay failed renewals and failed trial expirations, until somebody confirms that this is
//! intended.

use crate::rules::context::PortalContext;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let flag = cx.portal.permission("salvage_transaction_process");
    let message = "customers can pay failed renewals and failed trial expirations in the portal";
    let help = "set `salvage_transaction_process` to `false` unless customers should make these payments themselves";
    cx.report_if_true(&flag, message, help);
}
