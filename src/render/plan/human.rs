//! The plan for a terminal: first the portals that change, then the others in one line each, and the number of portals by action.
//! Everything that a color shows is also stated in words.

use std::io::{self, Write};

use anstyle::{AnsiColor, Effects};

use super::wording::{
    SETTINGS_HEADING, describe_actions, describe_file, describe_general_notes, describe_notes, describe_reason,
    portal_title,
};
use crate::base::sanitize::sanitize;
use crate::plan::{Action, Plan, PlannedPortal, describe_change};
use crate::render::changed_values::describe_values;
use crate::render::text_writer::{BOLD, DIMMED, PLAIN, TextWriter};
use crate::render::{Screen, format_location};

/// Columns of the name of an action.
const ACTION_WIDTH: usize = 9;
/// The column at which the texts about a portal start.
const INDENT: usize = ACTION_WIDTH + 2;

/// Writes the plan.
pub(super) fn render(plan: &Plan<'_>, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    render_requests(plan, screen, out)?;
    let mut writer = TextWriter { screen, out };
    let others: Vec<&PlannedPortal<'_>> = plan.portals.iter().filter(|portal| !needs_action(portal)).collect();
    for portal in &others {
        write_portal(&mut writer, plan, portal)?;
    }
    if !others.is_empty() {
        writeln!(writer.out)?;
    }
    for note in describe_general_notes(plan) {
        writer.write_text(0, DIMMED, &note)?;
    }
    writeln!(writer.out, "{}", describe_actions(plan))
}

/// For `--quiet`: writes what there is to do, and what is blocked.
pub(crate) fn render_requests(plan: &Plan<'_>, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = TextWriter { screen, out };
    write_settings_findings(&mut writer, plan)?;
    for portal in plan.portals.iter().filter(|portal| needs_action(portal)) {
        write_portal(&mut writer, plan, portal)?;
        writeln!(writer.out)?;
    }
    Ok(())
}

/// Whether there is something to do for a portal, or it is blocked.
fn needs_action(portal: &PlannedPortal<'_>) -> bool {
    !matches!(portal.action, Action::Unchanged | Action::Orphan)
}

fn action_color(action: Action) -> AnsiColor {
    match action {
        Action::Create | Action::Unchanged => AnsiColor::Green,
        Action::Update => AnsiColor::Yellow,
        Action::Blocked => AnsiColor::Red,
        Action::Orphan => AnsiColor::Cyan,
    }
}

fn write_settings_findings(writer: &mut TextWriter<'_>, plan: &Plan<'_>) -> io::Result<()> {
    if plan.other_findings.is_empty() {
        return Ok(());
    }
    writeln!(writer.out, "{}", writer.paint(BOLD, SETTINGS_HEADING))?;
    for diagnostic in &plan.other_findings {
        let location = format_location(plan.report, diagnostic);
        let finding = format!("{}: {} ({}, {location})", diagnostic.severity, diagnostic.message, diagnostic.code);
        writer.write_text(2, PLAIN, &finding)?;
        writer.write_text(2, DIMMED, &format!("help: {}", diagnostic.help))?;
    }
    writeln!(writer.out)
}

fn write_portal(writer: &mut TextWriter<'_>, plan: &Plan<'_>, portal: &PlannedPortal<'_>) -> io::Result<()> {
    let action = portal.action.to_string().to_uppercase();
    let padded = format!("{action:<ACTION_WIDTH$}");
    let action = writer.paint(action_color(portal.action).on_default().effects(Effects::BOLD), &padded);
    writeln!(writer.out, "{action}  {}", writer.paint(BOLD, &sanitize(portal_title(portal))))?;
    let id = portal.id.map(|id| format!(", portal {id}")).unwrap_or_default();
    writer.write_text(INDENT, PLAIN, &format!("{}{id}", describe_file(portal)))?;
    for reason in &portal.reasons {
        let text = describe_reason(plan.report, reason);
        let code = text.code.map(|code| format!("{code} ")).unwrap_or_default();
        let location = text.location.map(|location| format!(" ({location})")).unwrap_or_default();
        writer.write_text(INDENT, PLAIN, &format!("{code}{}{location}", text.message))?;
        if let Some(help) = text.help {
            writer.write_text(INDENT + 2, DIMMED, &format!("help: {help}"))?;
        }
    }
    for change in portal.changes() {
        let values = describe_values(change).join(" -> ");
        writer.write_text(INDENT, BOLD, &change.pointer)?;
        writer.write_text(INDENT + 2, PLAIN, &values)?;
        writer.write_text(INDENT + 2, DIMMED, &describe_change(change))?;
    }
    for note in describe_notes(portal) {
        writer.write_text(INDENT, DIMMED, &note)?;
    }
    Ok(())
}
