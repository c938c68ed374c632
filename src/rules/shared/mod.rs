//! Checks and facts that several rules share.

pub(crate) mod absent_ids;
pub(crate) mod account_portal;
pub(crate) mod domain_status;
pub(crate) mod email_code;
pub(crate) mod field_label;
pub(crate) mod field_places;
mod hazardous_values;
pub(crate) mod html_hazards;
pub(crate) mod id_summary;
pub(crate) mod id_violations;
pub(crate) mod permission_actions;
pub(crate) mod placeholder_values;
pub(crate) mod recovery_purpose;
pub(crate) mod required_field;
pub(crate) mod reserved_domain;
pub(crate) mod tracking_domain;
pub(crate) mod unindented_fields;
