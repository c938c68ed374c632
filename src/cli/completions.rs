//! `portal-lint completions`: what a shell reads to complete commands, options and their values.

use std::io::Write;

use super::args::Completions;
use super::{Failure, definitions};

/// Prints the shell's script.
pub(super) fn run(options: &Completions, out: &mut dyn Write) -> Result<u8, Failure> {
    // Into memory first: the library takes a closed pipe for a bug.
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut definitions(), env!("CARGO_PKG_NAME"), &mut script);
    out.write_all(&script)?;
    Ok(0)
}
