//! The end of a run: the report on standard output, and the exit code.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::args::{Check, CommonArgs};
use super::streams::stderr;
use crate::base::file::{display_path, path_from_current};
use crate::base::sanitize::sanitize;
use crate::cli::{Failure, refuse};
use crate::engine::report::Report;
use crate::render::{ReportFormat, Screen, concise, human, render_failing_on, statistics, unverified};
use crate::rules::wording::{pluralize, quote};
use crate::settings::Settings;
use crate::settings::project::SETTINGS_FILE;

/// Prints the report in the chosen format, and the statistics if they were requested.
pub(super) fn print_report(report: &Report, options: &Check, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    match options.format {
        ReportFormat::Human if options.common.quiet => human::render_findings(report, screen, out)?,
        // The summary goes to standard error: see `print_summary_line`.
        ReportFormat::Human if summary_line(report, options).is_some() => {
            human::render_without_summary(report, screen, out)?;
        }
        ReportFormat::Concise if options.common.quiet => concise::render_findings(report, out)?,
        format => render_failing_on(options.fail_on.into(), report, format, screen, out)?,
    }
    // Neither JSON format distinguishes a check that was not completed from one that was not requested.
    if matches!(options.format, ReportFormat::Json | ReportFormat::Jsonl) {
        unverified::render_not_completed(report, &mut stderr())?;
    }
    match options.format {
        _ if !options.statistics => Ok(()),
        ReportFormat::Human => statistics::render(report, out),
        _ => statistics::render(report, &mut stderr()),
    }
}

/// Lists the files that were found but not checked, also with `--quiet`: in a hook, the run may have no other file and exit with 0.
pub(super) fn print_skipped_templates(report: &Report) -> io::Result<()> {
    for name in &report.templates {
        writeln!(stderr(), "portal-lint: {}: skipped, because it is a template", sanitize(name))?;
    }
    Ok(())
}

/// Prints the queries without an answer to standard error. Commands whose output lists no checks need this: such a query may be the only
/// reason for their exit code.
pub(super) fn print_unanswered(report: &Report) -> io::Result<()> {
    unverified::render_not_completed(report, &mut stderr())
}

/// Prints the line that sums up the run to standard error, if there is one.
pub(super) fn print_summary_line(report: &Report, options: &Check) -> io::Result<()> {
    match summary_line(report, options) {
        Some(line) => writeln!(stderr(), "portal-lint: {line}"),
        None => Ok(()),
    }
}

/// The line that sums up an incomplete run or a run on templates in each format, and a clean run in the formats for people and CI
/// logs. Without it, a run that prints no findings would look as if nothing had happened.
fn summary_line(report: &Report, options: &Check) -> Option<String> {
    let shows_clean_run = matches!(
        options.format,
        ReportFormat::Human
            | ReportFormat::Concise
            | ReportFormat::Github
            | ReportFormat::Markdown
            | ReportFormat::Agent
    );
    let summary = &report.summary;
    let templates = report.templates.len() + report.named_templates;
    let is_incomplete = report.unread_files > 0 || summary.unanswered > 0;
    let is_clean_run = is_clean(report) && shows_clean_run;
    let mut parts = Vec::new();
    if summary.files > 0 && (is_incomplete || is_clean_run || templates > 0) {
        parts.push(human::format_summary(summary));
    }
    if report.unread_files > 0 {
        parts.push(format!("{} could not be read", pluralize(report.unread_files, "file")));
    }
    match summary.unanswered {
        0 => {}
        1 => parts.push("1 check was not completed".into()),
        number => parts.push(format!("{number} checks were not completed")),
    }
    // If the run has nothing but one template, the line about it is the summary.
    if templates > 1 || (summary.files > 0 && templates > 0) {
        parts.push(format!("{} skipped", pluralize(templates, "template")));
    }
    if parts.is_empty() || options.common.quiet { None } else { Some(parts.join("; ")) }
}

/// Whether files were checked and there is no finding.
fn is_clean(report: &Report) -> bool {
    report.summary.files > 0 && report.findings().next().is_none()
}

/// The exit code of a run. A run that checked nothing does not succeed.
pub(super) fn exit_code(report: &Report, options: &Check, settings: &Settings) -> Result<u8, Failure> {
    if all_files_excluded(report, &options.common) {
        return Ok(0);
    }
    ensure_something_checked(report, &options.common.paths, settings)?;
    Ok(report.exit_code(settings.fail_on))
}

/// Whether `--force-exclude` left no file. That is a success: a hook passes all changed files, and none of them may be a portal.
pub(super) fn all_files_excluded(report: &Report, options: &CommonArgs) -> bool {
    report.summary.files == 0 && options.force_exclude && report.unread_files == 0
}

/// Fails if nothing was checked in one of the paths that were named. A plan or matrix of nothing but portals without files succeeds.
pub(super) fn ensure_something_checked(report: &Report, paths: &[PathBuf], settings: &Settings) -> Result<(), Failure> {
    if report.summary.files == 0 {
        let shows_portals = !report.orphans.is_empty() || !report.accounts.is_empty();
        return if shows_portals { Ok(()) } else { refuse(describe_nothing_found(paths, settings)) };
    }
    // A folder whose name was mistyped must not pass because another has portals in it.
    let several = paths.len() > 1;
    let has_no_portal = |path: &&PathBuf| several && path.is_dir() && !contains_checked_file(path, report);
    let empty: Vec<PathBuf> = paths.iter().filter(has_no_portal).cloned().collect();
    if !empty.is_empty() {
        return refuse(describe_nothing_found(&empty, settings));
    }
    Ok(())
}

/// Whether the folder contains a file that was checked, perhaps under the name of another folder: a symlink to this one.
fn contains_checked_file(folder: &Path, report: &Report) -> bool {
    let name = display_path(&path_from_current(folder));
    let mut names = report.files.iter().filter(|file| file.in_scope).map(|file| Path::new(&file.name));
    if names.clone().any(|file| file.starts_with(&name)) {
        return true;
    }
    let Ok(real_folder) = folder.canonicalize() else { return false };
    names.any(|file| file.canonicalize().is_ok_and(|file| file.starts_with(&real_folder)))
}

/// Explains which files are searched for, because the names may not be those that the user expects.
fn describe_nothing_found(paths: &[PathBuf], settings: &Settings) -> String {
    let places: Vec<String> = paths.iter().map(|path| quote(&path.to_string_lossy())).collect();
    let places = if places.is_empty() { "the current folder".into() } else { places.join(", ") };
    let searched = if settings.projects.iter().any(|project| project.include.is_some()) {
        format!("files that match `include` in {SETTINGS_FILE} and that neither `exclude` nor .gitignore excludes")
    } else {
        "`*.portal.json`, `.jsonc`, `.yaml`, and `.yml` files, and other JSON and YAML files with the fields of a portal. It skips \
         templates, excluded or git-ignored files, and symlinks that lead out of the folder"
            .into()
    };
    format!(
        "no portals found in {places}. portal-lint checks {searched}. To check a file with any name: `portal-lint check FILE`"
    )
}
