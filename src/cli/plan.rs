//! `portal-lint plan`: compares the files with the account, and prints what to create and what to edit.

use std::io::Write;

use super::args::PlanArgs;
use super::finish::print_unanswered;
use super::run_report::{check_files, write_outputs};
use super::setup::{environment_variables, set_up_run};
use super::{Failure, refuse};
use crate::base::file::InputFile;
use crate::engine::online_queries::checked_accounts;
use crate::plan::make_plan;
use crate::preflight::evaluate_report;
use crate::render::plan::{PlanFormat, render, render_requests};
use crate::settings::Settings;

/// Checks the files, prints the plan, and returns the exit code.
pub(super) fn run(options: &PlanArgs, out: &mut dyn Write) -> Result<u8, Failure> {
    let variables = options.env.then(environment_variables);
    let settings = Settings { with_preflight_facts: true, with_plan: true, variables, ..Settings::default() };
    let is_human = options.format == PlanFormat::Human;
    let mut setup = set_up_run(&options.common, settings, is_human && !options.common.quiet)?;
    if options.common.online.extent.is_none() {
        ensure_account(&setup.inputs, &setup.settings)?;
    }
    let report = check_files(&mut setup, &options.output)?;
    print_unanswered(&report)?;
    let preflight = evaluate_report(&report);
    let plan = make_plan(&preflight);
    let write = |format, is_quiet, screen, out: &mut dyn Write| match format {
        PlanFormat::Human if is_quiet => render_requests(&plan, screen, out),
        _ => render(&plan, format, screen, out),
    };
    write_outputs(&setup, &report, plan.exit_code(options.check), options.format, &options.output, out, write)
}

/// Fails if no checked file has an account to be compared with.
fn ensure_account(inputs: &[InputFile], settings: &Settings) -> Result<(), Failure> {
    let scopes = checked_accounts(inputs, settings);
    let mut accounts = scopes.iter().map(|scope| settings.projects[scope.project].account(scope.environment));
    if scopes.is_empty() || accounts.clone().any(|account| account.file.is_some()) {
        return Ok(());
    }
    if accounts.any(|account| account.is_left_out) {
        return refuse(
            "according to the settings, the files belong to another account than the snapshot of --account: name the files of that account, or the snapshot of this one",
        );
    }
    refuse("`plan` compares files with the account: add --account FILE or --online, or set `account` in the settings")
}
