//! Markdown tables for a pull request comment or a job summary on GitHub. Allowed findings are folded away.
//!
//! Text from files is written with [`text_to_markdown`], so that it cannot end a table cell. Rows that do not fit into a comment are
//! left out and counted.

use std::io::{self, Write};

use super::markdown_text::{rule_link, text_to_markdown};
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::engine::report::{Report, ReportFile};
use crate::render::{format_counts, format_location, unverified};
use crate::rules::context::Unverified;
use crate::rules::wording::pluralize;

/// The maximum number of bytes of all rows. A GitHub comment has at most 65,536 characters, which include the headings and the text
/// that a workflow adds.
const MAX_ROW_BYTES: usize = 60_000;

const FINDINGS_HEADER: &str = "\n| | Location | Problem | Help |\n|---|---|---|---|\n";
const ALLOWED_HEADER: &str = "\n| Location | Finding | Reason |\n|---|---|---|\n";

/// Writes the counts, a table of the findings, the allowed findings, and the checks that could not be made.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let summary = &report.summary;
    if summary.files == 0 && report.findings().next().is_none() {
        return writeln!(out, "### portal-lint: no portals found");
    }
    writeln!(out, "### portal-lint: {} in {}", format_counts(summary), pluralize(summary.files, "file"))?;
    // One budget for all tables: what the findings use is not available for the others.
    let mut budget = MAX_ROW_BYTES;
    let findings = report.findings().map(|diagnostic| finding_row(report, diagnostic));
    write_rows(FINDINGS_HEADER, findings, &mut budget, out)?;
    if summary.allowed > 0 {
        writeln!(out, "\n<details><summary>{} allowed</summary>", summary.allowed)?;
        let allowed = report.diagnostics.iter().filter_map(|diagnostic| allowed_row(report, diagnostic));
        write_rows(ALLOWED_HEADER, allowed, &mut budget, out)?;
        writeln!(out, "\n</details>")?;
    }
    write_account_checks(report, out)?;
    let not_completed = report.not_completed().map(|(file, check)| not_completed_item(file, check));
    write_rows("\nNot completed:\n\n", not_completed, &mut budget, out)
}

/// Writes how many checks need the account, or need facts that the account data does not contain.
fn write_account_checks(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let (not_asked, not_in_account) = unverified::count_account_checks(report);
    let checks = pluralize(not_asked + not_in_account, "check");
    match (not_asked, not_in_account) {
        (0, 0) => Ok(()),
        (0, 1) => writeln!(out, "\n1 check needs facts that the account data does not contain"),
        (0, _) => writeln!(out, "\n{checks} need facts that the account data does not contain"),
        (1, 0) => writeln!(out, "\n1 check needs the account ({})", unverified::ACCOUNT_OPTIONS),
        _ => writeln!(out, "\n{checks} need the account ({})", unverified::ACCOUNT_OPTIONS),
    }
}

/// Writes the rows that fit into the budget, after a header, and how many are left out. Without rows, writes nothing.
fn write_rows(
    header: &str,
    rows: impl Iterator<Item = String>,
    budget: &mut usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut left_out = 0;
    for (index, row) in rows.enumerate() {
        // After the first row that does not fit, leave out all others, even shorter ones, so that the table has no gaps.
        let fits = left_out == 0 && row.len() <= *budget;
        if index == 0 && fits {
            out.write_all(header.as_bytes())?;
        }
        if fits {
            *budget -= row.len();
            writeln!(out, "{row}")?;
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 { writeln!(out, "\n… and {left_out} more") } else { Ok(()) }
}

fn finding_row(report: &Report, diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "❌ error",
        Severity::Warning => "⚠️ warning",
        Severity::Advice => "💡 advice",
    };
    let location = text_to_markdown(&format_location(report, diagnostic));
    let message = text_to_markdown(&diagnostic.message);
    let rule = rule_link(diagnostic.code);
    format!("| {severity} | {location} | {message} ({rule}) | {} |", text_to_markdown(&diagnostic.help))
}

/// The row of an allowed finding; `None` for one that is not allowed.
fn allowed_row(report: &Report, diagnostic: &Diagnostic) -> Option<String> {
    let allowed = diagnostic.allowed.as_ref()?;
    let until = allowed.until.as_ref().map(|day| format!(" until {day}")).unwrap_or_default();
    let why = format!("{}{until} ({})", text_to_markdown(&allowed.reason), text_to_markdown(&allowed.source));
    let location = text_to_markdown(&format_location(report, diagnostic));
    let message = text_to_markdown(&diagnostic.message);
    Some(format!("| {location} | {message} ({}) | {why} |", rule_link(diagnostic.code)))
}

fn not_completed_item(file: &ReportFile, check: &Unverified) -> String {
    let reason = text_to_markdown(&check.reason);
    format!("- {}, {}: {reason}", text_to_markdown(&file.name), rule_link(check.code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_beyond_the_budget_are_counted() {
        let mut out = Vec::new();
        let rows = ["| 1 |", "| 22222 |", "| 3 |"].map(str::to_owned);
        write_rows("head\n", rows.into_iter(), &mut 8, &mut out).expect("memory can be written");
        assert_eq!(String::from_utf8(out).expect("text"), "head\n| 1 |\n\n… and 2 more\n");
    }
}
