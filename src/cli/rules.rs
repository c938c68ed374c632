//! `portal-lint rules`: a table of all rules, from the front matter of their pages.

use std::fmt::Write as _;
use std::io::Write;

use serde::Serialize;

use super::Failure;
use super::args::{Rules, RulesFormat};
use crate::render::rule_page_url;
use crate::rules::metadata::Needs;
use crate::rules::{RULES, Rule};

/// A rule in the JSON output; the other formats show a part of it.
#[derive(Serialize)]
pub(super) struct RuleRow {
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

/// Prints the rules in the chosen format.
pub(super) fn run(options: &Rules, out: &mut dyn Write) -> Result<u8, Failure> {
    let rows: Vec<RuleRow> = RULES.iter().map(RuleRow::new).collect();
    match options.format {
        RulesFormat::Human => {
            let name_width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
            for row in &rows {
                let severity = row.severity.join("/");
                let fix = row.fix.join("/");
                writeln!(out, "{}  {:name_width$}  {severity:<22}  {fix:<11}  {}", row.code, row.name, row.title)?;
            }
        }
        RulesFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &rows).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        RulesFormat::Markdown => write!(out, "{}", to_markdown(&rows))?,
    }
    Ok(0)
}

impl RuleRow {
    pub(super) fn new(rule: &Rule) -> Self {
        let Rule { code, meta, .. } = rule;
        Self {
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
        }
    }
}

fn to_markdown(rows: &[RuleRow]) -> String {
    let mut table =
        String::from("| code | name | items | severity | fix | what it finds |\n|---|---|---|---|---|---|\n");
    for row in rows {
        let items = join_or_dash(&row.items, " ");
        let fix = join_or_dash(&row.fix, " / ");
        let severity = row.severity.join(" / ");
        let (code, name, title) = (&row.code, &row.name, &row.title);
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| [{code}](rules/{code}.md) | {name} | {items} | {severity} | {fix} | {title} |");
    }
    table
}

fn join_or_dash(values: &[String], separator: &str) -> String {
    if values.is_empty() { "-".to_owned() } else { values.join(separator) }
}
