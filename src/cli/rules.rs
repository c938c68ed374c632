//! `portal-lint rules`: the table, from the heads of the pages.

use crate::base::diagnostic;
use std::fmt::Write as _;
use std::io::Write;

use serde::Serialize;

use super::Failure;
use super::args::{Rules, RulesFormat};
use crate::render::url;
use crate::rules::RULES;
use crate::rules::rule_doc;
use crate::rules::rule_doc::{Needs, RuleMeta};

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
    let row = |code: diagnostic::Code, head: RuleMeta| Row {
        code: code.to_string(),
        name: head.name,
        severity: head.severities.iter().map(ToString::to_string).collect(),
        items: head.items,
        intent: head.intent,
        needs_account: head.needs == Some(Needs::Account),
        needs_network: head.needs == Some(Needs::Network),
        fix: head.fixes.iter().map(ToString::to_string).collect(),
        title: head.title,
        url: url(code),
    };
    RULES.iter().filter_map(|rule| Some(row(rule.code, rule_doc::head(rule.page)?))).collect()
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
