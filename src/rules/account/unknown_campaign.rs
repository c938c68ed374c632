//! RCP303: reports campaigns that the account does not have: those of the filter and the one for new customers.

use crate::model::account::ObjectKind;
use crate::rules::context::PortalContext;
use crate::rules::shared::absent_ids::report_absent_ids;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let portal = cx.portal;
    let [campaigns, _] = portal.filters();
    let ids = portal.filter_ids(&campaigns).chain([portal.registration_campaign()]);
    report_absent_ids(cx, ObjectKind::Campaign, ids, "whether the account has the campaigns");
}
