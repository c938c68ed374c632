//! The plan as JSON, version 1, as described by `schemas/plan.schema.json`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value as Json;

use super::wording::{ReasonText, describe_reason, not_planned_help, not_planned_reason};
use crate::engine::report::Report;
use crate::model::planned_request::{NotComparedReason, PlannedEdit};
use crate::model::request_json::RequestValue;
use crate::plan::{Action, LikelyMatch, NotPlanned, Plan, PlannedPortal, describe_change};
use crate::render::json::{JsonFinding, convert_all};
use crate::render::json_text::write_json;

#[derive(Serialize)]
struct JsonPlan<'r> {
    version: u8,
    portals: Vec<JsonPlannedPortal<'r>>,
    not_planned: Vec<JsonNotPlanned<'r>>,
    /// Findings in the settings and the account snapshot.
    diagnostics: Vec<JsonFinding<'r>>,
}

#[derive(Serialize)]
struct JsonNotPlanned<'r> {
    file: &'r str,
    document: usize,
    name: Option<&'r str>,
    reason: String,
    help: String,
}

#[derive(Serialize)]
struct JsonPlannedPortal<'r> {
    file: Option<&'r str>,
    document: Option<usize>,
    id: Option<&'r str>,
    name: Option<&'r str>,
    action: Action,
    changes: Vec<JsonPlannedChange<'r>>,
    operation: Option<&'static str>,
    body: Option<&'r RequestValue>,
    /// The changes that remove a value because the file omits the field.
    removed: &'r [String],
    /// The fields that the file omits and about which a person has to decide, because the account has a value.
    undecided: Vec<&'r str>,
    /// The top-level fields of the body that contain more than what changes.
    whole_objects: &'r [String],
    /// The fields that are missing in the objects of the body: neither the file nor the account data has them, or an edit does not.
    left_out: Vec<&'r str>,
    likely_match: Option<LikelyMatch<'r>>,
    not_compared: Vec<JsonNotCompared<'r>>,
    reasons: Vec<ReasonText<'r>>,
}

#[derive(Serialize)]
struct JsonPlannedChange<'r> {
    pointer: &'r str,
    old: &'r Option<Json>,
    new: &'r Json,
    meaning: String,
}

#[derive(Serialize)]
struct JsonNotCompared<'r> {
    pointer: &'r str,
    reason: &'static str,
}

/// Writes the plan as one object.
pub(super) fn render(plan: &Plan<'_>, out: &mut dyn Write) -> io::Result<()> {
    let portals = plan.portals.iter().map(|portal| convert_portal(plan.report, portal)).collect();
    let mut not_planned = Vec::with_capacity(plan.not_planned.len());
    for portal in &plan.not_planned {
        let NotPlanned { file, document, name, .. } = *portal;
        let (reason, help) = (not_planned_reason(portal), not_planned_help(portal));
        not_planned.push(JsonNotPlanned { file, document, name, reason, help });
    }
    let diagnostics = convert_all(plan.report, plan.other_findings.iter().copied());
    write_json(out, &JsonPlan { version: 1, portals, not_planned, diagnostics })
}

fn not_compared_reason(reason: NotComparedReason) -> &'static str {
    match reason {
        NotComparedReason::NotInAccount => "not-in-account",
        NotComparedReason::Secret => "secret",
        NotComparedReason::Variable => "variable",
        NotComparedReason::Omitted => "omitted",
    }
}

fn left_out_fields(edit: &PlannedEdit) -> Vec<&str> {
    edit.left_out.iter().chain(&edit.unsupported).map(String::as_str).collect()
}

fn convert_portal<'p>(report: &Report, portal: &'p PlannedPortal<'_>) -> JsonPlannedPortal<'p> {
    let mut changes = Vec::with_capacity(portal.changes().len());
    for change in portal.changes() {
        changes.push(JsonPlannedChange {
            pointer: &change.pointer,
            old: &change.old,
            new: &change.new,
            meaning: describe_change(change),
        });
    }
    let mut not_compared = Vec::new();
    for field in portal.edit.map_or(&[][..], |edit| &edit.not_compared) {
        not_compared.push(JsonNotCompared { pointer: &field.pointer, reason: not_compared_reason(field.reason) });
    }
    JsonPlannedPortal {
        file: portal.file,
        document: portal.file.map(|_| portal.document),
        id: portal.id,
        name: portal.name,
        action: portal.action,
        changes,
        operation: portal.action.operation(),
        body: portal.body,
        removed: portal.edit.map_or(&[], |edit| &edit.removed),
        undecided: portal.edit.iter().flat_map(|edit| &edit.undecided).map(|change| change.pointer.as_str()).collect(),
        whole_objects: portal.edit.map_or(&[], |edit| &edit.whole_objects),
        left_out: portal.edit.map_or_else(Vec::new, left_out_fields),
        likely_match: portal.likely_match,
        not_compared,
        reasons: portal.reasons.iter().map(|reason| describe_reason(report, reason)).collect(),
    }
}
