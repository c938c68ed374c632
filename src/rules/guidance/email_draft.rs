//! RCP110: both emails have a subject and the name of a sender.

use crate::base::diagnostic::Finding;
use crate::model::portal::{Email, EmailKind};
use crate::rules::context::PortalContext;
use crate::rules::wording::nearest;
use crate::schema::Kind;
use crate::syntax::cursor::Cursor;

/// Left out or blank; one finding an email.
pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if cx.kind() != Kind::Create {
        return;
    }
    for email in cx.portal.emails() {
        let (subject, from_name) = (&email.subject, &email.from_name);
        let words = email.which.words();
        let example = match email.which {
            EmailKind::Confirm => "Confirm your customer portal account",
            EmailKind::Reset => "Reset your customer portal password",
        };
        let (place, message, help) = match [subject, from_name].map(|field| is_lacking(cx, email, field)) {
            [true, true] => (
                email.slot.key_location(),
                format!("{words} has no `subject` and no `from_name`"),
                "write both: customers see them before they open the email".to_owned(),
            ),
            [true, false] => (
                subject.location(),
                format!("{words} has no `subject`"),
                format!("write as `subject` what the email is for, such as \"{example}\""),
            ),
            [false, true] => (
                from_name.location(),
                format!("{words} does not say who it is from: it has no `from_name`"),
                "write as `from_name` the name of the shop, as customers know it".to_owned(),
            ),
            [false, false] => continue,
        };
        cx.report(Finding::new(place, message, help));
    }
}

/// Blank or left out. A misspelt field is an unknown one and not also left out.
fn is_lacking(cx: &PortalContext<'_>, email: &Email<'_>, field: &Cursor<'_>) -> bool {
    field.is_blank() || (field.is_missing() && !is_misspelt(cx, email, field.key()))
}

fn is_misspelt(cx: &PortalContext<'_>, email: &Email<'_>, field: &str) -> bool {
    let known = cx.schema_fields(Kind::Create, &["customer_emails", email.which.field()]);
    let keys = || email.slot.entries().iter().map(|entry| &*entry.key);
    let free: Vec<&str> = known.iter().copied().filter(|name| !keys().any(|key| key == *name)).collect();
    keys().filter(|key| !known.contains(key)).any(|key| nearest(key, free.iter().copied()) == Some(field))
}
