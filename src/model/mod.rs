//! Typed access to the fields of portals and account snapshots, and the search for secrets in them.

pub(crate) mod account;
pub(crate) mod comparison;
pub mod edited_portal;
pub(crate) mod omitted_fields;
pub mod planned_request;
pub mod portal;
pub mod request_json;
pub(crate) mod secrets;
