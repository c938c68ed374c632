//! `portal-lint completions`: the script with which a shell completes commands, options and their values.

use std::io::Write;

use super::args::Completions;
use super::{Failure, definitions};

/// Prints the script for a shell.
pub(super) fn run(options: &Completions, out: &mut dyn Write) -> Result<u8, Failure> {
    // Generate it in memory: clap_complete panics if the output is closed.
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut definitions(), env!("CARGO_PKG_NAME"), &mut script);
    out.write_all(&script)?;
    Ok(0)
}
