//! Checks and facts that several rules share.

pub(crate) mod account_object;
pub(crate) mod domain_status;
pub(crate) mod id;
pub(crate) mod id_uses;
pub(crate) mod prefilter;
pub(crate) mod text;
