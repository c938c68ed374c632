//! `--show-settings` and `--verbose`: prints the settings of a run and where each comes from.

use std::io::{self, Write};

use super::args::CommonArgs;
use crate::base::file::InputFile;
use crate::base::sanitize::sanitize;
use crate::model::secrets::Secrets;
use crate::rules::wording::pluralize;
use crate::settings::Settings;
use crate::settings::project::{SETTINGS_FILE, SettingsFile};
use crate::settings::projects::SkippedLink;
use crate::settings::template::active_template;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Limits, parse, toml};

/// Prints the settings of each project that has files in the run, one line for each setting. If there are no files, the settings
/// may be the reason: then it prints those of all projects.
///
/// # Errors
///
/// If `out` cannot be written to.
pub(super) fn print_settings(
    settings: &Settings,
    inputs: &[InputFile],
    options: &CommonArgs,
    out: &mut dyn Write,
) -> io::Result<()> {
    let account = options.account.as_deref();
    if let Some(account) = account {
        writeln!(out, "account = {} (--account)", sanitize(&account.to_string_lossy()))?;
    }
    let has_settings_file = settings.projects.iter().any(|project| project.file.is_some());
    for (number, project) in settings.projects.iter().enumerate() {
        let files = inputs.iter().filter(|input| input.project == number).count();
        match &project.file {
            Some(file) if files > 0 || inputs.is_empty() => print_settings_file(file, account.is_some(), out)?,
            None if files > 0 || !has_settings_file => {
                if options.isolated {
                    writeln!(out, "--isolated: settings files are ignored; using defaults:")?;
                } else if files == 0 {
                    writeln!(out, "no {SETTINGS_FILE}: using defaults:")?;
                } else {
                    let files = pluralize(files, "file");
                    writeln!(
                        out,
                        "no {SETTINGS_FILE} for {files}: using defaults; only the files in this run are compared:"
                    )?;
                }
                print_defaults(None, out)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Prints the symlinks that walks did not follow, one line for each.
///
/// # Errors
///
/// If `out` cannot be written to.
pub(super) fn print_skipped_links<'l>(
    links: impl Iterator<Item = &'l SkippedLink>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for SkippedLink { link, folder, target } in links {
        let (link, folder, target) = (sanitize(link), sanitize(folder), sanitize(target));
        writeln!(out, "skipped {link}: the symlink leads out of {folder} (to {target})")?;
    }
    Ok(())
}

fn print_settings_file(file: &SettingsFile, has_account: bool, out: &mut dyn Write) -> io::Result<()> {
    let source = file.source();
    let parsed = parse(&source, &Limits::default());
    // Settings may contain a secret by mistake.
    let masked = Secrets::find(&source, &parsed).mask_source(&source);
    writeln!(out, "settings of {}:", sanitize(&file.input.name))?;
    let Some(document) = parsed.documents.first() else { return Ok(()) };
    let root = Cursor::root(document);
    print_defaults(Some(&root), out)?;
    for_each_value(&root, "", &mut |key, value| {
        // `--account` overrides it.
        if has_account && key == "account" {
            return Ok(());
        }
        let line = source.position(value.span().start).line;
        let text = masked.slice(value.span()).split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(out, "  {} = {} ({}:{line})", sanitize(key), sanitize(&text), sanitize(&file.input.name))
    })
}

/// Prints the defaults of settings that the file leaves out. They are taken from the template for new settings files, in which
/// the values of these tables are the defaults and all others are examples.
fn print_defaults(root: Option<&Cursor<'_>>, out: &mut dyn Write) -> io::Result<()> {
    let template = active_template();
    let parsed = toml::parse(&template);
    let Some(defaults) = parsed.documents.first().map(Cursor::root) else { return Ok(()) };
    for table in ["limits", "account-words", "days"] {
        for default in defaults.field(table).children() {
            let is_set = root.is_some_and(|root| root.field(table).field(default.key()).is_present());
            if !is_set {
                writeln!(out, "  {table}.{} = {} (default)", default.key(), &template[default.span().range()])?;
            }
        }
    }
    Ok(())
}

type OnValue<'t> = dyn FnMut(&str, Cursor<'_>) -> io::Result<()> + 't;

/// Calls `on_value` for each value that is not a table, with its dotted name.
fn for_each_value(table: &Cursor<'_>, name: &str, on_value: &mut OnValue<'_>) -> io::Result<()> {
    for child in table.children() {
        let name = if name.is_empty() { child.key().to_owned() } else { format!("{name}.{}", child.key()) };
        let tables: Vec<Cursor<'_>> = child.items().filter(Cursor::is_object).collect();
        if child.is_object() {
            for_each_value(&child, &name, on_value)?;
        } else if tables.is_empty() {
            on_value(&name, child)?;
        }
        for (index, table) in tables.iter().enumerate() {
            for_each_value(table, &format!("{name}[{index}]"), on_value)?;
        }
    }
    Ok(())
}
