//! What the guide says outside its checklist: `RCP1xx`. One rule a file.

pub mod placeholder;
pub mod schema;
