//! RCP304: reports shops of the filter that the account does not have.

use crate::model::account::ObjectKind;
use crate::rules::context::PortalContext;
use crate::rules::shared::absent_ids::report_absent_ids;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let portal = cx.portal;
    let [_, shops] = portal.filters();
    report_absent_ids(cx, ObjectKind::Shop, portal.filter_ids(&shops), "whether the account has the shops");
}
