//! RCP113: customers may end their trials themselves.

use crate::rules::context::PortalContext;

/// Two decisions, each of which fires until it is recorded.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    cx.report_if_true(
        &cx.portal.permission("trial_expire"),
        "customers can expire their trials themselves",
        "set `trial_expire` to `false` unless customers should be able to take this action themselves",
    );
    cx.report_if_true(
        &cx.portal.permission("trial_cancel"),
        "customers can cancel their trials themselves",
        "set `trial_cancel` to `false` unless customers should be able to cancel trials directly",
    );
}
