//! Html as the portal stores it: fragments that people wrote by hand, read the way a browser reads them.
//!
//! [`tokens`] finds tags and text, [`sight`] knows which of it a reader sees, [`shortcodes`] and [`near_miss`] find
//! `{{email_code}}` and what was written instead, [`visible`] answers the question the rules ask. All offsets are bytes
//! of the decoded html; where that lies in the file is not known here.

pub mod near_miss;
pub mod prose;
pub mod shortcodes;
pub mod sight;
pub mod tokens;
pub mod urls;
pub mod visible;

#[cfg(test)]
mod tests;
