//! RCP113: reports that customers can end their trials, until somebody confirms that this is intended.

use crate::rules::context::PortalContext;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    // These are separate choices, so each has a finding that can be allowed.
    cx.report_if_true(
        &cx.portal.permission("trial_expire"),
        "customers can expire their trials themselves",
        "set `trial_expire` to `false`",
    );
    cx.report_if_true(
        &cx.portal.permission("trial_cancel"),
        "customers can cancel their trials themselves",
        "set `trial_cancel` to `false`",
    );
}
