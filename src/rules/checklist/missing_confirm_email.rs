//! RCP009: reports a portal without a confirmation email, or without any emails.

use crate::base::diagnostic::Finding;
use crate::rules::context::PortalContext;
use crate::rules::shared::required_field;
use crate::rules::wording::describe_violation;
use crate::schema::ViolationKind;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let emails = cx.portal.field("customer_emails");
    // Without `customer_emails`, the password reset email is missing as well. This finding reports both.
    if let Some(violation) = cx.owned_violation_at(&emails) {
        let message = match violation.kind {
            ViolationKind::Missing => {
                "`customer_emails` is missing: the portal needs a confirmation email and a password reset email"
                    .to_owned()
            }
            _ => describe_violation(&violation),
        };
        let help = "set `customer_emails` to an object with `customer_account_confirm_email` and \
                    `customer_account_password_reset`, each with `from` and an `html` that shows `{{email_code}}`";
        cx.report(Finding::new(emails.location(), message, help).with_invalid_value());
        return;
    }
    required_field::report_violations(
        cx,
        "the confirmation email (`customer_account_confirm_email`) is missing",
        "set `customer_account_confirm_email` to an object with `from` and an `html` that shows `{{email_code}}`",
    );
}
