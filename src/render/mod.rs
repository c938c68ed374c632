//! The report as bytes: one format a file. Renderers decide how things look and nothing else.

pub mod concise;
pub mod diff;
mod excerpt;
pub mod fixes;
pub mod human;
pub mod json;
pub mod page;
pub mod preflight;
pub mod statistics;

use std::io::{self, Write};

use crate::diagnostic::Code;
use crate::report::Report;

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
}

/// Writes the report in a format.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn render(report: &Report, format: Format, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human::render(report, screen, out),
        Format::Concise => concise::render(report, out),
        Format::Json => json::render(report, out),
        Format::Jsonl => json::render_lines(report, out),
    }
}

/// Where a rule's page can be read in a browser.
pub fn url(code: Code) -> String {
    format!("{}/blob/main/rules/{code}.md", env!("CARGO_PKG_REPOSITORY"))
}

/// Text on one line that moves no cursor: control and direction characters are replaced, one for one.
pub fn plain(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// A character that stays where it is put.
fn visible(character: char) -> char {
    let turns = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if turns || character.is_control() { char::REPLACEMENT_CHARACTER } else { character }
}
