//! What only the account can tell: `RCP3xx`. One rule a file.

pub mod campaign_exists;
pub mod certificate_expires_soon;
pub mod drift;
pub mod recaptcha_secret_rejected;
pub mod sender_domain;
pub mod shop_exists;
pub mod smtp_profile_exists;
pub mod snapshot_stale;
pub mod tracking_domain_exists;
