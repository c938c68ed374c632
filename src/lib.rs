//! portal-lint: checks RevCent Customer Portal configurations where they are written.

pub mod diagnostic;
pub mod document;
pub mod portal;
pub mod schema;
pub mod secrets;
pub mod source;
