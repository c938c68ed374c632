//! The JSON report, version 1, as described by `schemas/report.schema.json`, and its JSON Lines variant.

use std::io::{self, Write};

use serde::Serialize;

use super::rule_page_url;
use crate::base::diagnostic::{Allowed, Applicability, Diagnostic, Fix, LineRange, Severity};
use crate::base::source::Position;
use crate::engine::report::{Report, ReportFile, Summary};
use crate::render::json_text::{write_json, write_json_line};
use crate::rules::context::Unverified;
use crate::rules::metadata;
use crate::schema::PortalKind;

#[derive(Serialize)]
struct JsonReport<'r> {
    version: u8,
    tool: JsonTool,
    summary: JsonSummary,
    files: Vec<JsonFile<'r>>,
    diagnostics: Vec<JsonFinding<'r>>,
    unverified: Vec<JsonUnverified<'r>>,
}

#[derive(Serialize)]
struct JsonTool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct JsonSummary {
    files: usize,
    portals: usize,
    errors: usize,
    warnings: usize,
    advice: usize,
    allowed: usize,
    fixable: usize,
    unverified: usize,
}

#[derive(Serialize)]
struct JsonFile<'r> {
    path: &'r str,
    kind: Option<&'static str>,
}

/// A finding, in the report, in the JSON Lines and in the preflight report.
#[derive(Serialize)]
pub(super) struct JsonFinding<'r> {
    code: String,
    name: &'static str,
    severity: Severity,
    message: &'r str,
    help: &'r str,
    url: String,
    file: &'r str,
    document: usize,
    pointer: &'r str,
    span: JsonSpan,
    labels: Vec<JsonLabel<'r>>,
    fix: Option<JsonFix<'r>>,
    allowed: Option<JsonAllowed<'r>>,
}

#[derive(Serialize)]
struct JsonAllowed<'r> {
    reason: &'r str,
    until: Option<&'r str>,
    source: &'r str,
}

#[derive(Serialize)]
struct JsonFix<'r> {
    applicability: Applicability,
    message: &'r str,
    edits: Vec<JsonEdit<'r>>,
}

/// `start` and `end` are byte offsets in the file.
#[derive(Serialize)]
struct JsonEdit<'r> {
    start: u32,
    end: u32,
    replacement: &'r str,
}

#[derive(Serialize)]
struct JsonLabel<'r> {
    message: &'r str,
    file: &'r str,
    span: JsonSpan,
}

#[derive(Serialize)]
struct JsonSpan {
    start: JsonPosition,
    end: JsonPosition,
}

/// `offset` counts bytes from 0. `line` and `column` count from 1; columns are Unicode code points.
#[derive(Serialize)]
struct JsonPosition {
    offset: u32,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct JsonUnverified<'r> {
    code: String,
    file: &'r str,
    document: usize,
    reason: &'r str,
}

/// The last line of the JSON Lines format.
#[derive(Serialize)]
struct JsonlSummary {
    summary: JsonSummary,
}

/// Writes the report as one object.
pub(crate) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut files = Vec::new();
    for file in &report.files {
        // Other files are in the report only because findings point into them.
        if file.in_scope {
            files.push(JsonFile { path: &file.name, kind: file.kind.map(PortalKind::name) });
        }
    }
    let mut diagnostics = Vec::with_capacity(report.diagnostics.len());
    for diagnostic in &report.diagnostics {
        diagnostics.push(convert_diagnostic(report, diagnostic));
    }
    let document = JsonReport {
        version: 1,
        tool: JsonTool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        summary: convert_summary(&report.summary),
        files,
        diagnostics,
        unverified: report.unverified().map(convert_unverified).collect(),
    };
    write_json(out, &document)
}

/// Writes one line for each finding, then `{"summary": …}`.
pub(crate) fn render_lines(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in &report.diagnostics {
        write_json_line(out, &convert_diagnostic(report, diagnostic))?;
    }
    write_json_line(out, &JsonlSummary { summary: convert_summary(&report.summary) })
}

pub(super) fn convert_diagnostic<'r>(report: &'r Report, diagnostic: &'r Diagnostic) -> JsonFinding<'r> {
    let mut labels = Vec::with_capacity(diagnostic.labels.len());
    for label in &diagnostic.labels {
        let file = &report.file(label.file).name;
        labels.push(JsonLabel { message: &label.message, file, span: convert_region(label.region) });
    }
    JsonFinding {
        code: diagnostic.code.to_string(),
        name: metadata(diagnostic.code).name,
        severity: diagnostic.severity,
        message: &diagnostic.message,
        help: &diagnostic.help,
        url: rule_page_url(diagnostic.code),
        file: &report.file(diagnostic.file).name,
        document: diagnostic.document,
        pointer: &diagnostic.pointer,
        span: convert_region(diagnostic.region),
        labels,
        fix: diagnostic.fix.as_ref().map(convert_fix),
        allowed: diagnostic.allowed.as_ref().map(convert_allowed),
    }
}

fn convert_allowed(allowed: &Allowed) -> JsonAllowed<'_> {
    let Allowed { reason, until, source } = allowed;
    JsonAllowed { reason, until: until.as_deref(), source }
}

fn convert_fix(fix: &Fix) -> JsonFix<'_> {
    let mut edits = Vec::with_capacity(fix.edits.len());
    for edit in &fix.edits {
        edits.push(JsonEdit { start: edit.span.start, end: edit.span.end, replacement: &edit.replacement });
    }
    JsonFix { applicability: fix.applicability, message: &fix.message, edits }
}

fn convert_unverified<'r>((file, check): (&'r ReportFile, &'r Unverified)) -> JsonUnverified<'r> {
    let code = check.code.to_string();
    JsonUnverified { code, file: &file.name, document: check.document, reason: &check.reason }
}

fn convert_region(region: LineRange) -> JsonSpan {
    JsonSpan { start: convert_position(region.start), end: convert_position(region.end) }
}

fn convert_position(position: Position) -> JsonPosition {
    let Position { offset, line, column } = position;
    // In a file that could not be read, positions are 0:0, which the schema does not allow.
    JsonPosition { offset, line: line.max(1), column: column.max(1) }
}

fn convert_summary(summary: &Summary) -> JsonSummary {
    let Summary { files, portals, errors, warnings, advice, allowed, fixable, unverified, .. } = *summary;
    JsonSummary { files, portals, errors, warnings, advice, allowed, fixable, unverified }
}
