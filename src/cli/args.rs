//! The commands and options. Their doc comments are the texts of `--help`, of the manual pages and of `docs/options.md`.

use std::path::PathBuf;

use clap::{Args as Options, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::online::Online;
use crate::base::date::Date;
use crate::base::diagnostic::Severity;
use crate::render::ReportFormat;
use crate::render::preflight::PreflightFormat;
use crate::rules::wording::quote;
use crate::schema::{EMBEDDED, PortalKind};

/// Checks RevCent Customer Portal configurations; offline, unless --online is given.
#[derive(Debug, Parser)]
#[command(name = "portal-lint", version, arg_required_else_help = true, max_term_width = 100)]
// Hooks and scripts set options and pass on those of their users. The later one counts.
#[command(args_override_self = true)]
#[command(
    after_help = "`portal-lint check` looks at this folder and all below it, and changes nothing. `portal-lint explain RULE` says \
more about what it found."
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The RevCent account: take a snapshot of it
    #[command(subcommand)]
    Account(AccountCommand),
    /// Record the decision to accept a finding, with its reason
    Allow(Allow),
    /// Check files and folders
    Check(Check),
    /// Go through the guide's checklists before the call: go, review or no-go
    Preflight(PreflightArgs),
    /// Print a rule's page
    Explain(Explain),
    /// Write a settings file that explains each setting and, on request, hook and CI files
    Init(Init),
    /// Serve editors: a language server on standard input and output
    Lsp(Lsp),
    /// Print the JSON body to submit, variables filled in
    Render(Render),
    /// List the rules
    Rules(Rules),
    /// Print a JSON Schema
    Schema(Schema),
    /// Print what completes commands and options in a shell
    Completions(Completions),
    /// Print a manual page (`portal-lint man check | man -l -`)
    Man(Man),
}

#[derive(Debug, Options)]
#[expect(clippy::struct_excessive_bools, reason = "each flag is an option of its own")]
#[command(after_help = "\
Exit codes: 0 nothing at or above --fail-on; 1 findings (with --fix: that are left; with --diff: something to fix); 2 the \
job could not be done (bad arguments, a file that is not there or cannot be written, nothing to check); 3 --online was asked \
for, and a check could not be completed.")]
pub(super) struct Check {
    #[command(flatten)]
    pub common: CommonArgs,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
    /// Print it to a file as well, in a format of its own (json=report.json); may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_output)]
    pub output: Vec<Output>,
    /// Make the fixes that keep the meaning; report what is left
    #[arg(long)]
    pub fix: bool,
    /// With --fix or --diff: also fixes that are only probably what was meant
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// Show what --fix would change, and change nothing
    #[arg(long, conflicts_with_all = ["format", "output"])]
    pub diff: bool,
    /// Only these rules: codes, starts of codes (RCP2) or names
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// All but these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// The least severity that fails the run
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    pub fail_on: FailOn,
    /// Named files, too, only if walking their folder would find them
    #[arg(long)]
    pub force_exclude: bool,
    /// Say how often each rule spoke (for formats that programs read, on standard error)
    #[arg(long, conflicts_with = "diff")]
    pub statistics: bool,
    /// The findings and nothing else but skipped templates; without one, nothing (formats that programs read stay as they are)
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
}

/// A file to write the report to, in a format of its own.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub format: ReportFormat,
    pub file: PathBuf,
}

/// Parses `FORMAT=FILE`.
fn parse_output(argument: &str) -> Result<Output, String> {
    let (format, file) = argument.split_once('=').ok_or("a format and a file are wanted: json=report.json")?;
    if file.is_empty() || file == "-" {
        return Err("a file is wanted; --format says what goes to standard output".into());
    }
    let Ok(format) = ReportFormat::from_str(format, false) else {
        let mut names = Vec::new();
        for format in ReportFormat::value_variants() {
            if let Some(value) = format.to_possible_value() {
                names.push(value.get_name().to_owned());
            }
        }
        return Err(format!("there is no format {}; there are {}", quote(format), names.join(", ")));
    };
    Ok(Output { format, file: file.into() })
}

/// The arguments of all commands that check files. `display_order` puts them after a command's own options.
#[derive(Debug, Options)]
pub(super) struct CommonArgs {
    /// Files and folders; `-` is standard input [default: the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What the bodies are; auto tells by their content
    #[arg(long, value_enum, default_value_t = KindOption::Auto, display_order = 101)]
    pub kind: KindOption,
    /// A snapshot of the RevCent account (schema: `portal-lint schema account`)
    #[arg(long, value_name = "FILE", display_order = 102)]
    pub account: Option<PathBuf>,
    /// The name under which standard input is checked
    #[arg(long, value_name = "NAME", display_order = 102)]
    pub stdin_filename: Option<PathBuf>,
    /// The settings file [default: the nearest portal-lint.toml above each file]
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", display_order = 103)]
    pub config: Option<PathBuf>,
    /// No settings file
    #[arg(long, display_order = 104)]
    pub isolated: bool,
    /// What decisions allow counts as well
    #[arg(long, display_order = 105)]
    pub no_allow: bool,
    /// Say which settings hold, and where they come from
    #[arg(long, short, display_order = 106)]
    pub verbose: bool,
    /// Colours and links
    #[arg(long, value_enum, default_value_t = Color::Auto, display_order = 107)]
    pub color: Color,
    #[command(flatten)]
    pub online: Online,
    /// How many files at once [default: more than one from 16,384 files on]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), display_order = 108)]
    pub threads: Option<u16>,
}

#[derive(Debug, Options)]
#[command(after_help = "\
Verdicts: no-go for an error; review for a warning, or when something is unverified; else go. Every finding counts that is not \
allowed, also one that no item asks about. Exit codes: 0; 1 no-go \
(with --strict: or review); 2 the job could not be done (bad arguments, a file that is not there, nothing to check); 3 --online was asked for, and a check could not be completed.")]
pub(super) struct PreflightArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// How to print the checklists
    #[arg(long, value_enum, default_value_t = PreflightFormat::Human)]
    pub format: PreflightFormat,
    /// Fill in `${NAME}` from the environment for the evaluation; the values are never shown
    #[arg(long)]
    pub env: bool,
    /// Fail for a review, too
    #[arg(long)]
    pub strict: bool,
}

#[derive(Debug, Options)]
#[command(after_help = "\
In YAML and .jsonc files, the decision is a comment above the line of the finding. For .json files, it is an [[allow]] entry in \
portal-lint.toml, which is created at the root of the git repository (without git: next to FILE) if it is missing. The finding stays \
in the report with the reason and no longer fails the run. Exit codes: 0 recorded; 2 nothing was changed.")]
pub(super) struct Allow {
    /// Code or name of the rule
    pub rule: String,
    /// The portal file that has the finding
    pub file: PathBuf,
    /// The value that has the finding, as a JSON Pointer (`/customer_permissions/trial_cancel`); needed if there are several
    #[arg(long, value_name = "POINTER")]
    pub pointer: Option<String>,
    /// Why the finding is accepted
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The last day of the decision (2027-03-31); after it, the finding is reported again
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    pub until: Option<Date>,
}

fn parse_day(argument: &str) -> Result<Date, String> {
    match argument.parse() {
        Ok(day) if argument.len() == 10 => Ok(day),
        _ => Err("expected a day such as 2027-03-31".into()),
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum AccountCommand {
    /// Ask RevCent, and write the snapshot that `--account` takes
    Pull(Pull),
}

#[derive(Debug, Options)]
#[command(after_help = "\
The key is taken from REVCENT_API_KEY. What RevCent does not tell is named and never guessed: a list that cannot be asked for keeps \
what an older snapshot has of it, marked as partial, and the SMTP profiles that people wrote are kept as well. Exit codes: 0; 2 the job could not be done; 3 something \
could not be pulled.")]
pub(super) struct Pull {
    /// Portals whose ids are asked for as well [default: the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Where to write it [default: the `account` of the settings, or revcent-account.json]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub online: Online,
}

#[derive(Debug, Options)]
pub(super) struct Explain {
    /// Code or name
    pub rule: String,
    /// Colours; `always` also lays the page out where no terminal is
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}

#[derive(Debug, Options)]
#[command(after_help = "\
YAML becomes JSON, `$schema` is dropped, `${NAME}` is filled in from the environment. Nothing is printed when the file has an \
error (exit code 1) or a variable has no value (2).")]
pub(super) struct Render {
    /// A file; `-` is standard input
    pub path: PathBuf,
    /// Which portal of a file with several, counted from 0
    #[arg(long, value_name = "N")]
    pub document: Option<usize>,
    /// RevCent's OpenAPI document (JSON or YAML): its schemas hold in place of the built-in ones
    #[arg(long, value_name = "FILE")]
    pub openapi: Option<PathBuf>,
}

#[derive(Debug, Options)]
#[command(after_help = "\
An editor starts this; docs/editors.md says how for VS Code, Neovim, Helix and Zed. Exit codes: 0 the editor said that it would go; 1 \
it went without a word; 2 what came in was no editor's.")]
pub(super) struct Lsp {
    /// What many editors add; there is no other way to talk to it
    #[arg(long)]
    pub stdio: bool,
}

#[derive(Debug, Options)]
pub(super) struct Rules {
    /// How to print them
    #[arg(long, value_enum, default_value_t = RulesFormat::Human)]
    pub format: RulesFormat,
}

#[derive(Debug, Options)]
pub(super) struct Schema {
    /// Which
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(EMBEDDED.map(|(name, _)| name)))]
    pub name: String,
    /// RevCent's OpenAPI document (JSON or YAML), to make `create`, `edit` or `export` from
    #[arg(long, value_name = "FILE")]
    pub openapi: Option<PathBuf>,
}

#[derive(Debug, Options)]
#[command(after_help = "\
Files are written into the current folder, and what is there already stays as it is (exit code 2): then what belongs into it is \
printed.")]
pub(super) struct Init {
    /// Also a `.pre-commit-config.yaml` that runs portal-lint before each commit
    #[arg(long)]
    pub pre_commit: bool,
    /// Also a GitHub Actions workflow
    #[arg(long)]
    pub github: bool,
    /// Also a `.gitlab-ci.yml` with a job
    #[arg(long)]
    pub gitlab: bool,
}

#[derive(Debug, Options)]
pub(super) struct Completions {
    /// Of which shell
    pub shell: Shell,
}

#[derive(Debug, Options)]
pub(super) struct Man {
    /// Of which command [default: the program]
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
