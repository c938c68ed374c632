//! What only the account can tell: `RCP3xx`. One rule a file.

pub mod campaign_exists;
pub mod drift;
pub mod exists;
pub mod shop_exists;
pub mod smtp_profile_exists;
pub mod snapshot_stale;
pub mod tracking_domain_exists;
