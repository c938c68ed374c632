//! The guide's two checklists as data: "MCP Validation Checklist" (V1 to V24) and "Recommended MCP Preflight Checklist" (P1 to
//! P20).
//!
//! The front matter of each rule page lists the items that the rule decides.

/// An item of a checklist.
#[derive(Debug)]
pub struct ChecklistItem {
    /// The ID, such as `V12`.
    pub id: &'static str,
    /// The guide's sentence, without the period.
    pub title: &'static str,
    /// JSON Pointers of the fields that the item is about; empty for an item about all fields.
    pub fields: &'static [&'static str],
    /// Whether the values of the fields decide the item, so that a `${NAME}` in them leaves it unverified.
    pub needs_values: bool,
}

/// Creates an item that the values of its fields decide.
const fn value_item(id: &'static str, title: &'static str, fields: &'static [&'static str]) -> ChecklistItem {
    ChecklistItem { id, title, fields, needs_values: true }
}

/// Creates an item for which the presence of its fields is enough, or whose fields cannot contain variables.
const fn presence_item(id: &'static str, title: &'static str, fields: &'static [&'static str]) -> ChecklistItem {
    ChecklistItem { id, title, fields, needs_values: false }
}

/// Both checklists, in the guide's order.
#[rustfmt::skip]
pub static CHECKLIST: [ChecklistItem; 44] = [
    value_item("V1", "`name` is present and unique", &["/name"]),
    value_item("V2", "`tracking_domain` is present and 20 characters", &["/tracking_domain"]),
    value_item("V3", "Tracking domain is DNS ready", &["/tracking_domain"]),
    value_item("V4", "Tracking domain SSL is active", &["/tracking_domain"]),
    value_item("V5", "`smtp_profile` is present and 20 characters", &["/smtp_profile"]),
    presence_item("V6", "reCAPTCHA object is present", &["/recaptcha"]),
    presence_item("V7", "`recaptcha.site_key` is present", &["/recaptcha/site_key"]),
    presence_item("V8", "`recaptcha.secret_key` is present", &["/recaptcha/secret_key"]),
    presence_item("V9", "`customer_emails.customer_account_confirm_email` is present", &["/customer_emails/customer_account_confirm_email"]),
    presence_item("V10", "`customer_emails.customer_account_password_reset` is present", &["/customer_emails/customer_account_password_reset"]),
    presence_item("V11", "Both email objects include `from`", &["/customer_emails/customer_account_confirm_email/from", "/customer_emails/customer_account_password_reset/from"]),
    value_item("V12", "Confirmation email HTML includes `{{email_code}}`", &["/customer_emails/customer_account_confirm_email/html"]),
    value_item("V13", "Password reset email HTML includes `{{email_code}}`", &["/customer_emails/customer_account_password_reset/html"]),
    value_item("V14", "Sender email matches or is compatible with SMTP Profile", &["/customer_emails/customer_account_confirm_email/from", "/customer_emails/customer_account_password_reset/from", "/smtp_profile"]),
    presence_item("V15", "Customer permissions are intentionally selected", &["/customer_permissions"]),
    presence_item("V16", "`subscription_cancel` is enabled only if direct customer cancellation is desired", &["/customer_permissions/subscription_cancel"]),
    presence_item("V17", "`salvage_transaction_process` is enabled only if customers should pay failed renewals or failed trial expirations", &["/customer_permissions/salvage_transaction_process"]),
    value_item("V18", "Customer filters are intentionally empty or contain valid 20-character IDs", &["/customer_filters"]),
    value_item("V19", "For multi-brand or multi-shop accounts, campaign/shop filters have been considered so customers see the portal for the brand, website, or shop where they purchased/originated", &["/customer_filters"]),
    presence_item("V20", "`create_non_existing_customer` is false unless intentionally needed", &["/create_non_existing_customer"]),
    value_item("V21", "If `create_non_existing_customer` is true, `create_non_existing_customer_campaign` is present and 20 characters", &["/create_non_existing_customer_campaign"]),
    presence_item("V22", "Portal starts disabled unless the setup has already been reviewed", &["/enabled"]),
    value_item("V23", "Display name and footer HTML are customer-safe", &["/display_name", "/footer_html"]),
    presence_item("V24", "No unknown fields are included", &[]),
    presence_item("P1", "The user knows the portal purpose", &["/description"]),
    value_item("P2", "The portal name is unique", &["/name"]),
    value_item("P3", "A tracking domain exists", &["/tracking_domain"]),
    value_item("P4", "The tracking domain is DNS ready", &["/tracking_domain"]),
    value_item("P5", "The tracking domain has active SSL", &["/tracking_domain"]),
    value_item("P6", "An SMTP Profile exists", &["/smtp_profile"]),
    value_item("P7", "The SMTP Profile ID is known", &["/smtp_profile"]),
    value_item("P8", "reCAPTCHA v2 site key exists for the portal domain", &["/recaptcha/site_key"]),
    value_item("P9", "reCAPTCHA v2 secret key exists for the portal domain", &["/recaptcha/secret_key"]),
    presence_item("P10", "Customer confirmation email is drafted", &["/customer_emails/customer_account_confirm_email"]),
    presence_item("P11", "Customer password reset email is drafted", &["/customer_emails/customer_account_password_reset"]),
    value_item("P12", "Both email templates include `{{email_code}}`", &["/customer_emails/customer_account_confirm_email/html", "/customer_emails/customer_account_password_reset/html"]),
    value_item("P13", "Sender email matches or is compatible with SMTP Profile", &["/customer_emails/customer_account_confirm_email/from", "/customer_emails/customer_account_password_reset/from", "/smtp_profile"]),
    value_item("P14", "Customer filters are intentional", &["/customer_filters"]),
    presence_item("P15", "Customer permissions are intentional", &["/customer_permissions"]),
    presence_item("P16", "`subscription_cancel` is true only if customers should self-cancel", &["/customer_permissions/subscription_cancel"]),
    presence_item("P17", "`salvage_transaction_process` is true only if customers should pay failed renewals/failed trial expirations", &["/customer_permissions/salvage_transaction_process"]),
    presence_item("P18", "`create_non_existing_customer` is false unless intentionally needed", &["/create_non_existing_customer"]),
    value_item("P19", "If non-existing registration is true, a campaign ID is supplied", &["/create_non_existing_customer_campaign"]),
    presence_item("P20", "The portal should probably start disabled until reviewed", &["/enabled"]),
];
