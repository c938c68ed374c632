//! Html as the portal stores it: fragments that people wrote by hand, read the way a browser reads them.
//!
//! [`tokenizer`] finds tags and text, [`visibility`] knows which of it a reader sees, [`shortcodes`] and [`near_miss`] find
//! `{{email_code}}` and what was written instead, [`email_code`] answers the question the rules ask, [`balance`] finds what
//! does not end where it should. All offsets are bytes
//! of the decoded html; where that lies in the file is not known here.

pub(crate) mod balance;
pub(crate) mod elements;
pub(crate) mod email_code;
pub(crate) mod fast_scan;
pub(crate) mod fast_text;
mod names;
pub(crate) mod near_miss;
pub(crate) mod shortcodes;
pub(crate) mod tokenizer;
pub(crate) mod urls;
pub(crate) mod visibility;
pub(crate) mod visible_text;

#[cfg(test)]
mod tests;
