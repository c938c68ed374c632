//! `path:line:col: severity[CODE] message`, one line a finding, for grep and for problem matchers.

use std::io::{self, Write};

use crate::base::diagnostic::Diagnostic;
use crate::base::sanitize::sanitize;
use crate::engine::report::Report;

/// Writes the findings, what is allowed, and which checks were not completed.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(crate) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    report.diagnostics.iter().try_for_each(|diagnostic| line(report, diagnostic, out))?;
    not_completed(report, out)
}

/// Writes the findings alone, and why a check could not be completed, for `--quiet`.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(crate) fn render_findings(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    report.findings().try_for_each(|diagnostic| line(report, diagnostic, out))?;
    not_completed(report, out)
}

/// A check that was not completed has no place in the file, so no line and no column.
fn not_completed(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for (file, open) in report.not_completed() {
        writeln!(out, "{}: not completed[{}] {}", sanitize(&file.name), open.code, sanitize(open.reason()))?;
    }
    Ok(())
}

fn line(report: &Report, diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    let file = sanitize(&report.files[diagnostic.file].name);
    let start = diagnostic.region.start;
    let (code, message) = (diagnostic.code, sanitize(&diagnostic.message));
    let place = format!("{file}:{}:{}", start.line.max(1), start.column.max(1));
    match &diagnostic.allowed {
        None => writeln!(out, "{place}: {}[{code}] {message}", diagnostic.severity),
        Some(allowed) => writeln!(out, "{place}: allowed[{code}] {message} ({})", sanitize(&allowed.reason)),
    }
}
