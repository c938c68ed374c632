//! What the guide says outside its checklist: `RCP1xx`. One rule a file.

pub mod near_duplicate_name;
pub mod placeholder;
pub mod schema;
pub mod vague_name;
