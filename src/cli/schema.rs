//! `portal-lint schema`.

use std::io::Write;

use super::Failure;
use super::args::Schema;
use super::openapi::schemas;
use crate::rules::wording::quote;
use crate::schema::embedded_text;

/// Prints the schema as it is compiled in, or as it is made from a document.
pub(super) fn run(options: &Schema, out: &mut dyn Write) -> Result<u8, Failure> {
    let given = schemas(options.openapi.as_deref())?;
    let made = options.name.parse().ok().and_then(|kind| given.runtime_text(kind));
    match made {
        Some(made) => writeln!(out, "{made}")?,
        None if options.openapi.is_some() => {
            let name = quote(&options.name);
            return Err(Failure::Usage(format!("--openapi gives `create`, `edit` and `export`, not {name}")));
        }
        None => write!(out, "{}", embedded_text(&options.name).unwrap_or_default())?,
    }
    Ok(0)
}
