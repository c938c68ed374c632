//! `portal-lint check --output FORMAT=FILE`: the report in files, beside what is printed.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::base::file::{InputFile, Origin, canonical_parent, display_relative_path};
use crate::cli::Failure;
use crate::cli::args::{Check, Output};
use crate::cli::boundary::link_in_checked_folder;
use crate::cli::finish::{all_files_excluded, ensure_something_checked};
use crate::cli::streams::Closable;
use crate::engine::report::Report;
use crate::render::{Screen, render_failing_on};
use crate::rules::wording::quote;
use crate::settings::Settings;

/// What a file is as wide as, for there is no terminal.
const SCREEN: Screen = Screen { color: false, width: 100 };

/// Refuses to write over what is read, and to write two reports over one another.
pub(super) fn refuse(options: &Check, inputs: &[InputFile], settings: &Settings) -> Result<(), Failure> {
    let outputs = &options.output;
    let is_read = |file: &Path| {
        let real = file.canonicalize().ok();
        let same = |input: &InputFile| match &input.origin {
            Origin::Disk(path) => path.as_deref().unwrap_or(Path::new(&input.name)).canonicalize().ok() == real,
            _ => false,
        };
        let of_projects = settings.projects.iter().filter_map(|project| Some(&project.file.as_ref()?.input));
        real.is_some() && inputs.iter().chain(of_projects).any(same)
    };
    for (index, output) in outputs.iter().enumerate() {
        let file = quote(&output.file.to_string_lossy());
        if outputs[..index].iter().any(|other| real(&other.file) == real(&output.file)) {
            return Err(Failure::Usage(format!("two reports cannot both be written to {file}")));
        }
        if is_read(&output.file) {
            return Err(Failure::Usage(format!("{file} is read, so no report is written to it")));
        }
        if let Some(link) = link_in_checked_folder(&output.file, &options.job) {
            return Err(Failure::Usage(format!("{file} is not written: {}", leads_elsewhere(&link))));
        }
    }
    Ok(())
}

/// The same for all ways to a file, be it there or not.
fn real(file: &Path) -> PathBuf {
    let folder = canonical_parent(file);
    file.file_name().map_or_else(|| folder.clone(), |name| folder.join(name))
}

/// Writes each; that one cannot be written keeps no other from it. A report of nothing would pass for one without findings.
pub(super) fn write(report: &Report, options: &Check, settings: &Settings) -> Result<(), Failure> {
    if !all_files_excluded(report, options) && ensure_something_checked(report, &options.job.paths, settings).is_err() {
        return Ok(());
    }
    let mut trouble = Vec::new();
    for output in &options.output {
        if let Err(error) = write_one(report, options, output) {
            trouble.push(format!("{} cannot be written: {error}", quote(&output.file.to_string_lossy())));
        }
    }
    if trouble.is_empty() { Ok(()) } else { Err(Failure::Usage(trouble.join("; "))) }
}

fn leads_elsewhere(link: &Path) -> String {
    let link = quote(&display_relative_path(link));
    format!("the symlink {link} lies in the checked folder, and decides where that is; name the file it leads to")
}

fn write_one(report: &Report, options: &Check, output: &Output) -> io::Result<()> {
    // The check may have taken a while.
    if let Some(link) = link_in_checked_folder(&output.file, &options.job) {
        return Err(io::Error::other(leads_elsewhere(&link)));
    }
    let mut file = BufWriter::new(Closable::new(File::create(&output.file)?));
    render_failing_on(options.fail_on.into(), report, output.format, SCREEN, &mut file)?;
    file.flush()
}
