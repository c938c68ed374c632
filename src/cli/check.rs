//! `portal-lint check`.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::args::{Check, Color, CommonArgs};
use super::openapi::OpenApiArg;
use super::streams::stderr;
use crate::base::file::{Inclusion, InputFile, Origin, WalkMatch, shown, trouble};
use crate::base::sanitize::sanitize;
use crate::cli::{Failure, fix, online, report_files, show_settings};
use crate::engine::discovery::{add_context_files, beside, discover, named, sort};
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::online::key_mode::Mode;
use crate::render::{ReportFormat, Screen, concise, human, render_failing_on, statistics, unverified};
use crate::rules::selection::{Selection, UnknownRule};
use crate::rules::wording::quote;
use crate::settings::Settings;
use crate::settings::project::SETTINGS_FILE;
use crate::settings::projects::{self, Projects};

/// Checks, prints, and answers with the exit code.
pub(super) fn run(options: &Check, out: &mut dyn Write) -> Result<u8, Failure> {
    let for_people = options.format == ReportFormat::Human && !options.quiet;
    let RunSetup { inputs, settings, left_out } =
        start(&options.job, settings(options)?, options.force_exclude, for_people)?;
    report_files::refuse(options, &inputs, &settings)?;
    if options.diff {
        return fix::show(options, &inputs, &settings, out);
    }
    if options.fix {
        return fix::run(options, inputs, left_out.as_deref(), &settings, out);
    }
    let report = check(inputs, &settings);
    tell_templates(&report)?;
    let written = report_files::write(&report, options, &settings);
    if is_nothing_left(&report, options) {
        written?;
        return Ok(0);
    }
    print(&report, options, screen(options.job.color), out)?;
    out.flush()?;
    written?;
    let code = finish(&report, options, &settings)?;
    // The program ends here: thousands of files need not be given back one by one.
    std::mem::forget(report);
    Ok(code)
}

/// What a run starts with.
pub(super) struct RunSetup {
    /// The files.
    pub inputs: Vec<InputFile>,
    /// What holds for them; with `--online`, with what was answered.
    pub settings: Settings,
    /// What came on standard input, when a file of its name is left out: who asked for it fixed gets it back as it is.
    pub left_out: Option<Vec<u8>>,
}

/// Reads what was typed. `for_people`: who waits may be told so.
pub(super) fn start(
    job: &CommonArgs,
    settings: Settings,
    force_exclude: bool,
    for_people: bool,
) -> Result<RunSetup, Failure> {
    let mut projects = projects(job)?;
    let openapi = OpenApiArg::read(job.online.openapi.as_deref())?;
    let is_online = job.online.extent.is_some();
    let schemas = openapi.as_ref().map(|given| given.schemas(is_online)).transpose()?.unwrap_or_default();
    let (mut inputs, left_out) = inputs(job, &mut projects, force_exclude)?;
    if let Some(path) = &job.account {
        projects.set_account(&beside(path));
    }
    if job.verbose {
        show_settings::tell_skipped_links(projects.skipped_links(), &mut stderr())?;
    }
    let mut settings = Settings {
        kind: job.kind.into(),
        threads: job.threads.map(usize::from),
        audit: job.no_allow,
        schemas,
        projects: projects.into_vec(),
        ..settings
    };
    if job.verbose {
        openapi.as_ref().map(|given| given.tell(&settings.schemas, &mut stderr())).transpose()?;
        show_settings::tell(&settings, &inputs, job.account.as_deref(), &mut stderr())?;
    }
    if let Some(extent) = job.online.extent {
        online::ask(&job.online, extent, openapi.as_ref(), &mut inputs, &mut settings, for_people)?;
        if job.verbose && settings.answers.mode != Mode::NotAsked {
            writeln!(stderr(), "{}", settings.answers.mode)?;
        }
    }
    Ok(RunSetup { inputs, settings, left_out })
}

/// The report, and how often each rule spoke where that was asked for.
pub(super) fn print(report: &Report, options: &Check, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    match options.format {
        ReportFormat::Human if options.quiet => human::render_findings(report, screen, out)?,
        ReportFormat::Concise if options.quiet => concise::render_findings(report, out)?,
        format => render_failing_on(options.fail_on.into(), report, format, screen, out)?,
    }
    // Neither JSON format tells a check that was not completed from one that nobody asked for.
    if matches!(options.format, ReportFormat::Json | ReportFormat::Jsonl) {
        unverified::render_not_completed(report, &mut stderr())?;
    }
    match options.format {
        _ if !options.statistics => Ok(()),
        ReportFormat::Human => statistics::render(report, out),
        _ => statistics::render(report, &mut stderr()),
    }
}

/// Says which files were found and not checked, also with `--quiet`: in a hook the run may have no other file and exit with 0.
pub(super) fn tell_templates(report: &Report) -> io::Result<()> {
    for name in &report.templates {
        writeln!(stderr(), "portal-lint: {}: a template, not checked", sanitize(name))?;
    }
    Ok(())
}

/// The exit code of a report; that nothing was checked is no success.
pub(super) fn finish(report: &Report, options: &Check, settings: &Settings) -> Result<u8, Failure> {
    if is_nothing_left(report, options) {
        return Ok(0);
    }
    ensure_something_checked(report, &options.job.paths, settings)?;
    Ok(report.exit_code(settings.fail_on))
}

/// A hook names what was changed, and that may be no portal at all.
pub(super) fn is_nothing_left(report: &Report, options: &Check) -> bool {
    report.summary.files == 0 && options.force_exclude && !report.incomplete
}

/// That something was found in all that was named.
pub(super) fn ensure_something_checked(report: &Report, paths: &[PathBuf], settings: &Settings) -> Result<(), Failure> {
    if report.summary.files == 0 {
        return Err(Failure::Usage(nothing_found(paths, settings)));
    }
    // A folder whose name was mistyped must not pass because another has portals in it.
    let several = paths.len() > 1;
    let unanswered = |path: &&PathBuf| several && path.is_dir() && !holds_a_file(path, report);
    let empty: Vec<PathBuf> = paths.iter().filter(unanswered).cloned().collect();
    if !empty.is_empty() {
        return Err(Failure::Usage(nothing_found(&empty, settings)));
    }
    Ok(())
}

/// Whether some file of the report lies in the folder.
fn holds_a_file(folder: &Path, report: &Report) -> bool {
    let folder = shown(folder);
    report.files.iter().filter(|file| file.listed).any(|file| {
        let rest = file.name.strip_prefix(&folder);
        rest.is_some_and(|rest| folder.is_empty() || folder.ends_with('/') || rest.starts_with('/'))
    })
}

fn settings(options: &Check) -> Result<Settings, Failure> {
    let selection = Selection::new(&options.select, &options.ignore);
    let selection = selection.map_err(|unknown| Failure::Usage(no_rule(&unknown)))?;
    if selection.is_empty() {
        return Err(Failure::Usage("--select and --ignore leave no rule to check".into()));
    }
    Ok(Settings { selection, fail_on: options.fail_on.into(), ..Settings::default() })
}

/// Where the settings files are looked for.
fn projects(job: &CommonArgs) -> Result<Projects, Failure> {
    let from = match &job.config {
        Some(path) if !path.exists() => {
            return Err(Failure::Usage(format!("there is no settings file {}", quote(&path.to_string_lossy()))));
        }
        Some(path) => projects::SettingsLookup::File(path.clone()),
        None if job.isolated => projects::SettingsLookup::Disabled,
        None => projects::SettingsLookup::Nearest,
    };
    Ok(Projects::new(&from, &job.paths))
}

pub(super) fn no_rule(unknown: &UnknownRule) -> String {
    let meant = unknown.nearest.as_deref().map(|name| format!("did you mean {}?", quote(name)));
    let next = meant.unwrap_or_else(|| "`portal-lint rules` lists them".into());
    format!("there is no rule {}; {next}", quote(&unknown.word))
}

/// The files, and the text of standard input when it is none of them.
fn inputs(
    job: &CommonArgs,
    projects: &mut Projects,
    force_exclude: bool,
) -> Result<(Vec<InputFile>, Option<Vec<u8>>), Failure> {
    let (from_stdin, mut paths): (Vec<PathBuf>, Vec<PathBuf>) =
        job.paths.iter().cloned().partition(|path| path == Path::new("-"));
    if from_stdin.is_empty() && job.stdin_filename.is_some() {
        return Err(Failure::Usage("--stdin-filename names standard input: add `-` as a path".into()));
    }
    if from_stdin.is_empty() && paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    let mut inputs = discover(&paths, projects, force_exclude);
    if !from_stdin.is_empty() {
        let mut input = standard_input(job.stdin_filename.as_deref());
        if let Some(path) = &job.stdin_filename {
            let Some(file) = named(path, projects, force_exclude) else {
                let left_out = match input.origin {
                    Origin::Memory(bytes) | Origin::Stdin(bytes) => Some(bytes),
                    Origin::Disk(_) | Origin::Unreadable(_) => None,
                };
                return Ok((inputs, left_out));
            };
            (input.project, input.reason) = (file.project, file.reason);
        }
        // The text takes the place of the file of that name.
        inputs.retain(|other| other.name != input.name);
        inputs.push(input);
        sort(&mut inputs);
    }
    add_context_files(&paths, projects, &mut inputs);
    Ok((inputs, None))
}

/// What comes in, under a name or none.
pub(super) fn standard_input(name: Option<&Path>) -> InputFile {
    let mut bytes = Vec::new();
    let origin = match io::stdin().lock().read_to_end(&mut bytes) {
        Ok(_) if name.is_none() => Origin::Stdin(bytes),
        Ok(_) => Origin::Memory(bytes),
        Err(error) => Origin::Unreadable(trouble(&error)),
    };
    InputFile {
        name: name.map_or_else(|| "<stdin>".into(), shown),
        origin,
        reason: Inclusion::Explicit(WalkMatch::Included),
        project: 0,
    }
}

/// Why, as far as anybody can tell: what a folder is searched for is not what everybody expects.
fn nothing_found(paths: &[PathBuf], settings: &Settings) -> String {
    let places: Vec<String> = paths.iter().map(|path| quote(&path.to_string_lossy())).collect();
    let places = if places.is_empty() { "the current folder".into() } else { places.join(", ") };
    let why = if settings.projects.iter().any(|project| project.include.is_some()) {
        format!("the `include` of {SETTINGS_FILE} takes no file there, or `exclude` or git leaves it out")
    } else {
        "no file there is called `*.portal.json`, `.jsonc`, `.yaml` or `.yml`, and no other JSON or YAML has the fields of a portal \
         (templates, symlinks that lead out of the folder, and what `exclude` and git leave out are not checked)"
            .into()
    };
    format!("found no portal in {places}: {why}; `portal-lint check FILE` checks a file whatever it is called")
}

/// Where something is printed.
#[derive(Clone, Copy)]
pub(super) enum Target {
    Stdout,
    Stderr,
}

/// How wide the terminal is, and whether standard output takes colours.
pub(super) fn screen(color: Color) -> Screen {
    screen_of(color, Target::Stdout)
}

/// The same of either output.
pub(super) fn screen_of(color: Color, target: Target) -> Screen {
    /// Where nobody says how wide it is.
    const USUAL: usize = 100;
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let choice = match target {
                Target::Stdout => anstream::AutoStream::choice(&io::stdout()),
                Target::Stderr => anstream::AutoStream::choice(&io::stderr()),
            };
            choice != anstream::ColorChoice::Never
        }
    };
    let width = terminal_size::terminal_size().map_or(USUAL, |(width, _)| usize::from(width.0));
    Screen { color, width: width.clamp(40, 120) }
}
