//! `portal-lint render`: the JSON body to submit, when there is nothing wrong with it.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::Failure;
use super::args::Render;
use super::openapi::schemas;
use super::setup::read_standard_input;
use super::streams::stderr;
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::file::{InputFile, Origin};
use crate::base::load::load;
use crate::engine::discovery::{add_context_files, discover};
use crate::engine::report::{Report, ReportFile};
use crate::engine::run::check;
use crate::model::portal::detect_kind;
use crate::model::request_json::to_request_json;
use crate::render::{ReportFormat, Screen, render};
use crate::rules::wording::{join_quoted, quote};
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::settings::projects::{self, Projects};
use crate::syntax::{Document, parse};

/// Prints the body; what is wrong goes to standard error.
pub(super) fn run(options: &Render, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut projects = Projects::new(&projects::SettingsLookup::Nearest, &[]);
    let input = the_file(&options.path, &mut projects)?;
    let mut inputs = vec![input.clone()];
    add_context_files(&[], &mut projects, &mut inputs);
    let schemas = schemas(options.openapi.as_deref())?;
    let settings = Settings { schemas, projects: projects.into_vec(), ..Settings::default() };
    let name = input.name.clone();
    let report = check(inputs, &settings);
    let code = complain_about(&report, &name, &[])?;
    if code != 0 {
        return Ok(code);
    }
    let Ok(source) = load(&input, settings.project(&input).limits.file_bytes, Vec::new()) else {
        return Err(Failure::Usage(format!("{} changed while it was read: try again", quote(&name))));
    };
    let parsed = parse(&source, &settings.project(&input).limits);
    let document = the_document(&parsed.documents, options.document)?;
    let text = to_request_json(document, &|name| std::env::var(name).ok().filter(|value| !value.is_empty())).map_err(
        |unset| {
            let names = join_quoted(unset.iter().map(String::as_str));
            let (verb, noun) = if unset.len() == 1 { ("is", "its value") } else { ("are", "their values") };
            Failure::Usage(format!("{names} {verb} not set in the environment, and the body needs {noun}"))
        },
    )?;
    // A variable may have brought in what the file itself could not be asked about. Decisions still hold.
    let allowed: Vec<&Diagnostic> = report.diagnostics.iter().filter(|one| one.allowed.is_some()).collect();
    let filled = InputFile { origin: Origin::Memory(text.clone().into_bytes()), ..input };
    let code = complain_about(&check(vec![filled], &settings), &format!("{name} (variables filled in)"), &allowed)?;
    if code == 0 {
        out.write_all(text.as_bytes())?;
    }
    Ok(code)
}

/// The one file that was named.
fn the_file(path: &Path, projects: &mut Projects) -> Result<InputFile, Failure> {
    if path == Path::new("-") {
        return Ok(read_standard_input(None));
    }
    if path.is_dir() {
        return Err(Failure::Usage(format!("{} is a folder: name one file", quote(&path.to_string_lossy()))));
    }
    discover(&[path.to_owned()], projects, false)
        .pop()
        .ok_or_else(|| Failure::Usage(format!("there is no file {}", quote(&path.to_string_lossy()))))
}

/// The portal to render among the documents of a file.
fn the_document<'p, 't>(documents: &'p [Document<'t>], wanted: Option<usize>) -> Result<&'p Document<'t>, Failure> {
    let kind = |document: &Document<'_>| detect_kind(document).and_then(Result::ok);
    let portals: Vec<usize> = (0..documents.len()).filter(|index| kind(&documents[*index]).is_some()).collect();
    let index = match (wanted, &portals[..]) {
        (Some(wanted), _) if portals.contains(&wanted) => wanted,
        (None, [only]) => *only,
        (Some(wanted), _) => {
            return Err(Failure::Usage(format!("document {wanted} is no portal: they are {}", numbers(&portals))));
        }
        (None, _) => {
            let message = format!("the file holds {} portals: say which with --document", portals.len());
            return Err(Failure::Usage(format!("{message} ({}, counted from 0)", numbers(&portals))));
        }
    };
    if kind(&documents[index]) == Some(PortalKind::Export) {
        return Err(Failure::Usage(
            "this is what RevCent returned (an export), and no call takes it as its body".into(),
        ));
    }
    Ok(&documents[index])
}

fn numbers(indices: &[usize]) -> String {
    let words: Vec<String> = indices.iter().map(ToString::to_string).collect();
    join_quoted(words.iter().map(String::as_str))
}

/// Shows the errors of the file on standard error, but for what is allowed. 0 when there are none.
fn complain_about(report: &Report, name: &str, allowed: &[&Diagnostic]) -> Result<u8, Failure> {
    let is_allowed = |one: &Diagnostic| {
        one.allowed.is_some() || allowed.iter().any(|other| (other.code, &other.pointer) == (one.code, &one.pointer))
    };
    let mut errors = Report { incomplete: report.incomplete, ..Report::default() };
    let of_file = report.diagnostics.iter().filter(|one| report.files[one.file].in_scope && !is_allowed(one));
    errors.diagnostics = of_file.filter(|one| one.severity == Severity::Error).cloned().collect();
    errors.diagnostics.iter_mut().for_each(|one| one.file = 0);
    errors.files = vec![ReportFile {
        name: name.to_owned(),
        kind: None,
        in_scope: true,
        source: None,
        unverified: Arc::default(),
        preflight_facts: None,
    }];
    let code = errors.exit_code(Severity::Error);
    if code != 0 {
        render(&errors, ReportFormat::Concise, Screen { color: false, width: 100 }, &mut stderr())?;
    }
    Ok(code)
}
