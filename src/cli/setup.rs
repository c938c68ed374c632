//! The start of a run: reads the settings, finds the files and checks them, with `--online` after queries to the network.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::account_arg::use_account;
use super::args::CommonArgs;
use super::openapi::OpenApiArg;
use super::streams::stderr;
use crate::base::file::{Inclusion, InputFile, Origin, WalkMatch, display_path, path_from_current};
use crate::base::read_error::ReadError;
use crate::cli::online::Network;
use crate::cli::{Failure, refuse, show_settings};
use crate::engine::discovery::{add_context_files, discover, resolve_explicit, resolve_internal, sort_and_dedup};
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::online::key_mode::Mode;
use crate::rules::selection::{Selection, UnknownRule};
use crate::rules::wording::quote;
use crate::schema::SchemaSet;
use crate::settings::Settings;
use crate::settings::projects::{self, Projects};
use crate::syntax::variables::Variables;

/// The files and settings of a run.
pub(super) struct RunSetup<'a> {
    pub args: &'a CommonArgs,
    /// The files to check, and those that are read for their facts only.
    pub inputs: Vec<InputFile>,
    /// The settings of their projects.
    pub settings: Settings,
    /// The text of standard input, if the settings exclude its file name. `--fix` then prints it unchanged.
    pub excluded_stdin: Option<Vec<u8>>,
    /// With `--online`.
    network: Option<Network>,
}

impl RunSetup<'_> {
    /// Checks the files. With `--online`, queries the network first and stores the answers in the settings.
    pub(super) fn check(&mut self) -> io::Result<Report> {
        let Some(network) = &self.network else { return Ok(check(self.inputs.clone(), &self.settings)) };
        let report = network.check(self.inputs.clone(), &mut self.settings);
        if self.args.verbose && self.settings.answers.mode != Mode::NotQueried {
            writeln!(stderr(), "{}", self.settings.answers.mode)?;
        }
        Ok(report)
    }
}

/// Reads the settings and finds the files. With `may_show_progress`, slow network queries show their progress.
pub(super) fn set_up_run(
    args: &CommonArgs,
    settings: Settings,
    may_show_progress: bool,
) -> Result<RunSetup<'_>, Failure> {
    let selection = select_rules(args)?;
    let mut projects = find_projects(args)?;
    let openapi = OpenApiArg::read(args.online.openapi.as_deref())?;
    let is_online = args.online.extent.is_some();
    let schemas = match &openapi {
        Some(openapi) => openapi.schemas(is_online)?,
        None => SchemaSet::default(),
    };
    let (inputs, excluded_stdin) = find_inputs(args, &mut projects)?;
    if args.verbose {
        show_settings::print_skipped_links(projects.skipped_links(), &mut stderr())?;
    }
    let mut settings = Settings {
        kind: args.kind.into(),
        selection,
        threads: args.threads.map(usize::from),
        ignore_suppressions: args.no_allow,
        schemas,
        projects: projects.into_vec(),
        ..settings
    };
    if let Some(path) = &args.account {
        use_account(&resolve_internal(path), &inputs, &mut settings)?;
    }
    if args.verbose {
        if let Some(openapi) = &openapi {
            openapi.print_operations(&settings.schemas, &mut stderr())?;
        }
        show_settings::print_settings(&settings, &inputs, args, &mut stderr())?;
    }
    let network = match args.online.extent {
        Some(extent) => {
            let network = Network::new(&args.online, extent, openapi.as_ref(), may_show_progress)?;
            network.ensure_one_account(&inputs, &settings)?;
            Some(network)
        }
        None => None,
    };
    Ok(RunSetup { args, inputs, settings, excluded_stdin, network })
}

/// The rules that `--select` and `--ignore` leave.
fn select_rules(args: &CommonArgs) -> Result<Selection, Failure> {
    let selection = Selection::new(&args.select, &args.ignore);
    let selection = selection.map_err(|unknown| Failure::Usage(describe_unknown_rule(&unknown)))?;
    if selection.is_empty() {
        return refuse("--select and --ignore leave no rule to run");
    }
    Ok(selection)
}

/// The environment. As for `render`, an empty variable has no value.
pub(super) fn environment_variables() -> Variables {
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

/// Decides where the settings of the projects come from: from `--config`, from the nearest settings file, or with `--isolated`
/// from none.
fn find_projects(args: &CommonArgs) -> Result<Projects, Failure> {
    let lookup = match &args.config {
        Some(path) if !path.exists() => {
            return refuse(format!("there is no settings file {}", quote(&path.to_string_lossy())));
        }
        Some(path) => projects::SettingsLookup::File(path.clone()),
        None if args.isolated => projects::SettingsLookup::Disabled,
        None => projects::SettingsLookup::Nearest,
    };
    Ok(Projects::new(&lookup, &args.paths))
}

/// The message for a name or code that is not that of a rule.
pub(super) fn describe_unknown_rule(unknown: &UnknownRule) -> String {
    let hint = match &unknown.suggestion {
        Some(name) => format!("did you mean {}?", quote(name)),
        None => "`portal-lint rules` lists them".into(),
    };
    let digits = unknown.name.strip_prefix(['V', 'v', 'P', 'p', 'M', 'm']).unwrap_or_default();
    let is_item = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let what = if is_item { "item of the guide" } else { "rule" };
    format!("there is no {what} {}; {hint}", quote(&unknown.name))
}

/// The files to check, and the text of standard input if its file name is excluded.
fn find_inputs(args: &CommonArgs, projects: &mut Projects) -> Result<(Vec<InputFile>, Option<Vec<u8>>), Failure> {
    let (from_stdin, mut paths): (Vec<PathBuf>, Vec<PathBuf>) =
        args.paths.iter().cloned().partition(|path| path == Path::new("-"));
    if from_stdin.is_empty() && args.stdin_filename.is_some() {
        return refuse("--stdin-filename is the name of standard input: add `-` as a path");
    }
    if from_stdin.is_empty() && paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    let mut inputs = discover(&paths, projects, args.force_exclude);
    if !from_stdin.is_empty() {
        let mut input = read_standard_input(args.stdin_filename.as_deref());
        if let Some(path) = &args.stdin_filename {
            let Some(file) = resolve_explicit(path, projects, args.force_exclude) else {
                let excluded_stdin = match input.origin {
                    Origin::Memory(bytes) | Origin::Stdin(bytes) => Some(bytes),
                    Origin::Disk(_) | Origin::Agent(_) | Origin::Unreadable(_) => None,
                };
                sort_and_dedup(&mut inputs);
                return Ok((inputs, excluded_stdin));
            };
            (input.project, input.inclusion) = (file.project, file.inclusion);
        }
        // The text replaces the file of that name. With both, `sort_and_dedup` would keep either.
        inputs.retain(|other| other.name != input.name);
        inputs.push(input);
    }
    add_context_files(&paths, projects, &mut inputs);
    sort_and_dedup(&mut inputs);
    Ok((inputs, None))
}

/// Reads standard input. Without a name, the format is detected from the text.
pub(super) fn read_standard_input(name: Option<&Path>) -> InputFile {
    let mut bytes = Vec::new();
    let origin = match io::stdin().lock().read_to_end(&mut bytes) {
        Ok(_) if name.is_none() => Origin::Stdin(bytes),
        Ok(_) => Origin::Memory(bytes),
        Err(error) => Origin::Unreadable(ReadError::from_io(&error)),
    };
    let name = name.map_or_else(|| "<stdin>".into(), |name| display_path(&path_from_current(name)));
    InputFile::new(name, origin, Inclusion::Explicit(WalkMatch::Included))
}
