//! RCP113: reports that customers can end their trials, until somebody confirms that this is intended.

use crate::rules::context::PortalContext;
use crate::rules::shared::permission_actions::permission_action;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    // These are separate choices, so each has a finding that can be allowed.
    for name in ["trial_expire", "trial_cancel"] {
        let flag = cx.portal.permission(name);
        if flag.bool() != Some(true) {
            continue;
        }
        let is_new = cx.edit_enables(|portal| portal.permission(name));
        let start = if is_new { "this edit lets customers" } else { "customers can" };
        let message = format!("{start} {} themselves", permission_action(name));
        cx.report_at_use(&flag, &message, &format!("set `{name}` to `false`"));
    }
}
