//! Html as the portal stores it: fragments that people wrote by hand, read the way a browser reads them.
//!
//! [`tokens`] finds tags and text, [`sight`] knows which of it a reader sees, [`shortcodes`] and [`near_miss`] find
//! `{{email_code}}` and what was written instead, [`visible`] answers the question the rules ask, [`structure`] finds what
//! does not end where it should. All offsets are bytes
//! of the decoded html; where that lies in the file is not known here.

pub mod calm;
pub mod elements;
mod names;
pub mod near_miss;
pub mod prose;
pub mod quiet;
pub mod shortcodes;
pub mod sight;
pub mod structure;
pub mod tokens;
pub mod urls;
pub mod visible;

#[cfg(test)]
mod tests;
