//! `portal-lint rules`: the table, from the heads of the pages.

use std::fmt::Write as _;
use std::io::Write;

use serde::Serialize;

use super::Failure;
use super::args::{Rules, RulesFormat};
use crate::render::rule_page_url;
use crate::rules::metadata::Needs;
use crate::rules::{RULES, Rule};

#[derive(Serialize)]
struct Row {
    code: String,
    name: String,
    severity: Vec<String>,
    items: Vec<String>,
    intent: bool,
    needs_account: bool,
    needs_network: bool,
    fix: Vec<String>,
    title: String,
    url: String,
}

/// Prints the table.
pub(super) fn run(options: &Rules, out: &mut dyn Write) -> Result<u8, Failure> {
    let rows = rows();
    match options.format {
        RulesFormat::Human => {
            let widest = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
            for row in &rows {
                let severity = row.severity.join("/");
                let fix = row.fix.join("/");
                writeln!(out, "{}  {:widest$}  {severity:<22}  {fix:<11}  {}", row.code, row.name, row.title)?;
            }
        }
        RulesFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &rows).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        RulesFormat::Markdown => write!(out, "{}", markdown(&rows))?,
    }
    Ok(0)
}

fn rows() -> Vec<Row> {
    let row = |Rule { code, meta, .. }: &Rule| Row {
        code: code.to_string(),
        name: meta.name.to_owned(),
        severity: meta.severities.iter().map(ToString::to_string).collect(),
        items: meta.items.iter().map(ToString::to_string).collect(),
        intent: meta.intent,
        needs_account: meta.needs == Some(Needs::Account),
        needs_network: meta.needs == Some(Needs::Network),
        fix: meta.fixes.iter().map(ToString::to_string).collect(),
        title: meta.title.to_owned(),
        url: rule_page_url(*code),
    };
    RULES.iter().map(row).collect()
}

fn markdown(rows: &[Row]) -> String {
    let mut table =
        String::from("| code | name | items | severity | fix | what it finds |\n|---|---|---|---|---|---|\n");
    for row in rows {
        let or_none = |words: String| if words.is_empty() { "-".to_owned() } else { words };
        let (items, fix) = (or_none(row.items.join(" ")), or_none(row.fix.join(" / ")));
        let severity = row.severity.join(" / ");
        let (code, name, title) = (&row.code, &row.name, &row.title);
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| [{code}](rules/{code}.md) | {name} | {items} | {severity} | {fix} | {title} |");
    }
    table
}
