//! `portal-lint mcp`.

use std::env;
use std::io;
use std::path::Path;

use super::Failure;
use super::agent_args::McpArgs;
use crate::mcp::{Root, serve};
use crate::rules::wording::quote;

/// Serves the client that is connected to standard input and output.
pub(super) fn run(options: &McpArgs) -> Result<u8, Failure> {
    let folder = options.root.as_deref().unwrap_or(Path::new("."));
    let root = Root::new(folder).map_err(|error| {
        Failure::Usage(format!("{} cannot be the root of the server: {error}", quote(&folder.to_string_lossy())))
    })?;
    // Paths in reports are relative to the current folder.
    env::set_current_dir(root.folder())?;
    // Not `streams::stdout`, which ignores a closed pipe: a client that no longer reads ends the session.
    let mut out = io::BufWriter::new(io::stdout().lock());
    serve(io::BufReader::new(io::stdin()), &mut out, root)?;
    Ok(0)
}
