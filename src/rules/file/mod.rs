//! The file itself and the linter's own settings: `RCP9xx`. What could not be read, parsed or recognised is a finding
//! like any other.

pub mod allow_expired;
pub mod allow_unused;
pub mod allow_without_reason;
pub mod bad_settings;
pub mod encoding;
pub mod not_a_portal;
pub mod schema_wording;
pub mod syntax;
pub mod unknown_rule;
pub mod unreadable;
