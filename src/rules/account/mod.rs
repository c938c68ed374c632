//! Comparisons with the account, by its snapshot or by network queries: rules `RCP3xx`, one file each.

pub(crate) mod drift;
pub(crate) mod expiring_certificate;
pub(crate) mod rejected_recaptcha_secret;
pub(crate) mod stale_snapshot;
pub(crate) mod unknown_campaign;
pub(crate) mod unknown_portal;
pub(crate) mod unknown_shop;
pub(crate) mod unknown_smtp_profile;
pub(crate) mod unknown_tracking_domain;
pub(crate) mod unprepared_sender_domain;
