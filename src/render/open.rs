//! For people: the checks that could not be made, behind what was found.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::plain;
use crate::diagnostic::Code;
use crate::report::{File, Report};
use crate::rules::context::{Asked, Open};
use crate::rules::words::count;

/// Who tells what only the account knows.
pub const ASK: &str = if cfg!(feature = "online") { "--account FILE or --online" } else { "--account FILE" };

/// What could not be told: how to have it told, or why nobody could tell.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    // Many files have many of them: none is collected.
    let open = |asked: Asked| report.unverified().filter(move |(_, open)| open.asked == asked);
    let not_asked = open(Asked::Nobody).count();
    if not_asked > 0 {
        let codes: BTreeSet<Code> = open(Asked::Nobody).map(|(_, open)| open.code).collect();
        let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
        let need = if not_asked == 1 { "check needs" } else { "checks need" };
        writeln!(out, "{not_asked} {need} the account: {ASK} ({})", codes.join(", "))?;
    }
    let asked = open(Asked::TheAccount).count();
    if asked > 0 {
        writeln!(out, "the account leaves {} open:", count(asked, "check"))?;
        reasons(open(Asked::TheAccount), asked, out)?;
    }
    not_completed(report, out)
}

/// What was asked over the network in vain, and why: a run may fail for it alone.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn not_completed(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let in_vain = || report.unverified().filter(|(_, open)| open.asked == Asked::InVain);
    let number = in_vain().count();
    if number == 0 {
        return Ok(());
    }
    let were = if number == 1 { "was" } else { "were" };
    writeln!(out, "{} {were} not completed:", count(number, "check"))?;
    reasons(in_vain(), number, out)
}

fn reasons<'r>(open: impl Iterator<Item = (&'r File, &'r Open)>, number: usize, out: &mut dyn Write) -> io::Result<()> {
    /// Of more nobody reads the reasons.
    const SHOWN: usize = 5;
    for (file, open) in open.take(SHOWN) {
        writeln!(out, "  {} {}: {}", open.code, plain(&file.name), plain(open.reason()))?;
    }
    if number > SHOWN { writeln!(out, "  and {} more", number - SHOWN) } else { Ok(()) }
}
