//! The matrix as a single HTML page that loads no scripts, images or fonts.

use std::io::{self, Write};

use super::wording::{
    FINDINGS_HEADING, LEGEND, account_heading, describe_finding, describe_portal, group_heading, group_note,
    group_table, matrix_title, portal_name,
};
use crate::matrix::{AccountMatrix, Matrix};
use crate::render::html_page::{escape, text_to_html, write_end, write_start, write_table};

/// Writes the page.
pub(super) fn render(matrix: &Matrix<'_>, out: &mut dyn Write) -> io::Result<()> {
    write_start(&matrix_title(matrix), out)?;
    if !matrix.findings.is_empty() {
        writeln!(out, "<h2>{FINDINGS_HEADING}</h2>\n<ul>")?;
        for finding in &matrix.findings {
            writeln!(out, "<li>{}</li>", text_to_html(&describe_finding(matrix, finding)))?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "</header>")?;
    for account in &matrix.accounts {
        write_account(account, out)?;
    }
    write_end("", out)
}

fn write_account(account: &AccountMatrix<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section>\n<h2>{}</h2>", escape(&account_heading(account)))?;
    let mut rows = Vec::new();
    for (index, portal) in account.portals.iter().enumerate() {
        let (name, place) = (escape(portal_name(portal)), escape(&describe_portal(portal)));
        rows.push(format!("<td>{}</td><td>{name}</td><td>{place}</td>", index + 1));
    }
    write_table(&["Number", "Portal", "Where"], "portals", &rows, out)?;
    for group in &account.groups {
        let (columns, rows) = group_table(account, group);
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let mut html_rows = Vec::new();
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| escape(cell)).collect();
            html_rows.push(format!("<td>{}</td>", cells.join("</td><td>")));
        }
        if html_rows.is_empty() {
            writeln!(out, "<h3>{}</h3>", group_heading(group.subjects))?;
        } else {
            write_table(&columns, "matrix", &html_rows, out)?;
        }
        if let Some(note) = group_note(group) {
            writeln!(out, "<p>{note}</p>")?;
        }
    }
    writeln!(out, "<p>{}</p>", escape(LEGEND))?;
    let mut rows = Vec::new();
    for answer in &account.answers {
        rows.push(format!("<td>{}</td><td>{}</td>", escape(answer.question), text_to_html(&answer.answer)));
    }
    write_table(&["Question of the guide", "Answer"], "questions", &rows, out)?;
    writeln!(out, "</section>")
}
