//! `portal-lint render`: converts a portal to the JSON body of its request, if it has no errors.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use super::Failure;
use super::args::Render;
use super::openapi::load_schemas;
use super::setup::{environment_variables, read_standard_input};
use super::streams::stderr;
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::file::{FileId, InputFile};
use crate::base::load::load;
use crate::engine::discovery::{add_context_files, discover};
use crate::engine::report::{Report, ReportFile};
use crate::engine::run::check;
use crate::model::portal::{Body, unwrap_bodies};
use crate::model::request_json::to_request_json;
use crate::render::{ReportFormat, Screen, render};
use crate::rules::wording::{join_quoted, quote};
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::settings::projects::{self, Projects};
use crate::syntax::{Parsed, parse};

/// Prints the body, or the errors of the portal to standard error.
pub(super) fn run(options: &Render, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut projects = Projects::new(&projects::SettingsLookup::Nearest, &[]);
    let input = resolve_file(&options.path, &mut projects)?;
    let mut inputs = vec![input.clone()];
    add_context_files(&[], &mut projects, &mut inputs);
    let schemas = load_schemas(options.openapi.as_deref())?;
    let variables = environment_variables();
    // The values of variables may violate rules that cannot be checked in the file.
    let settings =
        Settings { schemas, variables: Some(variables.clone()), projects: projects.into_vec(), ..Settings::default() };
    let name = input.name.clone();
    let code = print_errors(&check(inputs, &settings), &name)?;
    if code != 0 {
        return Ok(code);
    }
    let Ok(source) = load(&input, settings.project(&input).limits.file_bytes) else {
        return Err(Failure::Usage(format!("{} changed while it was read: try again", quote(&name))));
    };
    let parsed = parse(&source, &settings.project(&input).limits);
    let bodies = unwrap_bodies(&source, &parsed, &settings.project(&input).limits, None).bodies;
    let body = choose_body(&bodies, &parsed, options.document.map(|number| number as usize - 1))?;
    match to_request_json(&body.root(&parsed), &|name| variables.get(name).cloned()) {
        Ok(body) => out.write_all(body.as_bytes())?,
        Err(unset) => return Err(Failure::Usage(describe_unset_variables(&unset))),
    }
    Ok(0)
}

fn describe_unset_variables(names: &[String]) -> String {
    let (verb, noun) = if names.len() == 1 { ("is", "its value") } else { ("are", "their values") };
    let names = join_quoted(names.iter().map(String::as_str));
    format!("{names} {verb} not set in the environment, and the body needs {noun}")
}

/// The file to render.
fn resolve_file(path: &Path, projects: &mut Projects) -> Result<InputFile, Failure> {
    if path == Path::new("-") {
        return Ok(read_standard_input(None));
    }
    if path.is_dir() {
        return Err(Failure::Usage(format!("{} is a folder: name one file", quote(&path.to_string_lossy()))));
    }
    match discover(&[path.to_owned()], projects, false).pop() {
        Some(file) => Ok(file),
        None => Err(Failure::Usage(format!("there is no file {}", quote(&path.to_string_lossy())))),
    }
}

/// The body to render: the one with the index `requested`, or the only portal.
fn choose_body<'b>(bodies: &'b [Body], parsed: &Parsed<'_>, requested: Option<usize>) -> Result<&'b Body, Failure> {
    let kind = |index: usize| bodies[index].detect_kind(parsed).and_then(Result::ok);
    let portals: Vec<usize> = (0..bodies.len()).filter(|&index| kind(index).is_some()).collect();
    let index = match (requested, &portals[..]) {
        (Some(index), _) if portals.contains(&index) => index,
        (None, [index]) => *index,
        (Some(index), _) => {
            let message = format!("document {} is not a portal; the portals are {}", index + 1, list_numbers(&portals));
            return Err(Failure::Usage(message));
        }
        (None, _) => {
            let message = format!("the file has {} portals: select one with --document", portals.len());
            return Err(Failure::Usage(format!("{message} ({})", list_numbers(&portals))));
        }
    };
    match kind(index) {
        Some(kind) if kind != PortalKind::Export => Ok(&bodies[index]),
        _ => Err(Failure::Usage("this is an export: RevCent returns it, but no call accepts it".into())),
    }
}

/// The numbers of documents, counted from 1.
fn list_numbers(numbers: &[usize]) -> String {
    let numbers: Vec<String> = numbers.iter().map(|index| (index + 1).to_string()).collect();
    join_quoted(numbers.iter().map(String::as_str))
}

/// Prints the errors of the portal to standard error under the file name `name`. Returns the exit code.
fn print_errors(report: &Report, name: &str) -> Result<u8, Failure> {
    let mut errors = Report { unread_files: report.unread_files, ..Report::default() };
    for diagnostic in &report.diagnostics {
        let is_error = diagnostic.severity == Severity::Error && diagnostic.allowed.is_none();
        // The report may have errors of the settings file, which do not concern the body.
        if is_error && report.file(diagnostic.file).in_scope {
            errors.diagnostics.push(Diagnostic { file: FileId::default(), ..diagnostic.clone() });
        }
    }
    errors.files = vec![ReportFile {
        id: FileId::default(),
        name: name.to_owned(),
        kind: None,
        in_scope: true,
        is_unread: false,
        source: None,
        unverified: Vec::new(),
        preflight_facts: None,
        id_names: BTreeMap::new(),
        tree: None,
    }];
    let code = errors.exit_code(Severity::Error);
    if code != 0 {
        render(&errors, ReportFormat::Concise, Screen { color: false, width: 100 }, &mut stderr())?;
    }
    Ok(code)
}
