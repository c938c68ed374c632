//! A file of the run with its text and tree: which of its bodies are portals, and what the rules need to check them.

use std::ops::Range;
use std::sync::OnceLock;

use crate::base::diagnostic::Location;
use crate::base::file::{AgentBody, FileId, Inclusion, InputFile, Origin, TextKind, WalkMatch};
use crate::base::read_error::ReadError;
use crate::base::source::{Source, Span};
use crate::engine::discovery::is_named_as_portal;
use crate::engine::lint_portal::PortalLinter;
use crate::engine::sources::{LoadedFile, Sources};
use crate::model::edited_portal::EditSummary;
use crate::model::portal::{
    Body, BodyPlace, NonPortal, NotAPortal, Portal, Unwrapped, find_portal_inside, is_broken_portal, unwrap_bodies,
};
use crate::model::secrets::Secrets;
use crate::rules::context::{Environment, PortalFacts, RuleFinding, Sink};
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::settings::bindings::Binding;
use crate::settings::environments::AccountScope;
use crate::syntax::allow_comment::{AllowComment, find_allow_comments};
use crate::syntax::cursor::Cursor;
use crate::syntax::template::find_template;
use crate::syntax::variables::fill_variables;
use crate::syntax::{self, Document, Parsed, Problem, SyntaxError, Value};

/// A file with its text and tree.
pub(super) struct ParsedFile<'f> {
    pub id: FileId,
    pub input: &'f InputFile,
    /// The account that the file belongs to.
    pub scope: AccountScope,
    pub source: &'f Source,
    /// Why the file could not be read.
    pub read_error: Option<&'f ReadError>,
    pub parsed: Parsed<'f>,
    /// The `[[portal]]` entries for the file.
    pub bindings: &'f [Binding],
    /// The values that should be portals. Their indices are the document numbers in reports.
    pub unwrapped: Unwrapped,
    /// See [`secrets`](Self::secrets).
    known_secrets: OnceLock<Box<Secrets>>,
}

impl<'f> ParsedFile<'f> {
    /// Parses a loaded file, and fills in the variables of the settings.
    pub(super) fn new(file: &'f LoadedFile, sources: &'f Sources, settings: &Settings) -> Self {
        let LoadedFile { id, source, read_error } = file;
        let (input, scope, bindings) = (sources.file(*id), sources.scope(*id), sources.bindings(*id));
        let limits = &settings.project(input).limits;
        let variables = settings.variables.as_ref();
        let mut parsed = if read_error.is_none() { syntax::parse(source, limits) } else { Parsed::default() };
        if let Some(variables) = variables {
            fill_variables(&mut parsed, variables);
        }
        let unwrapped = unwrap_bodies(source, &parsed, limits, variables);
        let read_error = read_error.as_ref();
        let known_secrets = OnceLock::new();
        Self { id: *id, input, scope, source, read_error, parsed, bindings, unwrapped, known_secrets }
    }

    /// The same file after `place_body` has decided which environment it belongs to and which portal it replaces.
    pub(super) fn with_input(self, input: &'f InputFile, scope: AccountScope, bindings: &'f [Binding]) -> Self {
        Self { input, scope, bindings, ..self }
    }

    /// The portal in a body.
    pub(super) fn portal(&self, document: usize, kind: PortalKind) -> Portal<'_> {
        Portal::new(kind, self.unwrapped.bodies[document].root(&self.parsed)).bound_to(self.bound_id(document))
    }

    /// The ID of the account's portal that the settings bind a body to.
    fn bound_id(&self, document: usize) -> Option<&'f str> {
        // A call of CreateCustomerPortal creates a portal, even if the file that it replaces describes an existing one.
        if self.source.kind() == TextKind::Call {
            return None;
        }
        let document_in_file = match &self.input.origin {
            Origin::Agent(AgentBody { replaces: Some((_, replaced)), .. }) => *replaced,
            _ => document,
        };
        let binding = self.bindings.iter().find(|binding| match binding.document {
            Some(index) => index == document_in_file,
            None => self.has_one_portal(),
        })?;
        Some(&binding.id)
    }

    fn has_one_portal(&self) -> bool {
        let bodies = &self.unwrapped.bodies;
        bodies.iter().filter(|body| matches!(body.detect_kind(&self.parsed), Some(Ok(_)))).count() == 1
    }

    /// Runs the selected rules on the portal in a body. Returns what an edit does to the portal, if that is known.
    pub(super) fn lint_portal(
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
        let mut findings = sink.findings.split_off(first_finding);
        remove_uncertain_findings(&mut findings, &body.parsed(&self.parsed).errors, source.text(), portal);
        for rule_finding in &mut findings {
            body.move_finding_to_file(&mut rule_finding.finding, self.source);
        }
        sink.findings.append(&mut findings);
        edit
    }

    /// The facts about the portal in a body.
    pub(super) fn facts(&self, document: usize, portal: &Portal<'_>, is_outside_project: bool) -> PortalFacts {
        let body = &self.unwrapped.bodies[document];
        let mut facts = PortalFacts::from_portal(portal, self.id, document, is_outside_project);
        if let Some(first_error) = body.first_syntax_error(&self.parsed) {
            let errors = &body.parsed(&self.parsed).errors;
            let uncertain = uncertain_ranges(errors, body.source(self.source).text(), portal);
            // After an error, the name may belong to another object.
            facts.keep_only_name(|span| body.to_file_span(span).end <= first_error && is_certain(span, &uncertain));
        }
        facts.map_spans(|span| body.to_file_span(span));
        facts
    }

    /// The places of all bodies. Empty if no body is wrapped.
    pub(super) fn places(&self) -> Vec<BodyPlace> {
        let is_wrapped = self.unwrapped.bodies.iter().any(|body| body.wrapper.is_some());
        if is_wrapped { self.unwrapped.bodies.iter().map(Body::place).collect() } else { Vec::new() }
    }

    /// The syntax errors of the file and of the texts in it, in the order of the file.
    pub(super) fn syntax_errors(&self) -> Vec<SyntaxError> {
        let mut errors = [&self.parsed.errors[..], &self.unwrapped.errors[..]].concat();
        errors.sort_by_key(|error| error.span);
        errors
    }

    pub(super) fn allow_comments(&self) -> Vec<AllowComment<'_>> {
        // An agent must not be able to suppress the findings about its own body.
        if matches!(self.source.kind(), TextKind::Draft | TextKind::Call) {
            return Vec::new();
        }
        let mut comments = find_allow_comments(self.source, &self.parsed);
        let mut last_block = None;
        for body in &self.unwrapped.bodies {
            let Some(block) = body.markdown_block(self.source) else { continue };
            // A block of YAML may contain several documents, so several bodies are in the same block.
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

    /// The secrets of the file and of the texts in it, with the values of variables. They are searched for in the first call.
    pub(super) fn secrets(&self) -> &Secrets {
        self.known_secrets.get_or_init(|| Box::new(self.find_secrets()))
    }

    /// The secrets, if [`secrets`](Self::secrets) was called before.
    pub(super) fn known_secrets(&self) -> Option<&Secrets> {
        self.known_secrets.get().map(Box::as_ref)
    }

    fn find_secrets(&self) -> Secrets {
        let mut secrets = Secrets::find(self.source, &self.parsed);
        if !self.unwrapped.filled_spans.is_empty() {
            for text in &self.unwrapped.texts {
                secrets = secrets.with_values_of(&Secrets::find(&text.source, &text.parsed));
            }
        }
        secrets
    }

    /// Describes a body that is not a portal. If a portal is somewhere inside of it, the location is that of the portal.
    pub(super) fn describe_non_portal(&self, document: usize, what: NotAPortal) -> NonPortal {
        let body = &self.unwrapped.bodies[document];
        let root = body.root(&self.parsed);
        if what == NotAPortal::OtherObject
            && body.error.is_none()
            && let Some(portal) = find_portal_inside(root)
        {
            let location = Location { span: body.to_file_span(portal.span), ..portal };
            return NonPortal { document, location, what, contains_portal: true };
        }
        let span = match &body.wrapper {
            Some(wrapper) => wrapper.span,
            None => first_line(self.source, root.span()),
        };
        NonPortal { document, location: Location { pointer: String::new(), span }, what, contains_portal: false }
    }

    /// Whether the content is that of a portal. Folder walks check this where the name does not decide.
    pub(super) fn is_portal_by_content(&self) -> bool {
        let Self { source, parsed, unwrapped, .. } = self;
        if unwrapped.bodies.iter().any(|body| body.is_recognizable(parsed)) {
            return true;
        }
        // The tree of a broken file can lack the fields that identify a portal. Without a complete object, search the text.
        let has_complete_object =
            parsed.documents.iter().any(|document| Cursor::root(document).is_object() && !document.is_partial());
        !has_complete_object && !parsed.errors.is_empty() && is_broken_portal(source.text(), &parsed.documents)
    }

    /// The first template expression, if the file is a template of another language. `None` if the file has to be checked, although
    /// it may contain such expressions.
    pub(super) fn find_template_span(&self) -> Option<Span> {
        // A name such as `a.portal.yaml` states that the file is a portal, so its errors must be reported.
        if is_named_as_portal(&self.input.name) {
            return None;
        }
        let found = find_template(self.source, &self.parsed)?;
        // `{{name}}` is ambiguous: a portal contains `{{email_code}}`, perhaps with missing quotes.
        if !found.is_certain && self.is_portal_by_content() {
            return None;
        }
        Some(found.span)
    }

    /// Whether the file was named although a walk through its project would leave it out.
    pub(super) fn is_outside_project(&self) -> bool {
        match self.input.inclusion {
            Inclusion::Explicit(WalkMatch::Excluded) => true,
            Inclusion::Explicit(WalkMatch::IfPortal) => !self.is_portal_by_content(),
            _ => false,
        }
    }

    /// The kinds of the portals on which `lint_file` runs the portal rules, each with the index of its body.
    pub(super) fn linted_portals(&self, settings: &Settings) -> Vec<(usize, PortalKind)> {
        let is_linted = (!self.input.inclusion.needs_portal_content() || self.is_portal_by_content())
            && self.find_template_span().is_none();
        if is_linted { self.portals(settings) } else { Vec::new() }
    }

    /// The kinds of all portals, each with the index of its body.
    pub(super) fn portals(&self, settings: &Settings) -> Vec<(usize, PortalKind)> {
        let mut portals = Vec::new();
        for (index, classified) in self.classify_bodies(settings) {
            portals.extend(classified.ok().map(|kind| (index, kind)));
        }
        portals
    }

    /// Decides for each body whether it is checked as a portal, and of which kind, or why it is not a portal. Leaves out bodies that
    /// are skipped without a finding.
    pub(super) fn classify_bodies(&self, settings: &Settings) -> Vec<(usize, Result<PortalKind, NotAPortal>)> {
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
        let root = body.root(&self.parsed);
        if self.unwrapped.bodies.len() > 1 {
            // A trailing `---` in YAML starts an empty document.
            let is_empty = matches!(root.value(), Some(Value::Null));
            // A file that was found by its content may contain documents of other programs.
            if is_empty || (self.input.inclusion.needs_portal_content() && !body.is_recognizable(&self.parsed)) {
                return None;
            }
        }
        // `--kind` applies only to the files that are checked, not to those that they are compared with.
        let is_context = matches!(self.input.inclusion, Inclusion::ContextOnly { .. });
        let kind_option = if is_context { None } else { settings.kind };
        match (body.detect_kind(&self.parsed)?, kind_option) {
            // `--kind` overrides what the fields of an object suggest.
            (_, Some(kind)) if root.is_object() && body.error.is_none() => Some(Ok(kind)),
            // The missing part of a broken document may contain the fields that identify a portal.
            (Err(_), _) if root.is_partial() => None,
            (detected, _) => Some(detected),
        }
    }
}

/// Removes the findings about text that may have been misread because of a syntax error.
fn remove_uncertain_findings(findings: &mut Vec<RuleFinding>, errors: &[SyntaxError], text: &str, portal: &Portal<'_>) {
    let uncertain = uncertain_ranges(errors, text, portal);
    findings.retain(|RuleFinding { finding, .. }| is_certain(finding.location.span, &uncertain));
}

/// The parts of a text that may have been misread: each error with the string or entries that it may belong to and the blanks before it,
/// and everything from the line on in which the meaning of the text becomes uncertain.
fn uncertain_ranges(errors: &[SyntaxError], text: &str, portal: &Portal<'_>) -> Vec<Range<usize>> {
    let document = portal.root.document();
    let mut uncertain = Vec::new();
    for error in errors {
        let mut range = error.span.range();
        if let Some(string) = find_broken_string(error, text, document) {
            range = range.start.min(string.range().start)..range.end.max(string.range().end);
        }
        uncertain.extend(find_entries_next_to(error, document));
        range.start = text[..range.start].trim_end().len();
        uncertain.push(range);
    }
    if let Some(offset) = document.unknown_from() {
        let line_start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
        uncertain.push(line_start..text.len());
    }
    uncertain
}

/// The string that contains an error, or that may continue in the text of an error directly after it.
fn find_broken_string(error: &SyntaxError, text: &str, document: &Document<'_>) -> Option<Span> {
    let previous_end = text[..error.span.start as usize].trim_end().len();
    let is_separated = text[error.span.range()].starts_with([',', ':', '}', ']', '/', '#']);
    let strings = document.nodes().filter(|node| matches!(node.value, Value::String(_)));
    strings
        .map(|node| node.span)
        .find(|string| string.overlaps(error.span) || (!is_separated && string.range().end == previous_end))
}

/// The entries next to a missing or extra sign or value. In `"from_name": 1, "Acme"` and `["a" 1]`, the number is probably a part of the
/// mistake. A missing colon affects only its own entry. What is in the brackets of an object or list was meant.
fn find_entries_next_to(error: &SyntaxError, document: &Document<'_>) -> Vec<Range<usize>> {
    let affects_next = match error.problem {
        Problem::MissingComma | Problem::ExtraComma | Problem::MissingValue => true,
        Problem::MissingColon => false,
        _ => return Vec::new(),
    };
    let (start, end) = (error.span.start, error.span.end);
    // Nodes are in the order of the file, so the last one around the error is the innermost.
    let container = document.nodes().filter(|node| node.span.start < start && end < node.span.end).last();
    let mut entries = Vec::new();
    match container.map(|node| &node.value) {
        Some(Value::Object(members)) => {
            entries.extend(document.entries(*members).iter().map(|entry| (entry.key_span.start, entry.value)));
        }
        Some(Value::Array(members)) => {
            entries.extend(document.items(*members).iter().map(|item| (document.node(*item).span.start, *item)));
        }
        _ => {}
    }
    let previous = entries.iter().rfind(|(entry_start, _)| *entry_start < start);
    let next = entries.iter().find(|(entry_start, _)| affects_next && start < *entry_start);
    let mut ranges = Vec::new();
    for (entry_start, value) in previous.into_iter().chain(next) {
        let value = document.node(*value);
        let is_container = matches!(value.value, Value::Object(_) | Value::Array(_));
        let entry_end = if is_container { value.span.start } else { value.span.end };
        ranges.push(*entry_start as usize..entry_end as usize);
    }
    ranges
}

fn is_certain(span: Span, uncertain: &[Range<usize>]) -> bool {
    let span = span.range();
    uncertain.iter().all(|range| span.end < range.start || range.end < span.start)
}

/// Returns the first line of a value, as the location of findings about the value as a whole.
fn first_line(source: &Source, value: Span) -> Span {
    let line = source.position(value.start).line as usize;
    let line_end = source.line(line).map_or(value.start, |line| line.end);
    // A value that ends on its first line must not be marked beyond its end.
    Span { start: value.start, end: line_end.min(value.end).max(value.start) }
}
