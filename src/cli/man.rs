//! `portal-lint man`: a manual page, of the program or of one of its commands.

use std::io::Write;

use super::args::Man;
use super::{Failure, definitions};
use crate::rules::wording::quote;

/// Prints the page as roff.
pub(super) fn run(options: &Man, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut program = definitions();
    // So that the page of a command knows whose command it is.
    program.build();
    let mut page = &program;
    for name in &options.command {
        page = page
            .find_subcommand(name)
            .ok_or_else(|| Failure::Usage(format!("there is no command {}", quote(&options.command.join(" ")))))?;
    }
    clap_mangen::Man::new(page.clone().version(env!("CARGO_PKG_VERSION"))).render(out)?;
    Ok(0)
}
