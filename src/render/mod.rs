//! The report as bytes: one format a file. Renderers decide how things look and nothing else.

mod checkstyle;
pub(crate) mod concise;
pub mod diff;
mod fingerprint;
pub(crate) mod fix_summary;
mod github;
mod gitlab;
pub(crate) mod human;
pub(crate) mod json;
mod junit;
mod markdown;
pub(crate) mod markdown_terminal;
pub mod preflight;
mod rdjson;
mod sarif;
mod snippet;
pub(crate) mod statistics;
pub(crate) mod unverified;
pub mod uri;
mod xml;

use std::io::{self, Write};

use crate::base::diagnostic::{Code, Diagnostic, Severity};
use crate::base::sanitize::sanitize;
use crate::engine::report::Report;

/// Where a report can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Colours may be used.
    pub color: bool,
    /// Columns.
    pub width: usize,
}

/// A format of `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: the source with what is wrong underlined.
    Human,
    /// One line a finding: `path:line:col: severity[CODE] message`.
    Concise,
    /// One JSON object; its schema is `portal-lint schema report`.
    Json,
    /// One JSON object a finding, then the summary.
    Jsonl,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// Code Quality report of GitLab.
    Gitlab,
    /// `JUnit` XML.
    Junit,
    /// Checkstyle XML.
    Checkstyle,
    /// For reviewdog.
    Rdjson,
    /// Tables for a comment on a pull request.
    Markdown,
}

/// Writes the report in a format, errors being what fails the run.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn render(report: &Report, format: Format, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    render_failing_on(Severity::Error, report, format, screen, out)
}

/// Writes the report in a format; `fail_on` is the least severity that fails the run, for the formats that show that.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn render_failing_on(
    fail_on: Severity,
    report: &Report,
    format: Format,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => human::render(report, screen, out),
        Format::Concise => concise::render(report, out),
        Format::Json => json::render(report, out),
        Format::Jsonl => json::render_lines(report, out),
        Format::Sarif => sarif::render(report, out),
        Format::Github => github::render(report, out),
        Format::Gitlab => gitlab::render(report, out),
        Format::Junit => junit::render(report, fail_on, out),
        Format::Checkstyle => checkstyle::render(report, out),
        Format::Rdjson => rdjson::render(report, out),
        Format::Markdown => markdown::render(report, out),
    }
}

/// What is wrong and what to do about it, for formats with room for one text.
fn advised(diagnostic: &Diagnostic) -> String {
    sanitize(&format!("{}. Help: {}", diagnostic.message, diagnostic.help))
}

/// Where a rule's page can be read in a browser.
pub fn url(code: Code) -> String {
    format!("{}/blob/main/rules/{code}.md", env!("CARGO_PKG_REPOSITORY"))
}
