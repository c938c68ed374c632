//! `portal-lint render`: converts a portal to the JSON body of its request, if it has no errors.

use std::io::Write;
use std::path::Path;

use super::args::Render;
use super::openapi::load_schemas;
use super::setup::{environment_variables, read_standard_input};
use super::streams::stderr;
use super::{Failure, refuse};
use crate::base::diagnostic::Severity;
use crate::base::file::InputFile;
use crate::engine::discovery::{add_context_files, discover, sort_and_dedup};
use crate::engine::report::Report;
use crate::engine::run::check;
use crate::model::portal::Body;
use crate::model::request_json::to_request_json;
use crate::render::{ReportFormat, Screen, render};
use crate::rules::wording::{join_quoted, quote};
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::settings::projects::{self, Projects};
use crate::syntax::Parsed;

/// Prints the body, or the errors of the portal to standard error.
pub(super) fn run(options: &Render, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut projects = Projects::new(&projects::SettingsLookup::Nearest, &[]);
    let input = resolve_file(&options.path, &mut projects)?;
    let mut inputs = vec![input];
    add_context_files(&[], &mut projects, &mut inputs);
    sort_and_dedup(&mut inputs);
    let schemas = load_schemas(options.openapi.as_deref())?;
    // The values of variables may violate rules that cannot be checked in the file.
    let variables = Some(environment_variables());
    let settings =
        Settings { schemas, variables, with_trees: true, projects: projects.into_vec(), ..Settings::default() };
    let mut report = check(inputs, &settings);
    let code = print_errors(&mut report)?;
    if code != 0 {
        return Ok(code);
    }
    let file = report.files.iter().find(|file| file.in_scope);
    // An account snapshot is not checked, and so has no tree and no portals.
    let empty = Parsed::default();
    let tree = file.and_then(|file| file.tree.as_deref()).unwrap_or(&empty);
    let bodies = file.map_or(&[][..], |file| &file.bodies);
    let body = choose_body(bodies, tree, options.document.map(|number| number as usize - 1))?;
    // The tree contains the values of the variables that are set.
    match to_request_json(&body.root(tree), &|_| None) {
        Ok(body) => out.write_all(body.as_bytes())?,
        Err(unset) => return refuse(describe_unset_variables(&unset)),
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
        return refuse(format!("{} is a folder: name one file", quote(&path.to_string_lossy())));
    }
    match discover(&[path.to_owned()], projects, false).pop() {
        Some(file) => Ok(file),
        None => refuse(format!("there is no file {}", quote(&path.to_string_lossy()))),
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
            return refuse(message);
        }
        (None, _) => {
            let message = format!("the file has {} portals: select one with --document", portals.len());
            return refuse(format!("{message} ({})", list_numbers(&portals)));
        }
    };
    match kind(index) {
        Some(kind) if kind != PortalKind::Export => Ok(&bodies[index]),
        _ => refuse("this is an export: RevCent returns it, but no call accepts it"),
    }
}

/// The numbers of documents, counted from 1.
fn list_numbers(numbers: &[usize]) -> String {
    let numbers: Vec<String> = numbers.iter().map(|index| (index + 1).to_string()).collect();
    join_quoted(numbers.iter().map(String::as_str))
}

/// Removes everything but the errors of the portal from the report, and prints them to standard error. Returns the exit code.
fn print_errors(report: &mut Report) -> Result<u8, Failure> {
    let mut diagnostics = std::mem::take(&mut report.diagnostics);
    diagnostics.retain(|diagnostic| {
        let is_error = diagnostic.severity == Severity::Error && diagnostic.allowed.is_none();
        // The report may have errors of the settings file, which do not concern the body.
        is_error && report.file(diagnostic.file).in_scope
    });
    report.diagnostics = diagnostics;
    let code = report.exit_code(Severity::Error);
    if code != 0 {
        render(report, ReportFormat::Concise, Screen { color: false, width: 100 }, &mut stderr())?;
    }
    Ok(code)
}
