//! RCP012: reports a confirmation email without a visible `{{email_code}}`.

use crate::model::portal::EmailKind;
use crate::rules::context::PortalContext;
use crate::rules::shared::email_code::report_unseen_code;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    report_unseen_code(cx, EmailKind::Confirm);
}
