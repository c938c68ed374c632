//! The JSON report, version 1, as described by `schemas/report.schema.json`, and its JSON Lines variant.

use std::io::{self, Write};

use serde::Serialize;

use super::rule_page_url;
use crate::base::diagnostic::{Allowed, Diagnostic, Fix, LineRange, Severity};
use crate::engine::report::{Report, ReportFile, Summary};
use crate::render::json_text::{write_json, write_json_line};
use crate::rules::context::Unverified;
use crate::rules::metadata;
use crate::schema::PortalKind;

#[derive(Serialize)]
struct JsonReport<'r> {
    version: u8,
    tool: JsonTool,
    summary: Summary,
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
    span: LineRange,
    labels: Vec<JsonLabel<'r>>,
    fix: Option<&'r Fix>,
    allowed: Option<&'r Allowed>,
}

#[derive(Serialize)]
struct JsonLabel<'r> {
    message: &'r str,
    file: &'r str,
    span: LineRange,
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
    summary: Summary,
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
    let document = JsonReport {
        version: 1,
        tool: JsonTool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        summary: report.summary,
        files,
        diagnostics: convert_all(report, &report.diagnostics),
        unverified: report.unverified().map(convert_unverified).collect(),
    };
    write_json(out, &document)
}

/// Writes one line for each finding, then `{"summary": …}`.
pub(crate) fn render_lines(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in &report.diagnostics {
        write_json_line(out, &convert_diagnostic(report, diagnostic))?;
    }
    write_json_line(out, &JsonlSummary { summary: report.summary })
}

pub(super) fn convert_all<'r>(
    report: &'r Report,
    diagnostics: impl IntoIterator<Item = &'r Diagnostic>,
) -> Vec<JsonFinding<'r>> {
    diagnostics.into_iter().map(|diagnostic| convert_diagnostic(report, diagnostic)).collect()
}

fn convert_diagnostic<'r>(report: &'r Report, diagnostic: &'r Diagnostic) -> JsonFinding<'r> {
    let mut labels = Vec::with_capacity(diagnostic.labels.len());
    for label in &diagnostic.labels {
        let file = &report.file(label.file).name;
        labels.push(JsonLabel { message: &label.message, file, span: label.region });
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
        span: diagnostic.region,
        labels,
        fix: diagnostic.fix.as_ref(),
        allowed: diagnostic.allowed.as_ref(),
    }
}

fn convert_unverified<'r>((file, check): (&'r ReportFile, &'r Unverified)) -> JsonUnverified<'r> {
    let code = check.code.to_string();
    JsonUnverified { code, file: &file.name, document: check.document, reason: &check.reason }
}
