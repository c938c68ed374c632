//! RCP303: the account has the campaigns of the filter, and the one for customers who register themselves.

use crate::model::account::ObjectKind;
use crate::rules::context::PortalContext;
use crate::rules::shared::absent_ids::report_absent_ids;

/// Asks for each of them.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let portal = cx.portal;
    let [campaigns, _] = portal.filters();
    let ids = portal.filter_ids(&campaigns).chain([portal.registration_campaign()]);
    report_absent_ids(cx, ObjectKind::Campaign, ids, &"whether the account has the campaigns");
}
