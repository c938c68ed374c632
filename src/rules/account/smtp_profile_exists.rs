//! RCP302: the account has the SMTP profile.

use crate::model::account::ObjectKind;
use crate::rules::context::PortalContext;
use crate::rules::shared::account_object;

/// Asks for the id, if there is one.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let id = cx.portal.smtp_profile();
    account_object::report(cx, ObjectKind::SmtpProfile, [id], &"whether the account has the SMTP profile");
}
