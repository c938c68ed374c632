//! What the guide says outside its checklist: `RCP1xx`. One rule a file.

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
