//! `portal-lint schema`.

use std::io::Write;

use super::Failure;
use super::args::Schema;
use crate::schema::text;

/// Prints the schema as it is compiled in.
pub fn run(options: &Schema, out: &mut dyn Write) -> Result<u8, Failure> {
    write!(out, "{}", text(&options.name).unwrap_or_default())?;
    Ok(0)
}
