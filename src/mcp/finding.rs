//! Converts findings to the JSON that the tools return. It contains only what a model needs to correct the value.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

use serde_json::{Value as Json, json};

use crate::agent::escape::{escape_message, shorten};
use crate::agent::help::fixed_help;
use crate::base::diagnostic::{Code, Diagnostic, Edit};
use crate::engine::report::Report;
use crate::rules::metadata;

/// The maximum number of characters of a replacement. A longer one is not returned, because it repeats text of the file.
const MAX_REPLACEMENT_CHARS: usize = 120;

/// Converts findings in the given order. A help is written once: the next findings of its rule with the same help refer to it.
pub(super) fn findings_to_json<'r>(report: &Report, findings: impl IntoIterator<Item = &'r Diagnostic>) -> Vec<Json> {
    let mut last_helps: HashMap<Code, Cow<'r, str>> = HashMap::new();
    let mut converted = Vec::new();
    for finding in findings {
        let help = fixed_help(finding);
        let mut json = finding_to_json(report, finding);
        json["help"] = if last_helps.get(&finding.code) == Some(&help) {
            format!("as for the previous {}", finding.code).into()
        } else {
            help.as_ref().into()
        };
        last_helps.insert(finding.code, help);
        converted.push(json);
    }
    converted
}

/// The findings of a report, the most severe first.
pub(super) fn findings_by_severity(report: &Report) -> Vec<&Diagnostic> {
    let mut findings: Vec<&Diagnostic> = report.findings().collect();
    findings.sort_by_key(|finding| Reverse(finding.severity));
    findings
}

/// Converts a finding without its help. The span consists of the offsets of its first byte and of the byte after the last one.
fn finding_to_json(report: &Report, diagnostic: &Diagnostic) -> Json {
    let Diagnostic { code, severity, pointer, region, message, fix, .. } = diagnostic;
    let file = report.file(diagnostic.file);
    // A finding in the settings or the account snapshot names its file.
    let pointer = if file.in_scope { pointer.clone() } else { format!("{}#{pointer}", file.name) };
    let mut finding = json!({
        "code": code.to_string(),
        "severity": severity,
        "pointer": shorten(&pointer),
        "span": [region.start.offset, region.end.offset],
        "message": escape_message(message),
    });
    let items = metadata(*code).items;
    if !items.is_empty() {
        finding["items"] = items.into();
    }
    if let Some(fix) = fix
        && !fix.masked
        && let Some(edits) = edits_to_json(&fix.edits)
    {
        finding["fix"] = json!({ "applicability": fix.applicability, "edits": edits });
    }
    finding
}

/// Converts edits. `None` if one of them is too long.
fn edits_to_json(edits: &[Edit]) -> Option<Json> {
    let is_any_too_long = edits.iter().any(|edit| edit.replacement.chars().nth(MAX_REPLACEMENT_CHARS).is_some());
    if is_any_too_long { None } else { Some(edits.iter().map(edit_to_json).collect()) }
}

/// Converts an edit to a list: the offsets of the first byte to replace and of the byte after the last one, and the new text.
pub(super) fn edit_to_json(edit: &Edit) -> Json {
    json!([edit.span.start, edit.span.end, edit.replacement])
}

/// The question about a finding that only a person can resolve.
pub(super) fn question_to_json(diagnostic: &Diagnostic, question: &str) -> Json {
    json!({
        "code": diagnostic.code.to_string(),
        "pointer": shorten(&diagnostic.pointer),
        "question": question,
        "message": escape_message(&diagnostic.message),
    })
}
