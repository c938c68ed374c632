//! The plan as GitHub Markdown, for a pull request. The bodies of the requests are folded away.

use std::io::{self, Write};

use super::wording::{
    SETTINGS_HEADING, describe_action, describe_actions, describe_file, describe_general_notes, describe_notes,
    describe_reason, portal_title,
};
use crate::plan::{Plan, PlannedPortal, describe_change};
use crate::render::changed_values::describe_values;
use crate::render::markdown_text::{code_to_markdown, text_to_markdown, write_findings_by_severity};

/// Writes the plan.
pub(super) fn render(plan: &Plan<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Plan: {}", describe_actions(plan))?;
    write_findings_by_severity(SETTINGS_HEADING, plan.report, &plan.other_findings, None, out)?;
    for portal in &plan.portals {
        write_portal(plan, portal, out)?;
    }
    for note in describe_general_notes(plan) {
        writeln!(out, "\n{}", text_to_markdown(&note))?;
    }
    Ok(())
}

fn write_portal(plan: &Plan<'_>, portal: &PlannedPortal<'_>, out: &mut dyn Write) -> io::Result<()> {
    let action = portal.action.to_string().to_uppercase();
    writeln!(out, "\n## {action}: {}\n", code_to_markdown(portal_title(portal)))?;
    let id = portal.id.map(|id| format!(", portal {}", code_to_markdown(id))).unwrap_or_default();
    let file = match portal.file {
        Some(_) => code_to_markdown(&describe_file(portal)),
        None => describe_file(portal),
    };
    writeln!(out, "{file}{id}")?;
    if !portal.reasons.is_empty() {
        writeln!(out, "\n| Why it is blocked | Help |\n|---|---|")?;
    }
    for reason in &portal.reasons {
        let text = describe_reason(plan.report, reason);
        let location = text.location.map(|location| text_to_markdown(&location) + " ").unwrap_or_default();
        let code = text.code.map(|code| format!("{code}: ")).unwrap_or_default();
        let help = text.help.map(text_to_markdown).unwrap_or_default();
        writeln!(out, "| {location}{code}{} | {help} |", text_to_markdown(&text.message))?;
    }
    if !portal.changes().is_empty() {
        writeln!(out, "\n| Field | Before | After | Meaning |\n|---|---|---|---|")?;
    }
    for change in portal.changes() {
        let [old, new] = describe_values(change);
        let cells = [&change.pointer, &old, &new, &describe_change(change)].map(|cell| text_to_markdown(cell));
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    let mut notes: Vec<String> = describe_action(portal.action).map(str::to_owned).into_iter().collect();
    notes.extend(describe_notes(portal));
    if !notes.is_empty() {
        writeln!(out)?;
    }
    for note in notes {
        writeln!(out, "- {}", text_to_markdown(&note))?;
    }
    if let (Some(body), Some(operation)) = (portal.masked_body(), portal.action.operation()) {
        let body = fenced(&body.to_text());
        writeln!(out, "\n<details><summary>Body of {operation}</summary>\n\n{body}\n</details>")?;
    }
    Ok(())
}

/// A block of JSON whose fence is longer than any in the text.
fn fenced(text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}json\n{text}{fence}\n")
}
