//! What every other module builds on: source texts and positions, diagnostics, files and how they are read, dates.

pub(crate) mod bytes;
pub mod date;
pub mod diagnostic;
pub mod file;
pub(crate) mod load;
pub(crate) mod read;
pub mod read_error;
pub mod sanitize;
pub mod source;
pub(crate) mod steps;
