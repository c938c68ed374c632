//! `portal-lint init`: the settings file to start from.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use super::Failure;
use crate::settings::project::NAME;
use crate::settings::template::TEMPLATE;

/// Writes it where we are; what is there already stays.
pub fn run() -> Result<u8, Failure> {
    let file = OpenOptions::new().write(true).create_new(true).open(Path::new(NAME));
    let mut file = file.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::Usage(format!("there is a {NAME} here already; nothing was written")),
        _ => Failure::Usage(format!("{NAME} cannot be written: {error}")),
    })?;
    file.write_all(TEMPLATE.as_bytes())?;
    // To standard error, like everything that is no result.
    writeln!(io::stderr(), "wrote {NAME}: every setting is in it as a comment")?;
    Ok(0)
}
