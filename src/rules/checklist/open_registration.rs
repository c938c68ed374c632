//! RCP020: reports a portal in which non-customers can register, until somebody records that this is intended.

use crate::rules::context::PortalContext;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let message = if cx.edit_enables(|portal| portal.create_non_existing_customer) {
        "this edit lets anyone register in the portal, not only existing customers"
    } else {
        "anyone can register in the portal, not only existing customers"
    };
    let help = "set `create_non_existing_customer` to `false`";
    cx.report_if_true(&cx.portal.create_non_existing_customer, message, help);
}
