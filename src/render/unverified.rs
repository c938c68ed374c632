//! For people: the checks that could not be made, behind what was found.

use std::io::{self, Write};

use crate::base::diagnostic::Code;
use crate::base::sanitize::sanitize;
use crate::engine::report::{File, Report};
use crate::rules::context::{QueryStatus, Unverified};
use crate::rules::wording::count;

/// Who tells what only the account knows.
pub(crate) const ASK: &str = if cfg!(feature = "online") { "--account FILE or --online" } else { "--account FILE" };

/// What could not be told: how to have it told, or why nobody could tell.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(crate) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let (mut not_asked, mut asked) = (0, 0);
    // Many files have many of them, of a few rules: they are gone through once, and none is collected.
    let mut codes: Vec<Code> = Vec::new();
    report.unverified().for_each(|(_, open)| match open.asked {
        QueryStatus::NotAsked => {
            not_asked += 1;
            if !codes.contains(&open.code) {
                codes.push(open.code);
            }
        }
        QueryStatus::NotInAccount => asked += 1,
        QueryStatus::NoAnswer => {}
    });
    if not_asked > 0 {
        codes.sort_unstable();
        let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
        let need = if not_asked == 1 { "check needs" } else { "checks need" };
        writeln!(out, "{not_asked} {need} the account: {ASK} ({})", codes.join(", "))?;
    }
    if asked > 0 {
        writeln!(out, "the account leaves {} open:", count(asked, "check"))?;
        reasons(report, QueryStatus::NotInAccount, 5, asked, out)?;
    }
    not_completed(report, out)
}

/// Which checks were asked for over the network and not completed, and why: a run may fail for it alone.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(crate) fn not_completed(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let number = report.summary.unanswered;
    if number == 0 {
        return Ok(());
    }
    let were = if number == 1 { "was" } else { "were" };
    writeln!(out, "{} {were} not completed:", count(number, "check"))?;
    reasons(report, QueryStatus::NoAnswer, 20, number, out)
}

/// The reasons of the first few: of more nobody reads them.
fn reasons(report: &Report, asked: QueryStatus, shown: usize, number: usize, out: &mut dyn Write) -> io::Result<()> {
    let open = report.unverified().filter(|(_, open)| open.asked == asked);
    for (file, open) in open.take(shown) {
        writeln!(out, "  {} {}: {}", open.code, sanitize(&file.name), sanitize(open.reason()))?;
    }
    if number > shown { writeln!(out, "  and {} more", number - shown) } else { Ok(()) }
}

/// One check that was not completed, for formats with room for one text.
pub(crate) fn not_completed_text(open: &Unverified) -> String {
    sanitize(&format!("not completed: {}", open.reason()))
}

/// The checks that were not completed, those of one file together.
pub(crate) fn not_completed_by_file(report: &Report) -> Vec<(&File, Vec<&Unverified>)> {
    let mut files: Vec<(&File, Vec<&Unverified>)> = Vec::new();
    for (file, open) in report.not_completed() {
        match files.last_mut().filter(|(last, _)| std::ptr::eq(*last, file)) {
            Some((_, opens)) => opens.push(open),
            None => files.push((file, vec![open])),
        }
    }
    files
}
