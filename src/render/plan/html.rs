//! The plan as a single HTML page that loads no scripts, images or fonts; its content security policy forbids them.

use std::io::{self, Write};

use super::wording::{
    SETTINGS_HEADING, describe_action, describe_actions, describe_file, describe_general_notes, describe_notes,
    describe_reason, portal_title,
};
use crate::plan::{Plan, PlannedPortal, describe_change};
use crate::render::changed_values::describe_values;
use crate::render::html_page::{escape, text_to_html, write_end, write_findings_by_severity, write_start, write_table};

/// Writes the page.
pub(super) fn render(plan: &Plan<'_>, out: &mut dyn Write) -> io::Result<()> {
    write_start(&format!("Plan: {}", describe_actions(plan)), out)?;
    if !plan.other_findings.is_empty() {
        writeln!(out, "<h2>{SETTINGS_HEADING}</h2>")?;
        write_findings_by_severity(plan.report, &plan.other_findings, None, out)?;
    }
    writeln!(out, "</header>")?;
    for portal in &plan.portals {
        write_portal(plan, portal, out)?;
    }
    for note in describe_general_notes(plan) {
        writeln!(out, "<p>{}</p>", text_to_html(&note))?;
    }
    write_end(" Nothing was sent to RevCent.", out)
}

fn write_portal(plan: &Plan<'_>, portal: &PlannedPortal<'_>, out: &mut dyn Write) -> io::Result<()> {
    let action = portal.action;
    let badge = format!("<span class=\"verdict {action}\">{action}</span>");
    let id = portal.id.map(|id| format!(", portal <code>{}</code>", escape(id))).unwrap_or_default();
    writeln!(out, "<section>\n<h2>{badge} {}</h2>", escape(portal_title(portal)))?;
    writeln!(out, "<p>{}{id}</p>", escape(&describe_file(portal)))?;
    let mut rows = Vec::new();
    for reason in &portal.reasons {
        let text = describe_reason(plan.report, reason);
        let location = text.location.map(|location| format!("<span class=\"place\">{}</span> ", escape(&location)));
        let code = text.code.map(|code| format!("{code}: ")).unwrap_or_default();
        let (message, help) = (text_to_html(&text.message), text.help.map(text_to_html).unwrap_or_default());
        rows.push(format!("<td>{}{code}{message}</td><td>{help}</td>", location.unwrap_or_default()));
    }
    write_table(&["Why it is blocked", "What to do"], "findings", &rows, out)?;
    let mut rows = Vec::new();
    for change in portal.changes() {
        let [old, new] = describe_values(change).map(|value| escape(&value));
        let meaning = text_to_html(&describe_change(change));
        rows.push(format!(
            "<td>{}</td><td>{old}</td><td>{new}</td><td>{meaning}</td>",
            breakable_pointer(&change.pointer)
        ));
    }
    write_table(&["Field", "Before", "After", "Meaning"], "changes", &rows, out)?;
    let action = describe_action(portal.action).map(str::to_owned);
    for note in action.into_iter().chain(describe_notes(portal)) {
        writeln!(out, "<p>{}</p>", text_to_html(&note))?;
    }
    if let (Some(body), Some(operation)) = (portal.masked_body(), portal.action.operation()) {
        let body = escape_lines(&body.to_text());
        writeln!(out, "<details><summary>Body of {operation}</summary><pre>{body}</pre></details>")?;
    }
    writeln!(out, "</section>")
}

/// A JSON Pointer that a browser breaks before its slashes.
fn breakable_pointer(pointer: &str) -> String {
    let path = escape(pointer);
    match path.strip_prefix('/') {
        Some(rest) => format!("/{}", rest.replace('/', "<wbr>/")),
        None => path,
    }
}

/// Escapes a text of several lines.
fn escape_lines(text: &str) -> String {
    text.lines().map(|line| escape(line) + "\n").collect()
}
