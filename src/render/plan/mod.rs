//! Writes a plan in each output format.

mod html;
mod human;
mod json;
mod markdown;
mod wording;

use std::io::{self, Write};

pub(crate) use human::render_requests;

use super::Screen;
use crate::plan::Plan;

/// The value of `plan --format`. The comments on the variants are also the help texts of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum PlanFormat {
    /// For people: each portal with its changes and what they mean.
    Human,
    /// One JSON object with the bodies of the requests; schema: `portal-lint schema plan`.
    Json,
    /// Tables for a pull request or a ticket.
    Markdown,
    /// One self-contained page to read or print.
    Html,
}

/// Writes the plan.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn render(plan: &Plan<'_>, format: PlanFormat, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    match format {
        PlanFormat::Human => human::render(plan, screen, out),
        PlanFormat::Json => json::render(plan, out),
        PlanFormat::Markdown => markdown::render(plan, out),
        PlanFormat::Html => html::render(plan, out),
    }
}
