//! Types that all other modules use: source texts, positions, diagnostics, files and dates.

pub mod date;
pub mod diagnostic;
pub(crate) mod encoding;
pub mod file;
pub(crate) mod folders;
mod format;
pub(crate) mod load;
pub(crate) mod pattern;
pub(crate) mod read;
pub mod read_error;
pub mod sanitize;
pub(crate) mod shell_word;
pub mod source;
pub(crate) mod steps;
pub(crate) mod surrogates;
#[cfg(test)]
pub(crate) mod testing;
mod text_style;
pub(crate) mod words;
