//! The plan for a terminal: first what changes, portal by portal, then the portals without anything to read, one line each, and the
//! number of portals by action. Color repeats what the text states.

use std::io::{self, Write};

use anstyle::{AnsiColor, Effects, Style};

use super::wording::{
    SETTINGS_HEADING, describe_actions, describe_file, describe_general_notes, describe_location, describe_notes,
    describe_reason, title,
};
use crate::base::sanitize::sanitize;
use crate::plan::{Action, Plan, PlannedPortal, describe_change};
use crate::render::Screen;
use crate::render::changed_values::describe_values;
use crate::render::wrapping::wrap_words;

const PLAIN: Style = Style::new();
const BOLD: Style = Style::new().effects(Effects::BOLD);
const DIMMED: Style = Style::new().effects(Effects::DIMMED);
/// Columns of the name of an action.
const ACTION_WIDTH: usize = 9;
/// The column at which text starts that belongs to a portal.
const INDENT: usize = ACTION_WIDTH + 2;

/// Writes the plan.
pub(super) fn render(plan: &Plan<'_>, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    render_requests(plan, screen, out)?;
    let mut renderer = HumanPlan { screen, out };
    let mut has_brief = false;
    for portal in plan.portals.iter().filter(|portal| is_brief(portal)) {
        renderer.write_portal(plan, portal)?;
        has_brief = true;
    }
    if has_brief {
        writeln!(renderer.out)?;
    }
    for note in describe_general_notes(plan) {
        renderer.write_text(0, DIMMED, &note)?;
    }
    writeln!(renderer.out, "{}", describe_actions(plan))
}

/// For `--quiet`: writes what there is to do, and what is blocked.
pub(super) fn render_requests(plan: &Plan<'_>, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut renderer = HumanPlan { screen, out };
    renderer.write_settings_findings(plan)?;
    for portal in plan.portals.iter().filter(|portal| !is_brief(portal)) {
        renderer.write_portal(plan, portal)?;
        writeln!(renderer.out)?;
    }
    Ok(())
}

/// Whether there is nothing to do for a portal.
fn is_brief(portal: &PlannedPortal<'_>) -> bool {
    matches!(portal.action, Action::Unchanged | Action::Orphan)
}

fn color(action: Action) -> AnsiColor {
    match action {
        Action::Create | Action::Unchanged => AnsiColor::Green,
        Action::Update => AnsiColor::Yellow,
        Action::Blocked => AnsiColor::Red,
        Action::Orphan => AnsiColor::Cyan,
    }
}

struct HumanPlan<'o> {
    screen: Screen,
    out: &'o mut dyn Write,
}

impl HumanPlan<'_> {
    fn write_settings_findings(&mut self, plan: &Plan<'_>) -> io::Result<()> {
        if plan.other_findings.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "{}", self.paint(BOLD, SETTINGS_HEADING))?;
        for diagnostic in &plan.other_findings {
            let location = describe_location(plan.report, diagnostic);
            let finding = format!("{}: {} ({}, {location})", diagnostic.severity, diagnostic.message, diagnostic.code);
            self.write_text(2, PLAIN, &finding)?;
            self.write_text(2, DIMMED, &format!("help: {}", diagnostic.help))?;
        }
        writeln!(self.out)
    }

    fn write_portal(&mut self, plan: &Plan<'_>, portal: &PlannedPortal<'_>) -> io::Result<()> {
        let action = portal.action.as_str().to_uppercase();
        let padded = format!("{action:<ACTION_WIDTH$}");
        let action = self.paint(color(portal.action).on_default().effects(Effects::BOLD), &padded);
        writeln!(self.out, "{action}  {}", self.paint(BOLD, &sanitize(title(portal))))?;
        let id = portal.id.map(|id| format!(", portal {id}")).unwrap_or_default();
        self.write_text(INDENT, PLAIN, &format!("{}{id}", describe_file(portal)))?;
        for reason in &portal.reasons {
            let text = describe_reason(plan.report, reason);
            let code = text.code.map(|code| format!("{code} ")).unwrap_or_default();
            let location = text.location.map(|location| format!(" ({location})")).unwrap_or_default();
            self.write_text(INDENT, PLAIN, &format!("{code}{}{location}", text.message))?;
            if let Some(help) = text.help {
                self.write_text(INDENT + 2, DIMMED, &format!("help: {help}"))?;
            }
        }
        for change in portal.changes() {
            let values = describe_values(change).join(" -> ");
            self.write_text(INDENT, BOLD, &change.pointer)?;
            self.write_text(INDENT + 2, PLAIN, &values)?;
            self.write_text(INDENT + 2, DIMMED, &describe_change(change))?;
        }
        for note in describe_notes(portal) {
            self.write_text(INDENT, DIMMED, &note)?;
        }
        Ok(())
    }

    /// Writes a text with an indent, wrapped to the rest of the screen.
    fn write_text(&mut self, indent: usize, style: Style, text: &str) -> io::Result<()> {
        for line in wrap_words(&sanitize(text), self.screen.width.saturating_sub(indent)) {
            writeln!(self.out, "{:indent$}{}", "", self.paint(style, &line))?;
        }
        Ok(())
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.screen.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
