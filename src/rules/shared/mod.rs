//! Checks and facts that several rules share.

pub(crate) mod account_object;
pub(crate) mod domain_status;
pub(crate) mod field_label;
pub(crate) mod id;
pub(crate) mod id_summary;
pub(crate) mod placeholder_values;
pub(crate) mod prefilter;
pub(crate) mod reserved_domain;
pub(crate) mod text;
