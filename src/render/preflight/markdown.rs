//! The preflight report as GitHub Markdown, for a pull request or a ticket. The tables first list what there is to do; the full
//! checklists are folded away below.

use std::io::{self, Write};

use super::sections::{
    CHANGES_HEADING, NO_CHANGES, OTHER_HEADING, SETTINGS_HEADING, SEVERITY_HEADINGS, Sections, describe_item_counts,
    describe_kind, describe_verdicts, format_ids_cell,
};
use super::unverified::{UnverifiedGroup, merge_unverified};
use crate::engine::report::Report;
use crate::preflight::{PortalReview, Preflight};
use crate::render::changed_values::describe_values;
use crate::render::markdown_text::{
    code_to_markdown, rule_link, text_to_markdown, write_finding_row, write_findings_by_severity,
};

/// Writes the findings in the settings, then the portals one after the other.
pub(crate) fn render(preflight: &Preflight<'_>, out: &mut dyn Write) -> io::Result<()> {
    if preflight.portals.is_empty() && preflight.other_findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "# Preflight: {}", describe_verdicts(preflight))?;
    write_findings_by_severity(SETTINGS_HEADING, preflight.report, &preflight.other_findings, None, out)?;
    let has_several = preflight.portals.len() > 1;
    for portal in &preflight.portals {
        write_portal(preflight, portal, has_several, out)?;
    }
    if has_several {
        let portals: Vec<&PortalReview<'_>> = preflight.portals.iter().collect();
        write_unverified(preflight, "## Unverified", &portals, out)?;
    }
    Ok(())
}

/// Writes the section of a portal. If it is one of several, what is unverified follows after all of them.
fn write_portal(
    preflight: &Preflight<'_>,
    portal: &PortalReview<'_>,
    is_one_of_several: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let verdict = portal.verdict.to_string().to_uppercase();
    let file = portal.file.name.as_str();
    writeln!(out, "\n## {verdict}: {}\n", code_to_markdown(portal.name.unwrap_or(file)))?;
    let counts = match describe_item_counts(portal) {
        // Two spaces at the end of a line are a line break.
        Some(counts) => format!("  \n{counts}"),
        None => String::new(),
    };
    writeln!(out, "{} ({}){counts}", code_to_markdown(file), describe_kind(portal))?;
    let sections = Sections::from_portal(portal);
    write_findings(preflight.report, &sections, file, out)?;
    if !is_one_of_several {
        write_unverified(preflight, "**Unverified**", &[portal], out)?;
    }
    write_allowed(&sections, out)?;
    write_changes(portal, out)?;
    if portal.items.is_empty() { Ok(()) } else { write_checklists(portal, out) }
}

fn write_findings(report: &Report, sections: &Sections<'_>, file: &str, out: &mut dyn Write) -> io::Result<()> {
    for (severity, heading) in SEVERITY_HEADINGS {
        let findings = sections.findings(severity);
        if !findings.is_empty() {
            writeln!(out, "\n**{heading}**\n\n| Items | Problem | Help |\n|---|---|---|")?;
        }
        for (ids, diagnostic) in findings {
            write_finding_row(report, &format_ids_cell(ids), diagnostic, Some(file), out)?;
        }
    }
    write_findings_by_severity(OTHER_HEADING, report, &sections.other_findings, Some(file), out)
}

fn write_unverified(
    preflight: &Preflight<'_>,
    heading: &str,
    portals: &[&PortalReview<'_>],
    out: &mut dyn Write,
) -> io::Result<()> {
    let groups = merge_unverified(portals);
    if !groups.is_empty() {
        writeln!(out, "\n{heading}\n\n| Items | Unknown | How to find out |\n|---|---|---|")?;
    }
    for UnverifiedGroup { verify, facts } in groups {
        for fact in facts {
            let (what, verify) = (text_to_markdown(&fact.describe(preflight)), text_to_markdown(verify));
            writeln!(out, "| {} | {what} | {verify} |", format_ids_cell(&fact.ids))?;
        }
    }
    Ok(())
}

fn write_allowed(sections: &Sections<'_>, out: &mut dyn Write) -> io::Result<()> {
    if !sections.allowed.is_empty() {
        writeln!(out, "\n**Allowed**\n\n| Items | Finding | Reason |\n|---|---|---|")?;
    }
    for (ids, entry) in &sections.allowed {
        let (what, why) = (text_to_markdown(entry.text), text_to_markdown(&entry.describe()));
        writeln!(out, "| {} | {what} ({}) | {why} |", format_ids_cell(ids), rule_link(entry.code))?;
    }
    Ok(())
}

fn write_changes(portal: &PortalReview<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(changes) = portal.changes else { return Ok(()) };
    writeln!(out, "\n**{CHANGES_HEADING}**\n")?;
    if changes.is_empty() {
        return writeln!(out, "{NO_CHANGES}");
    }
    writeln!(out, "| Field | Before | After |\n|---|---|---|")?;
    for change in changes {
        let [old, new] = describe_values(change);
        let pointer = text_to_markdown(&change.pointer);
        writeln!(out, "| {pointer} | {} | {} |", text_to_markdown(&old), text_to_markdown(&new))?;
    }
    Ok(())
}

/// Writes both checklists of the guide in full, folded away.
fn write_checklists(portal: &PortalReview<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n<details><summary>Both checklists, item by item</summary>\n\n| Item | Status | |\n|---|---|---|")?;
    for item in &portal.items {
        let skip_reason = item.skip_reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        writeln!(out, "| {} | {} | {}{skip_reason} |", item.id, item.status, text_to_markdown(item.title))?;
    }
    writeln!(out, "\n</details>")
}
