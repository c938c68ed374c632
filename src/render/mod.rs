//! Writes a [`Report`] in each output format. A renderer decides how the report looks; it computes no findings and no
//! severities.
//!
//! Every text that comes from a user's file passes through [`sanitize`] or the escaping of its format before it is written.

mod agent;
mod changed_values;
mod checkstyle;
mod code_spans;
pub(crate) mod concise;
pub mod diff;
mod fingerprint;
pub(crate) mod fix_summary;
mod github;
mod gitlab;
mod html_page;
pub(crate) mod human;
pub(crate) mod json;
mod json_text;
mod junit;
mod markdown;
pub(crate) mod markdown_terminal;
mod markdown_text;
pub mod matrix;
pub mod plan;
pub mod preflight;
pub mod preview;
mod rdjson;
mod sarif;
mod snippet;
pub(crate) mod statistics;
mod text_writer;
pub(crate) mod unverified;
pub mod uri;
mod wrapping;
mod xml;

use std::io::{self, Write};

use crate::base::diagnostic::{Code, Diagnostic, Severity};
use crate::base::sanitize::sanitize;
use crate::engine::report::{Report, Summary};
use crate::rules::wording::pluralize;

/// The properties of the terminal, or of the file that the output is redirected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Whether to write ANSI colors.
    pub color: bool,
    /// Width in columns.
    pub width: usize,
}

/// The value of `check --format`. The comments on the variants are also the help texts of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportFormat {
    /// For people: each finding with the source underlined.
    Human,
    /// One line per finding: `path:line:col: severity[CODE] message`.
    Concise,
    /// One JSON object; schema: `portal-lint schema report`.
    Json,
    /// One JSON object per finding, then the summary.
    Jsonl,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub Actions workflow commands.
    Github,
    /// GitLab Code Quality report.
    Gitlab,
    /// JUnit XML.
    Junit,
    /// Checkstyle XML.
    Checkstyle,
    /// For reviewdog.
    Rdjson,
    /// Tables for a comment on a pull request.
    Markdown,
    /// For AI agents: `concise` with a second line that says what to do.
    Agent,
}

/// Writes a report. Where a format shows whether the run failed, only errors fail it.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn render(report: &Report, format: ReportFormat, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    render_failing_on(Severity::Error, report, format, screen, out)
}

/// Writes a report. `fail_on` is the lowest severity that fails the run; only [`ReportFormat::Junit`] shows it.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn render_failing_on(
    fail_on: Severity,
    report: &Report,
    format: ReportFormat,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        ReportFormat::Human => human::render(report, screen, out),
        ReportFormat::Concise => concise::render(report, out),
        ReportFormat::Json => json::render(report, out),
        ReportFormat::Jsonl => json::render_lines(report, out),
        ReportFormat::Sarif => sarif::render(report, out),
        ReportFormat::Github => github::render(report, out),
        ReportFormat::Gitlab => gitlab::render(report, out),
        ReportFormat::Junit => junit::render(report, fail_on, out),
        ReportFormat::Checkstyle => checkstyle::render(report, out),
        ReportFormat::Rdjson => rdjson::render(report, out),
        ReportFormat::Markdown => markdown::render(report, out),
        ReportFormat::Agent => agent::render(report, out),
    }
}

/// The message and the help of a finding in one text, for formats with a single message field.
fn message_with_help(diagnostic: &Diagnostic) -> String {
    sanitize(&format!("{}. Help: {}", diagnostic.message, diagnostic.help))
}

/// `path:line:column` of a finding. The path is not sanitized.
pub(crate) fn format_location(report: &Report, diagnostic: &Diagnostic) -> String {
    format!("{}:{}", report.file(diagnostic.file).name, diagnostic.region.start)
}

/// `line:column` of a finding in `portal_file`, or `path:line:column` in another file.
fn format_short_location(report: &Report, diagnostic: &Diagnostic, portal_file: Option<&str>) -> String {
    if portal_file == Some(&report.file(diagnostic.file).name) {
        diagnostic.region.start.to_string()
    } else {
        format_location(report, diagnostic)
    }
}

/// The labels of a finding that point into other files, as `message: path:line:column`.
fn format_labels_in_other_files(report: &Report, diagnostic: &Diagnostic) -> Vec<String> {
    let mut lines = Vec::new();
    for label in &diagnostic.labels {
        // Preflight formats show no snippets, so a label in the same file would not add anything.
        if label.file == diagnostic.file {
            continue;
        }
        lines.push(format!("{}: {}:{}", label.message, report.file(label.file).name, label.region.start));
    }
    lines
}

/// "2 errors, 1 warning, 3 pieces of advice".
fn format_counts(summary: &Summary) -> String {
    let mut counts = Vec::new();
    if summary.errors > 0 {
        counts.push(pluralize(summary.errors, "error"));
    }
    if summary.warnings > 0 {
        counts.push(pluralize(summary.warnings, "warning"));
    }
    match summary.advice {
        0 => {}
        1 => counts.push("1 piece of advice".to_owned()),
        advice => counts.push(format!("{advice} pieces of advice")),
    }
    if counts.is_empty() { "no problems found".into() } else { counts.join(", ") }
}

/// The URL of a rule's page in the repository.
pub fn rule_page_url(code: Code) -> String {
    format!("{}/blob/main/rules/{code}.md", env!("CARGO_PKG_REPOSITORY"))
}
