//! RCP016: reports that customers can cancel subscriptions, until somebody confirms that this is intended.

use crate::rules::context::PortalContext;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let flag = cx.portal.permission("subscription_cancel");
    let message = if cx.edit_enables(|portal| portal.permission("subscription_cancel")) {
        "this edit lets customers cancel their subscriptions themselves"
    } else {
        "customers can cancel their subscriptions themselves"
    };
    let help = "set `subscription_cancel` to `false`";
    cx.report_if_true(&flag, message, help);
}
