//! What a place is called in a sentence: "the subject of the confirmation email", not its pointer.

use super::guidance::placeholder::thing;
use crate::model::portal::EmailKind;
use crate::rules::wording::quote;
use crate::syntax::cursor::Cursor;

/// A text of a portal, in the portal's words; of an unknown one its key.
pub(crate) fn called(slot: &Cursor<'_>) -> String {
    let keys: Vec<&str> = slot.keys().collect();
    match keys[..] {
        ["name"] => "the name".into(),
        ["display_name"] => "the display name".into(),
        ["description"] => "the description".into(),
        ["footer_html"] => "the footer".into(),
        ["customer_emails", email, field] => of_email(email, field),
        ["tracking_domain" | "smtp_profile" | "create_non_existing_customer_campaign" | "customer_portal_id"]
        | ["recaptcha", "site_key" | "secret_key"]
        | ["customer_filters", "campaign" | "third_party_shop"]
        | [.., "id"] => format!("the {}", thing(slot)),
        [.., key] => quote(key),
        [] => "the portal".into(),
    }
}

fn of_email(email: &str, field: &str) -> String {
    let Some(email) = EmailKind::of_field(email).map(EmailKind::words) else { return quote(field) };
    match field {
        "html" => email.into(),
        "from" => format!("the sender of {email}"),
        "subject" => format!("the subject of {email}"),
        "to_cc" | "to_bcc" => format!("an entry of {} in {email}", quote(field)),
        _ => format!("{} of {email}", quote(field)),
    }
}
