//! `--verbose`: which settings hold for the run, and where each comes from.

use std::io::{self, Write};
use std::path::Path;

use crate::base::file::InputFile;
use crate::base::sanitize::sanitize;
use crate::model::secrets::Secrets;
use crate::settings::Settings;
use crate::settings::project::{SETTINGS_FILE, SettingsFile};
use crate::settings::projects::SkippedLink;
use crate::settings::template::active_template;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Limits, parse, toml};

/// Tells it, one line a setting.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(super) fn tell(
    settings: &Settings,
    inputs: &[InputFile],
    account: Option<&Path>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if let Some(account) = account {
        writeln!(out, "account = {} (--account)", sanitize(&account.to_string_lossy()))?;
    }
    for (number, project) in settings.projects.iter().enumerate() {
        let files = inputs.iter().filter(|input| input.project == number).count();
        match &project.file {
            _ if files == 0 => {}
            Some(file) => tell_of(file, account.is_some(), out)?,
            None => {
                let files = if files == 1 { "1 file".into() } else { format!("{files} files") };
                writeln!(
                    out,
                    "no {SETTINGS_FILE} for {files}: defaults hold, and nothing is compared but the files of this run"
                )?;
            }
        }
    }
    Ok(())
}

/// Tells which symlinks the walks did not follow, one line each.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(super) fn tell_skipped_links<'l>(
    links: impl Iterator<Item = &'l SkippedLink>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for SkippedLink { link, folder, target } in links {
        let (link, folder, target) = (sanitize(link), sanitize(folder), sanitize(target));
        writeln!(out, "skipped {link}: the symlink leads out of {folder} (to {target})")?;
    }
    Ok(())
}

fn tell_of(file: &SettingsFile, has_account: bool, out: &mut dyn Write) -> io::Result<()> {
    let source = file.source();
    let parsed = parse(&source, &Limits::default());
    let shown = Secrets::find(&source, &parsed).mask_source(&source);
    writeln!(out, "settings of {}:", sanitize(&file.input.name))?;
    let Some(document) = parsed.documents.first() else { return Ok(()) };
    let root = Cursor::root(document);
    tell_defaults(&root, out)?;
    tell_values(&root, "", &mut |key, value| {
        if has_account && key == "account" {
            return Ok(());
        }
        let line = source.position(value.span().start).line;
        let text = shown.slice(value.span()).split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(out, "  {key} = {} ({}:{line})", sanitize(&text), sanitize(&file.input.name))
    })
}

/// What holds because nothing is said. Of the template only numbers and words are usual, the rest are examples.
fn tell_defaults(root: &Cursor<'_>, out: &mut dyn Write) -> io::Result<()> {
    let template = active_template();
    let parsed = toml::parse(&template);
    let Some(usual) = parsed.documents.first().map(Cursor::root) else { return Ok(()) };
    for (table, usual) in ["limits", "account-words", "days"].map(|table| (table, usual.field(table))) {
        for usual in usual.children().filter(|usual| !root.field(table).field(usual.key()).is_present()) {
            writeln!(out, "  {table}.{} = {} (default)", usual.key(), &template[usual.span().range()])?;
        }
    }
    Ok(())
}

type OnValue<'t> = dyn FnMut(&str, Cursor<'_>) -> io::Result<()> + 't;

/// Every value that is no table, by its dotted name.
fn tell_values(table: &Cursor<'_>, name: &str, on_value: &mut OnValue<'_>) -> io::Result<()> {
    for child in table.children() {
        let name = if name.is_empty() { child.key().to_owned() } else { format!("{name}.{}", child.key()) };
        let tables: Vec<Cursor<'_>> = child.items().filter(Cursor::is_object).collect();
        if child.is_object() {
            tell_values(&child, &name, on_value)?;
        } else if tables.is_empty() {
            on_value(&name, child)?;
        }
        for (index, table) in tables.iter().enumerate() {
            tell_values(table, &format!("{name}[{index}]"), on_value)?;
        }
    }
    Ok(())
}
