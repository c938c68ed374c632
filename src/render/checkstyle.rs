//! Checkstyle XML, which many CI servers read. The format has no suppressions, so allowed findings are left out.

use std::io::{self, Write};

use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::sanitize::sanitize;
use crate::engine::report::Report;
use crate::render::xml::XmlWriter;
use crate::render::{message_with_help, unverified};
use crate::rules::context::Unverified;

/// Writes one `<file>` for each file with findings, then one for each file with checks that were not completed.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut xml = XmlWriter::new(out)?;
    // The version of the Checkstyle format, not of portal-lint.
    xml.write_start_tag("checkstyle", &[("version", "8.0")])?;
    let findings: Vec<&Diagnostic> = report.findings().collect();
    // The findings of a file are next to each other, because a report is sorted by path.
    for file_findings in findings.chunk_by(|a, b| a.file == b.file) {
        let Some(first) = file_findings.first() else { continue };
        let name = sanitize(&report.file(first.file).name);
        xml.write_start_tag("file", &[("name", &name)])?;
        for diagnostic in file_findings {
            write_finding(diagnostic, &mut xml)?;
        }
        xml.write_end_tag("file")?;
    }
    for (file, checks) in unverified::not_completed_by_file(report) {
        xml.write_start_tag("file", &[("name", &sanitize(&file.name))])?;
        for check in checks {
            write_not_completed(check, &mut xml)?;
        }
        xml.write_end_tag("file")?;
    }
    xml.write_end_tag("checkstyle")
}

fn write_not_completed(check: &Unverified, xml: &mut XmlWriter<'_>) -> io::Result<()> {
    let message = unverified::describe_not_completed(check);
    let source = format!("portal-lint.{}", check.code);
    // The check is about the file as a whole, but consumers require a line. `column` is optional.
    let attributes = [("line", "1"), ("severity", "error"), ("message", &message), ("source", &source)];
    xml.write_empty_element("error", &attributes)
}

fn write_finding(diagnostic: &Diagnostic, xml: &mut XmlWriter<'_>) -> io::Result<()> {
    let start = diagnostic.region.start;
    let (line, column) = (start.line.to_string(), start.column.to_string());
    let message = message_with_help(diagnostic);
    let source = format!("portal-lint.{}", diagnostic.code);
    let attributes = [
        ("line", line.as_str()),
        ("column", &column),
        ("severity", checkstyle_severity(diagnostic.severity)),
        ("message", &message),
        ("source", &source),
    ];
    xml.write_empty_element("error", &attributes)
}

fn checkstyle_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "info",
    }
}
