//! RCP017: reports that customers can pay failed renewals and failed trial expirations, until somebody confirms that this is
//! intended.

use crate::rules::context::PortalContext;
use crate::rules::shared::recovery_purpose::is_for_payment_recovery;
use crate::syntax::cursor::Cursor;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let flag = cx.portal.permission("salvage_transaction_process");
    if flag.bool() != Some(true) {
        return;
    }
    // A portal for payment recovery has the permission by design.
    let texts = [cx.portal.name, cx.portal.description];
    if texts.iter().filter_map(Cursor::literal_text).any(is_for_payment_recovery) {
        return;
    }
    let message = if cx.edit_enables(|portal| portal.permission("salvage_transaction_process")) {
        "this edit lets customers pay failed renewals and failed trial expirations in the portal"
    } else {
        "customers can pay failed renewals and failed trial expirations in the portal"
    };
    let help = "set `salvage_transaction_process` to `false`";
    cx.report_at_use(&flag, message, help);
}
