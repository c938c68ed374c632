//! RCP110: reports an email without a subject or without the name of a sender.

use crate::base::diagnostic::Finding;
use crate::model::portal::{Email, EmailKind};
use crate::rules::context::PortalContext;
use crate::rules::wording::closest_match;
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;

pub(crate) fn check_portal(cx: &mut PortalContext<'_>) {
    if cx.kind() != PortalKind::Create {
        return;
    }
    for email in cx.portal.emails() {
        let label = email.kind.label();
        let lacks_subject = lacks_field(cx, email, &email.subject);
        let lacks_from_name = lacks_field(cx, email, &email.from_name);
        let finding = match (lacks_subject, lacks_from_name) {
            (true, true) => Finding::new(
                email.cursor.key_location(),
                format!("{label} has no `subject` and no `from_name`"),
                "add both: customers see them before they open the email",
            ),
            (true, false) => {
                let example = match email.kind {
                    EmailKind::Confirm => "Confirm your customer portal account",
                    EmailKind::Reset => "Reset your customer portal password",
                };
                Finding::new(
                    email.subject.location(),
                    format!("{label} has no `subject`"),
                    format!("set `subject` to the purpose of the email, such as \"{example}\""),
                )
            }
            (false, true) => Finding::new(
                email.from_name.location(),
                format!("{label} has no `from_name`"),
                "set `from_name` to the shop's name",
            ),
            (false, false) => continue,
        };
        cx.report(finding);
    }
}

/// Whether a field of an email is blank or missing. A field that is misspelled or in the wrong object does not count as missing,
/// because another rule reports it as an unknown field.
fn lacks_field(cx: &PortalContext<'_>, email: &Email<'_>, field: &Cursor<'_>) -> bool {
    if !field.is_missing() {
        return field.is_blank();
    }
    let key = field.key();
    let is_elsewhere = cx.portal.root.has_field(key) || cx.portal.field("customer_emails").has_field(key);
    !is_elsewhere && !is_misspelled(cx, email, key)
}

/// Whether an unknown field of the email was probably meant to be the field `name`.
fn is_misspelled(cx: &PortalContext<'_>, email: &Email<'_>, name: &str) -> bool {
    let known_fields = cx.schema_fields(PortalKind::Create, &["customer_emails", email.kind.field()]);
    let mut free_fields = known_fields.clone();
    free_fields.retain(|field| !email.cursor.has_own_field(field));
    email.cursor.entries().iter().any(|entry| {
        let key: &str = &entry.key;
        !known_fields.contains(&key) && closest_match(key, free_fields.iter().copied()) == Some(name)
    })
}
