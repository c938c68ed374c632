//! For a comment on a pull request or the summary of a job: GitHub's Markdown, one table, what is allowed folded away.
//!
//! Nothing that comes from a file can leave its cell: cells are written by the preflight's [`text`]. What would not
//! fit into a comment is counted and left out.

use std::io::{self, Write};

use super::preflight::markdown::text;
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::engine::report::{File, Report};
use crate::render::{rule_page_url, unverified};
use crate::rules::context::{QueryStatus, Unverified};
use crate::rules::wording::count;

/// GitHub takes 65,536 characters in a comment; the rest is room for what is written around it.
const ROOM: usize = 60_000;

/// Writes what was found, as tables.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let summary = &report.summary;
    let counts = [
        (summary.errors, "error", "errors"),
        (summary.warnings, "warning", "warnings"),
        (summary.advice, "piece of advice", "pieces of advice"),
    ];
    let counts = counts.into_iter().filter(|(number, ..)| *number > 0);
    let counts: Vec<String> =
        counts.map(|(number, one, many)| format!("{number} {}", if number == 1 { one } else { many })).collect();
    let counts = if counts.is_empty() { "nothing wrong found".into() } else { counts.join(", ") };
    let files = if summary.files == 1 { "1 file".into() } else { format!("{} files", summary.files) };
    writeln!(out, "### portal-lint: {counts} in {files}")?;
    let mut room = ROOM;
    let findings = report.findings().map(|one| row(report, one));
    rows("\n| | Place | What is wrong | What to do |\n|---|---|---|---|\n", findings, &mut room, out)?;
    if summary.allowed > 0 {
        writeln!(out, "\n<details><summary>{} allowed</summary>", summary.allowed)?;
        let allowed = report.diagnostics.iter().filter_map(|one| allowed(report, one));
        rows("\n| Place | What | Why |\n|---|---|---|\n", allowed, &mut room, out)?;
        writeln!(out, "\n</details>")?;
    }
    let open = |asked: QueryStatus| report.unverified().filter(move |(_, open)| open.asked == asked);
    match (open(QueryStatus::NotAsked).count(), open(QueryStatus::NotInAccount).count()) {
        (0, 0) => {}
        (0, left) => writeln!(out, "\nThe account leaves {} open", count(left, "check"))?,
        (need, left) => {
            writeln!(
                out,
                "\nThe account is needed for {}: {}",
                count(need + left, "check"),
                unverified::ACCOUNT_OPTIONS
            )?;
        }
    }
    let unanswered = open(QueryStatus::NoAnswer).map(|(file, open)| not_completed(file, open));
    rows("\nNot completed:\n\n", unanswered, &mut room, out)
}

/// A table or a list, as far as there is room; nothing without rows.
fn rows(head: &str, rows: impl Iterator<Item = String>, room: &mut usize, out: &mut dyn Write) -> io::Result<()> {
    let mut left_out = 0;
    for (index, row) in rows.enumerate() {
        let fits = left_out == 0 && row.len() <= *room;
        if index == 0 && fits {
            out.write_all(head.as_bytes())?;
        }
        if fits {
            *room -= row.len();
            writeln!(out, "{row}")?;
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 { writeln!(out, "\n… and {left_out} more") } else { Ok(()) }
}

fn row(report: &Report, diagnostic: &Diagnostic) -> String {
    let sign = match diagnostic.severity {
        Severity::Error => "❌ error",
        Severity::Warning => "⚠️ warning",
        Severity::Advice => "💡 advice",
    };
    let what = format!("{} ({})", text(&diagnostic.message), rule(diagnostic));
    format!("| {sign} | {} | {what} | {} |", place(report, diagnostic), text(&diagnostic.help))
}

fn allowed(report: &Report, diagnostic: &Diagnostic) -> Option<String> {
    let allowed = diagnostic.allowed.as_ref()?;
    let until = allowed.until.as_deref().map(|day| format!(" until {day}")).unwrap_or_default();
    let why = format!("{}{until} ({})", text(&allowed.reason), text(&allowed.source));
    Some(format!("| {} | {} ({}) | {why} |", place(report, diagnostic), text(&diagnostic.message), rule(diagnostic)))
}

fn not_completed(file: &File, open: &Unverified) -> String {
    format!("- {}, [{}]({}): {}", text(&file.name), open.code, rule_page_url(open.code), text(open.reason()))
}

fn place(report: &Report, diagnostic: &Diagnostic) -> String {
    let start = diagnostic.region.start;
    let place = format!("{}:{}:{}", report.files[diagnostic.file].name, start.line.max(1), start.column.max(1));
    text(&place)
}

fn rule(diagnostic: &Diagnostic) -> String {
    format!("[{}]({})", diagnostic.code, rule_page_url(diagnostic.code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_is_counted() {
        let mut out = Vec::new();
        let all = ["| 1 |", "| 22222 |", "| 3 |"].map(str::to_owned);
        rows("head\n", all.into_iter(), &mut 8, &mut out).expect("memory can be written");
        assert_eq!(String::from_utf8(out).expect("text"), "head\n| 1 |\n\n… and 2 more\n");
    }
}
