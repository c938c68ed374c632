//! RCP301: reports a tracking domain that the account does not have.

use crate::model::account::ObjectKind;
use crate::rules::context::PortalContext;
use crate::rules::shared::absent_ids::report_absent_ids;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let id = cx.portal.tracking_domain();
    report_absent_ids(cx, ObjectKind::TrackingDomain, [id], "whether the account has the tracking domain");
}
