//! `portal-lint man`: the manual page of the program or of one of its commands.

use std::io::Write;

use super::args::Man;
use super::{Failure, definitions, refuse};
use crate::rules::wording::{closest_match, quote};

/// Prints the page in roff format.
pub(super) fn run(options: &Man, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut program = definitions();
    // `build` adds the program's name to those of its commands: the page of `check` is titled `portal-lint-check`.
    program.build();
    let mut page = &program;
    for name in &options.command {
        let Some(command) = page.find_subcommand(name) else {
            let names = page.get_subcommands().map(clap::Command::get_name);
            let hint = closest_match(name, names).map(|name| format!("; did you mean {}?", quote(name)));
            let command = quote(&options.command.join(" "));
            return refuse(format!("there is no command {command}{}", hint.unwrap_or_default()));
        };
        page = command;
    }
    let version = env!("CARGO_PKG_VERSION");
    let mut roff = Vec::new();
    clap_mangen::Man::new(page.clone().version(version))
        .source(format!("portal-lint {version}"))
        .manual("portal-lint manual")
        .render(&mut roff)?;
    // clap_mangen has a fixed heading for the text after the options.
    let roff = String::from_utf8_lossy(&roff).replacen(".SH EXTRA\n", ".SH NOTES\n", 1);
    out.write_all(roff.as_bytes())?;
    Ok(0)
}
