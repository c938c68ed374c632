//! RCP010: reports a portal without a password reset email.

use crate::rules::context::PortalContext;
use crate::rules::shared::required_field;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    required_field::report_violations(
        cx,
        "the password reset email is missing: there is no `customer_account_password_reset`",
        "write `customer_account_password_reset` as an object with `from` and an `html` that shows `{{email_code}}`",
    );
}
