//! RCP302: the account has the SMTP profile.

use super::exists;
use crate::account::Kind;
use crate::rules::context::PortalContext;

/// Asks for the id, if there is one.
pub fn portal(cx: &mut PortalContext<'_>) {
    let id = cx.portal.smtp_profile();
    exists::report(cx, Kind::SmtpProfile, [id], &"whether the account has the SMTP profile");
}
