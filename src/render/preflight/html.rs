//! The preflight report as a single HTML page that loads no scripts, images or fonts; its content security policy forbids them.
//! Everything that a color shows is also shown by a word or a border, for printing in black and white.
//!
//! All text from files passes through [`escape`].

use std::io::{self, Write};

use super::sections::{
    CHANGES_HEADING, ItemIds, NO_CHANGES, OTHER_HEADING, SETTINGS_HEADING, SEVERITY_HEADINGS, Sections,
    describe_item_counts, describe_kind, describe_verdicts, format_ids_cell,
};
use super::unverified::{UnverifiedGroup, merge_unverified};
use crate::preflight::{AllowedEntry, ItemResult, PortalReview, Preflight};
use crate::render::changed_values::describe_values;
use crate::render::html_page::{
    escape, finding_row, rule_link, text_to_html, write_end, write_findings_by_severity, write_start, write_table,
};

/// The columns of a table of findings that belong to items.
const ITEM_COLUMNS: [&str; 3] = ["Items", "What is wrong", "What to do"];

/// Writes the page.
pub(super) fn render(preflight: &Preflight<'_>, out: &mut dyn Write) -> io::Result<()> {
    write_start(&format!("Preflight: {}", describe_verdicts(preflight)), out)?;
    if preflight.portals.len() > 1 {
        write_overview(&preflight.portals, out)?;
    }
    if !preflight.other_findings.is_empty() {
        writeln!(out, "<h2>{SETTINGS_HEADING}</h2>")?;
        write_findings_by_severity(preflight.report, &preflight.other_findings, None, out)?;
    }
    writeln!(out, "</header>")?;
    for (index, portal) in preflight.portals.iter().enumerate() {
        write_portal(preflight, portal, index, out)?;
    }
    if preflight.portals.len() > 1 {
        let portals: Vec<&PortalReview<'_>> = preflight.portals.iter().collect();
        let groups = merge_unverified(&portals);
        if !groups.is_empty() {
            writeln!(out, "<section>\n<h2>Unverified</h2>")?;
            write_unverified(preflight, &groups, out)?;
            writeln!(out, "</section>")?;
        }
    }
    let legend =
        " V1 to V24 are the guide's MCP Validation Checklist, P1 to P20 its Recommended MCP Preflight Checklist.";
    write_end(legend, out)
}

/// Writes a table of the portals, with links to their sections.
fn write_overview(portals: &[PortalReview<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut rows = Vec::with_capacity(portals.len());
    for (index, portal) in portals.iter().enumerate() {
        let name = escape(portal.name.unwrap_or(&portal.file.name));
        let link = format!("<a href=\"#p{index}\">{name}</a>");
        rows.push(format!("<td>{}</td><td>{link}</td><td>{}</td>", verdict_badge(portal), escape(&portal.file.name)));
    }
    write_table(&["Verdict", "Portal", "File"], "overview", &rows, out)
}

/// Writes the section of a portal. `index` is its number on the page, to which the overview links. If it is one of several, the
/// unverified facts are listed after all portals.
fn write_portal(
    preflight: &Preflight<'_>,
    portal: &PortalReview<'_>,
    index: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let report = preflight.report;
    let file = portal.file.name.as_str();
    let name = escape(portal.name.unwrap_or(file));
    let file_and_kind = format!("<code>{}</code> ({})", escape(file), describe_kind(portal));
    let counts = describe_item_counts(portal).map(|counts| format!("<br>{counts}")).unwrap_or_default();
    let badge = verdict_badge(portal);
    writeln!(out, "<section id=\"p{index}\">\n<h2>{badge} {name}</h2>\n<p>{file_and_kind}{counts}</p>")?;
    let sections = Sections::from_portal(portal);
    for (severity, heading) in SEVERITY_HEADINGS {
        let mut rows = Vec::new();
        for (ids, diagnostic) in sections.findings(severity) {
            rows.push(finding_row(report, &format_ids_cell(ids), diagnostic, Some(file)));
        }
        if !rows.is_empty() {
            writeln!(out, "<h3>{heading}</h3>")?;
            write_table(&ITEM_COLUMNS, "findings", &rows, out)?;
        }
    }
    if !sections.other_findings.is_empty() {
        writeln!(out, "<h3>{OTHER_HEADING}</h3>")?;
        write_findings_by_severity(report, &sections.other_findings, Some(file), out)?;
    }
    if preflight.portals.len() == 1 {
        let groups = merge_unverified(&[portal]);
        if !groups.is_empty() {
            writeln!(out, "<h3>Unverified</h3>")?;
            write_unverified(preflight, &groups, out)?;
        }
    }
    write_allowed(&sections.allowed, out)?;
    write_changes(portal, out)?;
    write_checklists(portal, out)?;
    writeln!(out, "</section>")
}

/// Writes a table of the unverified facts.
fn write_unverified(preflight: &Preflight<'_>, groups: &[UnverifiedGroup<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut rows = Vec::new();
    for group in groups {
        for (index, fact) in group.facts.iter().enumerate() {
            // One cell spans the rows of all facts that are verified in the same way.
            let verify_cell = if index == 0 {
                format!("<td rowspan=\"{}\">{}</td>", group.facts.len(), text_to_html(group.verify))
            } else {
                String::new()
            };
            let what = text_to_html(&fact.describe(preflight));
            rows.push(format!("<td>{}</td><td>{what}</td>{verify_cell}", format_ids_cell(&fact.ids)));
        }
    }
    write_table(&["Items", "What is not known", "How to find out"], "findings", &rows, out)
}

fn write_allowed(allowed: &[(ItemIds, AllowedEntry<'_>)], out: &mut dyn Write) -> io::Result<()> {
    if allowed.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h3>Allowed</h3>")?;
    let mut rows = Vec::with_capacity(allowed.len());
    for (ids, entry) in allowed {
        let (text, reason) = (text_to_html(entry.text), text_to_html(&entry.describe()));
        let rule = rule_link(entry.code);
        rows.push(format!("<td>{}</td><td>{text} ({rule})</td><td>{reason}</td>", format_ids_cell(ids)));
    }
    write_table(&["Items", "What", "Why"], "findings", &rows, out)
}

fn write_changes(portal: &PortalReview<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(changes) = portal.changes else { return Ok(()) };
    writeln!(out, "<h3>{CHANGES_HEADING}</h3>")?;
    if changes.is_empty() {
        return writeln!(out, "<p>{NO_CHANGES}</p>");
    }
    let mut rows = Vec::with_capacity(changes.len());
    for change in changes {
        let [old, new] = describe_values(change).map(|value| escape(&value));
        rows.push(format!("<td>{}</td><td>{old}</td><td>{new}</td>", escape(&change.pointer)));
    }
    write_table(&["Field", "Before", "After"], "changes", &rows, out)
}

/// Writes each checklist of the guide in full.
fn write_checklists(portal: &PortalReview<'_>, out: &mut dyn Write) -> io::Result<()> {
    for (letter, name) in [('V', "MCP Validation Checklist"), ('P', "Recommended MCP Preflight Checklist")] {
        let items = portal.items.iter().filter(|item| item.id.starts_with(letter));
        let rows: Vec<String> = items.map(item_row).collect();
        if !rows.is_empty() {
            writeln!(out, "<h3>{name}</h3>")?;
            write_table(&["Item", "Status", "The guide says"], "list", &rows, out)?;
        }
    }
    Ok(())
}

fn item_row(item: &ItemResult<'_>) -> String {
    let status = item.status;
    let skip_reason = item.skip_reason.map(|reason| format!(" <small>({reason})</small>")).unwrap_or_default();
    let title = text_to_html(item.title);
    format!("<td>{}</td><td><span class=\"status {status}\">{status}</span></td><td>{title}{skip_reason}</td>", item.id)
}

fn verdict_badge(portal: &PortalReview<'_>) -> String {
    let verdict = portal.verdict;
    format!("<span class=\"verdict {verdict}\">{verdict}</span>")
}
