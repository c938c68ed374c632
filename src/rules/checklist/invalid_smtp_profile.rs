//! RCP005: reports an SMTP profile that is not a 20-character ID.

use crate::rules::context::PortalContext;
use crate::rules::shared::id_violations::{IdTarget, report_other_values, report_violations};

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let target = IdTarget { noun: "SMTP profile", source: "" };
    report_violations(cx, target);
    report_other_values(cx, [cx.portal.smtp_profile()], target);
}
