//! RCP111: reports a password reset email with the subject or the text of the confirmation email.

use crate::base::diagnostic::{Finding, Location};
use crate::rules::context::{PortalContext, usage_span};
use crate::rules::wording::trim;
use crate::syntax::cursor::Cursor;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let [confirm, reset] = cx.portal.emails();
    let has_same_subject = has_same_text(&confirm.subject, &reset.subject);
    let has_same_html = has_same_text(&confirm.html, &reset.html);
    let (original, copy, message, help) = match (has_same_subject, has_same_html) {
        (true, true) => (
            confirm.html,
            reset.html,
            "the password reset email has the same subject and text as the confirmation email",
            "write a separate email for customers who want to reset their password",
        ),
        (true, false) => (
            confirm.subject,
            reset.subject,
            "the password reset email has the same subject as the confirmation email",
            "use a different subject, such as \"Reset your customer portal password\"",
        ),
        (false, true) => (
            confirm.html,
            reset.html,
            "the password reset email has the same text as the confirmation email",
            "explain in the password reset email that its code is for resetting the password",
        ),
        (false, false) => return,
    };
    let mut span = usage_span(&copy);
    // With a YAML merge key, both emails share one value. The finding is then about the password reset email itself.
    if span == original.span() {
        span = reset.cursor.key_location().span;
    }
    let location = Location { pointer: copy.pointer(), span };
    cx.report(Finding::new(location, message, help).with_note(original.span(), "in the confirmation email"));
}

/// Whether both fields have the same text, and it is neither blank nor a variable.
fn has_same_text(field: &Cursor<'_>, other: &Cursor<'_>) -> bool {
    match (field.literal_text(), other.literal_text()) {
        (Some(text), Some(other_text)) => !trim(text).is_empty() && trim(text) == trim(other_text),
        _ => false,
    }
}
