//! The options of the commands that report on all portals together.

use std::path::PathBuf;

use clap::Args as Options;

use super::{CommonArgs, Output, parse_output};
use crate::render::matrix::MatrixFormat;
use crate::render::plan::PlanFormat;
use crate::render::preflight::PreflightFormat;

#[derive(Debug, Options)]
#[command(after_help = "\
Verdicts: no-go for an error; review for a warning or anything unverified; otherwise go. Every finding that is not allowed counts, \
including those that belong to no checklist item. An item whose rule was excluded with --select or --ignore is unverified. Exit \
codes: 0 no portal is no-go (with --strict: all are go); 1 otherwise; 2 portal-lint could not do its job (bad arguments, a file is \
missing, nothing to check); 3 a check with --online was not completed.")]
pub(in crate::cli) struct PreflightArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// Output format
    #[arg(long, visible_alias = "output-format", value_enum, default_value_t = PreflightFormat::Human)]
    pub format: PreflightFormat,
    /// Also write the report to a file (html=preflight.html); can be repeated
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_output::<PreflightFormat>)]
    pub output: Vec<Output<PreflightFormat>>,
    /// Fill in `${NAME}` from the environment for the evaluation; the values are never shown
    #[arg(long)]
    pub env: bool,
    /// Exit with 1 for review as well
    #[arg(long)]
    pub strict: bool,
}

#[derive(Debug, Options)]
#[command(after_help = "\
Actions: create; update, with the fields that change; unchanged; blocked, with the reasons (preflight says no-go, or it is unknown \
what to do); orphan: in the account, but in no file. Exit codes: 0 nothing is blocked (with --check: there is also nothing to \
create or update); 1 otherwise; 2 portal-lint could not do its job (bad arguments, no account, a file is missing, nothing to check); 3 a check \
with --online was not completed.")]
pub(in crate::cli) struct PlanArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// Output format
    #[arg(long, visible_alias = "output-format", value_enum, default_value_t = PlanFormat::Human)]
    pub format: PlanFormat,
    /// Also write the plan to a file (json=plan.json); can be repeated
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_output::<PlanFormat>)]
    pub output: Vec<Output<PlanFormat>>,
    /// Fill in `${NAME}` from the environment; only the bodies in `json` contain the values
    #[arg(long)]
    pub env: bool,
    /// Exit with 1 if there is anything to create or update
    #[arg(long)]
    pub check: bool,
}

#[derive(Debug, Options)]
#[command(after_help = "\
Shows the portals in the files and, with an account, its other portals. Gap: an object of the account is in no portal. \
Overlap: it is in several. Neither fails the command. Exit codes: 0 all portals are shown; 1 a file, the settings, or the snapshot has \
an error, so portals may be missing; 2 portal-lint could not do its job (bad arguments, a file is missing, nothing to check); 3 a check \
with --online was not completed.")]
pub(in crate::cli) struct MatrixArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// Output format
    #[arg(long, visible_alias = "output-format", value_enum, default_value_t = MatrixFormat::Human)]
    pub format: MatrixFormat,
    /// Also write the matrix to a file (html=matrix.html); can be repeated
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_output::<MatrixFormat>)]
    pub output: Vec<Output<MatrixFormat>>,
}

#[derive(Debug, Options)]
#[command(after_help = "\
The page shows each text wide, narrow, with dark colors, and without images, with the findings below it. Scripts in the emails are \
never run, and nothing is loaded unless you switch images on. Exit codes: 0 the page was written; 2 portal-lint could not do its job; \
3 a check with --online was not completed.")]
pub(in crate::cli) struct PreviewArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
