//! `path:line:col: severity[CODE] message`, one line for each finding, for grep and for problem matchers.

use std::io::{self, Write};

use crate::base::diagnostic::Diagnostic;
use crate::base::sanitize::sanitize;
use crate::engine::report::Report;
use crate::render::format_location;

/// Writes the findings, allowed or not, and the checks that were not completed.
pub(crate) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in &report.diagnostics {
        write_finding(report, diagnostic, out)?;
    }
    write_not_completed(report, out)
}

/// For `--quiet`: writes the findings that are not allowed, and the checks that were not completed.
pub(crate) fn render_findings(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in report.findings() {
        write_finding(report, diagnostic, out)?;
    }
    write_not_completed(report, out)
}

pub(super) fn write_not_completed(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for (file, check) in report.not_completed() {
        // The check is about the file as a whole, so there is no line and no column.
        writeln!(out, "{}: not completed[{}] {}", sanitize(&file.name), check.code, sanitize(&check.reason))?;
    }
    Ok(())
}

pub(super) fn write_finding(report: &Report, diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    let location = sanitize(&format_location(report, diagnostic));
    let (code, message) = (diagnostic.code, sanitize(&diagnostic.message));
    match &diagnostic.allowed {
        None => writeln!(out, "{location}: {}[{code}] {message}", diagnostic.severity),
        Some(allowed) => writeln!(out, "{location}: allowed[{code}] {message} ({})", sanitize(&allowed.reason)),
    }
}
