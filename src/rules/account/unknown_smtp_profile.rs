//! RCP302: reports an SMTP profile that the account does not have.

use crate::model::account::ObjectKind;
use crate::rules::context::PortalContext;
use crate::rules::shared::absent_ids::report_absent_ids;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let id = cx.portal.smtp_profile();
    report_absent_ids(cx, ObjectKind::SmtpProfile, [id], "whether the account has the SMTP profile");
}
