//! What the guide says outside its checklist: `RCP1xx`. One rule a file.

pub mod copied_email;
pub mod display_name;
pub mod email_draft;
pub mod id_characters;
pub mod id_mix_up;
pub mod near_duplicate_name;
pub mod permission_conflict;
pub mod placeholder;
pub mod purpose;
pub mod recaptcha_keys;
pub mod schema;
pub mod self_trial;
pub mod system_term;
pub mod vague_name;
