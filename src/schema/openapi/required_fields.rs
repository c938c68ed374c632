//! The lists of required fields in RevCent's guide. The published schema requires nothing.

/// The fields that `CreateCustomerPortal` requires ("The operation schema explicitly requires").
pub(super) const PORTAL_FIELDS: [&str; 5] = ["name", "tracking_domain", "recaptcha", "smtp_profile", "customer_emails"];

/// The emails in `customer_emails` ("Required nested fields"). Each requires `from`.
pub(super) const EMAILS: [&str; 2] = ["customer_account_confirm_email", "customer_account_password_reset"];

/// The fields of `recaptcha` ("Required nested fields").
pub(super) const RECAPTCHA_FIELDS: [&str; 2] = ["site_key", "secret_key"];
