//! Writes the checks that could not be made, which the human-readable report lists after the findings.

use std::io::{self, Write};

use crate::base::sanitize::sanitize;
use crate::engine::report::{Report, ReportFile};
use crate::rules::context::{QueryStatus, Unverified};
use crate::rules::wording::pluralize;

/// The options that give portal-lint access to the account.
pub(crate) const ACCOUNT_OPTIONS: &str = if cfg!(feature = "online") { "--account or --online" } else { "--account" };

/// The maximum number of checks with a reason that need facts which the account data does not contain.
const MAX_NOT_IN_ACCOUNT: usize = 5;
/// The maximum number of checks with a reason that were not completed. It is larger, because such checks can fail the run.
const MAX_NOT_COMPLETED: usize = 20;

/// Writes the unverified checks: those that need the account, those that the account could not answer, and those that were not
/// completed.
pub(crate) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let (not_asked, not_in_account) = count_account_checks(report);
    if not_asked > 0 {
        let need = if not_asked == 1 { "check needs" } else { "checks need" };
        writeln!(out, "{not_asked} {need} the account ({ACCOUNT_OPTIONS})")?;
    }
    if not_in_account > 0 {
        let need = if not_in_account == 1 { "check needs" } else { "checks need" };
        writeln!(out, "{not_in_account} {need} facts that the account data does not contain:")?;
        write_reasons(report, QueryStatus::NotInAccount, MAX_NOT_IN_ACCOUNT, not_in_account, out)?;
    }
    render_not_completed(report, out)
}

/// Counts the checks that need the account, and those that need facts which the account data does not contain.
pub(super) fn count_account_checks(report: &Report) -> (usize, usize) {
    let (mut not_asked, mut not_in_account) = (0, 0);
    for (_, check) in report.unverified() {
        match check.query_status {
            QueryStatus::NotAsked => not_asked += 1,
            QueryStatus::NotInAccount => not_in_account += 1,
            QueryStatus::NoAnswer | QueryStatus::Undocumented => {}
        }
    }
    (not_asked, not_in_account)
}

/// Writes the checks whose network query was not answered, with the reasons. They are written even with `--quiet`, because they can
/// fail the run.
pub(crate) fn render_not_completed(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let total = report.summary.unanswered;
    if total == 0 {
        return Ok(());
    }
    let were = if total == 1 { "was" } else { "were" };
    writeln!(out, "{} {were} not completed:", pluralize(total, "check"))?;
    write_reasons(report, QueryStatus::NoAnswer, MAX_NOT_COMPLETED, total, out)
}

/// Writes the reasons of the first `max` checks with a status, and how many of the `total` checks are left out.
fn write_reasons(
    report: &Report,
    status: QueryStatus,
    max: usize,
    total: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let checks = report.unverified().filter(|(_, check)| check.query_status == status);
    for (file, check) in checks.take(max) {
        writeln!(out, "  {} {}: {}", check.code, sanitize(&file.name), sanitize(&check.reason))?;
    }
    if total > max { writeln!(out, "  and {} more", total - max) } else { Ok(()) }
}

/// Describes a check that was not completed, for formats with a single message field.
pub(crate) fn describe_not_completed(check: &Unverified) -> String {
    sanitize(&format!("not completed: {}", check.reason))
}

/// Groups the checks that were not completed by file.
pub(crate) fn not_completed_by_file(report: &Report) -> Vec<(&ReportFile, Vec<&Unverified>)> {
    let mut files: Vec<(&ReportFile, Vec<&Unverified>)> = Vec::new();
    for (file, check) in report.not_completed() {
        match files.last_mut() {
            // The checks of a file are next to each other.
            Some((last, checks)) if std::ptr::eq(*last, file) => checks.push(check),
            _ => files.push((file, vec![check])),
        }
    }
    files
}
