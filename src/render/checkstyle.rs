//! Checkstyle's XML, which many CI servers read. It knows no decisions, so what is allowed is left out.

use std::io::{self, Write};

use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::sanitize::sanitize;
use crate::engine::report::Report;
use crate::render::{advised, unverified, xml};
use crate::rules::context::Unverified;

/// One `<file>` for each file with findings, and one for each with checks that were not completed.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    // The version of the format, not of this program.
    xml::open(out, 0, "checkstyle", &[("version", "8.0")])?;
    let findings: Vec<&Diagnostic> = report.findings().collect();
    for of_file in findings.chunk_by(|one, other| one.file == other.file) {
        let Some(first) = of_file.first() else { continue };
        xml::open(out, 1, "file", &[("name", &sanitize(&report.files[first.file].name))])?;
        of_file.iter().try_for_each(|diagnostic| error(diagnostic, out))?;
        xml::close(out, 1, "file")?;
    }
    for (file, opens) in unverified::not_completed_by_file(report) {
        xml::open(out, 1, "file", &[("name", &sanitize(&file.name))])?;
        opens.iter().try_for_each(|one| not_completed(one, out))?;
        xml::close(out, 1, "file")?;
    }
    xml::close(out, 0, "checkstyle")
}

/// About the file as a whole: its first line, and no column.
fn not_completed(open: &Unverified, out: &mut dyn Write) -> io::Result<()> {
    let (message, source) = (unverified::not_completed_text(open), format!("portal-lint.{}", open.code));
    let attributes = [("line", "1"), ("severity", "error"), ("message", &message), ("source", &source)];
    xml::empty(out, 2, "error", &attributes)
}

fn error(diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    let start = diagnostic.region.start;
    let attributes = [
        ("line", start.line.max(1).to_string()),
        ("column", start.column.max(1).to_string()),
        ("severity", severity(diagnostic.severity).into()),
        ("message", advised(diagnostic)),
        ("source", format!("portal-lint.{}", diagnostic.code)),
    ];
    let attributes = attributes.each_ref().map(|(key, value)| (*key, value.as_str()));
    xml::empty(out, 2, "error", &attributes)
}

/// In Checkstyle's words.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "info",
    }
}
