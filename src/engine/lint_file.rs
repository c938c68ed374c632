//! Checks a single file: [`lint_file`] depends only on the file, the settings and the environment, and changes nothing.

use crate::base::file::{FileId, Inclusion, InputFile, WalkMatch};
use crate::base::read_error::ReadError;
use crate::base::source::{Source, Span};
use crate::engine::discovery::is_named_as_portal;
use crate::engine::file_result::{FileResult, PreflightFacts};
use crate::engine::sources::{LoadedFile, Sources};
use crate::model::portal::{
    NonPortal, NotAPortal, Portal, PortalSummary, detect_kind, is_broken_portal, is_portal_document,
};
use crate::model::secrets::Secrets;
use crate::rules::RULES;
use crate::rules::context::{Environment, FileContext, PortalContext, PortalFacts, Sink};
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::settings::suppressions::Suppression;
use crate::syntax::allow_comment::{AllowComment, find_allow_comments};
use crate::syntax::cursor::Cursor;
use crate::syntax::template::find_template;
use crate::syntax::variables::filled_spans;
use crate::syntax::{Document, Parsed, SyntaxError, Value};

/// A file with its text and tree.
#[derive(Clone, Copy)]
pub(super) struct ParsedFile<'f> {
    pub id: FileId,
    pub input: &'f InputFile,
    pub source: &'f Source,
    /// Why the file could not be read.
    pub read_error: Option<&'f ReadError>,
    pub parsed: &'f Parsed<'f>,
}

/// What became of a file.
#[expect(clippy::large_enum_variant, reason = "nearly every outcome is the large variant")]
pub(super) enum Outcome {
    /// It is part of the run. Its secrets are given if the report shows its text for sure.
    Linted(FileResult, Option<Secrets>),
    /// A folder walk found it, and it is a template of another language. It is not checked.
    Template,
    /// A folder walk found it, and it is no portal, or an account snapshot.
    Ignored,
}

/// Checks a file.
pub(super) fn lint_file(file: ParsedFile<'_>, settings: &Settings, environment: Environment<'_>) -> Outcome {
    let inclusion = file.input.inclusion;
    if inclusion == Inclusion::Internal {
        return Outcome::Ignored;
    }
    if let Some(error) = file.read_error {
        return Outcome::Linted(read_failed(file.source, error), Some(Secrets::default()));
    }
    if inclusion.needs_portal_content() && !file.is_portal_by_content() {
        return Outcome::Ignored;
    }
    let template = file.find_template_span();
    match inclusion {
        Inclusion::Candidate if template.is_some() => return Outcome::Template,
        Inclusion::ContextOnly { .. } if template.is_some() => return Outcome::Ignored,
        _ => {}
    }
    if matches!(inclusion, Inclusion::ContextOnly { .. }) {
        // The values of variables are not in the text, so they cannot be searched for later.
        let secrets = settings.variables.is_some().then(|| Secrets::find(file.source, file.parsed));
        return Outcome::Linted(collect_facts(file, settings), secrets);
    }
    let (result, secrets) = lint_in_scope(file, template, settings, environment);
    Outcome::Linted(result, secrets)
}

/// Collects what cross-file rules compare from a file that is not checked itself.
fn collect_facts(file: ParsedFile<'_>, settings: &Settings) -> FileResult {
    let mut result = FileResult::default();
    for (document, classified) in file.classify_documents(settings) {
        if let Ok(kind) = classified {
            let portal = Portal::new(kind, Cursor::root(&file.parsed.documents[document]));
            result.portals.push(PortalFacts::from_portal(&portal, file.id, document, false));
        }
    }
    result
}

/// Checks a file that is in scope. `template` is its first template expression if it is a template of another language.
fn lint_in_scope(
    file: ParsedFile<'_>,
    template: Option<Span>,
    settings: &Settings,
    environment: Environment<'_>,
) -> (FileResult, Option<Secrets>) {
    let ParsedFile { id, source, parsed, .. } = file;
    let mut result = FileResult { in_scope: true, ..FileResult::default() };
    let mut sink = Sink::default();
    let mut summaries = Vec::new();
    let mut non_portals = Vec::new();
    if let Some(span) = template {
        non_portals.push(NonPortal { document: 0, span, what: NotAPortal::Template });
    } else {
        let is_outside_project = file.is_outside_project();
        for (index, classified) in file.classify_documents(settings) {
            let document = &parsed.documents[index];
            match classified {
                Ok(kind) => {
                    let portal = Portal::new(kind, Cursor::root(document));
                    lint_portal(&portal, source, index, settings, environment, &mut sink);
                    result.portals.push(PortalFacts::from_portal(&portal, id, index, is_outside_project));
                    result.kind.get_or_insert(kind);
                    result.portal_count += 1;
                    if settings.with_preflight_facts {
                        summaries.push(PortalSummary::from_portal(&portal, source, index));
                    }
                }
                Err(what) => {
                    non_portals.push(NonPortal { document: index, span: first_line(source, document), what });
                }
            }
        }
    }
    if !parsed.errors.is_empty() {
        // The tree is a guess about what the broken text means, so an edit derived from it may damage the file.
        for rule_finding in &mut sink.findings {
            rule_finding.finding.fix = None;
        }
    }
    remove_fixes_of_variables(&mut sink, parsed);
    let comments = find_allow_comments(source, parsed);
    // The syntax errors of a template are not reported.
    let syntax_errors = if template.is_some() { &[] } else { &parsed.errors[..] };
    run_file_rules(None, source, syntax_errors, &comments, &non_portals, &mut sink);
    result.findings = sink.findings;
    result.unverified = sink.unverified;
    result.suppressions = comments.iter().filter_map(|comment| Suppression::from_comment(comment, source)).collect();
    if settings.with_trees {
        result.tree = Some(Box::new(parsed.clone().into_owned()));
    }
    // Searching every file for secrets takes as long as all rules together, and most files are never shown.
    let is_shown = !result.findings.is_empty() || settings.with_preflight_facts;
    let secrets = is_shown.then(|| Secrets::find(source, parsed));
    if let Some(secrets) = secrets.as_ref().filter(|_| settings.with_preflight_facts) {
        result.preflight_facts = Some(Box::new(preflight_facts(summaries, secrets, settings)));
    }
    (result, secrets)
}

/// Removes the fixes of findings about the values of variables: a fix would write a part of such a value into the file.
fn remove_fixes_of_variables(sink: &mut Sink, parsed: &Parsed<'_>) {
    let spans = filled_spans(parsed);
    for rule_finding in &mut sink.findings {
        if spans.contains(&rule_finding.finding.location.span) {
            rule_finding.finding.fix = None;
        }
    }
}

/// Runs the selected rules on a portal, which is the YAML document with this index.
fn lint_portal(
    portal: &Portal<'_>,
    source: &Source,
    document: usize,
    settings: &Settings,
    environment: Environment<'_>,
    sink: &mut Sink,
) {
    let validation = settings.schemas.validate(portal.root.document(), portal.kind);
    let mut context = PortalContext::new(portal, source, document, &validation, environment, sink);
    for rule in RULES {
        if let Some(check) = rule.check_portal
            && settings.selection.is_enabled(rule)
        {
            context.run_rule(rule.code, check);
        }
    }
}

/// Runs the rules about the file itself (encoding, syntax, allow comments). `--select` and `--ignore` do not apply to them:
/// a file that cannot be checked must never pass.
pub(super) fn run_file_rules(
    read_error: Option<&ReadError>,
    source: &Source,
    syntax_errors: &[SyntaxError],
    allow_comments: &[AllowComment<'_>],
    non_portals: &[NonPortal],
    sink: &mut Sink,
) {
    for rule in RULES {
        if let Some(check) = rule.check_file {
            check(&mut FileContext {
                read_error,
                source,
                syntax_errors,
                allow_comments,
                non_portals,
                code: rule.code,
                sink,
            });
        }
    }
}

/// The result of a file that could not be read. `source` is empty.
pub(super) fn read_failed(source: &Source, error: &ReadError) -> FileResult {
    let mut sink = Sink::default();
    run_file_rules(Some(error), source, &[], &[], &[], &mut sink);
    // A file that is too large or has the wrong encoding is an ordinary finding (exit code 1). Only if the system did not
    // return its bytes is the run incomplete (exit code 2).
    let is_unread =
        matches!(error, ReadError::Missing | ReadError::Forbidden | ReadError::NotAFile(_) | ReadError::Io(_));
    FileResult { findings: sink.findings, is_unread, in_scope: true, ..FileResult::default() }
}

impl<'f> ParsedFile<'f> {
    pub(super) fn new(id: FileId, sources: &'f Sources, loaded: &'f LoadedFile, parsed: &'f Parsed<'f>) -> Self {
        let LoadedFile { source, read_error } = loaded;
        Self { id, input: sources.file(id), source, read_error: read_error.as_ref(), parsed }
    }

    /// Whether the content is that of a portal. Folder walks check this where the name does not decide.
    fn is_portal_by_content(&self) -> bool {
        let Self { source, parsed, .. } = self;
        if parsed.documents.iter().any(is_portal_document) {
            return true;
        }
        // The tree of a broken file can lack the fields that identify a portal. Without a complete object, search the text.
        let has_complete_object =
            parsed.documents.iter().any(|document| Cursor::root(document).is_object() && !document.is_partial());
        !has_complete_object && !parsed.errors.is_empty() && is_broken_portal(source.text(), &parsed.documents)
    }

    /// The first template expression if the file is a template of another language. `None` if the file is to be checked, even if
    /// it contains such expressions.
    fn find_template_span(&self) -> Option<Span> {
        // `*.portal.yaml` says that the file is a portal, so its errors must be reported.
        if is_named_as_portal(&self.input.name) {
            return None;
        }
        let found = find_template(self.source, self.parsed)?;
        // `{{name}}` is ambiguous: a portal contains `{{email_code}}`, perhaps with missing quotes.
        if !found.is_certain && self.is_portal_by_content() {
            return None;
        }
        Some(found.span)
    }

    /// Whether the file was named although a walk through its project would leave it out.
    fn is_outside_project(&self) -> bool {
        match self.input.inclusion {
            Inclusion::Explicit(WalkMatch::Excluded) => true,
            Inclusion::Explicit(WalkMatch::IfPortal) => !self.is_portal_by_content(),
            _ => false,
        }
    }

    /// The kinds of the portals on which [`lint_file`] runs the portal rules, each with the index of its document.
    pub(super) fn linted_portals(&self, settings: &Settings) -> Vec<(usize, PortalKind)> {
        let is_linted = (!self.input.inclusion.needs_portal_content() || self.is_portal_by_content())
            && self.find_template_span().is_none();
        let documents = if is_linted { self.classify_documents(settings) } else { Vec::new() };
        documents.into_iter().filter_map(|(index, classified)| Some((index, classified.ok()?))).collect()
    }

    /// Decides what each document is checked as: as a portal of some kind, or not at all for the given reason. Leaves out documents
    /// that are skipped without a finding.
    fn classify_documents(&self, settings: &Settings) -> Vec<(usize, Result<PortalKind, NotAPortal>)> {
        let mut classified = Vec::new();
        // Parsing stops at a limit, and findings about a file without its rest would be wrong.
        if self.parsed.errors.iter().any(SyntaxError::is_limit) {
            return classified;
        }
        for (index, document) in self.parsed.documents.iter().enumerate() {
            classified.extend(self.classify_document(document, settings).map(|kind| (index, kind)));
        }
        classified
    }

    fn classify_document(
        &self,
        document: &Document<'_>,
        settings: &Settings,
    ) -> Option<Result<PortalKind, NotAPortal>> {
        let root = Cursor::root(document);
        if self.parsed.documents.len() > 1 {
            // A trailing `---` in YAML starts an empty document.
            let is_empty = matches!(root.value(), Some(Value::Null));
            // A file that was found by its content may contain documents of other programs.
            if is_empty || (self.input.inclusion.needs_portal_content() && !is_portal_document(document)) {
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
}

/// What the preflight checklists need to know about a file.
fn preflight_facts(mut portals: Vec<PortalSummary>, secrets: &Secrets, settings: &Settings) -> PreflightFacts {
    for name in portals.iter_mut().filter_map(|portal| portal.name.as_mut()) {
        *name = secrets.mask(std::mem::take(name));
    }
    let disabled = RULES.iter().filter(|rule| !settings.selection.is_enabled(rule));
    PreflightFacts {
        portals,
        disabled_rules: disabled.map(|rule| rule.code).collect(),
        fills_variables: settings.variables.is_some(),
    }
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
