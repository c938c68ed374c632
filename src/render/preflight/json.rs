//! For programs: `schemas/preflight.schema.json`, version 1 (CONTRACT.md, "Preflight report").

use std::io::{self, Write};

use serde::Serialize;

use crate::base::diagnostic::Diagnostic;
use crate::engine::report::Report;
use crate::preflight::{self, OtherGap, Preflight};
use crate::render::json::{JsonFinding, convert_diagnostic};
use crate::schema::Kind;

#[derive(Serialize)]
struct Document<'r> {
    version: u8,
    portals: Vec<Portal<'r>>,
    /// About the linter's own files.
    diagnostics: Vec<JsonFinding<'r>>,
}

#[derive(Serialize)]
struct Portal<'r> {
    file: &'r str,
    document: usize,
    name: Option<&'r str>,
    kind: Option<&'static str>,
    verdict: &'static str,
    items: Vec<Item<'r>>,
    /// Of rules without an item.
    other: Vec<JsonFinding<'r>>,
    /// What could not be told and no item asks about.
    unverified: Vec<Unverified<'r>>,
}

#[derive(Serialize)]
struct Unverified<'r> {
    code: String,
    reason: &'r str,
    verify: &'r str,
}

#[derive(Serialize)]
struct Item<'r> {
    id: &'static str,
    title: &'static str,
    status: &'static str,
    rules: Vec<String>,
    diagnostics: Vec<JsonFinding<'r>>,
    reason: Option<String>,
    verify: Option<String>,
}

/// One object.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(super) fn render(preflight: &Preflight<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = preflight.report;
    let document = Document {
        version: 1,
        portals: preflight.portals.iter().map(|one| portal(report, one)).collect(),
        diagnostics: findings(report, &preflight.beside),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn portal<'r>(report: &'r Report, portal: &'r preflight::Portal<'r>) -> Portal<'r> {
    Portal {
        file: &portal.file.name,
        document: portal.document,
        name: portal.name,
        kind: portal.kind.map(Kind::name),
        verdict: portal.verdict.word(),
        items: portal.items.iter().map(|one| item(report, one)).collect(),
        other: findings(report, &portal.beside),
        unverified: portal.other_gaps.iter().map(unverified).collect(),
    }
}

fn unverified(other: &OtherGap) -> Unverified<'_> {
    Unverified { code: other.code.to_string(), reason: &other.gap.reason, verify: &other.gap.verify }
}

fn item<'r>(report: &'r Report, item: &'r preflight::Item<'r>) -> Item<'r> {
    Item {
        id: item.id,
        title: item.title,
        status: item.status.word(),
        rules: item.rules.iter().map(ToString::to_string).collect(),
        diagnostics: findings(report, &item.diagnostics),
        reason: item.reason(),
        verify: item.verify(),
    }
}

fn findings<'r>(report: &'r Report, diagnostics: &[&'r Diagnostic]) -> Vec<JsonFinding<'r>> {
    diagnostics.iter().map(|one| convert_diagnostic(report, one)).collect()
}
