//! `portal-lint preflight`: the guide's checklists for each portal, and a verdict.

use std::io::Write;

use super::Failure;
use super::args::PreflightArgs;
use super::finish::{ensure_something_checked, print_skipped_templates};
use super::setup::set_up_run;
use super::terminal::screen;
use crate::preflight::evaluate_report;
use crate::render::preflight::{PreflightFormat, render};
use crate::settings::Settings;
use crate::syntax::variables::Variables;

/// Checks the files, prints the checklists, and returns the exit code.
pub(super) fn run(options: &PreflightArgs, out: &mut dyn Write) -> Result<u8, Failure> {
    let variables = options.env.then(environment_variables);
    let settings = Settings { with_preflight_facts: true, variables, ..Settings::default() };
    let mut setup = set_up_run(&options.common, settings, false, options.format == PreflightFormat::Human)?;
    let report = setup.check()?;
    print_skipped_templates(&report)?;
    let preflight = evaluate_report(&report);
    render(&preflight, options.format, screen(options.common.color), out)?;
    out.flush()?;
    ensure_something_checked(&report, &options.common.paths, &setup.settings)?;
    Ok(preflight.exit_code(options.strict))
}

/// The environment. As for `render`, an empty variable has no value.
fn environment_variables() -> Variables {
    let mut variables = Variables::new();
    for (name, value) in std::env::vars_os() {
        if let (Ok(name), Ok(value)) = (name.into_string(), value.into_string())
            && !value.is_empty()
        {
            variables.insert(name, value);
        }
    }
    variables
}
