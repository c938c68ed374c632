//! SARIF 2.1.0 (OASIS), as GitHub's code scanning and other services take it in.
//!
//! Here is what the run is and which results it has; the objects of the format are in [`model`], a result in [`result`],
//! a rule's texts in [`descriptor`]. No path of the machine is in it: files are relative to a base that whoever reads it
//! knows.

mod descriptor;
mod model;
mod result;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use model::{
    Base, ColumnKind, Component, Descriptor, Invocation, Level, Log, Message, Notification, Result as Found, Run, Tool,
};

use super::fingerprint::fingerprints;
use crate::base::diagnostic::{Code, Diagnostic};
use crate::engine::report::{File, Report};
use crate::rules::context::{QueryStatus, Unverified};
use crate::rules::wording::count;

/// What code scanning takes of one run.
const MAX_RESULTS: usize = 25_000;
/// Stands for the folder that the program ran in; the name is the one GitHub knows.
const BASE: &str = "%SRCROOT%";
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes one log with one run.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &log(report, MAX_RESULTS))?;
    writeln!(out)
}

fn log(report: &Report, most: usize) -> Log<'_> {
    let shown = worst(&report.diagnostics, most);
    let codes: BTreeSet<Code> = shown.iter().map(|(_, diagnostic)| diagnostic.code).collect();
    let index: BTreeMap<Code, usize> = codes.iter().enumerate().map(|(index, code)| (*code, index)).collect();
    let mut fingerprints = fingerprints(report);
    let results: Vec<Found<'_>> = shown
        .into_iter()
        .map(|(at, one)| result::of(report, one, index[&one.code], std::mem::take(&mut fingerprints[at])))
        .collect();
    let rules: Vec<Descriptor> = codes.into_iter().filter_map(descriptor::of).collect();
    Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver: Component::of(rules) },
            invocations: [Invocation {
                execution_successful: !report.incomplete && report.summary.files > 0,
                tool_execution_notifications: notifications(report, results.len()),
            }],
            original_uri_base_ids: BTreeMap::from([(
                BASE,
                Base { description: Message::of("the folder that portal-lint ran in") },
            )]),
            // A lone carriage return ends a line as well.
            newline_sequences: ["\r\n", "\n", "\r"],
            column_kind: ColumnKind::UnicodeCodePoints,
            results,
        }],
    }
}

/// The findings in their order, with their place among all; of too many the ones that matter most.
fn worst(diagnostics: &[Diagnostic], most: usize) -> Vec<(usize, &Diagnostic)> {
    let mut all: Vec<(usize, &Diagnostic)> = diagnostics.iter().enumerate().collect();
    if all.len() > most {
        all.sort_by_key(|(_, one)| (one.allowed.is_some(), std::cmp::Reverse(one.severity)));
        all.truncate(most);
        all.sort_by_key(|(at, _)| *at);
    }
    all
}

/// What the reader is to know beside the results.
fn notifications(report: &Report, shown: usize) -> Vec<Notification> {
    let mut notifications = Vec::new();
    let all = report.diagnostics.len();
    if shown < all {
        let text =
            format!("only {shown} of {all} results are in this log: the errors first, then warnings, then advice");
        notifications.push(Notification { level: Level::Warning, message: Message::of(text) });
    }
    let open = || report.unverified().filter(|(_, open)| open.asked != QueryStatus::NoAnswer);
    let codes: BTreeSet<String> = open().map(|(_, open)| open.code.to_string()).collect();
    if !codes.is_empty() {
        let codes: Vec<String> = codes.into_iter().collect();
        let number = count(open().count(), "check");
        let text = format!("not decided: {number} that only the account can answer ({})", codes.join(", "));
        notifications.push(Notification { level: Level::Note, message: Message::of(text) });
    }
    notifications.extend(not_completed(report));
    notifications
}

/// Each check that was not completed, with the reason; of too many the first ones and the number of the others.
fn not_completed(report: &Report) -> impl Iterator<Item = Notification> {
    const SHOWN: usize = 100;
    let text = |file: &File, open: &Unverified| {
        let text = format!("not completed: {} in {}: {}", open.code, file.name, open.reason());
        result::words(&text)
    };
    let more = report.summary.unanswered.checked_sub(SHOWN).filter(|more| *more > 0);
    let more = more.map(|more| format!("not completed: {more} more"));
    let texts = report.not_completed().take(SHOWN).map(move |(file, open)| text(file, open)).chain(more);
    texts.map(|text| Notification { level: Level::Warning, message: Message::of(text) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::diagnostic::{LineRange, Severity};
    use crate::base::source::Position;

    fn diagnostic(severity: Severity) -> Diagnostic {
        let start = Position { offset: 0, line: 1, column: 1 };
        Diagnostic {
            code: Code(1),
            severity,
            file: 0,
            document: 0,
            pointer: String::new(),
            region: LineRange { start, end: start },
            message: String::new(),
            label: None,
            help: String::new(),
            labels: Vec::new(),
            fix: None,
            more: 0,
            allowed: None,
        }
    }

    #[test]
    fn of_too_many_the_errors_are_kept_in_their_order() {
        let all = [Severity::Advice, Severity::Error, Severity::Warning, Severity::Error].map(diagnostic);
        let kept = |most| worst(&all, most).into_iter().map(|(at, _)| at).collect::<Vec<_>>();
        assert_eq!(kept(4), [0, 1, 2, 3]);
        assert_eq!(kept(3), [1, 2, 3]);
        assert_eq!(kept(2), [1, 3]);
    }

    #[test]
    fn that_results_are_missing_is_said() {
        let report = Report { diagnostics: vec![diagnostic(Severity::Error); 3], ..Report::default() };
        let said = notifications(&report, 2);
        assert_eq!(said.len(), 1);
        assert!(said[0].message.text.starts_with("only 2 of 3 results"), "{}", said[0].message.text);
        assert!(notifications(&report, 3).is_empty());
    }
}
