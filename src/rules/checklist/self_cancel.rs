//! RCP016: reports that customers can cancel subscriptions, until somebody confirms that this is intended.

use crate::rules::context::PortalContext;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let flag = cx.portal.permission("subscription_cancel");
    let message = "customers can cancel their subscriptions themselves";
    let help = "set `subscription_cancel` to `false`";
    cx.report_if_true(&flag, message, help);
}
