//! `portal-lint init`: the settings file to start from and, on request, hook and CI files, and the files of AI clients.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::args::Init;
use super::streams::stderr;
use super::{Failure, refuse};
use crate::base::file::canonical_parent;
use crate::base::folders::current_folder;
use crate::cli::init_agents::agent_files;
use crate::cli::init_templates::{FileTemplate, GITHUB, GITLAB, PRE_COMMIT};
use crate::settings::project::SETTINGS_FILE;
use crate::settings::template::TEMPLATE;

/// Writes the files into the current folder. Existing files are not changed: their content is printed for the user to add.
pub(super) fn run(options: &Init, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut templates: Vec<FileTemplate> = Vec::new();
    for (is_requested, template) in
        [(options.pre_commit, PRE_COMMIT), (options.github, GITHUB), (options.gitlab, GITLAB)]
    {
        if is_requested {
            templates.push(template);
        }
    }
    if let Some(clients) = &options.agents {
        let Some(files) = agent_files(clients) else {
            let message = "found no AI client in this folder; name the clients: `portal-lint init --agents=claude,codex,gemini,copilot`";
            return refuse(message);
        };
        templates.extend(files);
    }
    // All of them before the first is written: the error says that nothing was written.
    for template in &templates {
        ensure_inside_project(template.file)?;
    }
    // Only content to add by hand is a result, so progress goes to standard error.
    let mut err = stderr();
    if create_file(SETTINGS_FILE, TEMPLATE)? {
        writeln!(err, "wrote {SETTINGS_FILE}: to use a setting, remove the `#` in front of it")?;
    } else if templates.is_empty() {
        return refuse(format!("{SETTINGS_FILE} already exists; nothing was written"));
    }
    let needs_repository = options.pre_commit || options.github || options.gitlab;
    if needs_repository && !Path::new(".git").exists() {
        writeln!(err, "this is not the root of a git repository, where hook and CI files belong")?;
    }
    let mut code = 0;
    for template in &templates {
        let (file, next) = (template.file, template.next_step);
        if create_file(file, template.text)? {
            writeln!(err, "wrote {file}: {next}")?;
        } else if fs::read_to_string(file).is_ok_and(|text| text == template.text) {
            writeln!(err, "{file} is up to date")?;
        } else {
            writeln!(err, "portal-lint: {file} already exists and was not changed; add this to it:")?;
            write!(out, "{}", template.addition())?;
            out.flush()?;
            code = 2;
        }
    }
    Ok(code)
}

/// Refuses a file in a folder that is a symlink to outside the current folder. The file itself may be a symlink: creating it fails.
fn ensure_inside_project(file: &str) -> Result<(), Failure> {
    let current = current_folder();
    if canonical_parent(Path::new(file)).starts_with(&current) {
        return Ok(());
    }
    refuse(format!("{file} cannot be written, because a symlink leads out of the project; nothing was written"))
}

/// Creates a file. Returns false if it exists already.
fn create_file(file: &str, text: &str) -> Result<bool, Failure> {
    match try_create_file(Path::new(file), text) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => refuse(format!("{file} cannot be written: {error}")),
    }
}

fn try_create_file(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
