//! RCP304: the account has the shops of the filter.

use crate::model::account::ObjectKind;
use crate::rules::context::PortalContext;
use crate::rules::shared::absent_ids::report_absent_ids;

/// Asks for each of them.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let portal = cx.portal;
    let [_, shops] = portal.filters();
    report_absent_ids(cx, ObjectKind::Shop, portal.filter_ids(&shops), &"whether the account has the shops");
}
