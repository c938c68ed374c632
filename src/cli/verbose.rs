//! `--verbose`: which settings hold for the run, and where each comes from.

use std::io::{self, Write};

use crate::document::slot::Slot;
use crate::document::{Limits, parse};
use crate::input::Input;
use crate::render::plain;
use crate::settings::Settings;
use crate::settings::project::{NAME, SettingsFile};

/// Tells it, one line a setting.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn tell(settings: &Settings, inputs: &[Input], out: &mut dyn Write) -> io::Result<()> {
    for (number, project) in settings.projects.iter().enumerate() {
        let files = inputs.iter().filter(|input| input.project == number).count();
        match &project.file {
            _ if files == 0 => {}
            Some(file) => tell_of(file, out)?,
            None => writeln!(
                out,
                "no {NAME} for {files} of the files: defaults hold, and they are compared with one another alone"
            )?,
        }
    }
    Ok(())
}

fn tell_of(file: &SettingsFile, out: &mut dyn Write) -> io::Result<()> {
    let source = file.source();
    let parsed = parse(&source, &Limits::default());
    writeln!(out, "settings of {}:", plain(&file.input.name))?;
    let Some(document) = parsed.documents.first() else { return Ok(()) };
    let root = Slot::root(document);
    for (table, key, usual) in DEFAULTS {
        if !(if table.is_empty() { root } else { root.at(table) }).at(key).is_there() {
            let table = if table.is_empty() { String::new() } else { format!("{table}.") };
            writeln!(out, "  {table}{key} = {usual} (default)")?;
        }
    }
    tell_values(&root, "", &mut |key, value| {
        let line = source.position(value.span().start).line;
        let text = source.slice(value.span()).split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(out, "  {key} = {} ({}:{line})", plain(&text), plain(&file.input.name))
    })
}

type Told<'t> = dyn FnMut(&str, Slot<'_>) -> io::Result<()> + 't;

/// Every value that is no table, by its dotted name.
fn tell_values(table: &Slot<'_>, name: &str, told: &mut Told<'_>) -> io::Result<()> {
    for child in table.children() {
        let name = if name.is_empty() { child.key().to_owned() } else { format!("{name}.{}", child.key()) };
        let tables: Vec<Slot<'_>> = child.items().filter(Slot::is_object).collect();
        if child.is_object() {
            tell_values(&child, &name, told)?;
        } else if tables.is_empty() {
            told(&name, child)?;
        }
        for (index, table) in tables.iter().enumerate() {
            tell_values(table, &format!("{name}[{index}]"), told)?;
        }
    }
    Ok(())
}

/// What holds where nothing is said: CONTRACT.md, "Settings".
const DEFAULTS: [(&str, &str, &str); 7] = [
    ("", "include", "`*.portal.*`, and JSON and YAML files that hold a portal"),
    ("", "exclude", "nothing"),
    ("limits", "file-bytes", "8388608"),
    ("limits", "depth", "128"),
    ("limits", "nodes", "100000"),
    ("days", "certificate", "21"),
    ("days", "snapshot", "30"),
];
