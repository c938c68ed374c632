//! Html as the portal stores it: fragments that people wrote by hand, read the way a browser reads them.
//!
//! [`tokenizer`] finds tags and text, [`visibility`] knows which of it a reader sees, [`shortcodes`] and [`near_miss`] find
//! `{{email_code}}` and what was written instead, [`email_code`] answers the question the rules ask, [`balance`] finds what
//! does not end where it should. All offsets are bytes
//! of the decoded html; where that lies in the file is not known here.

pub mod balance;
pub mod elements;
pub mod email_code;
pub mod fast_scan;
pub mod fast_text;
mod names;
pub mod near_miss;
pub mod shortcodes;
pub mod tokenizer;
pub mod urls;
pub mod visibility;
pub mod visible_text;

#[cfg(test)]
mod tests;
