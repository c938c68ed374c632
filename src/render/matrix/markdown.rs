//! The matrix as GitHub Markdown.

use std::io::{self, Write};

use super::wording::{
    FINDINGS_HEADING, LEGEND, account_heading, describe_finding, describe_portal, group_heading, group_note,
    group_table, matrix_title, portal_name,
};
use crate::matrix::{AccountMatrix, Matrix};
use crate::render::markdown_text::{code_to_cell, text_to_markdown};

/// Writes the matrices.
pub(super) fn render(matrix: &Matrix<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {}", matrix_title(matrix))?;
    if !matrix.findings.is_empty() {
        writeln!(out, "\n**{FINDINGS_HEADING}**\n")?;
    }
    for finding in &matrix.findings {
        writeln!(out, "- {}", text_to_markdown(&describe_finding(matrix, finding)))?;
    }
    for account in &matrix.accounts {
        write_account(account, out)?;
    }
    Ok(())
}

fn write_account(account: &AccountMatrix<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n## {}\n\n| | Portal | |\n|---|---|---|", text_to_markdown(&account_heading(account)))?;
    for (index, portal) in account.portals.iter().enumerate() {
        let (name, place) = (code_to_cell(portal_name(portal)), text_to_markdown(&describe_portal(portal)));
        writeln!(out, "| {} | {name} | {place} |", index + 1)?;
    }
    for group in &account.groups {
        if group.rows.is_empty() {
            writeln!(out, "\n**{}**", group_heading(group.subjects))?;
        } else {
            let (columns, rows) = group_table(account, group);
            writeln!(out, "\n| {} |\n|{}", columns.join(" | "), "---|".repeat(columns.len()))?;
            for row in rows {
                let cells: Vec<String> = row.iter().map(|cell| text_to_markdown(cell)).collect();
                writeln!(out, "| {} |", cells.join(" | "))?;
            }
        }
        if let Some(note) = group_note(group) {
            writeln!(out, "\n{note}")?;
        }
    }
    writeln!(out, "\n{}", text_to_markdown(LEGEND))?;
    if !account.answers.is_empty() {
        writeln!(out, "\n| Question of the guide | Answer |\n|---|---|")?;
    }
    for answer in &account.answers {
        writeln!(out, "| {} | {} |", answer.question, text_to_markdown(&answer.answer))?;
    }
    Ok(())
}
