//! Recommendations of the guide that are not part of its checklist: rules `RCP1xx`, one file each.

pub(crate) mod copied_brand;
pub(crate) mod copied_email;
pub(crate) mod id_mix_up;
pub(crate) mod locked_out_registrants;
pub(crate) mod missing_description;
pub(crate) mod missing_display_name;
pub(crate) mod near_duplicate_name;
pub(crate) mod permission_conflict;
pub(crate) mod placeholder;
pub(crate) mod self_service_trial;
pub(crate) mod suspicious_id;
pub(crate) mod system_term;
pub(crate) mod unfinished_email;
pub(crate) mod unusable_recaptcha_keys;
pub(crate) mod vague_name;
pub(crate) mod wrong_type;
