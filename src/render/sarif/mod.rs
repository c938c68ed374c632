//! SARIF 2.1.0 (OASIS), for GitHub code scanning and other services.
//!
//! This file writes the log and the run. [`model`] holds the objects of the format, [`result`] converts findings, and
//! [`descriptor`] converts rules. The log contains no absolute path of the machine: files are relative to `%SRCROOT%`.

mod descriptor;
mod model;
mod result;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use model::{
    SarifInvocation, SarifLog, SarifMessage, SarifNotification, SarifReportingDescriptor, SarifRun, SarifTool,
    SarifToolComponent, SarifUriBase,
};

use super::fingerprint::fingerprint_diagnostics;
use crate::base::diagnostic::{Code, Diagnostic};
use crate::engine::report::Report;
use crate::render::json_text::write_json;
use crate::rules::context::QueryStatus;
use crate::rules::wording::pluralize;

/// GitHub code scanning rejects a run with more results.
const MAX_RESULTS: usize = 25_000;
/// The maximum number of checks that were not completed with a notification of their own.
const MAX_NOT_COMPLETED: usize = 100;
/// The base of relative paths. Code scanning resolves this name to the root of the repository.
const SOURCE_ROOT: &str = "%SRCROOT%";
const SCHEMA_URL: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes one log with one run.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write_json(out, &build_log(report, MAX_RESULTS))
}

fn build_log(report: &Report, max_results: usize) -> SarifLog<'_> {
    let diagnostics = select_most_severe(&report.diagnostics, max_results);
    // Results refer to rules by index, and the rules are sorted by code.
    let codes: BTreeSet<Code> = diagnostics.iter().map(|(_, diagnostic)| diagnostic.code).collect();
    let mut rule_indexes: BTreeMap<Code, usize> = BTreeMap::new();
    for (index, code) in codes.iter().enumerate() {
        rule_indexes.insert(*code, index);
    }
    let mut fingerprints = fingerprint_diagnostics(report);
    let mut results = Vec::with_capacity(diagnostics.len());
    for (index, diagnostic) in diagnostics {
        let fingerprint = std::mem::take(&mut fingerprints[index]);
        results.push(result::convert_diagnostic(report, diagnostic, rule_indexes[&diagnostic.code], fingerprint));
    }
    let rules: Vec<SarifReportingDescriptor> = codes.into_iter().filter_map(descriptor::describe_rule).collect();
    let source_root = SarifUriBase { description: SarifMessage::new("the folder that portal-lint ran in") };
    SarifLog {
        schema: SCHEMA_URL,
        version: "2.1.0",
        runs: [SarifRun {
            tool: SarifTool { driver: SarifToolComponent::with_rules(rules) },
            invocations: [SarifInvocation {
                execution_successful: report.unread_files == 0 && report.summary.files > 0,
                tool_execution_notifications: build_notifications(report, results.len()),
            }],
            original_uri_base_ids: BTreeMap::from([(SOURCE_ROOT, source_root)]),
            // SARIF ends a line only after `\r\n` and `\n` by default, but `Position` also counts a lone `\r`.
            newline_sequences: ["\r\n", "\n", "\r"],
            column_kind: "unicodeCodePoints",
            results,
        }],
    }
}

/// Returns at most `max` diagnostics in the order of the report, each with its index. If there are more, findings that are not
/// allowed come before allowed ones, and severe ones before others.
fn select_most_severe(diagnostics: &[Diagnostic], max: usize) -> Vec<(usize, &Diagnostic)> {
    let mut selected: Vec<(usize, &Diagnostic)> = diagnostics.iter().enumerate().collect();
    if selected.len() > max {
        selected.sort_by_key(|(_, diagnostic)| (diagnostic.allowed.is_some(), Reverse(diagnostic.severity)));
        selected.truncate(max);
        selected.sort_by_key(|(index, _)| *index);
    }
    selected
}

/// Notifications for what the results do not show: left-out results and checks that could not be made.
fn build_notifications(report: &Report, result_count: usize) -> Vec<SarifNotification> {
    let mut notifications = Vec::new();
    let total = report.diagnostics.len();
    if result_count < total {
        let text = format!(
            "only {result_count} of {total} results are in this log: the errors first, then warnings, then advice"
        );
        notifications.push(SarifNotification::warning(text));
    }
    notifications.extend(undecided_notification(report));
    notifications.extend(not_completed_notifications(report));
    notifications
}

/// One notification for all checks that need the account.
fn undecided_notification(report: &Report) -> Option<SarifNotification> {
    let mut codes: BTreeSet<Code> = BTreeSet::new();
    let mut number = 0;
    for (_, check) in report.unverified() {
        if check.query_status != QueryStatus::NoAnswer {
            codes.insert(check.code);
            number += 1;
        }
    }
    if codes.is_empty() {
        return None;
    }
    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
    let text = format!("unverified: {} that need the account ({})", pluralize(number, "check"), codes.join(", "));
    Some(SarifNotification { level: "note", message: SarifMessage::new(text) })
}

/// One notification for each check that was not completed, and one for the number of those beyond the limit.
fn not_completed_notifications(report: &Report) -> Vec<SarifNotification> {
    let mut texts = Vec::new();
    for (file, check) in report.not_completed().take(MAX_NOT_COMPLETED) {
        let text = format!("not completed: {} in {}: {}", check.code, file.name, check.reason);
        texts.push(result::escape_links(&text));
    }
    if report.summary.unanswered > MAX_NOT_COMPLETED {
        texts.push(format!("not completed: {} more", report.summary.unanswered - MAX_NOT_COMPLETED));
    }
    texts.into_iter().map(SarifNotification::warning).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::diagnostic::{LineRange, Severity};
    use crate::base::file::FileId;
    use crate::base::source::Position;

    fn diagnostic(severity: Severity) -> Diagnostic {
        let start = Position::START;
        Diagnostic {
            code: Code(1),
            severity,
            file: FileId::default(),
            document: 0,
            pointer: String::new(),
            portal_pointer: String::new(),
            region: LineRange { start, end: start },
            message: String::new(),
            label: None,
            help: String::new(),
            question: None,
            labels: Vec::new(),
            fix: None,
            unmasked_edits: None,
            omitted: 0,
            allowed: None,
        }
    }

    #[test]
    fn the_most_severe_findings_are_selected_and_keep_their_order() {
        let all = [Severity::Advice, Severity::Error, Severity::Warning, Severity::Error].map(diagnostic);
        for (max, expected) in [(4, vec![0, 1, 2, 3]), (3, vec![1, 2, 3]), (2, vec![1, 3])] {
            let indexes: Vec<usize> = select_most_severe(&all, max).into_iter().map(|(index, _)| index).collect();
            assert_eq!(indexes, expected);
        }
    }

    #[test]
    fn a_notification_reports_how_many_results_are_left_out() {
        let report = Report { diagnostics: vec![diagnostic(Severity::Error); 3], ..Report::default() };
        let notifications = build_notifications(&report, 2);
        assert_eq!(notifications.len(), 1);
        let text = &notifications[0].message.text;
        assert!(text.starts_with("only 2 of 3 results"), "{text}");
        assert!(build_notifications(&report, 3).is_empty());
    }
}
