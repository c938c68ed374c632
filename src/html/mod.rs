//! Builds the tree that a browser builds from an HTML text, and derives the facts that rules use.
//!
//! [`tree`] parses a text. [`facts`] contains the facts: the visible text ([`visibility`], [`style`], [`css`]), shortcodes and
//! variables ([`shortcodes`], [`near_miss`], [`email_code`], [`foreign_variables`]), and addresses. [`tag_errors`] finds tags that are
//! not closed. All ranges are bytes of the HTML text, not of the file.

mod addresses;
pub(crate) mod css;
pub(crate) mod elements;
pub(crate) mod email_code;
pub(crate) mod event_handlers;
pub(crate) mod facts;
pub(crate) mod foreign_variables;
pub(crate) mod mapped_text;
pub(crate) mod near_miss;
mod selector;
pub(crate) mod shortcodes;
pub(crate) mod style;
pub(crate) mod style_values;
pub(crate) mod tag_errors;
pub(crate) mod tree;
pub(crate) mod urls;
pub(crate) mod visibility;
mod visible_text;

#[cfg(test)]
mod tests;
