//! Comparisons with the account, by its snapshot or by network queries: rules `RCP3xx`, one file each.

pub(crate) mod campaign_exists;
pub(crate) mod certificate_expires_soon;
pub(crate) mod drift;
pub(crate) mod recaptcha_secret_rejected;
pub(crate) mod sender_domain;
pub(crate) mod shop_exists;
pub(crate) mod smtp_profile_exists;
pub(crate) mod snapshot_stale;
pub(crate) mod tracking_domain_exists;
