//! What a portal and an account are: typed access to their fields, and the secrets among them.

pub(crate) mod account;
pub mod portal;
pub(crate) mod request_json;
pub(crate) mod secrets;
