//! The report for programs: `schemas/report.schema.json`, version 1 (CONTRACT.md, "JSON report").

use crate::base::source;
use crate::engine::report;
use crate::rules::metadata;
use std::io::{self, Write};

use serde::Serialize;

use super::url;
use crate::base::diagnostic;
use crate::base::diagnostic::{Applicability, Diagnostic, LineRange, Severity};
use crate::engine::report::{Report, Summary};
use crate::rules::context as rules;

#[derive(Serialize)]
struct Document<'r> {
    version: u8,
    tool: Tool,
    summary: Counts,
    files: Vec<File<'r>>,
    diagnostics: Vec<Finding<'r>>,
    unverified: Vec<Open<'r>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Counts {
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
struct File<'r> {
    path: &'r str,
    kind: Option<&'static str>,
}

/// A diagnostic as every JSON format has it.
#[derive(Serialize)]
pub(super) struct Finding<'r> {
    code: String,
    name: &'static str,
    severity: Severity,
    message: &'r str,
    help: &'r str,
    url: String,
    file: &'r str,
    document: usize,
    pointer: &'r str,
    span: Span,
    labels: Vec<Label<'r>>,
    fix: Option<Fix<'r>>,
    allowed: Option<Allowed<'r>>,
}

#[derive(Serialize)]
struct Allowed<'r> {
    reason: &'r str,
    until: Option<&'r str>,
    source: &'r str,
}

#[derive(Serialize)]
struct Fix<'r> {
    applicability: Applicability,
    message: &'r str,
    edits: Vec<Edit<'r>>,
}

/// Bytes from the start of the file.
#[derive(Serialize)]
struct Edit<'r> {
    start: u32,
    end: u32,
    replacement: &'r str,
}

#[derive(Serialize)]
struct Label<'r> {
    message: &'r str,
    file: &'r str,
    span: Span,
}

#[derive(Serialize)]
struct Span {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    offset: u32,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Open<'r> {
    code: String,
    file: &'r str,
    document: u32,
    reason: &'r str,
}

#[derive(Serialize)]
struct Last {
    summary: Counts,
}

/// One object.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(crate) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        version: 1,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        summary: counts(&report.summary),
        files: report
            .files
            .iter()
            .filter(|file| file.listed)
            .map(|file| File { path: &file.name, kind: file.kind.map(crate::schema::Kind::name) })
            .collect(),
        diagnostics: report.diagnostics.iter().map(|diagnostic| finding(report, diagnostic)).collect(),
        unverified: report.unverified().map(open).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// One finding a line, then `{"summary": …}`.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(crate) fn render_lines(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in &report.diagnostics {
        serde_json::to_writer(&mut *out, &finding(report, diagnostic))?;
        writeln!(out)?;
    }
    serde_json::to_writer(&mut *out, &Last { summary: counts(&report.summary) })?;
    writeln!(out)
}

/// The one way from a diagnostic to JSON.
pub(super) fn finding<'r>(report: &'r Report, diagnostic: &'r Diagnostic) -> Finding<'r> {
    let labels = diagnostic.labels.iter().map(|label| Label {
        message: &label.message,
        file: &report.files[label.file].name,
        span: span(label.region),
    });
    Finding {
        code: diagnostic.code.to_string(),
        name: metadata(diagnostic.code).name,
        severity: diagnostic.severity,
        message: &diagnostic.message,
        help: &diagnostic.help,
        url: url(diagnostic.code),
        file: &report.files[diagnostic.file].name,
        document: diagnostic.document,
        pointer: &diagnostic.pointer,
        span: span(diagnostic.region),
        labels: labels.collect(),
        fix: diagnostic.fix.as_ref().map(fix),
        allowed: diagnostic.allowed.as_ref().map(allowed),
    }
}

fn allowed(allowed: &diagnostic::Allowed) -> Allowed<'_> {
    let diagnostic::Allowed { reason, until, source } = allowed;
    Allowed { reason, until: until.as_deref(), source }
}

fn fix(fix: &diagnostic::Fix) -> Fix<'_> {
    let edits = fix.edits.iter();
    let edits = edits.map(|edit| Edit { start: edit.span.start, end: edit.span.end, replacement: &edit.replacement });
    Fix { applicability: fix.applicability, message: &fix.message, edits: edits.collect() }
}

fn open<'r>((file, open): (&'r report::File, &'r rules::Unverified)) -> Open<'r> {
    Open { code: open.code.to_string(), file: &file.name, document: open.document, reason: open.reason() }
}

fn span(region: LineRange) -> Span {
    let position =
        |at: source::Position| Position { offset: at.offset, line: at.line.max(1), column: at.column.max(1) };
    Span { start: position(region.start), end: position(region.end) }
}

fn counts(summary: &Summary) -> Counts {
    let Summary { files, portals, errors, warnings, advice, allowed, fixable, unverified, .. } = *summary;
    Counts { files, portals, errors, warnings, advice, allowed, fixable, unverified }
}
