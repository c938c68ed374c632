//! A finding as a result of SARIF: where, what, who allowed it, and how to mend it.

use std::collections::BTreeMap;

use super::BASE;
use super::model::{
    Artifact, Change, Content, Fix, FixProperties, Kind, Location, Logical, Message, Physical, Region, Replacement,
    Result, Suppression,
};
use crate::base::diagnostic;
use crate::base::diagnostic::{Allowed, Diagnostic, Label};
use crate::base::sanitize::sanitize;
use crate::base::source::{Position, Source, Span};
use crate::engine::report::Report;
use crate::render::{advised, uri};

/// The name of our fingerprint. `primaryLocationLineHash` is not ours to make: GitHub computes it.
const FINGERPRINT: &str = "portalLint/v1";

/// The one way from a diagnostic to a result.
pub(super) fn of<'r>(
    report: &Report,
    diagnostic: &'r Diagnostic,
    rule_index: usize,
    fingerprint: String,
) -> Result<'r> {
    let file = &report.files[diagnostic.file];
    let logical = Logical { fully_qualified_name: &diagnostic.pointer, kind: "property" };
    let fix = diagnostic.fix.as_ref().zip(file.source.as_deref());
    let labels = diagnostic.labels.iter().enumerate();
    Result {
        rule_id: diagnostic.code.to_string(),
        rule_index,
        level: diagnostic.severity.into(),
        message: Message::of(words(&advised(diagnostic))),
        locations: [Location {
            id: None,
            physical_location: Physical { artifact_location: artifact(&file.name), region: region(diagnostic.region) },
            // The whole body has no name.
            logical_locations: if diagnostic.pointer.is_empty() { Vec::new() } else { vec![logical] },
            message: None,
        }],
        related_locations: labels.map(|(index, label)| related(report, label, index)).collect(),
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, fingerprint)]),
        suppressions: diagnostic.allowed.iter().map(|allowed| suppression(allowed, &file.name)).collect(),
        fixes: fix.and_then(|(fix, source)| mending(fix, source)).into_iter().collect(),
    }
}

/// A message without links: `[…](…)` is one, and would be made of what stands in a file.
pub(super) fn words(text: &str) -> String {
    sanitize(text).replace("](", "] (")
}

fn related<'r>(report: &Report, label: &Label, index: usize) -> Location<'r> {
    let artifact_location = artifact(&report.files[label.file].name);
    Location {
        id: Some(index + 1),
        physical_location: Physical { artifact_location, region: region(label.region) },
        logical_locations: Vec::new(),
        message: Some(Message::of(words(&label.message))),
    }
}

fn artifact(name: &str) -> Artifact {
    Artifact { uri: uri::of_path(name), uri_base_id: uri::is_below(name).then_some(BASE) }
}

fn region(region: diagnostic::LineRange) -> Region {
    let one = |number: u32| number.max(1);
    Region {
        start_line: one(region.start.line),
        start_column: Some(one(region.start.column)),
        end_line: Some(one(region.end.line)),
        end_column: Some(one(region.end.column)),
    }
}

/// A decision; one in a comment stands in the file itself.
fn suppression<'r>(allowed: &Allowed, file: &str) -> Suppression<'r> {
    let (home, line) = allowed.source.rsplit_once(':').unwrap_or((&allowed.source, ""));
    let region = |start_line| Region { start_line, start_column: None, end_line: None, end_column: None };
    let place = |line| Physical { artifact_location: artifact(home), region: region(line) };
    let until = allowed.until.as_deref().map(|day| format!(" (until {day})")).unwrap_or_default();
    Suppression {
        kind: if home == file { Kind::InSource } else { Kind::External },
        status: "accepted",
        justification: format!("{}{until}", allowed.reason),
        location: line.parse().ok().map(|line| Location {
            id: None,
            physical_location: place(line),
            logical_locations: Vec::new(),
            message: None,
        }),
    }
}

/// The edits; none where a secret is covered in them, for they would write asterisks in its place.
fn mending<'r>(fix: &'r diagnostic::Fix, source: &Source) -> Option<Fix<'r>> {
    let replacement = |edit: &'r diagnostic::Edit| Replacement {
        deleted_region: deleted(source, edit.span),
        inserted_content: Content { text: &edit.replacement },
    };
    (!fix.covered).then(|| Fix {
        description: Message::of(words(&fix.message)),
        artifact_changes: [Change {
            artifact_location: artifact(source.name()),
            replacements: fix.edits.iter().map(replacement).collect(),
        }],
        properties: FixProperties { applicability: fix.applicability },
    })
}

fn deleted(source: &Source, span: Span) -> Region {
    let position = |offset| -> Position { source.position(offset) };
    region(diagnostic::LineRange { start: position(span.start), end: position(span.end) })
}
