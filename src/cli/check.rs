//! `portal-lint check`.

use std::io::Write;

use super::args::Check;
use super::finish::{all_files_excluded, exit_code, print_report, print_skipped_templates};
use super::setup::{RunSetup, check_settings, set_up_run};
use super::terminal::screen;
use crate::cli::{Failure, fix, report_files};
use crate::engine::run::check;
use crate::render::ReportFormat;

/// Checks the files, prints the report, and returns the exit code.
pub(super) fn run(options: &Check, out: &mut dyn Write) -> Result<u8, Failure> {
    let for_people = options.format == ReportFormat::Human && !options.quiet;
    let RunSetup { inputs, settings, left_out } =
        set_up_run(&options.job, check_settings(options)?, options.force_exclude, for_people)?;
    report_files::validate(options, &inputs, &settings)?;
    if options.diff {
        return fix::show(options, &inputs, &settings, out);
    }
    if options.fix {
        return fix::run(options, inputs, left_out.as_deref(), &settings, out);
    }
    let report = check(inputs, &settings);
    print_skipped_templates(&report)?;
    let written = report_files::write(&report, options, &settings);
    if all_files_excluded(&report, options) {
        written?;
        return Ok(0);
    }
    print_report(&report, options, screen(options.job.color), out)?;
    out.flush()?;
    written?;
    let code = exit_code(&report, options, &settings)?;
    // The program ends here, so freeing thousands of files one by one would only take time.
    std::mem::forget(report);
    Ok(code)
}
