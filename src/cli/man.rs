//! `portal-lint man`: a manual page, of the program or of one of its commands.

use std::io::Write;

use super::args::Man;
use super::{Failure, definitions};
use crate::rules::words::quote;

/// Prints the page as roff.
pub fn run(options: &Man, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut program = definitions();
    // So that the page of a command knows whose command it is.
    program.build();
    let page = match &options.command {
        None => program,
        Some(name) => match program.find_subcommand(name) {
            Some(command) => command.clone(),
            None => return Err(Failure::Usage(format!("there is no command {}", quote(name)))),
        },
    };
    clap_mangen::Man::new(page).render(out)?;
    Ok(0)
}
