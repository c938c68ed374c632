//! RCP111: the two emails are not copies of each other.

use crate::base::diagnostic::{Finding, Location};
use crate::rules::context::{PortalContext, usage_span};
use crate::rules::wording::trim;
use crate::syntax::cursor::Cursor;

/// The same subject, the same html, or both: one finding, at the password reset email.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    let [confirm, reset] = cx.portal.emails();
    let is_same = |own: &Cursor<'_>, other: &Cursor<'_>| text(own).is_some_and(|own| text(other) == Some(own));
    let same = (is_same(&confirm.subject, &reset.subject), is_same(&confirm.html, &reset.html));
    let (first, second, message, help) = match same {
        (true, true) => (
            confirm.html,
            reset.html,
            "the password reset email is a copy of the confirmation email: subject and text are the same",
            "write the password reset email for customers who want to set a new password",
        ),
        (true, false) => (
            confirm.subject,
            reset.subject,
            "the password reset email has the same subject as the confirmation email",
            "write a subject of its own, such as \"Reset your customer portal password\"",
        ),
        (false, true) => (
            confirm.html,
            reset.html,
            "the password reset email has the same text as the confirmation email",
            "say in the password reset email that its code is for setting a new password",
        ),
        (false, false) => return,
    };
    let span = usage_span(&second);
    // Merged into the second email, the value stands in the first alone.
    let span = if span == first.span() { reset.slot.key_location().span } else { span };
    let place = Location { pointer: second.pointer(), span };
    cx.report(Finding::new(place, message, help).with_note(first.span(), "the confirmation email's"));
}

fn text<'d>(slot: &Cursor<'d>) -> Option<&'d str> {
    slot.literal_text().map(trim).filter(|text| !text.is_empty())
}
