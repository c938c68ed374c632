//! GitLab's Code Quality report: the findings that a merge request shows beside the changed lines.
//!
//! It knows no decisions, so what is allowed is left out.

use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::{fingerprints, fingerprints_of_not_completed};
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::engine::report::{File, Report};
use crate::render::{advised, unverified};
use crate::rules::context::Unverified;

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// One list: the findings, then the checks that were not completed.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let all = report.diagnostics.iter().zip(fingerprints(report));
    let findings = all.filter(|(diagnostic, _)| diagnostic.allowed.is_none());
    let mut issues: Vec<Issue<'_>> =
        findings.map(|(diagnostic, fingerprint)| issue(report, diagnostic, fingerprint)).collect();
    for ((file, open), fingerprint) in report.not_completed().zip(fingerprints_of_not_completed(report)) {
        issues.push(not_completed(file, open, fingerprint));
    }
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}

fn issue<'r>(report: &'r Report, diagnostic: &'r Diagnostic, fingerprint: String) -> Issue<'r> {
    let begin = diagnostic.region.start.line.max(1);
    Issue {
        description: advised(diagnostic),
        check_name: diagnostic.code.to_string(),
        fingerprint,
        severity: match diagnostic.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Advice => "info",
        },
        location: Location {
            path: &report.files[diagnostic.file].name,
            lines: Lines { begin, end: diagnostic.region.end.line.max(begin) },
        },
    }
}

/// About the file as a whole: its first line.
fn not_completed<'r>(file: &'r File, open: &Unverified, fingerprint: String) -> Issue<'r> {
    Issue {
        description: unverified::not_completed_text(open),
        check_name: open.code.to_string(),
        fingerprint,
        severity: "major",
        location: Location { path: &file.name, lines: Lines { begin: 1, end: 1 } },
    }
}
