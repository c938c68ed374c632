//! `portal-lint preflight`.

use std::io::Write;

use super::Failure;
use super::args::Preflight;
use super::finish::{ensure_something_checked, print_skipped_templates};
use super::setup::{RunSetup, set_up_run};
use super::terminal::screen;
use crate::engine::run::check;
use crate::preflight::evaluate_report;
use crate::render::preflight::{PreflightFormat, render};
use crate::settings::Settings;

/// Checks, prints the checklists, and answers with the exit code.
pub(super) fn run(options: &Preflight, out: &mut dyn Write) -> Result<u8, Failure> {
    let settings = Settings { with_preflight_facts: true, ..Settings::default() };
    let RunSetup { inputs, settings, .. } =
        set_up_run(&options.job, settings, false, options.format == PreflightFormat::Human)?;
    let report = check(inputs, &settings);
    print_skipped_templates(&report)?;
    let preflight = evaluate_report(&report);
    render(&preflight, options.format, screen(options.job.color), out)?;
    out.flush()?;
    ensure_something_checked(&report, &options.job.paths, &settings)?;
    Ok(preflight.exit_code(options.strict))
}
