//! The matrix for a terminal: the portals with their numbers, the rows, and the questions of the guide. The rows are a grid if that
//! fits the screen; otherwise each row lists the numbers of its portals.

use std::io::{self, Write};

use super::wording::{
    FINDINGS_HEADING, LEGEND, account_heading, describe_finding, describe_portal, group_heading, group_note,
    portal_mark, portal_name, portal_numbers, row_label, row_note,
};
use crate::base::sanitize::sanitize;
use crate::matrix::{AccountMatrix, Group, Matrix};
use crate::render::Screen;
use crate::render::text_writer::{BOLD, DIMMED, PLAIN, TextWriter};
use crate::render::wrapping::display_width;

/// Columns of the number or the mark of a portal.
const MARK_WIDTH: usize = 4;
/// Columns of the longest usual note.
const NOTE_WIDTH: usize = 26;

/// Writes the matrices.
pub(super) fn render(matrix: &Matrix<'_>, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = TextWriter { screen, out };
    if !matrix.findings.is_empty() {
        writer.write_text(0, BOLD, FINDINGS_HEADING)?;
        for finding in &matrix.findings {
            writer.write_text(2, PLAIN, &describe_finding(matrix, finding))?;
        }
        writeln!(writer.out)?;
    }
    for (index, account) in matrix.accounts.iter().enumerate() {
        if index > 0 {
            writeln!(writer.out)?;
        }
        write_account(&mut writer, account)?;
    }
    Ok(())
}

fn write_account(writer: &mut TextWriter<'_>, account: &AccountMatrix<'_>) -> io::Result<()> {
    writer.write_text(0, BOLD, &account_heading(account))?;
    for (index, portal) in account.portals.iter().enumerate() {
        let text = format!("{:>3}  {}: {}", index + 1, portal_name(portal), describe_portal(portal));
        writer.write_text(0, PLAIN, &text)?;
    }
    let label_width = account.groups.iter().map(max_label_width).max().unwrap_or_default();
    let grid_width = 2 + label_width + MARK_WIDTH * account.portals.len() + 2 + NOTE_WIDTH;
    let is_grid = grid_width <= writer.screen.width;
    for group in &account.groups {
        writeln!(writer.out)?;
        if is_grid {
            write_grid(writer, account, group, label_width)?;
        } else {
            write_list(writer, group)?;
        }
        if let Some(note) = group_note(group) {
            writer.write_text(2, DIMMED, note)?;
        }
    }
    if is_grid {
        writeln!(writer.out)?;
        writer.write_text(0, DIMMED, LEGEND)?;
    }
    if !account.answers.is_empty() {
        writeln!(writer.out)?;
        writer.write_text(0, BOLD, "Questions of the guide")?;
    }
    for answer in &account.answers {
        writer.write_text(2, PLAIN, answer.question)?;
        writer.write_text(4, DIMMED, &answer.answer)?;
    }
    Ok(())
}

/// Writes the rows of a group with a column for each portal.
fn write_grid(
    writer: &mut TextWriter<'_>,
    account: &AccountMatrix<'_>,
    group: &Group,
    label_width: usize,
) -> io::Result<()> {
    let mut heading = group_heading(group.subjects).to_owned();
    if !group.rows.is_empty() {
        heading.push_str(&" ".repeat((label_width + 2).saturating_sub(display_width(&heading))));
        heading.extend((1..=account.portals.len()).map(|number| format!("{number:>MARK_WIDTH$}")));
    }
    writeln!(writer.out, "{}", writer.paint(BOLD, &heading))?;
    for row in &group.rows {
        let label = sanitize(&row_label(group.subjects, row));
        let mut line = format!("  {label}{}", " ".repeat(label_width - display_width(&label)));
        for portal in 0..account.portals.len() {
            let mark = portal_mark(account, group.subjects, row, portal);
            let mark = if mark.is_empty() { "." } else { mark };
            line.extend([format!("{mark:>MARK_WIDTH$}")]);
        }
        line.extend(["  ", &row_note(group.subjects, row)]);
        writeln!(writer.out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Writes the rows of a group, each with the numbers of its portals.
fn write_list(writer: &mut TextWriter<'_>, group: &Group) -> io::Result<()> {
    writeln!(writer.out, "{}", writer.paint(BOLD, group_heading(group.subjects)))?;
    for row in &group.rows {
        let mut parts = vec![portal_numbers(row), row_note(group.subjects, row)];
        parts.retain(|part| !part.is_empty());
        writer.write_text(2, PLAIN, &format!("{}: {}", row_label(group.subjects, row), parts.join("; ")))?;
    }
    Ok(())
}

fn max_label_width(group: &Group) -> usize {
    let labels = group.rows.iter().map(|row| sanitize(&row_label(group.subjects, row)));
    labels.map(|label| display_width(&label)).max().unwrap_or_default()
}
