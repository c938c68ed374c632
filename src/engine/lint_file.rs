//! A few files at once, each by itself.
//!
//! They go through each step together, and so do their bodies through each rule: the code of all steps and rules is more than
//! a processor has at hand, and like this it is fetched once for all of them.

use crate::base::diagnostic::Code;
use crate::base::file::{Inclusion, InputFile, WalkMatch};
use crate::base::source::{Source, Span};
use crate::engine::discovery::is_called_portal;
use crate::engine::file_results::{Results, mask_source, run_file_rules};
use crate::engine::report::{FileResult, PreflightFacts};
use crate::model::portal::{
    NotAPortal, Portal, PortalCache, PortalSummary, detect_kind, is_broken_portal, is_portal_document,
};
use crate::model::secrets::Secrets;
use crate::rules::RULES;
use crate::rules::context::{Environment, PortalContext, PortalFacts, QueryStatus, Sink};
use crate::schema::{Kind, Validation};
use crate::settings::Settings;
use crate::settings::suppressions::Suppression;
use crate::syntax;
use crate::syntax::allow_comment::find_allow_comments;
use crate::syntax::cursor::Cursor;
use crate::syntax::template::find_template;
use crate::syntax::tree_pool;
use crate::syntax::{Document, Parsed, SyntaxError, Value};

/// One file of the batch.
struct File<'p> {
    /// Its index among the inputs.
    index: usize,
    input: &'p InputFile,
    source: &'p Source,
    parsed: &'p Parsed<'p>,
    /// What is wrong with its syntax is not said.
    is_template: bool,
    /// The documents that are no portals.
    non_portals: Vec<(usize, Span, NotAPortal)>,
}

/// One body of a file.
struct Body<'p> {
    /// The file's index in the batch.
    file: usize,
    /// Which document of the file.
    document: usize,
    portal: Portal<'p>,
    verdict: Validation<'p>,
    said: Sink,
}

/// What a rule of the run asks of a body.
pub(super) type PortalRule = (Code, fn(&mut PortalContext<'_>));

/// Checks the texts of `batch`, each with the index of its input.
pub(super) fn check(
    inputs: &[InputFile],
    batch: &[(usize, Source)],
    settings: &Settings,
    environments: &[Environment<'_>],
    looks: &[PortalRule],
    known: &mut PortalCache,
    outcomes: &mut Results,
) {
    let limits = |index: usize| &settings.project(&inputs[index]).limits;
    let parsed: Vec<_> = batch.iter().map(|(index, source)| syntax::parse(source, limits(*index))).collect();
    let mut files = Vec::with_capacity(batch.len());
    let mut bodies = Vec::with_capacity(batch.len());
    for ((index, source), parsed) in batch.iter().zip(&parsed) {
        let input = &inputs[*index];
        if input.inclusion.needs_portal_content() && !is_a_portal(source, parsed) {
            continue;
        }
        let template = template_in(input, source, parsed);
        match input.inclusion {
            Inclusion::Candidate if template.is_some() => {
                outcomes.templates.push(*index);
                continue;
            }
            Inclusion::ContextOnly { .. } if template.is_some() => continue,
            _ => {}
        }
        if matches!(input.inclusion, Inclusion::ContextOnly { .. }) {
            compare(*index, input, parsed, settings, known, &mut outcomes.portals);
            outcomes.files.push((*index, FileResult::default()));
            continue;
        }
        let mut file = File { index: *index, input, source, parsed, is_template: false, non_portals: Vec::new() };
        if let Some(span) = template {
            file.is_template = true;
            file.non_portals.push((0, span, NotAPortal::Template));
        } else {
            file.add_bodies(files.len(), settings, known, &mut bodies);
        }
        files.push(file);
    }
    run_rules(&files, &mut bodies, looks, environments);
    bodies.iter().filter(|body| body.said.findings.is_empty()).for_each(|body| known.add_clean_html(&body.portal));
    // A body is large: it stays where it is.
    let mut rest = bodies.as_mut_slice();
    for (number, file) in files.into_iter().enumerate() {
        let (own, others) = rest.split_at_mut(rest.partition_point(|body| body.file <= number));
        let (index, checked) = (file.index, file.finish(own, settings, outcomes));
        outcomes.files.push((index, checked));
        rest = others;
    }
    drop(bodies);
    tree_pool::recycle(parsed);
}

/// Each rule looks at all bodies before the next one does.
fn run_rules(files: &[File<'_>], bodies: &mut [Body<'_>], looks: &[PortalRule], environments: &[Environment<'_>]) {
    let mut contexts = Vec::with_capacity(bodies.len());
    for Body { file, document, portal, verdict, said } in bodies {
        let File { input, source, .. } = &files[*file];
        // There is always the first.
        let environments = environments.get(input.project).unwrap_or(&environments[0]);
        contexts.push(PortalContext::new(portal, source, *document, verdict, *environments, said));
    }
    for &(code, look) in looks {
        for context in &mut contexts {
            context.run_rule(code, look);
        }
    }
}

/// A file that others are compared with: nothing is said about it.
fn compare(
    index: usize,
    input: &InputFile,
    parsed: &Parsed<'_>,
    settings: &Settings,
    known: &mut PortalCache,
    facts: &mut Vec<PortalFacts>,
) {
    for (number, document) in parsed.documents.iter().enumerate() {
        if let Some(Ok(kind)) = kind_of(document, parsed.documents.len(), input.inclusion, settings) {
            facts.push(PortalFacts::from_portal(
                &Portal::new(kind, Cursor::root(document), None, known),
                index,
                number,
                false,
            ));
        }
    }
}

/// Whether walking takes a file for a portal by its content. A broken file is judged by the tree that could be read and, where
/// that has holes, by its text.
pub(super) fn is_a_portal(source: &Source, parsed: &Parsed<'_>) -> bool {
    let has_tree = parsed.documents.iter().any(|document| Cursor::root(document).is_object() && !document.is_partial());
    parsed.documents.iter().any(is_portal_document)
        || (!has_tree && !parsed.errors.is_empty() && is_broken_portal(source.text(), &parsed.documents))
}

/// Where a file shows that it is a template in another language. One that is called a portal is checked as it is, and so is
/// one that is a portal by its content and has nothing but plain names between braces: their quotes may be missing.
pub(super) fn template_in(input: &InputFile, source: &Source, parsed: &Parsed<'_>) -> Option<Span> {
    if is_called_portal(&input.name) {
        return None;
    }
    let found = find_template(source, parsed)?;
    if !found.is_certain && is_a_portal(source, parsed) {
        return None;
    }
    Some(found.span)
}

impl<'p> File<'p> {
    /// Adds the bodies of this file, which is the `number`th of the batch; what is none is noted.
    fn add_bodies(
        &mut self,
        number: usize,
        settings: &'p Settings,
        known: &mut PortalCache,
        bodies: &mut Vec<Body<'p>>,
    ) {
        // What is beyond the limits is not judged: what was read of it is an accident.
        if self.parsed.errors.iter().any(SyntaxError::is_limit) {
            return;
        }
        let documents = &self.parsed.documents;
        for (index, document) in documents.iter().enumerate() {
            match kind_of(document, documents.len(), self.input.inclusion, settings) {
                Some(Ok(kind)) => {
                    let verdict = settings.schemas.validate(document, kind);
                    let portal = Portal::new(kind, Cursor::root(document), verdict.template, known);
                    bodies.push(Body { file: number, document: index, portal, verdict, said: Sink::for_portal() });
                }
                Some(Err(non_portal)) => self.non_portals.push((index, first_line(self.source, document), non_portal)),
                None => {}
            }
        }
    }

    /// What came of the file, with what the rules said of its bodies.
    fn finish(self, bodies: &mut [Body<'p>], settings: &Settings, outcomes: &mut Results) -> FileResult {
        let Self { index, input, source, parsed, is_template, non_portals } = self;
        let is_outside = match input.inclusion {
            Inclusion::Explicit(WalkMatch::Excluded) => true,
            Inclusion::Explicit(WalkMatch::IfPortal) => !is_a_portal(source, parsed),
            _ => false,
        };
        let mut checked = FileResult { listed: true, ..FileResult::default() };
        let mut said = Sink::default();
        let mut outlines = Vec::new();
        for Body { document, portal, said: own, .. } in bodies {
            outcomes.portals.push(PortalFacts::from_portal(portal, index, *document, is_outside));
            checked.kind.get_or_insert(portal.kind);
            checked.portals += 1;
            if settings.with_preflight_facts {
                outlines.push(PortalSummary::from_portal(portal, *document));
            }
            // Nearly always there is one body, and nothing is moved.
            if said.unverified.is_empty() {
                std::mem::swap(&mut said.unverified, &mut own.unverified);
            }
            said.findings.append(&mut own.findings);
            said.unverified.append(&mut own.unverified);
        }
        if !parsed.errors.is_empty() {
            // Of a text that could not be read as it stands nobody knows what an edit would make of it.
            said.findings.iter_mut().for_each(|raised| raised.finding.fix = None);
        }
        let remarks = find_allow_comments(source, parsed);
        let nothing = Parsed::default();
        run_file_rules(None, source, if is_template { &nothing } else { parsed }, &remarks, &non_portals, &mut said);
        (checked.raised, checked.open) = (said.findings, outcomes.shared(said.unverified));
        // Of a decision that turns out to be of no use something will be said, and what a service says is covered as well.
        let unanswered = checked.open.iter().any(|open| open.query_status == QueryStatus::NoAnswer);
        if !checked.raised.is_empty() || !remarks.is_empty() || unanswered {
            let shown = mask_source(&mut checked, source, parsed);
            shown.decisions = remarks.iter().filter_map(|remark| Suppression::from_comment(remark, source)).collect();
        }
        if settings.with_preflight_facts {
            outline(&mut checked, outlines, source, parsed, settings);
        }
        checked
    }
}

/// What a document is to be checked as; `None` when there is nothing to say about it.
pub(super) fn kind_of(
    document: &Document<'_>,
    documents: usize,
    inclusion: Inclusion,
    settings: &Settings,
) -> Option<Result<Kind, NotAPortal>> {
    let root = Cursor::root(document);
    let nothing = matches!(root.value(), Some(Value::Null));
    let found = inclusion.needs_portal_content();
    if (nothing && documents > 1) || (found && documents > 1 && !is_portal_document(document)) {
        return None;
    }
    let recognised = detect_kind(document)?;
    match (recognised, settings.kind) {
        (_, Some(kind)) if root.is_object() => Some(Ok(kind)),
        // What was found by its content names a portal, and a tree with holes is no reason to say it is none.
        (Err(_), _) if document.is_partial() => None,
        (recognised, _) => Some(recognised),
    }
}

/// Keeps what a preflight asks of the portals of a file.
fn outline(
    checked: &mut FileResult,
    portals: Vec<PortalSummary>,
    source: &Source,
    parsed: &Parsed<'_>,
    settings: &Settings,
) {
    let mut outlines = PreflightFacts { portals, off: Vec::new() };
    let found = checked.shown.is_none().then(|| Secrets::find(source, parsed));
    if let Some(secrets) = checked.shown.as_ref().map(|shown| &shown.secrets).or(found.as_ref()) {
        for name in outlines.portals.iter_mut().filter_map(|portal| portal.name.as_mut()) {
            *name = secrets.mask(std::mem::take(name));
        }
    }
    outlines.off.extend(RULES.iter().filter(|rule| !settings.selection.takes(rule)).map(|rule| rule.code));
    checked.outlines = Some(Box::new(outlines));
}

/// The line a document starts with, for what is said about it as a whole.
fn first_line(source: &Source, document: &Document<'_>) -> Span {
    let Some(root) = document.root() else { return Span::default() };
    let start = document.node(root).span.start;
    let line = source.position(start).line as usize;
    let end = source.line(line).map_or(start, |line| line.end);
    Span { start, end: end.clamp(start, document.node(root).span.end.max(start)) }
}
