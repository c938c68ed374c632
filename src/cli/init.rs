//! `portal-lint init`: the settings file to start from and, on request, hook and CI files.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::Failure;
use super::args::Init;
use super::streams::stderr;
use crate::base::file::canonical_parent;
use crate::cli::init_templates::{GITHUB, GITLAB, PRE_COMMIT, Starter};
use crate::settings::project::SETTINGS_FILE;
use crate::settings::template::TEMPLATE;

/// Writes them where we are; what is there already stays, and is told what to add.
pub(super) fn run(options: &Init, out: &mut dyn Write) -> Result<u8, Failure> {
    let wanted = [(options.pre_commit, PRE_COMMIT), (options.github, GITHUB), (options.gitlab, GITLAB)];
    let starters: Vec<Starter> = wanted.into_iter().filter_map(|(wanted, starter)| wanted.then_some(starter)).collect();
    for starter in &starters {
        stays_here(starter.file)?;
    }
    // To standard error, like everything that is no result.
    let mut aside = stderr();
    if write(SETTINGS_FILE, TEMPLATE)? {
        writeln!(aside, "wrote {SETTINGS_FILE}: every setting is in it as a comment")?;
    } else if starters.is_empty() {
        return Err(Failure::Usage(format!("there is a {SETTINGS_FILE} here already; nothing was written")));
    }
    if !starters.is_empty() && !Path::new(".git").exists() {
        writeln!(
            aside,
            "this is not the top folder of a git repository: hook and CI files are looked for there alone"
        )?;
    }
    let mut code = 0;
    for starter in &starters {
        let (file, next) = (starter.file, starter.next);
        if write(file, &starter.text())? {
            writeln!(aside, "wrote {file}: {next}")?;
        } else {
            writeln!(
                aside,
                "portal-lint: there is a {file} here already, which stays as it is; this belongs into it:"
            )?;
            write!(out, "{}", starter.addition())?;
            out.flush()?;
            code = 2;
        }
    }
    Ok(code)
}

/// Refuses a file that a symlink would put outside the current folder. The file itself is not followed when it is created.
fn stays_here(file: &str) -> Result<(), Failure> {
    let here = Path::new(".").canonicalize().unwrap_or_default();
    if canonical_parent(Path::new(file)).starts_with(&here) {
        return Ok(());
    }
    Err(Failure::Usage(format!("{file} is not written: a symlink leads out of the project; nothing was written")))
}

/// Whether the file was not there and is now.
fn write(file: &str, text: &str) -> Result<bool, Failure> {
    let create = || -> io::Result<()> {
        if let Some(folder) = Path::new(file).parent() {
            fs::create_dir_all(folder)?;
        }
        OpenOptions::new().write(true).create_new(true).open(file)?.write_all(text.as_bytes())
    };
    match create() {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(Failure::Usage(format!("{file} cannot be written: {error}"))),
    }
}
