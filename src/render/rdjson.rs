//! Reviewdog Diagnostic Format (rdjson): review comments on the changed lines, with suggestions that can be committed.
//!
//! Columns are UTF-8 bytes, counted from 1. The format has no suppressions, so allowed findings are left out.

use std::io::{self, Write};

use serde::Serialize;

use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::source::{Source, Span};
use crate::engine::report::{Report, ReportFile};
use crate::render::json_text::write_json;
use crate::render::{message_with_help, rule_page_url, unverified};
use crate::rules::context::Unverified;

#[derive(Serialize)]
struct RdjsonResult<'r> {
    source: RdjsonSource,
    diagnostics: Vec<RdjsonDiagnostic<'r>>,
}

#[derive(Serialize)]
struct RdjsonSource {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct RdjsonDiagnostic<'r> {
    message: String,
    location: RdjsonLocation<'r>,
    severity: &'static str,
    code: RdjsonCode,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<RdjsonSuggestion<'r>>,
}

#[derive(Serialize)]
struct RdjsonLocation<'r> {
    path: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<RdjsonRange>,
}

#[derive(Serialize)]
struct RdjsonRange {
    start: RdjsonPosition,
    end: RdjsonPosition,
}

#[derive(Serialize)]
struct RdjsonPosition {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct RdjsonCode {
    value: String,
    url: String,
}

#[derive(Serialize)]
struct RdjsonSuggestion<'r> {
    range: RdjsonRange,
    text: &'r str,
}

/// Writes one object: the findings, then the checks that were not completed.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let findings = report.findings().map(|diagnostic| convert_finding(report, diagnostic));
    let not_completed = report.not_completed().map(|(file, check)| convert_not_completed(file, check));
    let diagnostics = findings.chain(not_completed).collect();
    let source = RdjsonSource { name: env!("CARGO_PKG_NAME"), url: env!("CARGO_PKG_REPOSITORY") };
    write_json(out, &RdjsonResult { source, diagnostics })
}

fn convert_finding<'r>(report: &'r Report, diagnostic: &'r Diagnostic) -> RdjsonDiagnostic<'r> {
    let file = report.file(diagnostic.file);
    let source = file.source.as_deref();
    RdjsonDiagnostic {
        message: message_with_help(diagnostic),
        location: RdjsonLocation { path: &file.name, range: Some(convert_span(source, diagnostic.region.span())) },
        severity: match diagnostic.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Advice => "INFO",
        },
        code: RdjsonCode { value: diagnostic.code.to_string(), url: rule_page_url(diagnostic.code) },
        suggestions: source.and_then(|source| convert_fix(diagnostic, source)).into_iter().collect(),
    }
}

fn convert_not_completed<'r>(file: &'r ReportFile, check: &Unverified) -> RdjsonDiagnostic<'r> {
    RdjsonDiagnostic {
        message: unverified::describe_not_completed(check),
        // The check is about the file as a whole, so there is no range.
        location: RdjsonLocation { path: &file.name, range: None },
        severity: "ERROR",
        code: RdjsonCode { value: check.code.to_string(), url: rule_page_url(check.code) },
        suggestions: Vec::new(),
    }
}

fn convert_fix<'r>(diagnostic: &'r Diagnostic, source: &Source) -> Option<RdjsonSuggestion<'r>> {
    let fix = diagnostic.fix.as_ref()?;
    // Committing the suggestion would write the asterisks of a masked secret into the file.
    if fix.masked {
        return None;
    }
    // A reviewer commits suggestions one by one, so a fix of several edits could be committed in part.
    let [edit] = fix.edits.as_slice() else { return None };
    Some(RdjsonSuggestion { range: convert_span(Some(source), edit.span), text: &edit.replacement })
}

/// The range of a span; the start of the file if its text is not available.
fn convert_span(source: Option<&Source>, span: Span) -> RdjsonRange {
    let Some(source) = source else {
        return RdjsonRange {
            start: RdjsonPosition { line: 1, column: 1 },
            end: RdjsonPosition { line: 1, column: 1 },
        };
    };
    RdjsonRange { start: convert_offset(source, span.start), end: convert_offset(source, span.end) }
}

fn convert_offset(source: &Source, offset: u32) -> RdjsonPosition {
    let position = source.position(offset);
    let line_start = source.line(position.line as usize).map_or(0, |line| line.start);
    // The bytes of a byte order mark are counted, because reviewdog counts all bytes of the line.
    RdjsonPosition { line: position.line, column: position.offset - line_start + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Format;

    #[test]
    fn columns_count_bytes() {
        let source = Source::new("t.json", "a\r\nü😀x", Format::Json);
        let position = convert_offset(&source, 9);
        assert_eq!((position.line, position.column), (2, 7));
    }
}
