//! The terminal: its width, and whether an output has colors.

use std::io;

use super::args::Color;
use crate::render::Screen;

/// The output that something is printed to.
#[derive(Clone, Copy)]
pub(super) enum Target {
    Stdout,
    Stderr,
}

/// The width of the terminal, and whether standard output has colors.
pub(super) fn screen(color: Color) -> Screen {
    screen_of(color, Target::Stdout)
}

/// The width of the terminal, and whether one of the outputs has colors.
pub(super) fn screen_of(color: Color, target: Target) -> Screen {
    /// Used when the output is not a terminal.
    const DEFAULT_WIDTH: usize = 100;
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let choice = match target {
                Target::Stdout => anstream::AutoStream::choice(&io::stdout()),
                Target::Stderr => anstream::AutoStream::choice(&io::stderr()),
            };
            choice != anstream::ColorChoice::Never
        }
    };
    let width = terminal_size::terminal_size().map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0));
    Screen { color, width: width.clamp(40, 120) }
}
