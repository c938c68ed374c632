//! What a portal and an account are: typed access to their fields, and the secrets among them.

pub mod account;
pub mod portal;
pub mod request_json;
pub mod secrets;
