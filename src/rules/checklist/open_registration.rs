//! RCP020: reports a portal in which people who are no customers yet can register, until somebody confirms that this is intended.

use crate::rules::context::PortalContext;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let message = "anybody can register in the portal, not only existing customers";
    let help = "set `create_non_existing_customer` to `false` unless new people are meant to register here";
    cx.report_if_true(&cx.portal.create_non_existing_customer, message, help);
}
