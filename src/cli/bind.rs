//! `portal-lint bind`: records in the settings which portal of the account a file describes.

use std::collections::HashMap;
use std::io::Write;

use super::Failure;
use super::args::Bind;
use super::streams::stderr;
use super::target::{ExtendedSettings, Target, quote_path};
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::folders::resolve_symlinks;
use crate::base::sanitize::sanitize;
use crate::engine::bindings::binding_entry;
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::rules::wording::pluralize;
use crate::settings::Settings;
use crate::syntax::cursor::Cursor;
use crate::syntax::toml;

/// Writes the entry and prints where. Every error leaves the settings as they are.
pub(super) fn run(options: &Bind) -> Result<u8, Failure> {
    let target = Target::read(&options.file, HashMap::new())?;
    let document = select_document(&target, options.document)?;
    let file = target.settings_file()?;
    let folder = target.relative_folder(&file);
    let Some(entry) = binding_entry(target.path(), &folder, document, &options.id) else {
        return Err(Failure::Usage(format!("the file name {} is not UTF-8", quote_path(target.path()))));
    };
    let number = count_entries(file.before.as_deref().unwrap_or_default());
    let extended = file.with_entry(&entry, "portal")?;
    check_entry(options, &extended, number)?;
    let location = extended.write()?;
    let (file, id) = (sanitize(&target.input().name), sanitize(&options.id));
    writeln!(stderr(), "bound {file} to the portal {id} in {}", sanitize(&location))?;
    Ok(0)
}

/// The number for the entry: that of the option, or none if the file has only one portal.
fn select_document(target: &Target, requested: Option<u32>) -> Result<Option<u32>, Failure> {
    let settings = Settings { with_preflight_facts: true, ..target.settings.clone() };
    let report = check(target.inputs.clone(), &settings);
    let file = report.files.iter().find(|file| file.name == target.input().name);
    let facts = file.and_then(|file| file.preflight_facts.as_ref());
    let portals = facts.map_or(0, |facts| facts.portals.len());
    let name = quote_path(target.path());
    match (portals, requested) {
        (0, _) => Err(Failure::Usage(format!("{name} contains no portal"))),
        (1, None | Some(1)) => Ok(None),
        (_, Some(number)) => Ok(Some(number)),
        (_, None) => {
            let message = format!("{name} contains {}: select one with --document", pluralize(portals, "portal"));
            Err(Failure::Usage(message))
        }
    }
}

/// The number of `[[portal]]` entries in a settings file.
fn count_entries(settings: &str) -> usize {
    let parsed = toml::parse(settings);
    parsed.documents.first().map_or(0, |document| Cursor::root(document).field("portal").items().len())
}

/// Fails if the new entry, which is the one with this index, would be a finding.
fn check_entry(options: &Bind, extended: &ExtendedSettings, index: usize) -> Result<(), Failure> {
    let path = resolve_symlinks(&extended.file.path);
    let overlays = HashMap::from([(path, extended.after.clone().into_bytes())]);
    let target = Target::read(&options.file, overlays)?;
    let report = check(target.inputs.clone(), &target.settings);
    match report.diagnostics.iter().find(|diagnostic| is_about_entry(&report, diagnostic, index)) {
        Some(diagnostic) => {
            Err(Failure::Usage(format!("{}: {}; nothing was changed", diagnostic.message, diagnostic.help)))
        }
        None => Ok(()),
    }
}

fn is_about_entry(report: &Report, diagnostic: &Diagnostic, index: usize) -> bool {
    diagnostic.severity == Severity::Error
        && !report.file(diagnostic.file).in_scope
        && diagnostic.pointer.starts_with(&format!("/portal/{index}/"))
}
