//! `portal-lint preflight`: the guide's checklists for each portal, and a verdict.

use std::io::Write;

use super::Failure;
use super::args::PreflightArgs;
use super::run_report::{check_files, write_outputs};
use super::setup::{environment_variables, set_up_run};
use crate::preflight::evaluate_report;
use crate::render::preflight::{PreflightFormat, render, render_problems};
use crate::settings::Settings;

/// Checks the files, prints the checklists, and returns the exit code.
pub(super) fn run(options: &PreflightArgs, out: &mut dyn Write) -> Result<u8, Failure> {
    let variables = options.env.then(environment_variables);
    let settings = Settings { with_preflight_facts: true, variables, ..Settings::default() };
    let is_human = options.format == PreflightFormat::Human;
    let mut setup = set_up_run(&options.common, settings, is_human && !options.common.quiet)?;
    let report = check_files(&mut setup, &options.output)?;
    let preflight = evaluate_report(&report);
    let write = |format, is_quiet, screen, out: &mut dyn Write| match format {
        PreflightFormat::Human if is_quiet => render_problems(&preflight, screen, out),
        _ => render(&preflight, format, screen, out),
    };
    write_outputs(&setup, &report, preflight.exit_code(options.strict), options.format, &options.output, out, write)
}
