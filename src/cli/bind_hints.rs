//! The `bind` commands that `account pull` prints for files that have the name of a portal in the account.

use std::io::{self, Write};

use crate::base::file::InputFile;
use crate::base::sanitize::is_unprintable;
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::model::account::{Account, ObjectKind};
use crate::model::portal::PortalSummary;
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
    let (have, describe) = match commands.len() {
        1 => ("this file has the name of a portal", "it describes"),
        _ => ("these files have the names of portals", "they describe"),
    };
    writeln!(out, "{have} in the account; if {describe} that portal, run:")?;
    for command in commands {
        writeln!(out, "  {command}")?;
    }
    Ok(())
}

fn bind_commands(report: &Report, settings: &Settings, account: &Account<'_>) -> Vec<String> {
    let Some(list) = account.list(ObjectKind::Portal) else { return Vec::new() };
    let mut commands = Vec::new();
    for file in report.files.iter().filter(|file| file.in_scope) {
        let portals = file.preflight_facts.as_ref().map_or(&[][..], |facts| &facts.portals);
        for portal in portals {
            let Some(name) = portal.name.as_deref().filter(|_| can_be_bound(portal)) else { continue };
            let mut namesakes = list.with_name(name);
            let (Some(namesake), None) = (namesakes.next(), namesakes.next()) else { continue };
            let Some(id) = namesake.id.filter(|id| !is_bound(id, settings)) else { continue };
            let document =
                if portals.len() > 1 { format!(" --document {}", portal.document + 1) } else { String::new() };
            commands.push(format!("portal-lint bind {} {id}{document}", shell_word(&file.name)));
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

/// A file name as one word of a shell command. The name of a file from somebody else could contain a command, so what is not
/// obviously harmless is quoted, or left to the user.
fn shell_word(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    if name.chars().any(|c| is_unprintable(c) || c == '\'') || name.starts_with('-') {
        "FILE".to_owned()
    } else if name.chars().all(is_plain) {
        name.to_owned()
    } else {
        format!("'{name}'")
    }
}
