//! The preflight report as JSON, version 1, as described by `schemas/preflight.schema.json`.

use std::io::{self, Write};

use serde::Serialize;

use crate::engine::report::Report;
use crate::model::edited_portal::Change;
use crate::preflight::{ItemResult, OtherMissingFact, PortalReview, Preflight, Status, Verdict};
use crate::render::json::{JsonFinding, convert_all};
use crate::render::json_text::write_json;
use crate::schema::PortalKind;

#[derive(Serialize)]
struct JsonPreflight<'r> {
    version: u8,
    portals: Vec<JsonPortal<'r>>,
    /// Findings in the settings and the account snapshot.
    diagnostics: Vec<JsonFinding<'r>>,
}

#[derive(Serialize)]
struct JsonPortal<'r> {
    file: &'r str,
    document: usize,
    name: Option<&'r str>,
    kind: Option<&'static str>,
    verdict: Verdict,
    /// `None` for a portal that is not compared with the account.
    changes: Option<&'r [Change]>,
    items: Vec<JsonItem<'r>>,
    /// Findings of no item.
    other: Vec<JsonFinding<'r>>,
    /// Unverified facts of no item.
    unverified: Vec<JsonMissingFact<'r>>,
}

#[derive(Serialize)]
struct JsonMissingFact<'r> {
    /// `None` if the fact belongs to no single rule.
    code: Option<String>,
    reason: &'r str,
    verify: &'r str,
}

#[derive(Serialize)]
struct JsonItem<'r> {
    id: &'static str,
    title: &'static str,
    status: Status,
    rules: Vec<String>,
    diagnostics: Vec<JsonFinding<'r>>,
    reason: Option<String>,
    verify: Option<String>,
}

/// Writes the report as one object.
pub(super) fn render(preflight: &Preflight<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = preflight.report;
    let portals = preflight.portals.iter().map(|portal| convert_portal(report, portal)).collect();
    let diagnostics = convert_all(report, preflight.other_findings.iter().copied());
    write_json(out, &JsonPreflight { version: 1, portals, diagnostics })
}

fn convert_portal<'r>(report: &'r Report, portal: &'r PortalReview<'r>) -> JsonPortal<'r> {
    JsonPortal {
        file: &portal.file.name,
        document: portal.document,
        name: portal.name,
        kind: portal.kind.map(PortalKind::name),
        verdict: portal.verdict,
        changes: portal.changes,
        items: portal.items.iter().map(|item| convert_item(report, item)).collect(),
        other: convert_all(report, portal.other_findings.iter().copied()),
        unverified: portal.other_missing_facts.iter().map(convert_missing_fact).collect(),
    }
}

fn convert_missing_fact(other: &OtherMissingFact) -> JsonMissingFact<'_> {
    let code = other.code.map(|code| code.to_string());
    JsonMissingFact { code, reason: &other.fact.reason, verify: &other.fact.verify }
}

fn convert_item<'r>(report: &'r Report, item: &'r ItemResult<'r>) -> JsonItem<'r> {
    JsonItem {
        id: item.id,
        title: item.title,
        status: item.status,
        rules: item.rules.iter().map(ToString::to_string).collect(),
        diagnostics: convert_all(report, item.diagnostics.iter().copied()),
        reason: item.reason(),
        verify: item.verify(),
    }
}
