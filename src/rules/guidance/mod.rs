//! Recommendations of the guide that are not part of its checklist: rules `RCP1xx`, one file each.

pub(crate) mod copied_email;
pub(crate) mod display_name;
pub(crate) mod email_draft;
pub(crate) mod id_characters;
pub(crate) mod id_mix_up;
pub(crate) mod near_duplicate_name;
pub(crate) mod permission_conflict;
pub(crate) mod placeholder;
pub(crate) mod purpose;
pub(crate) mod recaptcha_keys;
pub(crate) mod schema;
pub(crate) mod self_trial;
pub(crate) mod system_term;
pub(crate) mod vague_name;
