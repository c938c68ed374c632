//! The commands and options. Their doc comments are the texts of `--help`, of the manual pages and of `docs/options.md`.

mod project;
mod reports;

use std::path::PathBuf;

use clap::{Args as Options, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::agent_args::{HookArgs, McpArgs};
use super::online::Online;
use crate::base::diagnostic::Severity;
use crate::hook::Client;
use crate::render::ReportFormat;
use crate::rules::wording::quote;
use crate::schema::{EMBEDDED, PortalKind};
pub(super) use project::{AccountCommand, Allow, Bind, Pull, parse_document};
pub(super) use reports::{MatrixArgs, PlanArgs, PreflightArgs, PreviewArgs};

/// Checks RevCent Customer Portal configurations. Uses the network only with --online.
#[derive(Debug, Parser)]
#[command(name = "portal-lint", version, arg_required_else_help = true, max_term_width = 100)]
// Hooks and scripts set options and pass on those of their users. The later one counts.
#[command(args_override_self = true)]
#[command(
    after_help = "`portal-lint check` checks the current folder and changes nothing. `portal-lint explain RULE` explains what \
a rule finds and how to fix it."
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Manage the RevCent account snapshot
    #[command(subcommand)]
    Account(AccountCommand),
    /// Record the decision to accept a finding, with its reason
    Allow(Allow),
    /// Record which portal of the account a file describes
    Bind(Bind),
    /// Check files and folders
    Check(Check),
    /// Show which brands, campaigns, shops, and domains are in which portals, with gaps and overlaps
    Matrix(MatrixArgs),
    /// Compare files with the account, and list what to create and update. Sends nothing
    Plan(PlanArgs),
    /// Evaluate RevCent's checklists and print a verdict: go, review, or no-go
    Preflight(PreflightArgs),
    /// Show the emails and the footer as customers see them, on one HTML page
    Preview(PreviewArgs),
    /// Explain a rule: what it finds, how to fix it, why it matters
    Explain(Explain),
    /// Check the portal calls of an AI agent before they are sent
    Hook(HookArgs),
    /// Write a commented settings file and, on request, files for hooks, CI, and AI clients
    Init(Init),
    /// Run the language server on standard input and output
    Lsp(Lsp),
    /// Run the MCP server for AI agents on standard input and output
    Mcp(McpArgs),
    /// Print the JSON body to submit, with variables filled in
    Render(Render),
    /// List the rules
    Rules(Rules),
    /// Print a JSON Schema
    Schema(Schema),
    /// Generate shell completions
    Completions(Completions),
    /// Print a manual page (`portal-lint man check | man -l -`)
    Man(Man),
}

#[derive(Debug, Options)]
#[expect(clippy::struct_excessive_bools, reason = "each flag is an option of its own")]
#[command(after_help = "\
Exit codes: 0 no findings at or above --fail-on; 1 such findings (with --fix: after the fixes; with --diff: something to \
fix); 2 portal-lint could not do its job (bad arguments, a file is missing or cannot be written, nothing to check); 3 a check with \
--online was not completed.")]
pub(super) struct Check {
    #[command(flatten)]
    pub common: CommonArgs,
    /// Output format
    #[arg(long, visible_alias = "output-format", value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
    /// Also write a report to a file (json=report.json); can be repeated
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_output::<ReportFormat>)]
    pub output: Vec<Output<ReportFormat>>,
    /// Apply safe fixes, and report the remaining findings
    #[arg(long)]
    pub fix: bool,
    /// With --fix or --diff: also apply fixes that may change the meaning
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// Show what --fix would change, without changing anything
    #[arg(long, conflicts_with_all = ["format", "output"])]
    pub diff: bool,
    /// Exit with 1 on findings of this severity or higher
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Error)]
    pub fail_on: FailOn,
    /// Exit with 0 instead of 1 if there are findings
    #[arg(long)]
    pub exit_zero: bool,
    /// Print the number of findings for each rule (for machine-readable formats: on standard error)
    #[arg(long, conflicts_with = "diff")]
    pub statistics: bool,
    /// List the files that would be checked, without checking them
    #[arg(long, conflicts_with_all = ["fix", "diff", "output"])]
    pub show_files: bool,
    /// Print the effective settings and where each comes from, without checking files
    #[arg(long, conflicts_with_all = ["fix", "diff", "output", "show_files"])]
    pub show_settings: bool,
}

/// A file to write a report to, and its format.
#[derive(Clone, Debug)]
pub(super) struct Output<F> {
    pub format: F,
    pub file: PathBuf,
}

/// Parses `FORMAT=FILE`.
fn parse_output<F: ValueEnum>(argument: &str) -> Result<Output<F>, String> {
    let (format, file) = argument.split_once('=').ok_or("expected a format and a file, such as json=report.json")?;
    if file.is_empty() || file == "-" {
        return Err("expected a file; --format selects the format on standard output".into());
    }
    let Ok(format) = F::from_str(format, false) else {
        let values = F::value_variants().iter().filter_map(F::to_possible_value);
        let names: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
        return Err(format!("there is no format {}; the formats are {}", quote(format), names.join(", ")));
    };
    Ok(Output { format, file: file.into() })
}

/// The arguments of all commands that check files. `display_order` puts them after a command's own options.
#[derive(Debug, Options)]
#[expect(clippy::struct_excessive_bools, reason = "each flag is an option of its own")]
pub(super) struct CommonArgs {
    /// Files and folders; `-` is standard input [default: the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Run only these rules: codes, code prefixes (RCP2), names, or the guide's checklist items (V12)
    #[arg(long, value_name = "RULE", value_delimiter = ',', display_order = 101)]
    pub select: Vec<String>,
    /// Skip these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', display_order = 102)]
    pub ignore: Vec<String>,
    /// Apply include, exclude, and .gitignore to files named on the command line
    #[arg(long, display_order = 103)]
    pub force_exclude: bool,
    /// Body kind; `auto` detects it from the content
    #[arg(long, value_enum, default_value_t = KindOption::Auto, display_order = 104)]
    pub kind: KindOption,
    /// Account snapshot (schema: `portal-lint schema account`)
    #[arg(long, value_name = "FILE", display_order = 105)]
    pub account: Option<PathBuf>,
    /// File name for standard input
    #[arg(long, value_name = "NAME", display_order = 106)]
    pub stdin_filename: Option<PathBuf>,
    /// Settings file [default: the nearest portal-lint.toml in the folder of each file or above]
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", display_order = 107)]
    pub config: Option<PathBuf>,
    /// Ignore all settings files
    #[arg(long, display_order = 108)]
    pub isolated: bool,
    /// Report allowed findings as normal findings
    #[arg(long, display_order = 109)]
    pub no_allow: bool,
    /// Print only what needs attention (machine-readable formats do not change)
    #[arg(long, short, conflicts_with = "verbose", display_order = 110)]
    pub quiet: bool,
    /// Also print the effective settings and skipped symlinks
    #[arg(long, short, display_order = 111)]
    pub verbose: bool,
    /// Colors and links
    #[arg(long, value_enum, default_value_t = Color::Auto, display_order = 112)]
    pub color: Color,
    #[command(flatten)]
    pub online: Online,
    /// Number of files to check at once [default: 1 for each 64 files, at least 1 and at most the number of processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), display_order = 113)]
    pub threads: Option<u16>,
}

#[derive(Debug, Options)]
pub(super) struct Explain {
    /// Code or name of a rule, or an item of the guide's checklists and common mistakes (V12, P12, M2)
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub rule: Option<String>,
    /// Explain all rules
    #[arg(long)]
    pub all: bool,
    /// Show all examples [default: the first three of each kind]
    #[arg(long)]
    pub examples: bool,
    /// Output format
    #[arg(long, visible_alias = "output-format", value_enum, default_value_t = ExplainFormat::Human)]
    pub format: ExplainFormat,
    /// Colors; `always` also formats the page if the output is not a terminal
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ExplainFormat {
    Human,
    Json,
}

#[derive(Debug, Options)]
#[command(after_help = "\
Converts YAML to JSON, drops `$schema`, and fills in `${NAME}` from the environment. Exit codes: 0 the body was \
printed; 1 the file has an error, so nothing was printed; 2 a variable is not set, or portal-lint could not do its job.")]
pub(super) struct Render {
    /// File; `-` is standard input
    pub path: PathBuf,
    /// Number of the portal in a file with several; the first is 1
    #[arg(long, value_name = "N", value_parser = parse_document)]
    pub document: Option<u32>,
    /// RevCent's OpenAPI document (JSON or YAML), whose schemas replace the built-in ones
    #[arg(long, value_name = "FILE")]
    pub openapi: Option<PathBuf>,
}

#[derive(Debug, Options)]
#[command(after_help = "\
Editors start this command; docs/editors.md describes the setup. Exit codes: 0 the editor ended the session; 1 the connection was \
closed without `shutdown`; 2 the input was not a language server session.")]
pub(super) struct Lsp {
    /// Has no effect; accepted because many editors pass it
    #[arg(long)]
    pub stdio: bool,
}

#[derive(Debug, Options)]
pub(super) struct Rules {
    /// Output format
    #[arg(long, visible_alias = "output-format", value_enum, default_value_t = RulesFormat::Human)]
    pub format: RulesFormat,
}

#[derive(Debug, Options)]
pub(super) struct Schema {
    /// Schema to print
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(EMBEDDED.map(|(name, _)| name)))]
    pub name: String,
    /// RevCent's OpenAPI document (JSON or YAML), from which `create`, `edit`, or `export` is derived
    #[arg(long, value_name = "FILE")]
    pub openapi: Option<PathBuf>,
}

#[derive(Debug, Options)]
#[command(after_help = "\
Files are written to the current folder. An existing file is not changed (exit code 2): the text to add is printed instead.")]
pub(super) struct Init {
    /// Also write a `.pre-commit-config.yaml` that runs portal-lint before each commit
    #[arg(long)]
    pub pre_commit: bool,
    /// Also write a GitHub Actions workflow
    #[arg(long)]
    pub github: bool,
    /// Also write a `.gitlab-ci.yml` with a job
    #[arg(long)]
    pub gitlab: bool,
    /// Also write the hook, MCP server, and skill for these AI clients [default: those that are found]
    #[arg(long, value_enum, value_name = "CLIENT", num_args = 0.., require_equals = true, value_delimiter = ',')]
    pub agents: Option<Vec<Client>>,
}

#[derive(Debug, Options)]
pub(super) struct Completions {
    /// Shell
    pub shell: Shell,
}

#[derive(Debug, Options)]
pub(super) struct Man {
    /// Command [default: portal-lint itself]
    pub command: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum RulesFormat {
    Human,
    Json,
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FailOn {
    Error,
    Warning,
    Advice,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Advice => Self::Advice,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum KindOption {
    Auto,
    Create,
    Edit,
    Export,
}

impl From<KindOption> for Option<PortalKind> {
    fn from(kind: KindOption) -> Self {
        match kind {
            KindOption::Auto => None,
            KindOption::Create => Some(PortalKind::Create),
            KindOption::Edit => Some(PortalKind::Edit),
            KindOption::Export => Some(PortalKind::Export),
        }
    }
}
