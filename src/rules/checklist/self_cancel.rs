//! RCP016: customers may cancel subscriptions themselves.

use crate::rules::context::PortalContext;

/// A decision that fires until it is recorded.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let flag = cx.portal.permission("subscription_cancel");
    let message = "customers can cancel their subscriptions themselves";
    let help =
        "set `subscription_cancel` to `false` unless the business wants customers to cancel without talking to support";
    cx.report_if_true(&flag, message, help);
}
