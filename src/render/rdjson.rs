//! Reviewdog's diagnostic format: comments on the changed lines, with suggestions to commit.
//!
//! Its columns are bytes of UTF-8, from 1. It knows no decisions, so what is allowed is left out.

use std::io::{self, Write};

use serde::Serialize;

use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::source::{Source, Span};
use crate::engine::report::{File, Report};
use crate::render::{advised, unverified, url};
use crate::rules::context::Unverified;

#[derive(Serialize)]
struct Document<'r> {
    source: Tool,
    diagnostics: Vec<Finding<'r>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Finding<'r> {
    message: String,
    location: Location<'r>,
    severity: &'static str,
    code: Rule,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'r>>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Rule {
    value: String,
    url: String,
}

#[derive(Serialize)]
struct Suggestion<'r> {
    range: Range,
    text: &'r str,
}

/// One object: the findings, then the checks that were not completed.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let findings = report.findings().map(|diagnostic| finding(report, diagnostic));
    let not_completed = report.not_completed().map(|(file, open)| not_completed(file, open));
    let document = Document {
        source: Tool { name: env!("CARGO_PKG_NAME"), url: env!("CARGO_PKG_REPOSITORY") },
        diagnostics: findings.chain(not_completed).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn finding<'r>(report: &'r Report, diagnostic: &'r Diagnostic) -> Finding<'r> {
    let file = &report.files[diagnostic.file];
    let source = file.source.as_deref();
    Finding {
        message: advised(diagnostic),
        location: Location { path: &file.name, range: Some(range(source, diagnostic.region.span())) },
        severity: match diagnostic.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Advice => "INFO",
        },
        code: Rule { value: diagnostic.code.to_string(), url: url(diagnostic.code) },
        suggestions: source.and_then(|source| suggestion(diagnostic, source)).into_iter().collect(),
    }
}

/// About the file as a whole: without a range.
fn not_completed<'r>(file: &'r File, open: &Unverified) -> Finding<'r> {
    Finding {
        message: unverified::not_completed_text(open),
        location: Location { path: &file.name, range: None },
        severity: "ERROR",
        code: Rule { value: open.code.to_string(), url: url(open.code) },
        suggestions: Vec::new(),
    }
}

/// Suggestions are made one by one: a fix of several edits is none, and neither is one with a secret covered in it.
fn suggestion<'r>(diagnostic: &'r Diagnostic, source: &Source) -> Option<Suggestion<'r>> {
    let fix = diagnostic.fix.as_ref().filter(|fix| !fix.covered)?;
    let [edit] = fix.edits.as_slice() else { return None };
    Some(Suggestion { range: range(Some(source), edit.span), text: &edit.replacement })
}

fn range(source: Option<&Source>, span: Span) -> Range {
    let position = |offset| source.map_or(Position { line: 1, column: 1 }, |source| position(source, offset));
    Range { start: position(span.start), end: position(span.end) }
}

/// Line and byte of the line, a byte order mark counted: it is part of what reviewdog cuts.
fn position(source: &Source, offset: u32) -> Position {
    let at = source.position(offset);
    let start = source.line(at.line as usize).map_or(0, |line| line.start);
    Position { line: at.line, column: at.offset - start + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Format;

    #[test]
    fn columns_are_bytes() {
        let source = Source::new("t.json", "a\r\nü😀x", Format::Json);
        let at = position(&source, 9);
        assert_eq!((at.line, at.column), (2, 7));
    }
}
