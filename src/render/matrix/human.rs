//! The matrix for a terminal: the portals with their numbers, the rows, and the questions of the guide. The rows are a grid if that
//! fits the screen; otherwise each row lists the numbers of its portals.

use std::io::{self, Write};

use anstyle::{Effects, Style};

use super::wording::{
    FINDINGS_HEADING, LEGEND, describe_finding, describe_portal, group_heading, group_note, heading, label, mark,
    name_of, note, numbers,
};
use crate::base::sanitize::sanitize;
use crate::matrix::{AccountMatrix, Group, Matrix};
use crate::render::Screen;
use crate::render::wrapping::{display_width, wrap_words};

const PLAIN: Style = Style::new();
const BOLD: Style = Style::new().effects(Effects::BOLD);
const DIMMED: Style = Style::new().effects(Effects::DIMMED);
/// Columns of a number or mark of a portal.
const CELL: usize = 4;
/// Columns of the longest usual note.
const NOTE: usize = 26;

/// Writes the matrices.
pub(super) fn render(matrix: &Matrix<'_>, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut renderer = HumanMatrix { screen, out };
    if !matrix.findings.is_empty() {
        renderer.write(0, BOLD, FINDINGS_HEADING)?;
        for finding in &matrix.findings {
            renderer.write(2, PLAIN, &describe_finding(matrix, finding))?;
        }
        writeln!(renderer.out)?;
    }
    for (index, account) in matrix.accounts.iter().enumerate() {
        if index > 0 {
            writeln!(renderer.out)?;
        }
        renderer.write_account(account)?;
    }
    Ok(())
}

struct HumanMatrix<'o> {
    screen: Screen,
    out: &'o mut dyn Write,
}

impl HumanMatrix<'_> {
    fn write_account(&mut self, account: &AccountMatrix<'_>) -> io::Result<()> {
        self.write(0, BOLD, &heading(account))?;
        for (index, portal) in account.portals.iter().enumerate() {
            let text = format!("{:>3}  {}: {}", index + 1, name_of(portal), describe_portal(portal));
            self.write(0, PLAIN, &text)?;
        }
        let label_width = account.groups.iter().map(max_label_width).max().unwrap_or_default();
        let grid_width = 2 + label_width + CELL * account.portals.len() + 2 + NOTE;
        let label_width = (grid_width <= self.screen.width).then_some(label_width);
        for group in &account.groups {
            writeln!(self.out)?;
            self.write_group(account, group, label_width)?;
        }
        if label_width.is_some() {
            writeln!(self.out)?;
            self.write(0, DIMMED, LEGEND)?;
        }
        if !account.answers.is_empty() {
            writeln!(self.out)?;
            self.write(0, BOLD, "Questions of the guide")?;
        }
        for answer in &account.answers {
            self.write(2, PLAIN, answer.question)?;
            self.write(4, DIMMED, &answer.answer)?;
        }
        Ok(())
    }

    /// Writes the rows of a group: with the width of the labels as a grid, otherwise as lists.
    fn write_group(
        &mut self,
        account: &AccountMatrix<'_>,
        group: &Group,
        label_width: Option<usize>,
    ) -> io::Result<()> {
        let mut heading = group_heading(group.subjects).to_owned();
        if let Some(width) = label_width.filter(|_| !group.rows.is_empty()) {
            heading.push_str(&" ".repeat((width + 2).saturating_sub(display_width(&heading))));
            heading.extend((1..=account.portals.len()).map(|number| format!("{number:>CELL$}")));
        }
        self.write_line(BOLD, &heading)?;
        for row in &group.rows {
            let (name, note) = (sanitize(&label(group.subjects, row)), note(group.subjects, row));
            let Some(width) = label_width else {
                let parts = [numbers(row), note].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
                self.write(2, PLAIN, &format!("{name}: {}", parts.join("; ")))?;
                continue;
            };
            let mut line = format!("  {name}{}", " ".repeat(width - display_width(&name)));
            for portal in 0..account.portals.len() {
                let mark = mark(account, group.subjects, row, portal);
                line.extend([format!("{:>CELL$}", if mark.is_empty() { "." } else { mark })]);
            }
            line.extend(["  ", &note]);
            self.write_line(PLAIN, line.trim_end())?;
        }
        group_note(group).map_or(Ok(()), |note| self.write(2, DIMMED, note))
    }

    /// Writes a text with an indent, wrapped to the rest of the screen.
    fn write(&mut self, indent: usize, style: Style, text: &str) -> io::Result<()> {
        for line in wrap_words(&sanitize(text), self.screen.width.saturating_sub(indent)) {
            self.write_line(style, &format!("{:indent$}{line}", ""))?;
        }
        Ok(())
    }

    fn write_line(&mut self, style: Style, line: &str) -> io::Result<()> {
        if self.screen.color { writeln!(self.out, "{style}{line}{style:#}") } else { writeln!(self.out, "{line}") }
    }
}

fn max_label_width(group: &Group) -> usize {
    group.rows.iter().map(|row| display_width(&sanitize(&label(group.subjects, row)))).max().unwrap_or_default()
}
