//! Writes the preflight report in each output format. [`sections`] sorts the results for the formats that people read.

mod html;
mod human;
mod json;
mod markdown;
mod sections;
mod unverified;

use std::io::{self, Write};

pub(crate) use human::render_problems;

use super::Screen;
use crate::preflight::Preflight;

/// The value of `preflight --format`. The comments on the variants are also the help texts of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum PreflightFormat {
    /// For people: errors, warnings, and what is unverified.
    Human,
    /// One JSON object; schema: `portal-lint schema preflight`.
    Json,
    /// Tables for a pull request or a ticket.
    Markdown,
    /// One self-contained page to read or print.
    Html,
}

/// Writes the preflight report.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn render(
    preflight: &Preflight<'_>,
    format: PreflightFormat,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        PreflightFormat::Human => human::render(preflight, screen, out),
        PreflightFormat::Json => json::render(preflight, out),
        PreflightFormat::Markdown => markdown::render(preflight, out),
        PreflightFormat::Html => html::render(preflight, out),
    }
}
