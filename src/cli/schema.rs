//! `portal-lint schema`.

use std::io::Write;

use super::args::Schema;
use super::openapi::load_schemas;
use super::{Failure, refuse};
use crate::rules::wording::quote;
use crate::schema::embedded_text;

/// Prints the embedded schema with this name, or the one that is derived from the document of `--openapi`.
pub(super) fn run(options: &Schema, out: &mut dyn Write) -> Result<u8, Failure> {
    let schemas = load_schemas(options.openapi.as_deref())?;
    let derived = match options.name.parse() {
        Ok(kind) => schemas.runtime_text(kind),
        Err(()) => None,
    };
    match derived {
        Some(text) => writeln!(out, "{text}")?,
        None if options.openapi.is_some() => {
            let name = quote(&options.name);
            return refuse(format!("--openapi can derive `create`, `edit`, and `export`, but not {name}"));
        }
        None => write!(out, "{}", embedded_text(&options.name).unwrap_or_default())?,
    }
    Ok(0)
}
