//! The steps that the commands with a report have in common.

use std::io::{self, Write};

use super::Failure;
use super::args::Output;
use super::finish::{all_files_excluded, ensure_something_checked, print_skipped_templates};
use super::report_files;
use super::setup::RunSetup;
use super::terminal::screen;
use crate::engine::report::Report;
use crate::render::Screen;

/// Checks the files of a run whose report is also written to `outputs`, and names the templates that were skipped.
pub(super) fn check_files<F>(setup: &mut RunSetup<'_>, outputs: &[Output<F>]) -> Result<Report, Failure> {
    report_files::validate(outputs, setup.args, &setup.inputs, &setup.settings)?;
    let report = setup.check()?;
    print_skipped_templates(&report)?;
    Ok(report)
}

/// Writes what a command makes of a report to `outputs` and, in the format `format`, to standard output. Returns `exit_code`, or fails
/// if nothing was checked. The second argument of `render` is whether to write only what needs attention.
pub(super) fn finish<F: Copy>(
    setup: &RunSetup<'_>,
    report: &Report,
    exit_code: u8,
    format: F,
    outputs: &[Output<F>],
    out: &mut dyn Write,
    render: impl Fn(F, bool, Screen, &mut dyn Write) -> io::Result<()>,
) -> Result<u8, Failure> {
    let RunSetup { args, settings, .. } = setup;
    let write_file = |format, screen, file: &mut dyn Write| render(format, false, screen, file);
    let written = report_files::write(report, outputs, args, settings, write_file);
    if all_files_excluded(report, args) {
        return written.map(|()| 0);
    }
    render(format, args.quiet, screen(args.color), out)?;
    out.flush()?;
    written?;
    ensure_something_checked(report, &args.paths, settings)?;
    Ok(exit_code)
}
