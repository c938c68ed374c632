//! Defects of a file as a whole, of the settings, and of suppressions: rules `RCP9xx`, one file each.

pub(crate) mod allow_without_reason;
pub(crate) mod bad_settings;
pub(crate) mod broken_binding;
pub(crate) mod encoding;
pub(crate) mod expired_allow;
pub(crate) mod not_a_portal;
pub(crate) mod schema_wording;
pub(crate) mod syntax_error;
pub(crate) mod unknown_rule;
pub(crate) mod unreadable;
pub(crate) mod unused_allow;
pub(crate) mod wrapped_body;
