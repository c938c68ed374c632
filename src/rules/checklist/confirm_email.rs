//! RCP009: there is a confirmation email, and there are emails at all.

use super::text;
use crate::diagnostic::Finding;
use crate::rules::context::PortalContext;
use crate::schema::Fault;

/// Without `customer_emails` both emails are missing: one finding names both.
pub fn portal(cx: &mut PortalContext<'_>) {
    let emails = cx.portal.at("customer_emails");
    if cx.violations().any(|violation| violation.slot.is_same(&emails) && violation.fault == Fault::Missing) {
        let message = "both emails are missing: there is no `customer_emails`";
        let help = "add `customer_emails` with `customer_account_confirm_email` and `customer_account_password_reset`, \
                    each with `from` and an `html` that shows `{{email_code}}`";
        cx.report(Finding::new(emails.place(), message, help).of_value());
        return;
    }
    text::report_violations(
        cx,
        "the confirmation email is missing: there is no `customer_account_confirm_email`",
        "add `customer_account_confirm_email` with `from` and an `html` that shows `{{email_code}}`",
    );
}
