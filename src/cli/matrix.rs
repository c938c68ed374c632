//! `portal-lint matrix`: shows which brands, campaigns, shops and domains are in which portals.

use std::io::Write;

use super::Failure;
use super::args::MatrixArgs;
use super::finish::print_unanswered;
use super::run_report::{check_files, write_outputs};
use super::setup::set_up_run;
use crate::matrix::make_matrix;
use crate::render::matrix::{MatrixFormat, render};
use crate::settings::Settings;

/// Reads the files, prints the matrix, and returns the exit code.
pub(super) fn run(options: &MatrixArgs, out: &mut dyn Write) -> Result<u8, Failure> {
    let settings = Settings { with_profiles: true, ..Settings::default() };
    let is_human = options.format == MatrixFormat::Human;
    let mut setup = set_up_run(&options.common, settings, is_human && !options.common.quiet)?;
    let report = check_files(&mut setup, &options.output)?;
    print_unanswered(&report)?;
    let matrix = make_matrix(&report);
    let write = |format, _, screen, out: &mut dyn Write| render(&matrix, format, screen, out);
    write_outputs(&setup, &report, matrix.exit_code(), options.format, &options.output, out, write)
}
