//! `portal-lint preflight`: the guide's checklists for each portal, and a verdict.

use std::io::Write;

use super::Failure;
use super::args::PreflightArgs;
use super::finish::{all_files_excluded, ensure_something_checked, print_skipped_templates};
use super::report_files;
use super::setup::{environment_variables, select_rules, set_up_run};
use super::terminal::screen;
use crate::preflight::evaluate_report;
use crate::render::preflight::{PreflightFormat, render, render_problems};
use crate::settings::Settings;

/// Checks the files, prints the checklists, and returns the exit code.
pub(super) fn run(options: &PreflightArgs, out: &mut dyn Write) -> Result<u8, Failure> {
    let variables = options.env.then(environment_variables);
    let selection = select_rules(&options.common)?;
    let settings = Settings { with_preflight_facts: true, selection, variables, ..Settings::default() };
    let is_human = options.format == PreflightFormat::Human;
    let mut setup = set_up_run(&options.common, settings, is_human && !options.common.quiet)?;
    report_files::validate(&options.output, &options.common, &setup.inputs, &setup.settings)?;
    let report = setup.check()?;
    print_skipped_templates(&report)?;
    let preflight = evaluate_report(&report);
    let written =
        report_files::write(&report, &options.output, &options.common, &setup.settings, |format, screen, out| {
            render(&preflight, format, screen, out)
        });
    if all_files_excluded(&report, &options.common) {
        return written.map(|()| 0);
    }
    let screen = screen(options.common.color);
    if is_human && options.common.quiet {
        render_problems(&preflight, screen, out)?;
    } else {
        render(&preflight, options.format, screen, out)?;
    }
    out.flush()?;
    written?;
    ensure_something_checked(&report, &options.common.paths, &setup.settings)?;
    Ok(preflight.exit_code(options.strict))
}
