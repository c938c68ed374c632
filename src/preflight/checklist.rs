//! The guide's two checklists as data: "MCP Validation Checklist" (V1 to V24) and "Recommended MCP Preflight Checklist" (P1 to
//! P20), in its own sentences, and the fields that each item is about.
//!
//! Which rules decide an item is not said here: that stands in the heads of the rules' pages.

/// An item of a checklist.
#[derive(Debug)]
pub struct ChecklistItem {
    /// `V12`.
    pub id: &'static str,
    /// The guide's sentence, without its full stop.
    pub title: &'static str,
    /// JSON Pointers of the fields it is about; none when it is about all of them.
    pub fields: &'static [&'static str],
    /// Whether it asks for more than that a value is there: then a `${NAME}` leaves it open.
    pub needs_values: bool,
}

/// An item that the values decide.
const fn asks_what(id: &'static str, title: &'static str, fields: &'static [&'static str]) -> ChecklistItem {
    ChecklistItem { id, title, fields, needs_values: true }
}

/// An item that is decided by what is there, or that no variable can stand in for.
const fn asks_that(id: &'static str, title: &'static str, fields: &'static [&'static str]) -> ChecklistItem {
    ChecklistItem { id, title, fields, needs_values: false }
}

/// Both lists, in the guide's order.
#[rustfmt::skip]
pub static CHECKLIST: [ChecklistItem; 44] = [
    asks_what("V1", "`name` is present and unique", &["/name"]),
    asks_what("V2", "`tracking_domain` is present and 20 characters", &["/tracking_domain"]),
    asks_what("V3", "Tracking domain is DNS ready", &["/tracking_domain"]),
    asks_what("V4", "Tracking domain SSL is active", &["/tracking_domain"]),
    asks_what("V5", "`smtp_profile` is present and 20 characters", &["/smtp_profile"]),
    asks_that("V6", "reCAPTCHA object is present", &["/recaptcha"]),
    asks_that("V7", "`recaptcha.site_key` is present", &["/recaptcha/site_key"]),
    asks_that("V8", "`recaptcha.secret_key` is present", &["/recaptcha/secret_key"]),
    asks_that("V9", "`customer_emails.customer_account_confirm_email` is present", &["/customer_emails/customer_account_confirm_email"]),
    asks_that("V10", "`customer_emails.customer_account_password_reset` is present", &["/customer_emails/customer_account_password_reset"]),
    asks_that("V11", "Both email objects include `from`", &["/customer_emails/customer_account_confirm_email/from", "/customer_emails/customer_account_password_reset/from"]),
    asks_what("V12", "Confirmation email HTML includes `{{email_code}}`", &["/customer_emails/customer_account_confirm_email/html"]),
    asks_what("V13", "Password reset email HTML includes `{{email_code}}`", &["/customer_emails/customer_account_password_reset/html"]),
    asks_what("V14", "Sender email matches or is compatible with SMTP Profile", &["/customer_emails/customer_account_confirm_email/from", "/customer_emails/customer_account_password_reset/from", "/smtp_profile"]),
    asks_that("V15", "Customer permissions are intentionally selected", &["/customer_permissions"]),
    asks_that("V16", "`subscription_cancel` is enabled only if direct customer cancellation is desired", &["/customer_permissions/subscription_cancel"]),
    asks_that("V17", "`salvage_transaction_process` is enabled only if customers should pay failed renewals or failed trial expirations", &["/customer_permissions/salvage_transaction_process"]),
    asks_what("V18", "Customer filters are intentionally empty or contain valid 20-character IDs", &["/customer_filters"]),
    asks_what("V19", "For multi-brand or multi-shop accounts, campaign/shop filters have been considered so customers see the portal for the brand, website, or shop where they purchased/originated", &["/customer_filters"]),
    asks_that("V20", "`create_non_existing_customer` is false unless intentionally needed", &["/create_non_existing_customer"]),
    asks_what("V21", "If `create_non_existing_customer` is true, `create_non_existing_customer_campaign` is present and 20 characters", &["/create_non_existing_customer_campaign"]),
    asks_that("V22", "Portal starts disabled unless the setup has already been reviewed", &["/enabled"]),
    asks_what("V23", "Display name and footer HTML are customer-safe", &["/display_name", "/footer_html"]),
    asks_that("V24", "No unknown fields are included", &[]),
    asks_that("P1", "The user knows the portal purpose", &["/description"]),
    asks_what("P2", "The portal name is unique", &["/name"]),
    asks_what("P3", "A tracking domain exists", &["/tracking_domain"]),
    asks_what("P4", "The tracking domain is DNS ready", &["/tracking_domain"]),
    asks_what("P5", "The tracking domain has active SSL", &["/tracking_domain"]),
    asks_what("P6", "An SMTP Profile exists", &["/smtp_profile"]),
    asks_what("P7", "The SMTP Profile ID is known", &["/smtp_profile"]),
    asks_what("P8", "reCAPTCHA v2 site key exists for the portal domain", &["/recaptcha/site_key"]),
    asks_what("P9", "reCAPTCHA v2 secret key exists for the portal domain", &["/recaptcha/secret_key"]),
    asks_that("P10", "Customer confirmation email is drafted", &["/customer_emails/customer_account_confirm_email"]),
    asks_that("P11", "Customer password reset email is drafted", &["/customer_emails/customer_account_password_reset"]),
    asks_what("P12", "Both email templates include `{{email_code}}`", &["/customer_emails/customer_account_confirm_email/html", "/customer_emails/customer_account_password_reset/html"]),
    asks_what("P13", "Sender email matches or is compatible with SMTP Profile", &["/customer_emails/customer_account_confirm_email/from", "/customer_emails/customer_account_password_reset/from", "/smtp_profile"]),
    asks_what("P14", "Customer filters are intentional", &["/customer_filters"]),
    asks_that("P15", "Customer permissions are intentional", &["/customer_permissions"]),
    asks_that("P16", "`subscription_cancel` is true only if customers should self-cancel", &["/customer_permissions/subscription_cancel"]),
    asks_that("P17", "`salvage_transaction_process` is true only if customers should pay failed renewals/failed trial expirations", &["/customer_permissions/salvage_transaction_process"]),
    asks_that("P18", "`create_non_existing_customer` is false unless intentionally needed", &["/create_non_existing_customer"]),
    asks_what("P19", "If non-existing registration is true, a campaign ID is supplied", &["/create_non_existing_customer_campaign"]),
    asks_that("P20", "The portal should probably start disabled until reviewed", &["/enabled"]),
];
