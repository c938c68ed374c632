//! RCP002: reports a tracking domain that is no 20-character id.

use crate::rules::context::PortalContext;
use crate::rules::shared::id_violations::{IdTarget, report_violations};

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    report_violations(cx, IdTarget { noun: "tracking domain", source: ", as GetTrackingDomains lists it" });
}
