//! The options of the commands that write files of the project.

use std::path::PathBuf;

use clap::{Args as Options, Subcommand};

use crate::base::date::Date;
use crate::cli::online::Online;

#[derive(Debug, Options)]
#[command(after_help = "\
In YAML and .jsonc files, the decision is a comment above the line of the finding. For .json files, it is an [[allow]] entry in \
portal-lint.toml, which is created at the root of the git repository (without git: next to FILE) if it is missing. A decision \
that has expired or has no reason is renewed. The finding stays in the report with the reason and no longer fails the run. Exit codes: 0 recorded; 2 nothing was changed.")]
pub(in crate::cli) struct Allow {
    /// Code or name of the rule, or an item that only one rule checks (V16)
    pub rule: String,
    /// The portal file that has the finding
    pub file: PathBuf,
    /// The value that has the finding, as a JSON Pointer (`/customer_permissions/trial_cancel`); required if the rule has several findings
    #[arg(long, value_name = "POINTER")]
    pub pointer: Option<String>,
    /// Number of the portal in a file with several; the first is 1
    #[arg(long, value_name = "N", value_parser = parse_document)]
    pub document: Option<u32>,
    /// Account snapshot, for findings that depend on the account [default: `account` in the settings]
    #[arg(long, value_name = "FILE")]
    pub account: Option<PathBuf>,
    /// Why the finding is accepted
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub reason: String,
    /// The last day of the decision (2027-03-31); after it, the finding is reported again
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    pub until: Option<Date>,
}

#[derive(Debug, Options)]
#[command(after_help = "\
Adds a [[portal]] entry to portal-lint.toml, which is created at the root of the git repository (without git: next to FILE) if it is \
missing. The file is then the desired state of the portal: its name is not reported as a duplicate of that portal, and differences are \
reported. Exit codes: 0 recorded; 2 nothing was changed.")]
pub(in crate::cli) struct Bind {
    /// The file with the create body of the portal
    pub file: PathBuf,
    /// The ID of the portal in the account
    pub id: String,
    /// Number of the portal in a file with several; the first is 1
    #[arg(long, value_name = "N", value_parser = parse_document)]
    pub document: Option<u32>,
}

/// Parses the number of a document, counted from 1.
pub(in crate::cli) fn parse_document(argument: &str) -> Result<u32, String> {
    match argument.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err("documents are counted from 1".into()),
    }
}

fn parse_day(argument: &str) -> Result<Date, String> {
    match argument.parse() {
        Ok(day) if argument.len() == 10 => Ok(day),
        _ => Err("expected a day such as 2027-03-31".into()),
    }
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum AccountCommand {
    /// Query RevCent and write the snapshot for `--account`
    Pull(Pull),
}

#[derive(Debug, Options)]
#[command(after_help = "\
The API key is read from REVCENT_API_KEY. Data that cannot be fetched is listed, and the old snapshot's data is kept and marked as \
partial. SMTP profiles that were added by hand are kept. Exit codes: 0 complete; 2 portal-lint could not do its job; 3 some data \
could not be fetched.")]
#[command(mut_arg("extent", |arg| arg.help("Required: query RevCent (key: `REVCENT_API_KEY`)")))]
pub(in crate::cli) struct Pull {
    /// Portals whose IDs are also looked up [default: the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// File to write [default: the `account` of the settings, or revcent-account.json]
    #[arg(long, alias = "output", value_name = "FILE")]
    pub output_file: Option<PathBuf>,
    #[command(flatten)]
    pub online: Online,
}
