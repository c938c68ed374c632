//! For AI agents: each finding as a line in the `concise` format, and a second line with the help and the fix.

use std::io::{self, Write};

use crate::base::diagnostic::Diagnostic;
use crate::base::sanitize::sanitize;
use crate::engine::report::Report;
use crate::render::concise;

/// Writes the findings, allowed or not, and the checks that were not completed.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in &report.diagnostics {
        concise::write_finding(report, diagnostic, out)?;
        if diagnostic.allowed.is_none() {
            write_help(diagnostic, out)?;
        }
    }
    concise::write_not_completed(report, out)
}

fn write_help(diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "  help: {}", sanitize(diagnostic.help_for_agents()))?;
    if let Some(fix) = &diagnostic.fix {
        write!(out, " ({} fix: {})", fix.applicability, sanitize(&fix.message))?;
    }
    writeln!(out)
}
