//! `--output FORMAT=FILE`: writes reports to files.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::base::file::{InputFile, Origin, canonical_parent, display_relative_path};
use crate::cli::args::{Check, CommonArgs, Output};
use crate::cli::boundary::link_in_checked_folder;
use crate::cli::finish::{all_files_excluded, ensure_something_checked};
use crate::cli::streams::Closable;
use crate::cli::{Failure, refuse};
use crate::engine::report::Report;
use crate::render::{Screen, render_failing_on};
use crate::rules::wording::quote;
use crate::settings::Settings;

/// The width of a report in a file.
const SCREEN: Screen = Screen { color: false, width: 100 };

/// Makes sure before the run that no report overwrites a file of the run or another report.
pub(super) fn validate<F>(
    outputs: &[Output<F>],
    args: &CommonArgs,
    inputs: &[InputFile],
    settings: &Settings,
) -> Result<(), Failure> {
    for (index, output) in outputs.iter().enumerate() {
        let file = quote(&output.file.to_string_lossy());
        if outputs[..index].iter().any(|other| real_path(&other.file) == real_path(&output.file)) {
            return refuse(format!("two reports cannot both be written to {file}"));
        }
        if is_read(&output.file, inputs, settings) {
            return refuse(format!("{file} is an input of this run: write the report to another file"));
        }
        if let Some(link) = link_in_checked_folder(&output.file, args) {
            return refuse(format!("{file} is not written: {}", describe_link(&link)));
        }
    }
    Ok(())
}

/// Whether a report would overwrite a checked file or a settings file.
fn is_read(output: &Path, inputs: &[InputFile], settings: &Settings) -> bool {
    let Ok(output) = output.canonicalize() else { return false };
    for project in &settings.projects {
        if project.file.as_ref().is_some_and(|file| is_at(&file.input, &output)) {
            return true;
        }
    }
    inputs.iter().any(|input| is_at(input, &output))
}

/// Whether a file was read from this path, which has no symlinks.
fn is_at(input: &InputFile, real_path: &Path) -> bool {
    let Origin::Disk(path) = &input.origin else { return false };
    let path = path.as_deref().unwrap_or(Path::new(&input.name));
    path.canonicalize().is_ok_and(|path| path == real_path)
}

/// The path with the symlinks of its folder resolved, even if the file does not exist.
fn real_path(file: &Path) -> PathBuf {
    let folder = canonical_parent(file);
    match file.file_name() {
        Some(name) => folder.join(name),
        None => folder,
    }
}

/// Writes the reports of `check`.
pub(super) fn write_all(report: &Report, options: &Check, settings: &Settings) -> Result<(), Failure> {
    write(report, &options.output, &options.common, settings, |format, screen, out| {
        render_failing_on(options.fail_on.into(), report, format, screen, out)
    })
}

/// Writes the reports. If one cannot be written, the others still are. Writes none if nothing was checked, because such a
/// report would look like one without findings.
pub(super) fn write<F: Copy>(
    report: &Report,
    outputs: &[Output<F>],
    args: &CommonArgs,
    settings: &Settings,
    render: impl Fn(F, Screen, &mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    if !all_files_excluded(report, args) && ensure_something_checked(report, &args.paths, settings).is_err() {
        return Ok(());
    }
    let mut errors = Vec::new();
    for output in outputs {
        if let Err(error) = write_one(output, args, &render) {
            errors.push(format!("{} cannot be written: {error}", quote(&output.file.to_string_lossy())));
        }
    }
    if errors.is_empty() { Ok(()) } else { refuse(errors.join("; ")) }
}

fn describe_link(link: &Path) -> String {
    let link = quote(&display_relative_path(link));
    format!("the symlink {link} is in the checked folder; name the file that it leads to")
}

fn write_one<F: Copy>(
    output: &Output<F>,
    args: &CommonArgs,
    render: impl Fn(F, Screen, &mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    // Again, because the check may have taken a while and the file may have become a symlink.
    if let Some(link) = link_in_checked_folder(&output.file, args) {
        return Err(io::Error::other(describe_link(&link)));
    }
    let mut file = BufWriter::new(Closable::new(File::create(&output.file)?));
    render(output.format, SCREEN, &mut file)?;
    file.flush()
}
