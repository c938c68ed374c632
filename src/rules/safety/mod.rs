//! What is correct and safe, whatever the guide says of it: `RCP2xx`. One rule a file.

pub mod duplicate_key;
pub mod yaml_ambiguous;
