//! Checks single files, a few at a time.
//!
//! The files of a batch go through each step together, and each rule runs on all their portals before the next rule runs. The code
//! of all rules does not fit into the instruction cache; this way it is loaded once for a batch and not once for each file.

use crate::base::diagnostic::Code;
use crate::base::file::{Inclusion, InputFile, WalkMatch};
use crate::base::source::{Source, Span};
use crate::engine::discovery::is_named_as_portal;
use crate::engine::file_results::{Results, mask_source, run_file_rules};
use crate::engine::report::{FileResult, PreflightFacts};
use crate::model::portal::{
    NonPortal, NotAPortal, Portal, PortalSummary, detect_kind, is_broken_portal, is_portal_document,
};
use crate::model::secrets::Secrets;
use crate::rules::RULES;
use crate::rules::context::{Environment, PortalContext, PortalFacts, QueryStatus, Sink};
use crate::schema::{PortalKind, Validation};
use crate::settings::Settings;
use crate::settings::suppressions::Suppression;
use crate::syntax;
use crate::syntax::allow_comment::find_allow_comments;
use crate::syntax::cursor::Cursor;
use crate::syntax::template::find_template;
use crate::syntax::tree_pool;
use crate::syntax::{Document, Parsed, SyntaxError, Value};

/// A file of the batch.
struct BatchFile<'p> {
    /// The index of its input.
    input_index: usize,
    input: &'p InputFile,
    source: &'p Source,
    parsed: &'p Parsed<'p>,
    /// Whether the file is a template of another language. Its syntax errors are not reported.
    is_template: bool,
    /// The documents that are not portals.
    non_portals: Vec<NonPortal>,
}

/// A portal of a file of the batch.
struct BatchPortal<'p> {
    /// The index of its [`BatchFile`], which is not that of the text in the batch: some texts are skipped.
    file_index: usize,
    /// The index of its document in the file.
    document: usize,
    portal: Portal<'p>,
    validation: Validation<'p>,
    sink: Sink,
}

/// A selected rule that checks portals.
pub(super) type PortalRule = (Code, fn(&mut PortalContext<'_>));

/// Checks the texts of `batch`, each given with the index of its input, and adds the results to `results`.
pub(super) fn check_batch(
    inputs: &[InputFile],
    batch: &[(usize, Source)],
    settings: &Settings,
    environments: &[Environment<'_>],
    rules: &[PortalRule],
    results: &mut Results,
) {
    let mut parsed_files = Vec::with_capacity(batch.len());
    for (index, source) in batch {
        parsed_files.push(syntax::parse(source, &settings.project(&inputs[*index]).limits));
    }
    let mut files = Vec::with_capacity(batch.len());
    let mut portals = Vec::with_capacity(batch.len());
    for ((index, source), parsed) in batch.iter().zip(&parsed_files) {
        let input = &inputs[*index];
        if input.inclusion.needs_portal_content() && !is_portal_by_content(source, parsed) {
            continue;
        }
        let template = find_template_span(input, source, parsed);
        match input.inclusion {
            Inclusion::Candidate if template.is_some() => {
                results.templates.push(*index);
                continue;
            }
            Inclusion::ContextOnly { .. } => {
                if template.is_none() {
                    collect_facts(*index, input, parsed, settings, &mut results.portals);
                    results.files.push((*index, FileResult::default()));
                }
                continue;
            }
            _ => {}
        }
        let mut file = BatchFile {
            input_index: *index,
            input,
            source,
            parsed,
            is_template: template.is_some(),
            non_portals: Vec::new(),
        };
        match template {
            Some(span) => file.non_portals.push(NonPortal { document: 0, span, what: NotAPortal::Template }),
            None => file.find_portals(files.len(), settings, &mut portals),
        }
        files.push(file);
    }
    run_rules(&files, &mut portals, rules, environments);
    // Portals are large, so they are passed to their files as slices and not moved.
    let mut remaining = portals.as_mut_slice();
    for (file_index, file) in files.into_iter().enumerate() {
        let (own, others) = remaining.split_at_mut(remaining.partition_point(|portal| portal.file_index <= file_index));
        let (index, result) = (file.input_index, file.into_result(own, settings, results));
        results.files.push((index, result));
        remaining = others;
    }
    // They borrow `parsed_files`.
    drop(portals);
    tree_pool::recycle(parsed_files);
}

/// Runs each rule on all portals.
fn run_rules(
    files: &[BatchFile<'_>],
    portals: &mut [BatchPortal<'_>],
    rules: &[PortalRule],
    environments: &[Environment<'_>],
) {
    let mut contexts = Vec::with_capacity(portals.len());
    for BatchPortal { file_index, document, portal, validation, sink } in portals {
        let BatchFile { input, source, .. } = &files[*file_index];
        // Project 0 always exists: it holds the settings of the command line and of files outside of all projects.
        let environment = environments.get(input.project).unwrap_or(&environments[0]);
        contexts.push(PortalContext::new(portal, source, *document, validation, *environment, sink));
    }
    for &(code, check) in rules {
        for context in &mut contexts {
            context.run_rule(code, check);
        }
    }
}

/// Collects what cross-file rules compare from a file that is not in scope.
fn collect_facts(
    index: usize,
    input: &InputFile,
    parsed: &Parsed<'_>,
    settings: &Settings,
    facts: &mut Vec<PortalFacts>,
) {
    for (document_index, document) in parsed.documents.iter().enumerate() {
        if let Some(Ok(kind)) = classify_document(document, parsed.documents.len(), input.inclusion, settings) {
            let portal = Portal::new(kind, Cursor::root(document));
            facts.push(PortalFacts::from_portal(&portal, index, document_index, false));
        }
    }
}

/// Whether the content of a file is that of a portal. Folder walks check this where the name does not decide.
fn is_portal_by_content(source: &Source, parsed: &Parsed<'_>) -> bool {
    if parsed.documents.iter().any(is_portal_document) {
        return true;
    }
    // The tree of a broken file can lack the fields that identify a portal. Without a complete object, search the text.
    let has_complete_object =
        parsed.documents.iter().any(|document| Cursor::root(document).is_object() && !document.is_partial());
    !has_complete_object && !parsed.errors.is_empty() && is_broken_portal(source.text(), &parsed.documents)
}

/// Returns the first template expression of a file that is a template of another language. Returns `None` if the file is to be
/// checked, even if it contains such expressions.
fn find_template_span(input: &InputFile, source: &Source, parsed: &Parsed<'_>) -> Option<Span> {
    // `*.portal.yaml` says that the file is a portal, so its errors must be reported.
    if is_named_as_portal(&input.name) {
        return None;
    }
    let found = find_template(source, parsed)?;
    // `{{name}}` is ambiguous: a portal contains `{{email_code}}`, perhaps with missing quotes.
    if !found.is_certain && is_portal_by_content(source, parsed) {
        return None;
    }
    Some(found.span)
}

impl<'p> BatchFile<'p> {
    /// Adds the portals of this file, which is the [`BatchFile`] with the given index, and records the documents that are none.
    fn find_portals(&mut self, file_index: usize, settings: &'p Settings, portals: &mut Vec<BatchPortal<'p>>) {
        // Parsing stops at a limit, and findings about a file without its rest would be wrong.
        if self.parsed.errors.iter().any(SyntaxError::is_limit) {
            return;
        }
        let documents = &self.parsed.documents;
        for (index, document) in documents.iter().enumerate() {
            match classify_document(document, documents.len(), self.input.inclusion, settings) {
                Some(Ok(kind)) => {
                    let validation = settings.schemas.validate(document, kind);
                    let portal = Portal::new(kind, Cursor::root(document));
                    let sink = Sink::for_portal();
                    portals.push(BatchPortal { file_index, document: index, portal, validation, sink });
                }
                Some(Err(what)) => {
                    let span = first_line(self.source, document);
                    self.non_portals.push(NonPortal { document: index, span, what });
                }
                None => {}
            }
        }
    }

    /// Combines the findings about the portals of the file with those about the file itself.
    fn into_result(self, portals: &mut [BatchPortal<'p>], settings: &Settings, results: &mut Results) -> FileResult {
        let is_outside_project = self.is_outside_project();
        let Self { input_index, source, parsed, is_template, non_portals, .. } = self;
        let mut result = FileResult { in_scope: true, ..FileResult::default() };
        let mut sink = Sink::default();
        let mut summaries = Vec::new();
        for BatchPortal { document, portal, sink: own, .. } in portals {
            results.portals.push(PortalFacts::from_portal(portal, input_index, *document, is_outside_project));
            result.kind.get_or_insert(portal.kind);
            result.portal_count += 1;
            if settings.with_preflight_facts {
                summaries.push(PortalSummary::from_portal(portal, *document));
            }
            // Most files have one portal: take over its list, which has its capacity reserved, and do not copy it.
            if sink.unverified.is_empty() {
                std::mem::swap(&mut sink.unverified, &mut own.unverified);
            }
            sink.findings.append(&mut own.findings);
            sink.unverified.append(&mut own.unverified);
        }
        if !parsed.errors.is_empty() {
            // The tree is a guess about what the broken text means, so an edit derived from it may damage the file.
            for rule_finding in &mut sink.findings {
                rule_finding.finding.fix = None;
            }
        }
        let comments = find_allow_comments(source, parsed);
        let no_errors = Parsed::default();
        let reported = if is_template { &no_errors } else { parsed };
        run_file_rules(None, source, reported, &comments, &non_portals, &mut sink);
        result.findings = sink.findings;
        result.unverified = results.share_unverified(sink.unverified);
        // Keep the text even without findings if there are allow comments, because one may turn out to be unused, or if a network
        // query has no answer: the reason may quote an error of the service, and secrets of this file in it must be masked.
        let has_unanswered = result.unverified.iter().any(|check| check.query_status == QueryStatus::NoAnswer);
        if !result.findings.is_empty() || !comments.is_empty() || has_unanswered {
            let masked = mask_source(&mut result, source, parsed);
            let suppressions = comments.iter().filter_map(|comment| Suppression::from_comment(comment, source));
            masked.suppressions = suppressions.collect();
        }
        if settings.with_preflight_facts {
            add_preflight_facts(&mut result, summaries, source, parsed, settings);
        }
        result
    }

    /// Whether the file was named although a walk through its project would leave it out.
    fn is_outside_project(&self) -> bool {
        match self.input.inclusion {
            Inclusion::Explicit(WalkMatch::Excluded) => true,
            Inclusion::Explicit(WalkMatch::IfPortal) => !is_portal_by_content(self.source, self.parsed),
            _ => false,
        }
    }
}

/// Whether [`check_batch`] runs the portal rules on a file.
pub(super) fn is_linted(input: &InputFile, source: &Source, parsed: &Parsed<'_>) -> bool {
    !parsed.errors.iter().any(SyntaxError::is_limit)
        && (!input.inclusion.needs_portal_content() || is_portal_by_content(source, parsed))
        && find_template_span(input, source, parsed).is_none()
}

/// Decides what a document is checked as: as a portal of some kind, or not at all for the given reason. Returns `None` for a
/// document that is skipped without a finding.
pub(super) fn classify_document(
    document: &Document<'_>,
    documents_in_file: usize,
    inclusion: Inclusion,
    settings: &Settings,
) -> Option<Result<PortalKind, NotAPortal>> {
    let root = Cursor::root(document);
    if documents_in_file > 1 {
        // A trailing `---` in YAML starts an empty document.
        let is_empty = matches!(root.value(), Some(Value::Null));
        // A file that was found by its content may contain documents of other programs.
        if is_empty || (inclusion.needs_portal_content() && !is_portal_document(document)) {
            return None;
        }
    }
    let detected = detect_kind(document)?;
    match (detected, settings.kind) {
        // `--kind` decides for every object, whatever its fields are.
        (_, Some(kind)) if root.is_object() => Some(Ok(kind)),
        // The missing part of a broken document may contain the fields that identify a portal.
        (Err(_), _) if document.is_partial() => None,
        (detected, _) => Some(detected),
    }
}

/// Stores what the preflight checklists need to know about a file.
fn add_preflight_facts(
    result: &mut FileResult,
    mut portals: Vec<PortalSummary>,
    source: &Source,
    parsed: &Parsed<'_>,
    settings: &Settings,
) {
    let found_secrets;
    let secrets = if let Some(masked) = &result.masked {
        &masked.secrets
    } else {
        found_secrets = Secrets::find(source, parsed);
        &found_secrets
    };
    for name in portals.iter_mut().filter_map(|portal| portal.name.as_mut()) {
        *name = secrets.mask(std::mem::take(name));
    }
    let disabled = RULES.iter().filter(|rule| !settings.selection.is_enabled(rule));
    let disabled_rules = disabled.map(|rule| rule.code).collect();
    result.preflight_facts = Some(Box::new(PreflightFacts { portals, disabled_rules }));
}

/// Returns the first line of a document, as the location of findings about the whole document.
fn first_line(source: &Source, document: &Document<'_>) -> Span {
    let Some(root) = document.root() else { return Span::default() };
    let root_span = document.node(root).span;
    let line = source.position(root_span.start).line as usize;
    let line_end = source.line(line).map_or(root_span.start, |line| line.end);
    // A root that ends on its first line must not be marked beyond its end.
    Span { start: root_span.start, end: line_end.min(root_span.end).max(root_span.start) }
}
