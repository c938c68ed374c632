//! Checks and facts that several rules share.

pub mod account_object;
pub mod domain_status;
pub mod id;
pub mod id_uses;
pub mod prefilter;
pub mod text;
