//! `portal-lint matrix`: shows which brands, campaigns, shops and domains are in which portals.

use std::io::Write;

use super::Failure;
use super::args::MatrixArgs;
use super::finish::{all_files_excluded, ensure_something_checked, print_skipped_templates, print_unanswered};
use super::report_files;
use super::setup::{select_rules, set_up_run};
use super::terminal::screen;
use crate::matrix::make_matrix;
use crate::render::matrix::{MatrixFormat, render};
use crate::settings::Settings;

/// Reads the files, prints the matrix, and returns the exit code.
pub(super) fn run(options: &MatrixArgs, out: &mut dyn Write) -> Result<u8, Failure> {
    let selection = select_rules(&options.common)?;
    let settings = Settings { with_profiles: true, selection, ..Settings::default() };
    let is_human = options.format == MatrixFormat::Human;
    let mut setup = set_up_run(&options.common, settings, is_human && !options.common.quiet)?;
    report_files::validate(&options.output, &options.common, &setup.inputs, &setup.settings)?;
    let report = setup.check()?;
    print_skipped_templates(&report)?;
    print_unanswered(&report)?;
    let matrix = make_matrix(&report);
    let written =
        report_files::write(&report, &options.output, &options.common, &setup.settings, |format, screen, out| {
            render(&matrix, format, screen, out)
        });
    if all_files_excluded(&report, &options.common) {
        return written.map(|()| 0);
    }
    render(&matrix, options.format, screen(options.common.color), out)?;
    out.flush()?;
    written?;
    ensure_something_checked(&report, &options.common.paths, &setup.settings)?;
    Ok(matrix.exit_code())
}
