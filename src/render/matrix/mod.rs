//! Writes a matrix in each output format.

mod html;
mod human;
mod json;
mod markdown;
mod wording;

use std::io::{self, Write};

use super::Screen;
use crate::matrix::Matrix;

/// The value of `matrix --format`. The comments on the variants are also the help texts of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum MatrixFormat {
    /// For people: a grid or, if it is too wide, the portals of each object.
    Human,
    /// One JSON object; schema: `portal-lint schema matrix`.
    Json,
    /// Tables for a pull request or a ticket.
    Markdown,
    /// One self-contained page to read or print.
    Html,
}

/// Writes the matrix.
///
/// # Errors
///
/// If writing to `out` fails.
pub fn render(matrix: &Matrix<'_>, format: MatrixFormat, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    match format {
        MatrixFormat::Human => human::render(matrix, screen, out),
        MatrixFormat::Json => json::render(matrix, out),
        MatrixFormat::Markdown => markdown::render(matrix, out),
        MatrixFormat::Html => html::render(matrix, out),
    }
}
