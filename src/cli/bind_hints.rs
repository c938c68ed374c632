//! The `bind` commands that `account pull` prints for files that have the name of a portal in the account.

use std::io::{self, Write};

use crate::base::file::InputFile;
use crate::base::shell_word::shell_word;
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::model::account::{Account, ObjectKind};
use crate::model::portal::PortalSummary;
use crate::rules::wording::{bind_command, document_option};
use crate::schema::PortalKind;
use crate::settings::Settings;

/// Prints a command for each create body that is not bound and whose name exactly one portal of the account has.
pub(super) fn print(
    inputs: Vec<InputFile>,
    settings: &Settings,
    account: &Account<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let report = check(inputs, &Settings { with_preflight_facts: true, ..settings.clone() });
    let commands = bind_commands(&report, settings, account);
    if commands.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "{}",
        match commands.len() {
            1 => "a portal in the account has the same name as this one; if they are the same portal, run:",
            _ => "portals in the account have the same names as these; if they are the same portals, run:",
        }
    )?;
    for command in commands {
        writeln!(out, "  {command}")?;
    }
    Ok(())
}

fn bind_commands(report: &Report, settings: &Settings, account: &Account<'_>) -> Vec<String> {
    let Some(list) = account.list(ObjectKind::Portal) else { return Vec::new() };
    let mut commands = Vec::new();
    for file in report.files.iter().filter(|file| file.in_scope) {
        for portal in file.portals.iter().map(|portal| &portal.summary) {
            let Some(name) = portal.name.as_deref().filter(|_| can_be_bound(portal)) else { continue };
            let mut namesakes = list.with_name(name);
            let (Some(namesake), None) = (namesakes.next(), namesakes.next()) else { continue };
            let Some(id) = namesake.id.filter(|id| !is_bound(id, settings)) else { continue };
            let option = document_option((file.portals.len() > 1).then_some(portal.document));
            commands.push(bind_command(&shell_word(&file.name), Some(id), &option));
        }
    }
    commands
}

fn can_be_bound(portal: &PortalSummary) -> bool {
    portal.kind == PortalKind::Create && portal.bound_id.is_none()
}

fn is_bound(id: &str, settings: &Settings) -> bool {
    settings.projects.iter().flat_map(|project| &project.bindings).any(|binding| binding.id == id)
}
