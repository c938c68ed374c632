//! The SARIF objects that portal-lint writes, named as in the standard (SARIF 2.1.0, sections 3.13 to 3.57), with the prefix
//! `Sarif`. Plain data: the other modules of this folder fill it in.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::diagnostic::{Applicability, Severity};

#[derive(Serialize)]
pub(super) struct SarifLog<'r> {
    #[serde(rename = "$schema")]
    pub schema: &'static str,
    pub version: &'static str,
    pub runs: [SarifRun<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifRun<'r> {
    pub tool: SarifTool,
    pub invocations: [SarifInvocation; 1],
    pub original_uri_base_ids: BTreeMap<&'static str, SarifUriBase>,
    pub newline_sequences: [&'static str; 3],
    pub column_kind: &'static str,
    pub results: Vec<SarifResult<'r>>,
}

#[derive(Serialize)]
pub(super) struct SarifTool {
    pub driver: SarifToolComponent,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifToolComponent {
    pub name: &'static str,
    pub version: &'static str,
    pub semantic_version: &'static str,
    pub information_uri: &'static str,
    pub rules: Vec<SarifReportingDescriptor>,
}

impl SarifToolComponent {
    /// Describes portal-lint with the rules that the results refer to.
    pub(super) fn with_rules(rules: Vec<SarifReportingDescriptor>) -> Self {
        Self {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            semantic_version: env!("CARGO_PKG_VERSION"),
            information_uri: env!("CARGO_PKG_REPOSITORY"),
            rules,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifReportingDescriptor {
    pub id: String,
    pub name: String,
    pub short_description: SarifMessage,
    pub full_description: SarifMessage,
    pub help_uri: String,
    pub help: SarifMultiformatMessage,
    pub default_configuration: SarifReportingConfiguration,
    pub properties: SarifRuleProperties,
}

#[derive(Serialize)]
pub(super) struct SarifReportingConfiguration {
    pub level: &'static str,
}

#[derive(Serialize)]
pub(super) struct SarifRuleProperties {
    pub tags: Vec<String>,
    /// A property that GitHub code scanning reads. It is not part of the standard.
    #[serde(rename = "problem.severity")]
    pub severity: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifInvocation {
    pub execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool_execution_notifications: Vec<SarifNotification>,
}

#[derive(Serialize)]
pub(super) struct SarifNotification {
    pub level: &'static str,
    pub message: SarifMessage,
}

impl SarifNotification {
    pub(super) fn warning(text: String) -> Self {
        Self { level: "warning", message: SarifMessage::new(text) }
    }
}

#[derive(Serialize)]
pub(super) struct SarifUriBase {
    pub description: SarifMessage,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifResult<'r> {
    pub rule_id: String,
    pub rule_index: usize,
    pub level: &'static str,
    pub message: SarifMessage,
    pub locations: [SarifLocation<'r>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_locations: Vec<SarifLocation<'r>>,
    pub partial_fingerprints: BTreeMap<&'static str, String>,
    /// Written even if it is empty: section 3.27.23 requires the property in all results of a run or in none.
    pub suppressions: Vec<SarifSuppression<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<SarifFix<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifLocation<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<usize>,
    pub physical_location: SarifPhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logical_locations: Vec<SarifLogicalLocation<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<SarifMessage>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifPhysicalLocation {
    pub artifact_location: SarifArtifactLocation,
    pub region: SarifRegion,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifLogicalLocation<'r> {
    pub fully_qualified_name: &'r str,
    pub kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifArtifactLocation {
    pub uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri_base_id: Option<&'static str>,
}

/// Lines and columns count from 1. The end column is one past the last character (section 3.30).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifRegion {
    pub start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct SarifSuppression<'r> {
    pub kind: &'static str,
    pub status: &'static str,
    pub justification: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<SarifLocation<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifFix<'r> {
    pub description: SarifMessage,
    pub artifact_changes: [SarifArtifactChange<'r>; 1],
    pub properties: SarifFixProperties,
}

#[derive(Serialize)]
pub(super) struct SarifFixProperties {
    pub applicability: Applicability,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifArtifactChange<'r> {
    pub artifact_location: SarifArtifactLocation,
    pub replacements: Vec<SarifReplacement<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifReplacement<'r> {
    pub deleted_region: SarifRegion,
    pub inserted_content: SarifArtifactContent<'r>,
}

#[derive(Serialize)]
pub(super) struct SarifArtifactContent<'r> {
    pub text: &'r str,
}

#[derive(Serialize)]
pub(super) struct SarifMessage {
    pub text: String,
}

impl SarifMessage {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

#[derive(Serialize)]
pub(super) struct SarifMultiformatMessage {
    pub text: String,
    pub markdown: String,
}

/// The level of a severity.
pub(super) fn sarif_level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}
