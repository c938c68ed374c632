//! Checks a single file: [`lint_file`] depends only on the file, the settings and the environment, and changes nothing.

use std::collections::BTreeMap;

use crate::base::diagnostic::Location;
use crate::base::file::{FileId, Inclusion, InputFile, TextKind, WalkMatch};
use crate::base::read_error::ReadError;
use crate::base::source::{Format, Source, Span};
use crate::engine::discovery::is_named_as_portal;
use crate::engine::file_result::{FileResult, PreflightFacts};
use crate::engine::lint_portal::PortalLinter;
use crate::engine::sources::{LoadedFile, ParsedText, Sources};
use crate::model::edited_portal::EditSummary;
use crate::model::portal::{
    Body, BodyPlace, NonPortal, NotAPortal, Portal, PortalSummary, Unwrapped, find_portal_inside, is_broken_portal,
};
use crate::model::secrets::Secrets;
use crate::rules::RULES;
use crate::rules::context::{Environment, FileContext, FileFacts, PortalFacts, Sink};
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::settings::suppressions::Suppression;
use crate::syntax::allow_comment::{AllowComment, find_allow_comments};
use crate::syntax::cursor::Cursor;
use crate::syntax::template::find_template;
use crate::syntax::variables::filled_spans;
use crate::syntax::{Parsed, SyntaxError, Value};

/// A file with its text and tree.
#[derive(Clone, Copy)]
pub(super) struct ParsedFile<'f> {
    pub id: FileId,
    pub input: &'f InputFile,
    pub source: &'f Source,
    /// Why the file could not be read.
    pub read_error: Option<&'f ReadError>,
    pub parsed: &'f Parsed<'f>,
    /// The values that should be portals. Their indices are the numbers of the documents in reports.
    pub unwrapped: &'f Unwrapped,
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
        return Outcome::Linted(read_failed(file.source, error), None);
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
        let secrets = settings.variables.is_some().then(|| file.secrets());
        return Outcome::Linted(collect_facts(file, settings), secrets);
    }
    let (result, secrets) = lint_in_scope(file, template, settings, environment);
    Outcome::Linted(result, secrets)
}

/// Collects what cross-file rules compare from a file that is not checked itself.
fn collect_facts(file: ParsedFile<'_>, settings: &Settings) -> FileResult {
    let mut result = FileResult::default();
    for (document, kind) in file.portals(settings) {
        result.portals.push(file.facts(document, &file.portal(document, kind), false));
    }
    result.places = file.places();
    result
}

/// Checks a file that is in scope. `template` is its first template expression if it is a template of another language.
fn lint_in_scope(
    file: ParsedFile<'_>,
    template: Option<Span>,
    settings: &Settings,
    environment: Environment<'_>,
) -> (FileResult, Option<Secrets>) {
    let ParsedFile { source, parsed, unwrapped, .. } = file;
    let is_agent_body = matches!(source.kind(), TextKind::Draft | TextKind::Call);
    let mut result = FileResult { in_scope: true, is_agent_body, places: file.places(), ..FileResult::default() };
    let mut sink = Sink::default();
    let mut summaries = Vec::new();
    let mut edits = BTreeMap::new();
    let mut wrappers = Vec::new();
    let mut non_portals = Vec::new();
    if let Some(span) = template {
        let location = Location { pointer: String::new(), span };
        let what = NotAPortal::Template;
        non_portals.push(NonPortal { document: 0, location, what, contains_portal: false });
    } else {
        let is_outside_project = file.is_outside_project();
        for (document, classified) in file.classify_bodies(settings) {
            match classified {
                Ok(kind) => {
                    let portal = file.portal(document, kind);
                    let edit = file.lint_portal(&portal, document, settings, environment, &mut sink);
                    result.portals.push(file.facts(document, &portal, is_outside_project));
                    result.kind.get_or_insert(kind);
                    result.portal_count += 1;
                    if settings.with_preflight_facts {
                        let source = unwrapped.bodies[document].source(source);
                        summaries.push(PortalSummary::from_portal(&portal, source, document));
                        edits.extend(edit.map(|edit| (document, edit)));
                    }
                    wrappers.extend(unwrapped.bodies[document].wrapper.as_ref().map(|wrapper| (document, wrapper)));
                }
                Err(what) => non_portals.push(file.describe_non_portal(document, what)),
            }
        }
        if source.format() == Format::Markdown && unwrapped.bodies.is_empty() && unwrapped.errors.is_empty() {
            let location = Location { pointer: String::new(), span: source.line(1).unwrap_or_default() };
            let what = NotAPortal::MarkdownWithoutData;
            non_portals.push(NonPortal { document: 0, location, what, contains_portal: false });
        }
    }
    // The syntax errors of a template are not reported.
    let syntax_errors = if template.is_some() { Vec::new() } else { file.syntax_errors() };
    if !parsed.errors.is_empty() || !unwrapped.errors.is_empty() {
        // The tree is a guess about what the broken text means, so an edit derived from it may damage the file.
        for rule_finding in &mut sink.findings {
            rule_finding.finding.fix = None;
        }
    }
    remove_fixes_of_variables(&mut sink, &[filled_spans(parsed), unwrapped.filled_spans.clone()].concat());
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
    result.findings = sink.findings;
    result.unverified = sink.unverified;
    result.suppressions = comments.iter().filter_map(|comment| Suppression::from_comment(comment, source)).collect();
    if settings.with_trees {
        result.tree = Some(Box::new(parsed.clone().into_owned()));
    }
    // Searching every file for secrets takes as long as all rules together, and most files are never shown.
    let is_shown = !result.findings.is_empty() || settings.with_preflight_facts;
    let secrets = is_shown.then(|| file.secrets());
    if let Some(secrets) = secrets.as_ref().filter(|_| settings.with_preflight_facts) {
        result.preflight_facts = Some(Box::new(PreflightFacts::new(summaries, edits, secrets, settings)));
    }
    (result, secrets)
}

/// Removes the fixes of findings about the values of variables: a fix would write a part of such a value into the file.
fn remove_fixes_of_variables(sink: &mut Sink, spans: &[Span]) {
    for rule_finding in &mut sink.findings {
        if spans.contains(&rule_finding.finding.location.span) {
            rule_finding.finding.fix = None;
        }
    }
}

/// Runs the rules about the file itself (encoding, syntax, allow comments). `--select` and `--ignore` do not apply to them:
/// a file that cannot be checked must never pass.
pub(super) fn run_file_rules(facts: &FileFacts<'_>, sink: &mut Sink) {
    for rule in RULES {
        if let Some(check) = rule.check_file {
            check(&mut FileContext { facts, code: rule.code, sink });
        }
    }
}

/// The result of a file that could not be read. `source` is empty.
pub(super) fn read_failed(source: &Source, error: &ReadError) -> FileResult {
    let mut sink = Sink::default();
    run_file_rules(&FileFacts { read_error: Some(error), ..FileFacts::of(source) }, &mut sink);
    // A file that is too large or has the wrong encoding is an ordinary finding (exit code 1). Only if the system did not
    // return its bytes is the run incomplete (exit code 2).
    let is_unread =
        matches!(error, ReadError::Missing | ReadError::Forbidden | ReadError::NotAFile(_) | ReadError::Io(_));
    FileResult { findings: sink.findings, is_unread, in_scope: true, ..FileResult::default() }
}

impl<'f> ParsedFile<'f> {
    pub(super) fn new(id: FileId, sources: &'f Sources, loaded: &'f LoadedFile, parsed: &'f ParsedText<'f>) -> Self {
        let LoadedFile { source, read_error } = loaded;
        let ParsedText { tree, unwrapped } = parsed;
        Self { id, input: sources.file(id), source, read_error: read_error.as_ref(), parsed: tree, unwrapped }
    }

    /// The portal in a body.
    pub(super) fn portal(&self, document: usize, kind: PortalKind) -> Portal<'f> {
        Portal::new(kind, self.unwrapped.bodies[document].root(self.parsed))
    }

    /// Runs the selected rules on the portal in a body. Returns what an edit does to the portal, if that is known.
    fn lint_portal(
        &self,
        portal: &Portal<'_>,
        document: usize,
        settings: &Settings,
        environment: Environment<'_>,
        sink: &mut Sink,
    ) -> Option<EditSummary> {
        let body = &self.unwrapped.bodies[document];
        let first_finding = sink.findings.len();
        let is_called = body.wrapper.as_ref().is_some_and(|wrapper| wrapper.operation.is_some());
        let source = body.source(self.source);
        let linter = PortalLinter { source, document, is_called, settings, environment };
        let edit = linter.lint(portal, sink);
        for rule_finding in &mut sink.findings[first_finding..] {
            body.move_finding_to_file(&mut rule_finding.finding, self.source);
        }
        edit
    }

    /// The facts about the portal in a body.
    fn facts(&self, document: usize, portal: &Portal<'_>, is_outside_project: bool) -> PortalFacts {
        let mut facts = PortalFacts::from_portal(portal, self.id, document, is_outside_project);
        facts.map_spans(|span| self.unwrapped.bodies[document].to_file_span(span));
        facts
    }

    /// The place of each body that is inside of something else.
    fn places(&self) -> Vec<BodyPlace> {
        let is_wrapped = self.unwrapped.bodies.iter().any(|body| body.wrapper.is_some());
        if is_wrapped { self.unwrapped.bodies.iter().map(Body::place).collect() } else { Vec::new() }
    }

    /// The syntax errors of the file and of the texts in it, in the order of the file.
    fn syntax_errors(&self) -> Vec<SyntaxError> {
        let mut errors = [&self.parsed.errors[..], &self.unwrapped.errors[..]].concat();
        errors.sort_by_key(|error| error.span);
        errors
    }

    fn allow_comments(&self) -> Vec<AllowComment<'f>> {
        // An agent must not be able to suppress the findings about its own body.
        if matches!(self.source.kind(), TextKind::Draft | TextKind::Call) {
            return Vec::new();
        }
        let mut comments = find_allow_comments(self.source, self.parsed);
        let mut last_block = None;
        for body in &self.unwrapped.bodies {
            let Some(block) = body.markdown_block(self.source) else { continue };
            // A block of YAML may contain several documents.
            if last_block.replace(block).is_some_and(|last| std::ptr::eq(last, block)) {
                continue;
            }
            for mut comment in find_allow_comments(&block.source, &block.parsed) {
                comment.map_spans(|span| block.to_outer(span));
                comments.push(comment);
            }
        }
        comments
    }

    /// The secrets of the file and of the texts in it, with the values of variables.
    pub(super) fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::find(self.source, self.parsed);
        if !self.unwrapped.filled_spans.is_empty() {
            for text in &self.unwrapped.texts {
                secrets = secrets.with_values_of(&Secrets::find(&text.source, &text.parsed));
            }
        }
        secrets
    }

    /// Describes a body that is not a portal. If a portal is somewhere inside of it, the location is that of the portal.
    fn describe_non_portal(&self, document: usize, what: NotAPortal) -> NonPortal {
        let body = &self.unwrapped.bodies[document];
        let root = body.root(self.parsed);
        let inside =
            if what == NotAPortal::OtherObject && body.error.is_none() { find_portal_inside(root) } else { None };
        let contains_portal = inside.is_some();
        let location = match (inside, &body.wrapper) {
            (Some(inside), _) => Location { span: body.to_file_span(inside.span), ..inside },
            (None, Some(wrapper)) => Location { pointer: String::new(), span: wrapper.span },
            (None, None) => Location { pointer: String::new(), span: first_line(self.source, root.span()) },
        };
        NonPortal { document, location, what, contains_portal }
    }

    /// Whether the content is that of a portal. Folder walks check this where the name does not decide.
    fn is_portal_by_content(&self) -> bool {
        let Self { source, parsed, unwrapped, .. } = self;
        if unwrapped.bodies.iter().any(|body| body.is_certain(parsed)) {
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

    /// The kinds of the portals on which [`lint_file`] runs the portal rules, each with the index of its body.
    pub(super) fn linted_portals(&self, settings: &Settings) -> Vec<(usize, PortalKind)> {
        let is_linted = (!self.input.inclusion.needs_portal_content() || self.is_portal_by_content())
            && self.find_template_span().is_none();
        if is_linted { self.portals(settings) } else { Vec::new() }
    }

    /// The kinds of all portals, each with the index of its body.
    fn portals(&self, settings: &Settings) -> Vec<(usize, PortalKind)> {
        let bodies = self.classify_bodies(settings).into_iter();
        bodies.filter_map(|(index, classified)| Some((index, classified.ok()?))).collect()
    }

    /// Decides what each body is checked as: as a portal of some kind, or not at all for the given reason. Leaves out bodies
    /// that are skipped without a finding.
    fn classify_bodies(&self, settings: &Settings) -> Vec<(usize, Result<PortalKind, NotAPortal>)> {
        let mut classified = Vec::new();
        // Parsing stops at a limit, and findings about a file without its rest would be wrong.
        if self.parsed.errors.iter().any(SyntaxError::is_limit) {
            return classified;
        }
        for (index, body) in self.unwrapped.bodies.iter().enumerate() {
            classified.extend(self.classify_body(body, settings).map(|kind| (index, kind)));
        }
        classified
    }

    fn classify_body(&self, body: &Body, settings: &Settings) -> Option<Result<PortalKind, NotAPortal>> {
        let root = body.root(self.parsed);
        if self.unwrapped.bodies.len() > 1 {
            // A trailing `---` in YAML starts an empty document.
            let is_empty = matches!(root.value(), Some(Value::Null));
            // A file that was found by its content may contain documents of other programs.
            if is_empty || (self.input.inclusion.needs_portal_content() && !body.is_certain(self.parsed)) {
                return None;
            }
        }
        match (body.detect_kind(self.parsed)?, settings.kind) {
            // `--kind` decides for every object, whatever its fields are.
            (_, Some(kind)) if root.is_object() && body.error.is_none() => Some(Ok(kind)),
            // The missing part of a broken document may contain the fields that identify a portal.
            (Err(_), _) if root.is_partial() => None,
            (detected, _) => Some(detected),
        }
    }
}

/// Returns the first line of a value, as the location of findings about the value as a whole.
fn first_line(source: &Source, value: Span) -> Span {
    let line = source.position(value.start).line as usize;
    let line_end = source.line(line).map_or(value.start, |line| line.end);
    // A value that ends on its first line must not be marked beyond its end.
    Span { start: value.start, end: line_end.min(value.end).max(value.start) }
}
