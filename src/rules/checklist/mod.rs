//! The items V1 to V24 of the guide's "MCP Validation Checklist": rules `RCP001` to `RCP024`, one file each.

pub(crate) mod confirm_email_without_code;
pub(crate) mod dns_not_ready;
pub(crate) mod duplicate_name;
pub(crate) mod enabled_at_start;
pub(crate) mod implicit_permissions;
pub(crate) mod invalid_filter_ids;
pub(crate) mod invalid_smtp_profile;
pub(crate) mod invalid_tracking_domain;
pub(crate) mod missing_confirm_email;
pub(crate) mod missing_filters;
pub(crate) mod missing_recaptcha;
pub(crate) mod missing_registration_campaign;
pub(crate) mod missing_reset_email;
pub(crate) mod missing_secret_key;
pub(crate) mod missing_sender;
pub(crate) mod missing_site_key;
pub(crate) mod open_registration;
pub(crate) mod reset_email_without_code;
pub(crate) mod salvage_payments;
pub(crate) mod self_cancel;
pub(crate) mod sender_mismatch;
pub(crate) mod ssl_not_active;
pub(crate) mod unknown_field;
pub(crate) mod unsafe_html;
