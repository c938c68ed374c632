//! `portal-lint bind`: records in the settings which portal of the account a file describes.

use std::collections::HashMap;
use std::io::{self, Write};

use super::args::Bind;
use super::streams::stderr;
use super::target::{ExtendedSettings, Target, TargetContext, quote_path};
use super::{Failure, refuse};
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::folders::resolve_symlinks;
use crate::base::sanitize::sanitize;
use crate::engine::bindings::binding_entry;
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::model::portal::{ID_LENGTH, is_id};
use crate::rules::shared::placeholder_values::placeholder_reason;
use crate::rules::wording::{pluralize, quote};
use crate::settings::Settings;
use crate::settings::project::SETTINGS_FILE;
use crate::syntax::cursor::Cursor;
use crate::syntax::toml;

/// Writes the entry and prints where. Every error leaves the settings as they are.
pub(super) fn run(options: &Bind) -> Result<u8, Failure> {
    if !is_id(&options.id) {
        let message =
            format!("{} is not the ID of a portal, which has {ID_LENGTH} letters and digits", quote(&options.id));
        return refuse(format!("{message}; nothing was changed"));
    }
    if let Some(reason) = placeholder_reason(&options.id) {
        let message = format!("{} is not the ID of a portal, because it {reason}", quote(&options.id));
        return refuse(format!("{message}; nothing was changed"));
    }
    let target = Target::read(&options.file, TargetContext::default())?;
    let SelectedPortal { document, bound_id, bound_name } = select_portal(&target, options.document)?;
    if let Some(bound_id) = bound_id {
        return report_existing_binding(options, &target, &bound_id, bound_name.as_deref());
    }
    let file = target.settings_file()?;
    let folder = target.relative_folder(&file);
    let Some(entry) = binding_entry(target.path(), &folder, document, &options.id) else {
        return refuse(format!("the file name {} is not UTF-8", quote_path(target.path())));
    };
    let entry_index = count_entries(file.before.as_deref().unwrap_or_default());
    let extended = file.with_entry(&entry, "portal")?;
    let name = check_entry(options, &extended, entry_index)?;
    let location = extended.write()?;
    let (file_name, id) = (sanitize(&target.input.name), sanitize(&options.id));
    let suffix = name_suffix(name.as_deref());
    writeln!(stderr(), "bound {file_name} to the portal {id}{suffix} in {}", sanitize(&location))?;
    Ok(0)
}

/// The name of a portal, as it is shown after the ID.
fn name_suffix(name: Option<&str>) -> String {
    name.map(|name| format!(" \"{}\"", sanitize(name))).unwrap_or_default()
}

/// The portal of the file that is to be bound.
struct SelectedPortal {
    /// The number for the entry: that of the option, or none if the file has only one portal.
    document: Option<u32>,
    /// The ID that it is already bound to.
    bound_id: Option<String>,
    /// The name of that portal in the account data.
    bound_name: Option<String>,
}

fn select_portal(target: &Target, requested: Option<u32>) -> Result<SelectedPortal, Failure> {
    let settings = Settings { with_preflight_facts: true, with_plan: true, ..target.settings.clone() };
    let report = check(target.inputs.clone(), &settings);
    print_snapshot_warnings(&report, target)?;
    let file = report.files.iter().find(|file| file.id == target.input.id);
    let portals = file.map_or(&[][..], |file| &file.portals);
    let name = quote_path(target.path());
    let (document, portal) = match (portals, requested) {
        ([], _) => return refuse(format!("{name} contains no portal")),
        // The only portal of a file can be in any document.
        ([portal], number) if number.is_none_or(|number| number as usize == portal.summary.document + 1) => {
            (None, Some(portal))
        }
        (_, Some(number)) => {
            (Some(number), portals.iter().find(|portal| portal.summary.document + 1 == number as usize))
        }
        (_, None) => {
            let message = format!("{name} contains {}: select one with --document", pluralize(portals.len(), "portal"));
            return refuse(message);
        }
    };
    let bound_id = portal.and_then(|portal| portal.summary.bound_id.clone());
    let bound_name = portal.and_then(|portal| portal.request.as_ref()?.account_name.clone());
    Ok(SelectedPortal { document, bound_id, bound_name })
}

/// Prints what is wrong with the account snapshot, such as its age: the ID is compared with it.
fn print_snapshot_warnings(report: &Report, target: &Target) -> io::Result<()> {
    let settings = target.settings.project(&target.input).file.as_ref().map(|file| &file.input.name);
    for diagnostic in &report.diagnostics {
        let file = report.file(diagnostic.file);
        if diagnostic.severity < Severity::Error && !file.in_scope && Some(&file.name) != settings {
            writeln!(stderr(), "portal-lint: {}: {}", sanitize(&file.name), diagnostic.message)?;
        }
    }
    Ok(())
}

/// There is nothing to do if the file is bound to this portal. If it is bound to another one, the user has to decide.
fn report_existing_binding(
    options: &Bind,
    target: &Target,
    bound_id: &str,
    bound_name: Option<&str>,
) -> Result<u8, Failure> {
    let project = target.settings.project(&target.input);
    let line = project.bindings.iter().find(|binding| binding.id == bound_id).map_or(1, |binding| binding.line);
    let settings = project.file.as_ref().map_or(SETTINGS_FILE, |file| &file.input.name);
    let message = format!(
        "{} is already bound to the portal {}{} in {}:{line}",
        quote_path(target.path()),
        quote(bound_id),
        name_suffix(bound_name),
        sanitize(settings)
    );
    if bound_id == options.id {
        writeln!(stderr(), "{message}; nothing was changed")?;
        return Ok(0);
    }
    refuse(format!("{message}: correct the ID there to bind it to another portal; nothing was changed"))
}

/// The number of `[[portal]]` entries in a settings file.
fn count_entries(settings: &str) -> usize {
    let parsed = toml::parse(settings);
    parsed.documents.first().map_or(0, |document| Cursor::root(document).field("portal").items().len())
}

/// Fails if the new entry, which is the one with this index, would be a finding. Returns the name of the portal in the account data.
fn check_entry(options: &Bind, extended: &ExtendedSettings, index: usize) -> Result<Option<String>, Failure> {
    let path = resolve_symlinks(&extended.file.path);
    let overlays = HashMap::from([(path, extended.after.clone().into_bytes())]);
    let target = Target::read(&options.file, TargetContext { overlays, ..TargetContext::default() })?;
    let settings = Settings { with_preflight_facts: true, with_plan: true, ..target.settings.clone() };
    let report = check(target.inputs.clone(), &settings);
    if let Some(diagnostic) = report.diagnostics.iter().find(|diagnostic| is_about_entry(&report, diagnostic, index)) {
        return refuse(format!("{}: {}; nothing was changed", diagnostic.message, diagnostic.help));
    }
    let file = report.files.into_iter().find(|file| file.id == target.input.id);
    let mut requests = file.into_iter().flat_map(|file| file.portals).filter_map(|portal| portal.request);
    let request = requests.find(|request| request.id.as_deref() == Some(&options.id));
    Ok(request.and_then(|request| request.account_name))
}

fn is_about_entry(report: &Report, diagnostic: &Diagnostic, index: usize) -> bool {
    diagnostic.severity == Severity::Error
        && !report.file(diagnostic.file).in_scope
        && diagnostic.pointer.starts_with(&format!("/portal/{index}/"))
}
