//! RCP010: reports a portal without a password reset email.

use crate::rules::context::PortalContext;
use crate::rules::shared::required_field;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    required_field::report_violations(
        cx,
        "the password reset email (`customer_account_password_reset`) is missing",
        "set `customer_account_password_reset` to an object with `from` and an `html` that shows `{{email_code}}`",
    );
}
