//! Names of fields for messages: "the subject of the confirmation email" instead of a JSON pointer.

use crate::model::portal::EmailKind;
use crate::rules::wording::quote;
use crate::syntax::cursor::Cursor;

/// The name of a portal's field in the words of the guide. For a field that is not in the guide, its key in backticks.
pub(crate) fn field_label(field: &Cursor<'_>) -> String {
    let keys: Vec<&str> = field.keys().collect();
    match keys[..] {
        ["name"] => "the name".into(),
        ["display_name"] => "the display name".into(),
        ["description"] => "the description".into(),
        ["footer_html"] => "the footer".into(),
        ["customer_emails", email, field] => email_field_label(email, field),
        ["tracking_domain" | "smtp_profile" | "create_non_existing_customer_campaign" | "customer_portal_id"]
        | ["recaptcha", "site_key" | "secret_key"]
        | ["customer_filters", "campaign" | "third_party_shop"]
        | [.., "id"] => format!("the {}", id_label(field)),
        [.., key] => quote(key),
        [] => "the portal".into(),
    }
}

fn email_field_label(email: &str, field: &str) -> String {
    let Some(email) = EmailKind::from_field(email).map(EmailKind::label) else { return quote(field) };
    match field {
        "html" => email.into(),
        "from" => format!("the sender of {email}"),
        "subject" => format!("the subject of {email}"),
        "to_cc" | "to_bcc" => format!("an entry of {} in {email}", quote(field)),
        _ => format!("{} of {email}", quote(field)),
    }
}

/// What the value of an ID or key field identifies, without an article: "campaign ID".
pub(crate) fn id_label(field: &Cursor<'_>) -> &'static str {
    // In `/tracking_domain/id` of an export, the first key names the object. In filters and `recaptcha`, it is the second key.
    let key = field.keys().find(|key| !matches!(*key, "customer_filters" | "recaptcha"));
    id_label_of_key(key.unwrap_or_default())
}

/// See [`id_label`]. `key` is the key that names the object.
pub(crate) fn id_label_of_key(key: &str) -> &'static str {
    match key {
        "tracking_domain" => "tracking domain ID",
        "smtp_profile" => "SMTP profile ID",
        "site_key" => "reCAPTCHA site key",
        "secret_key" => "reCAPTCHA secret key",
        "third_party_shop" => "shop ID",
        "customer_portal_id" | "id" => "portal ID",
        _ => "campaign ID",
    }
}
