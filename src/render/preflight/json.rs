//! The preflight report as JSON, version 1, as described by `schemas/preflight.schema.json`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value as Json;

use crate::base::diagnostic::Diagnostic;
use crate::engine::report::Report;
use crate::model::edited_portal::Change;
use crate::preflight::{ItemResult, OtherMissingFact, PortalReview, Preflight};
use crate::render::json::{JsonFinding, convert_diagnostic};
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
    verdict: &'static str,
    /// `None` for a portal that is not compared with the account.
    changes: Option<Vec<JsonChange<'r>>>,
    items: Vec<JsonItem<'r>>,
    /// Findings of no item.
    other: Vec<JsonFinding<'r>>,
    /// Unverified facts of no item.
    unverified: Vec<JsonMissingFact<'r>>,
}

#[derive(Serialize)]
struct JsonChange<'r> {
    pointer: &'r str,
    /// Left out if the value is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<&'r Json>,
    new: &'r Json,
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
    status: &'static str,
    rules: Vec<String>,
    diagnostics: Vec<JsonFinding<'r>>,
    reason: Option<String>,
    verify: Option<String>,
}

/// Writes the report as one object.
pub(super) fn render(preflight: &Preflight<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = preflight.report;
    let mut portals = Vec::with_capacity(preflight.portals.len());
    for portal in &preflight.portals {
        portals.push(convert_portal(report, portal));
    }
    let diagnostics = convert_findings(report, &preflight.other_findings);
    write_json(out, &JsonPreflight { version: 1, portals, diagnostics })
}

fn convert_portal<'r>(report: &'r Report, portal: &'r PortalReview<'r>) -> JsonPortal<'r> {
    let mut items = Vec::with_capacity(portal.items.len());
    for item in &portal.items {
        items.push(convert_item(report, item));
    }
    JsonPortal {
        file: &portal.file.name,
        document: portal.document,
        name: portal.name,
        kind: portal.kind.map(PortalKind::name),
        verdict: portal.verdict.as_str(),
        changes: portal.changes.map(|changes| changes.iter().map(convert_change).collect()),
        items,
        other: convert_findings(report, &portal.other_findings),
        unverified: portal.other_missing_facts.iter().map(convert_missing_fact).collect(),
    }
}

fn convert_change(change: &Change) -> JsonChange<'_> {
    JsonChange { pointer: &change.pointer, old: change.old.as_ref(), new: &change.new }
}

fn convert_missing_fact(other: &OtherMissingFact) -> JsonMissingFact<'_> {
    let code = other.code.map(|code| code.to_string());
    JsonMissingFact { code, reason: &other.fact.reason, verify: &other.fact.verify }
}

fn convert_item<'r>(report: &'r Report, item: &'r ItemResult<'r>) -> JsonItem<'r> {
    JsonItem {
        id: item.id,
        title: item.title,
        status: item.status.as_str(),
        rules: item.rules.iter().map(ToString::to_string).collect(),
        diagnostics: convert_findings(report, &item.diagnostics),
        reason: item.reason(),
        verify: item.verify(),
    }
}

fn convert_findings<'r>(report: &'r Report, diagnostics: &[&'r Diagnostic]) -> Vec<JsonFinding<'r>> {
    let mut findings = Vec::with_capacity(diagnostics.len());
    for diagnostic in diagnostics {
        findings.push(convert_diagnostic(report, diagnostic));
    }
    findings
}
