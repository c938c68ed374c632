//! GitLab Code Quality report: the findings that a merge request shows next to the changed lines.
//!
//! The format has no suppressions, so allowed findings are left out.

use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::{fingerprint_diagnostics, fingerprint_not_completed};
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::engine::report::{Report, ReportFile};
use crate::render::json_text::write_json;
use crate::render::{message_with_help, unverified};
use crate::rules::context::Unverified;

#[derive(Serialize)]
struct GitlabIssue<'r> {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: GitlabLocation<'r>,
}

#[derive(Serialize)]
struct GitlabLocation<'r> {
    path: &'r str,
    lines: GitlabLines,
}

#[derive(Serialize)]
struct GitlabLines {
    begin: u32,
    end: u32,
}

/// Writes one array: the findings, then the checks that were not completed.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut issues = Vec::new();
    // The fingerprints are computed before allowed findings are left out, so that allowing one does not renumber the others.
    for (diagnostic, fingerprint) in report.diagnostics.iter().zip(fingerprint_diagnostics(report)) {
        if diagnostic.allowed.is_none() {
            issues.push(finding_to_issue(report, diagnostic, fingerprint));
        }
    }
    for ((file, check), fingerprint) in report.not_completed().zip(fingerprint_not_completed(report)) {
        issues.push(not_completed_to_issue(file, check, fingerprint));
    }
    write_json(out, &issues)
}

fn finding_to_issue<'r>(report: &'r Report, diagnostic: &'r Diagnostic, fingerprint: String) -> GitlabIssue<'r> {
    let region = diagnostic.region;
    GitlabIssue {
        description: message_with_help(diagnostic),
        check_name: diagnostic.code.to_string(),
        fingerprint,
        severity: match diagnostic.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Advice => "info",
        },
        location: GitlabLocation {
            path: &report.file(diagnostic.file).name,
            lines: GitlabLines { begin: region.start.line, end: region.end.line },
        },
    }
}

fn not_completed_to_issue<'r>(file: &'r ReportFile, check: &Unverified, fingerprint: String) -> GitlabIssue<'r> {
    GitlabIssue {
        description: unverified::describe_not_completed(check),
        check_name: check.code.to_string(),
        fingerprint,
        severity: "major",
        // The check is about the file as a whole, but the format requires a line.
        location: GitlabLocation { path: &file.name, lines: GitlabLines { begin: 1, end: 1 } },
    }
}
