//! `portal-lint check`.

use std::io::Write;

use super::args::Check;
use super::finish::{
    all_files_excluded, ensure_something_checked, exit_code, print_report, print_skipped_templates, print_summary_line,
};
use super::run_report::check_files;
use super::setup::{RunSetup, set_up_run};
use super::show_settings::print_settings;
use super::streams::stderr;
use super::terminal::screen;
use crate::base::sanitize::sanitize;
use crate::cli::{Failure, fix, report_files};
use crate::engine::run::check;
use crate::render::ReportFormat;
use crate::settings::Settings;

/// Checks the files, prints the report, and returns the exit code.
pub(super) fn run(options: &Check, out: &mut dyn Write) -> Result<u8, Failure> {
    let may_show_progress = options.format == ReportFormat::Human && !options.common.quiet;
    let settings = Settings { fail_on: options.fail_on.into(), ..Settings::default() };
    let setup = set_up_run(&options.common, settings, may_show_progress)?;
    if options.show_settings {
        print_settings(&setup.settings, &setup.inputs, &options.common, out)?;
        return Ok(0);
    }
    if options.show_files {
        return show_files(options, &setup, out);
    }
    match report_findings(options, setup, out)? {
        1 if options.exit_zero => Ok(0),
        code => Ok(code),
    }
}

/// Lists the files that would be checked. Whether a file without a telling name is a portal depends on its content, so this reads the
/// files, but never uses the network.
fn show_files(options: &Check, setup: &RunSetup<'_>, out: &mut dyn Write) -> Result<u8, Failure> {
    let report = check(setup.inputs.clone(), &setup.settings);
    print_skipped_templates(&report)?;
    for file in report.files.iter().filter(|file| file.in_scope && !file.is_unread) {
        writeln!(out, "{}", sanitize(&file.name))?;
    }
    for diagnostic in &report.diagnostics {
        let file = report.file(diagnostic.file);
        if file.is_unread {
            writeln!(stderr(), "portal-lint: {}: {}", sanitize(&file.name), diagnostic.message)?;
        }
    }
    if !all_files_excluded(&report, &options.common) {
        ensure_something_checked(&report, &options.common.paths, &setup.settings)?;
    }
    Ok(if report.unread_files > 0 { 2 } else { 0 })
}

fn report_findings(options: &Check, mut setup: RunSetup<'_>, out: &mut dyn Write) -> Result<u8, Failure> {
    let report = check_files(&mut setup, &options.output)?;
    if options.diff {
        return fix::show(options, report, &setup, out);
    }
    if options.fix {
        return fix::run(options, report, setup, out);
    }
    let settings = setup.settings;
    let written = report_files::write_all(&report, options, &settings);
    if all_files_excluded(&report, &options.common) {
        written?;
        print_summary_line(&report, options)?;
        return Ok(0);
    }
    print_report(&report, options, screen(options.common.color), out)?;
    out.flush()?;
    written?;
    let code = exit_code(&report, options, &settings)?;
    print_summary_line(&report, options)?;
    Ok(code)
}
