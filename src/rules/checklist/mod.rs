//! The items V1 to V24 of the guide's "MCP Validation Checklist": rules `RCP001` to `RCP024`, one file each.

pub(crate) mod confirm_email;
pub(crate) mod confirm_email_code;
pub(crate) mod customer_safe_html;
pub(crate) mod email_from;
pub(crate) mod explicit_permissions;
pub(crate) mod filter_ids;
pub(crate) mod filters_considered;
pub(crate) mod non_existing_customers;
pub(crate) mod recaptcha;
pub(crate) mod recaptcha_secret_key;
pub(crate) mod recaptcha_site_key;
pub(crate) mod registration_campaign;
pub(crate) mod reset_email;
pub(crate) mod reset_email_code;
pub(crate) mod salvage_payments;
pub(crate) mod self_cancel;
pub(crate) mod sender_matches_smtp;
pub(crate) mod smtp_profile_id;
pub(crate) mod starts_disabled;
pub(crate) mod tracking_domain_dns;
pub(crate) mod tracking_domain_id;
pub(crate) mod tracking_domain_ssl;
pub(crate) mod unique_name;
pub(crate) mod unknown_field;
