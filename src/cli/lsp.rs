//! `portal-lint lsp`.

use std::io;

use super::Failure;
use crate::lsp::serve;

/// Serves the editor that is connected to standard input and output.
pub(super) fn run() -> Result<u8, Failure> {
    // Not `streams::stdout`, which ignores a closed pipe: an editor that no longer reads ends the session.
    let mut out = io::BufWriter::new(io::stdout().lock());
    serve(io::BufReader::new(io::stdin()), &mut out).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => Failure::Usage(error.to_string()),
        _ => Failure::Io(error),
    })
}
