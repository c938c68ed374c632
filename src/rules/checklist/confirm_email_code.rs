//! RCP012: the confirmation email shows the code.

use super::email_code;
use crate::model::portal::EmailKind;
use crate::rules::context::PortalContext;

/// See [`email_code::report`].
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    email_code::report(cx, EmailKind::Confirm);
}
