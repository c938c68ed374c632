//! The guide's "MCP Validation Checklist": `RCP001` to `RCP024` are V1 to V24. One rule a file; what several of them share is in
//! [`crate::rules::shared`].

pub mod confirm_email;
pub mod confirm_email_code;
pub mod customer_safe_html;
pub mod email_code;
pub mod email_from;
pub mod explicit_permissions;
pub mod filter_ids;
pub mod filters_considered;
pub mod non_existing_customers;
pub mod recaptcha;
pub mod recaptcha_secret_key;
pub mod recaptcha_site_key;
pub mod registration_campaign;
pub mod reset_email;
pub mod reset_email_code;
pub mod salvage_payments;
pub mod self_cancel;
pub mod sender_matches_smtp;
pub mod smtp_profile_id;
pub mod starts_disabled;
pub mod tracking_domain_dns;
pub mod tracking_domain_id;
pub mod tracking_domain_ssl;
pub mod unique_name;
pub mod unknown_field;
