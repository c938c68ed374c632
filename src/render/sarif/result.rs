//! Converts a diagnostic to a SARIF `result`.

use std::collections::BTreeMap;

use super::SOURCE_ROOT;
use super::model::{
    SarifArtifactChange, SarifArtifactContent, SarifArtifactLocation, SarifFix, SarifFixProperties, SarifLocation,
    SarifLogicalLocation, SarifMessage, SarifPhysicalLocation, SarifRegion, SarifReplacement, SarifResult,
    SarifSuppression, sarif_level,
};
use crate::base::diagnostic::{Allowed, Diagnostic, Fix, Label, LineRange};
use crate::base::sanitize::sanitize;
use crate::base::source::Source;
use crate::engine::report::Report;
use crate::render::{message_with_help, uri};

/// The name of the fingerprint, with the version of its algorithm. GitHub computes `primaryLocationLineHash` itself.
const FINGERPRINT_NAME: &str = "portalLint/v1";

/// Converts a diagnostic. `rule_index` is the index of its rule in the descriptors of the run.
pub(super) fn convert_diagnostic<'r>(
    report: &Report,
    diagnostic: &'r Diagnostic,
    rule_index: usize,
    fingerprint: String,
) -> SarifResult<'r> {
    let file = report.file(diagnostic.file);
    let fix = match (&diagnostic.fix, file.source.as_deref()) {
        (Some(fix), Some(source)) => convert_fix(fix, source),
        _ => None,
    };
    let labels = diagnostic.labels.iter().enumerate();
    SarifResult {
        rule_id: diagnostic.code.to_string(),
        rule_index,
        level: sarif_level(diagnostic.severity),
        message: SarifMessage::new(escape_links(&message_with_help(diagnostic))),
        locations: [primary_location(&file.name, diagnostic)],
        related_locations: labels.map(|(index, label)| related_location(report, label, index)).collect(),
        partial_fingerprints: BTreeMap::from([(FINGERPRINT_NAME, fingerprint)]),
        suppressions: diagnostic.allowed.iter().map(|allowed| convert_suppression(allowed, &file.name)).collect(),
        fixes: fix.into_iter().collect(),
    }
}

/// Sanitizes a message and breaks up links.
pub(super) fn escape_links(text: &str) -> String {
    // Section 3.11.6: in a message, `[text](target)` is a link, so text from a user's file could create one.
    sanitize(text).replace("](", "] (")
}

fn primary_location<'r>(file: &str, diagnostic: &'r Diagnostic) -> SarifLocation<'r> {
    let mut logical_locations = Vec::new();
    // The pointer of the whole document is empty, and a logical location needs a name.
    if !diagnostic.pointer.is_empty() {
        logical_locations.push(SarifLogicalLocation { fully_qualified_name: &diagnostic.pointer, kind: "property" });
    }
    SarifLocation { logical_locations, ..location(file, convert_region(diagnostic.region)) }
}

fn related_location<'r>(report: &Report, label: &Label, index: usize) -> SarifLocation<'r> {
    SarifLocation {
        id: Some(index + 1),
        message: Some(SarifMessage::new(escape_links(&label.message))),
        ..location(&report.file(label.file).name, convert_region(label.region))
    }
}

fn location<'r>(file: &str, region: SarifRegion) -> SarifLocation<'r> {
    SarifLocation {
        id: None,
        physical_location: SarifPhysicalLocation { artifact_location: artifact_location(file), region },
        logical_locations: Vec::new(),
        message: None,
    }
}

fn artifact_location(path: &str) -> SarifArtifactLocation {
    // A path outside the current directory has no place below the source root.
    let uri_base_id = uri::is_below_current_dir(path).then_some(SOURCE_ROOT);
    SarifArtifactLocation { uri: uri::path_to_uri(path), uri_base_id }
}

fn convert_region(LineRange { start, end }: LineRange) -> SarifRegion {
    SarifRegion {
        start_line: start.line,
        start_column: Some(start.column),
        end_line: Some(end.line),
        end_column: Some(end.column),
    }
}

/// Converts the suppression of a finding in `file`.
fn convert_suppression<'r>(allowed: &Allowed, file: &str) -> SarifSuppression<'r> {
    // The source is `path:line`, or a path alone.
    let (path, line) = allowed.source.rsplit_once(':').unwrap_or((&allowed.source, ""));
    let location = line.parse().ok().map(|start_line| {
        location(path, SarifRegion { start_line, start_column: None, end_line: None, end_column: None })
    });
    let until = allowed.until.as_ref().map(|day| format!(" (until {day})")).unwrap_or_default();
    SarifSuppression {
        // A comment in the file itself is `inSource`; an entry in the settings is `external`.
        kind: if path == file { "inSource" } else { "external" },
        status: "accepted",
        justification: format!("{}{until}", allowed.reason),
        location,
    }
}

fn convert_fix<'r>(fix: &'r Fix, source: &Source) -> Option<SarifFix<'r>> {
    // Applying the fix would write the asterisks of a masked secret into the file.
    if fix.masked {
        return None;
    }
    let mut replacements = Vec::with_capacity(fix.edits.len());
    for edit in &fix.edits {
        replacements.push(SarifReplacement {
            deleted_region: convert_region(LineRange::new(source, edit.span)),
            inserted_content: SarifArtifactContent { text: &edit.replacement },
        });
    }
    Some(SarifFix {
        description: SarifMessage::new(escape_links(&fix.message)),
        artifact_changes: [SarifArtifactChange { artifact_location: artifact_location(source.name()), replacements }],
        properties: SarifFixProperties { applicability: fix.applicability },
    })
}
