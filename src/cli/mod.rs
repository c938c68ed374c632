//! The command-line interface: the arguments ([`args`]), and a module for each command.

mod account;
mod account_arg;
mod agent_args;
mod allow;
mod args;
mod arguments;
mod atomic_write;
mod bind;
#[cfg(feature = "online")]
mod bind_hints;
mod boundary;
mod check;
mod completions;
mod explain;
mod finish;
mod fix;
pub mod hook;
mod init;
mod init_agents;
mod init_templates;
mod interrupt;
mod lsp;
mod man;
mod matrix;
mod mcp;
mod online;
mod openapi;
mod plan;
mod preflight;
mod preview;
mod render;
mod report_files;
mod rules;
mod run_report;
mod schema;
mod setup;
mod show_settings;
mod streams;
mod target;
mod terminal;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser};

use crate::base::sanitize::sanitize;
use crate::base::shell_word::shell_word;

/// Runs the command that the arguments of the process select, and returns its exit code.
pub fn run() -> ExitCode {
    if let Err(failure) = arguments::refuse_file_names(std::env::args_os().skip(1)) {
        return finish(Err(failure));
    }
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            if let Some(failure) = suggest_check(&error) {
                return finish(Err(failure));
            }
            // `--help` and `--version` are errors for clap, but successes for the user.
            let code = if error.use_stderr() { 2 } else { 0 };
            return finish(error.print().map(|()| code).or_else(|failed| code_if_closed(failed, code)));
        }
    };
    let mut out = streams::stdout();
    let outcome = match &args.command {
        args::Command::Account(args::AccountCommand::Pull(options)) => account::pull(options, &mut out),
        args::Command::Allow(options) => allow::run(options),
        args::Command::Bind(options) => bind::run(options),
        args::Command::Check(options) => check::run(options, &mut out),
        args::Command::Matrix(options) => matrix::run(options, &mut out),
        args::Command::Plan(options) => plan::run(options, &mut out),
        args::Command::Preflight(options) => preflight::run(options, &mut out),
        args::Command::Preview(options) => preview::run(options, &mut out),
        args::Command::Explain(options) => explain::run(options, &mut out),
        args::Command::Hook(options) => hook::run(options, &mut out),
        args::Command::Init(options) => init::run(options, &mut out),
        args::Command::Lsp(_) => lsp::run(),
        args::Command::Mcp(options) => mcp::run(options),
        args::Command::Render(options) => render::run(options, &mut out),
        args::Command::Rules(options) => rules::run(options, &mut out),
        args::Command::Schema(options) => schema::run(options, &mut out),
        args::Command::Completions(options) => completions::run(options, &mut out),
        args::Command::Man(options) => man::run(options, &mut out),
    };
    finish(outcome.and_then(|code| out.flush().map(|()| code).map_err(Failure::Io)))
}

/// For `portal-lint portal.json` and `portal-lint --fix`: the command that was probably meant.
fn suggest_check(error: &clap::Error) -> Option<Failure> {
    if let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) {
        return suggest_check_with(option);
    }
    let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    let is_path = Path::new(name).exists() || name.contains(['.', '/', '\\']);
    let (name, word) = (sanitize(name), shell_word(name));
    is_path.then(|| Failure::Usage(format!("there is no command `{name}`; did you mean `portal-lint check {word}`?")))
}

/// For an option of `check` that is the first argument, so that no command is before it.
fn suggest_check_with(option: &str) -> Option<Failure> {
    let is_first = std::env::args_os().nth(1).is_some_and(|first| first == option);
    let definitions = definitions();
    let is_option = |arg: &clap::Arg| {
        arg.get_long().is_some_and(|long| option.strip_prefix("--") == Some(long))
            || arg.get_short().is_some_and(|short| option.strip_prefix('-') == Some(&short.to_string()))
    };
    let is_of_check = is_first && definitions.find_subcommand("check")?.get_arguments().any(is_option);
    let message = format!("`{option}` is an option of a command; did you mean `portal-lint check {option}`?");
    is_of_check.then_some(Failure::Usage(message))
}

/// All commands and options. Completions, manual pages and the table of options in `docs` are made from them.
pub fn definitions() -> clap::Command {
    args::Args::command()
}

/// Why a command could not do its job.
enum Failure {
    /// The user can correct this: the message says what is wrong.
    Usage(String),
    /// The output could not be written.
    Io(io::Error),
}

/// A failure that the user can correct.
fn refuse<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Usage(message.into()))
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

fn finish(outcome: Result<u8, Failure>) -> ExitCode {
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(Failure::Io(error)) => print_error(&format!("the output cannot be written: {error}")),
        Err(Failure::Usage(message)) => print_error(&message),
    }
}

/// Ignores that the reader of the output has closed it: `portal-lint --help | head -1`.
fn code_if_closed(failed: io::Error, code: u8) -> Result<u8, Failure> {
    if failed.kind() == io::ErrorKind::BrokenPipe { Ok(code) } else { Err(Failure::Io(failed)) }
}

/// Prints an error and returns the exit code for it.
fn print_error(message: &str) -> ExitCode {
    // If standard error cannot be written to, the exit code is all that is left.
    let _ = writeln!(io::stderr(), "portal-lint: {message}");
    ExitCode::from(2)
}
