//! Checking files and writing the report, which several commands do in the same way.

use std::io::{self, Write};

use super::Failure;
use super::args::Output;
use super::finish::{all_files_excluded, ensure_something_checked, print_skipped_templates};
use super::report_files;
use super::setup::RunSetup;
use super::terminal::screen;
use crate::engine::report::Report;
use crate::render::Screen;

/// Checks that reports can be written to `outputs`, checks the files of a run, and prints the names of skipped templates.
pub(super) fn check_files<F>(setup: &mut RunSetup<'_>, outputs: &[Output<F>]) -> Result<Report, Failure> {
    report_files::validate(outputs, setup.args, &setup.inputs, &setup.settings)?;
    let report = setup.check()?;
    print_skipped_templates(&report)?;
    Ok(report)
}

/// Writes the output of a command to the files in `outputs` and, in the format `format`, to standard output. `render` creates the output;
/// its second argument is the value of `--quiet`, which files ignore. Returns `exit_code`, or fails if nothing was checked.
pub(super) fn write_outputs<F: Copy>(
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
    let files_written = report_files::write(report, outputs, args, settings, write_file);
    if all_files_excluded(report, args) {
        return files_written.map(|()| 0);
    }
    // Standard output is written even if a file could not be.
    render(format, args.quiet, screen(args.color), out)?;
    out.flush()?;
    files_written?;
    ensure_something_checked(report, &args.paths, settings)?;
    Ok(exit_code)
}
