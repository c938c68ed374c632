//! Checks a single file: [`lint_file`] depends only on the file, the settings and the environment, and changes nothing.

use std::collections::HashSet;

use crate::base::diagnostic::Location;
use crate::base::file::{Inclusion, TextKind};
use crate::base::read_error::ReadError;
use crate::base::source::{Format, Source, Span};
use crate::engine::file_result::{FileResult, PortalResult, PreflightFacts, ReportPortal};
use crate::engine::parsed_file::ParsedFile;
use crate::model::portal::{NonPortal, NotAPortal, Wrapper};
use crate::model::secrets::Secrets;
use crate::rules::context::{Environment, FileFacts, Sink};
use crate::rules::run_file_rules;
use crate::settings::Settings;
use crate::settings::suppressions::Suppression;
use crate::syntax::Document;
use crate::syntax::variables::filled_spans;

/// The outcome of checking a file.
pub(super) enum Outcome {
    /// The file is part of the run. The secrets are those of the file, if they are known already. They are needed if the report shows
    /// its text.
    Linted(Box<FileResult>, Option<Box<Secrets>>),
    /// The file was found by a folder walk and is a template of another language. It is not checked.
    Template,
}

/// Checks a file. Returns `None` if a folder walk found it and it is not a portal.
pub(super) fn lint_file(file: &ParsedFile<'_>, settings: &Settings, environment: Environment<'_>) -> Option<Outcome> {
    let inclusion = file.input.inclusion;
    if let Some(error) = file.read_error {
        return Some(Outcome::Linted(Box::new(read_failed(file.source, error)), None));
    }
    if inclusion.needs_portal_content() && !file.is_portal_by_content() {
        return None;
    }
    let template = file.find_template_span();
    match inclusion {
        Inclusion::Candidate if template.is_some() => return Some(Outcome::Template),
        Inclusion::ContextOnly { .. } if template.is_some() => return None,
        _ => {}
    }
    if matches!(inclusion, Inclusion::ContextOnly { .. }) {
        // The values of variables are not in the text, so they cannot be searched for later.
        let has_secrets = settings.variables.is_some() || settings.with_profiles;
        let secrets = has_secrets.then(|| Box::new(file.secrets().clone()));
        return Some(Outcome::Linted(Box::new(collect_facts(file, settings)), secrets));
    }
    let mut result = lint_in_scope(file, template, settings, environment);
    // A run keeps the results of all files, and the first element of a vector reserves space for four.
    result.portals.shrink_to_fit();
    result.unverified.shrink_to_fit();
    // Searching every file for secrets takes as long as all rules together, and most files are never shown.
    let is_shown = !result.findings.is_empty() || settings.with_preflight_facts || settings.with_profiles;
    let secrets = if is_shown { Some(file.secrets()) } else { file.known_secrets() };
    Some(Outcome::Linted(Box::new(result), secrets.cloned().map(Box::new)))
}

/// Collects the facts that cross-file rules compare, from a file that is not checked itself.
fn collect_facts(file: &ParsedFile<'_>, settings: &Settings) -> FileResult {
    let mut result = FileResult::default();
    for (document, kind) in file.portals(settings) {
        let portal = file.portal(document, kind);
        result.portals.push(PortalResult::new(&portal, file.facts(document, &portal, false), settings));
    }
    result.places = file.places();
    result
}

/// Checks a file that is in scope. `template` is its first template expression if it is a template of another language.
fn lint_in_scope(
    file: &ParsedFile<'_>,
    template: Option<Span>,
    settings: &Settings,
    environment: Environment<'_>,
) -> FileResult {
    let ParsedFile { source, parsed, unwrapped, .. } = file;
    let is_agent_body = matches!(source.kind(), TextKind::Draft | TextKind::Call);
    let is_template = template.is_some();
    let mut result = FileResult {
        in_scope: true,
        is_agent_body,
        is_template,
        places: file.places(),
        preflight_facts: settings.with_preflight_facts.then(|| Box::new(PreflightFacts::new(settings))),
        ..FileResult::default()
    };
    let mut sink = Sink::default();
    let mut wrappers = Vec::new();
    let mut non_portals = Vec::new();
    if let Some(span) = template {
        non_portals.push(whole_file(NotAPortal::Template, span));
    } else {
        let is_outside_project = file.is_outside_project();
        for (document, classified) in file.classify_bodies(settings) {
            match classified {
                Err(reason) => non_portals.push(file.describe_non_portal(document, reason)),
                Ok(kind) => {
                    let portal = file.portal(document, kind);
                    let edit = file.lint_portal(&portal, document, settings, environment, &mut sink);
                    let facts = file.facts(document, &portal, is_outside_project);
                    let mut portal_result = PortalResult::new(&portal, facts, settings);
                    if settings.with_preflight_facts {
                        let reported = ReportPortal::new(file, document, &portal, edit, settings, environment);
                        portal_result.reported = Some(Box::new(reported));
                    }
                    result.portals.push(portal_result);
                    let wrapper = unwrapped.bodies[document].wrapper.as_ref();
                    // After a syntax error, an object may be only what the parser made of the error.
                    let is_certain = |wrapper: &&Wrapper| !parsed.is_unknown_at(wrapper.span.start as usize);
                    wrappers.extend(wrapper.filter(is_certain).map(|wrapper| (document, wrapper)));
                }
            }
        }
        if source.format() == Format::Markdown && unwrapped.bodies.is_empty() && unwrapped.errors.is_empty() {
            non_portals.push(whole_file(NotAPortal::MarkdownWithoutData, source.line(1).unwrap_or_default()));
        }
    }
    // The syntax errors of a template are not reported.
    let syntax_errors = if is_template { Vec::new() } else { file.syntax_errors() };
    remove_unreliable_fixes(file, &mut sink);
    let comments = file.allow_comments();
    run_file_rules(
        &FileFacts {
            read_error: None,
            source,
            syntax_errors: &syntax_errors,
            allow_comments: &comments,
            non_portals: &non_portals,
            wrappers: &wrappers,
        },
        &mut sink,
    );
    result.has_aliases = parsed.documents.iter().any(Document::has_aliases);
    result.findings = sink.findings;
    result.unverified = sink.unverified;
    result.suppressions = comments.iter().filter_map(|comment| Suppression::from_comment(comment, source)).collect();
    if settings.with_trees {
        result.tree = Some(Box::new(parsed.clone().into_owned()));
        result.bodies.clone_from(&unwrapped.bodies);
    }
    result
}

/// Describes a file that as a whole is not a portal. `span` is where the finding points.
fn whole_file(reason: NotAPortal, span: Span) -> NonPortal {
    NonPortal { document: 0, location: Location { pointer: String::new(), span }, what: reason, contains_portal: false }
}

/// Removes all fixes if the file has syntax errors, and otherwise those of findings about the values of variables.
fn remove_unreliable_fixes(file: &ParsedFile<'_>, sink: &mut Sink) {
    // The tree is a guess about what the broken text means, so an edit derived from it may damage the file.
    let is_tree_guessed = !file.parsed.errors.is_empty() || !file.unwrapped.errors.is_empty();
    // A fix would write a part of the variable's value into the file.
    let mut variable_spans: HashSet<Span> = filled_spans(&file.parsed).into_iter().collect();
    variable_spans.extend(&file.unwrapped.filled_spans);
    for rule_finding in &mut sink.findings {
        if is_tree_guessed || variable_spans.contains(&rule_finding.finding.location.span) {
            rule_finding.finding.fix = None;
        }
    }
}

/// The result of a file that could not be read. `source` is empty.
pub(super) fn read_failed(source: &Source, error: &ReadError) -> FileResult {
    let mut sink = Sink::default();
    run_file_rules(&FileFacts { read_error: Some(error), ..FileFacts::new(source) }, &mut sink);
    // A file that is too large or has the wrong encoding is an ordinary finding (exit code 1). The run is incomplete (exit code 2) only
    // if the system did not return the bytes of the file.
    let is_unread =
        matches!(error, ReadError::Missing | ReadError::Forbidden | ReadError::NotAFile(_) | ReadError::Io(_));
    FileResult { findings: sink.findings, is_unread, in_scope: true, ..FileResult::default() }
}
