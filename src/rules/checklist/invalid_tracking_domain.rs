//! RCP002: reports a tracking domain that is not a 20-character ID.

use crate::rules::context::PortalContext;
use crate::rules::shared::id_violations::{IdTarget, report_other_values, report_violations};

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let target = IdTarget { noun: "tracking domain", source: ", as returned by GetTrackingDomains" };
    report_violations(cx, target);
    report_other_values(cx, [cx.portal.tracking_domain()], target);
}
