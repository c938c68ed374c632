//! Writes styled text to a terminal, wrapped to its width.

use std::io::{self, Write};

use anstyle::{Effects, Style};

use crate::base::sanitize::sanitize;
use crate::render::Screen;
use crate::render::wrapping::wrap_words;

pub(super) const PLAIN: Style = Style::new();
pub(super) const BOLD: Style = Style::new().effects(Effects::BOLD);
pub(super) const DIMMED: Style = Style::new().effects(Effects::DIMMED);

/// See the module documentation.
pub(super) struct TextWriter<'o> {
    pub screen: Screen,
    pub out: &'o mut dyn Write,
}

impl TextWriter<'_> {
    /// Writes a text with an indent, wrapped to the rest of the screen.
    pub(super) fn write_text(&mut self, indent: usize, style: Style, text: &str) -> io::Result<()> {
        for line in self.wrap(text, indent) {
            writeln!(self.out, "{:indent$}{}", "", self.paint(style, &line))?;
        }
        Ok(())
    }

    /// Sanitizes a text and wraps it to the columns that an indent leaves on the screen.
    pub(super) fn wrap(&self, text: &str, indent: usize) -> Vec<String> {
        wrap_words(&sanitize(text), self.screen.width.saturating_sub(indent))
    }

    /// Adds the escape sequences of a style, if the screen has color.
    pub(super) fn paint(&self, style: Style, text: &str) -> String {
        if self.screen.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
