//! `portal-lint lsp`.

use std::io::{self, Write};

use super::Failure;
use crate::lsp::serve;

/// Serves the editor at the other end of standard input and output.
pub fn run(out: &mut dyn Write) -> Result<u8, Failure> {
    serve(io::BufReader::new(io::stdin()), out).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => Failure::Usage(error.to_string()),
        _ => Failure::Io(error),
    })
}
