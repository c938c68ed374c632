//! `portal-lint check`.

use std::io::Write;

use super::args::Check;
use super::finish::{all_files_excluded, exit_code, print_report, print_skipped_templates, print_summary_line};
use super::setup::{RunSetup, set_up_run, settings_from_options};
use super::terminal::screen;
use crate::cli::{Failure, fix, report_files};
use crate::render::ReportFormat;

/// Checks the files, prints the report, and returns the exit code.
pub(super) fn run(options: &Check, out: &mut dyn Write) -> Result<u8, Failure> {
    let may_show_progress = options.format == ReportFormat::Human && !options.quiet;
    let mut setup =
        set_up_run(&options.common, settings_from_options(options)?, options.force_exclude, may_show_progress)?;
    report_files::validate(options, &setup.inputs, &setup.settings)?;
    let report = setup.check()?;
    print_skipped_templates(&report)?;
    let RunSetup { inputs, settings, excluded_stdin, .. } = setup;
    if options.diff {
        return fix::show(options, report, &inputs, &settings, out);
    }
    if options.fix {
        return fix::run(options, report, inputs, excluded_stdin.as_deref(), &settings, out);
    }
    let written = report_files::write(&report, options, &settings);
    if all_files_excluded(&report, options) {
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
