//! The file itself: `RCP9xx`. What could not be read, parsed or recognised is a finding like any other.

pub mod encoding;
pub mod not_a_portal;
pub mod syntax;
pub mod unreadable;
