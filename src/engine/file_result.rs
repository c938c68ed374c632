//! The result of linting one file, before cross-file rules, settings and the report.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::base::diagnostic::Code;
use crate::base::file::FileId;
use crate::base::source::Source;
use crate::engine::parsed_file::ParsedFile;
use crate::model::account::ObjectKind;
use crate::model::edited_portal::EditSummary;
use crate::model::planned_request::{AccountState, PlannedRequest};
use crate::model::portal::{Body, BodyPlace, Portal, PortalProfile, PortalSummary, PortalTexts};
use crate::model::secrets::{Secrets, mask_all};
use crate::rules::context::{Environment, PortalFacts, RuleFinding, Unverified};
use crate::rules::{RULES, Rule};
use crate::settings::Settings;
use crate::settings::suppressions::Suppression;
use crate::syntax::Parsed;

/// The results of a run. A file that turned out not to be part of the run has none.
pub(super) type FileResults = BTreeMap<FileId, FileResult>;

/// See the module documentation.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each flag is a fact of its own")]
pub(super) struct FileResult {
    /// The places of the bodies in the file, by document. Empty if no body is wrapped.
    pub places: Vec<BodyPlace>,
    /// The findings of the rules.
    pub findings: Vec<RuleFinding>,
    /// The checks that could not be made.
    pub unverified: Vec<Unverified>,
    /// The portals, in document order.
    pub portals: Vec<PortalResult>,
    /// The suppressions in comments of the file.
    pub suppressions: Vec<Suppression>,
    /// Whether the system failed to read the file.
    pub is_unread: bool,
    /// Whether the file was named and is a template, which is a finding.
    pub is_template: bool,
    /// Whether this is the result of an agent's body, which is not a file.
    pub is_agent_body: bool,
    /// Whether the file has YAML aliases.
    pub has_aliases: bool,
    /// See [`ReportFile::in_scope`](crate::engine::report::ReportFile::in_scope).
    pub in_scope: bool,
    /// See [`ReportFile::preflight_facts`](crate::engine::report::ReportFile::preflight_facts).
    pub preflight_facts: Option<Box<PreflightFacts>>,
    /// See [`ReportFile::id_names`](crate::engine::report::ReportFile::id_names).
    pub id_names: BTreeMap<String, String>,
    /// See [`ReportFile::tree`](crate::engine::report::ReportFile::tree).
    pub tree: Option<Box<Parsed<'static>>>,
    /// See [`ReportFile::bodies`](crate::engine::report::ReportFile::bodies).
    pub bodies: Vec<Body>,
}

impl FileResult {
    /// The facts about the portals that cross-file rules compare.
    pub(super) fn facts(&self) -> impl Iterator<Item = &PortalFacts> {
        self.portals.iter().map(|portal| &portal.facts)
    }

    /// What the report contains about the portals.
    pub(super) fn reported_portals_mut(&mut self) -> impl Iterator<Item = &mut ReportPortal> {
        self.portals.iter_mut().filter_map(|portal| portal.reported.as_deref_mut())
    }

    /// Whether the report contains texts of the file or of the account because of this result.
    pub(super) fn shows_texts(&self) -> bool {
        // Only an owned reason was composed for this file.
        let quotes_text = |check: &Unverified| matches!(check.reason, Cow::Owned(_));
        !self.findings.is_empty()
            || self.unverified.iter().any(quotes_text)
            || !self.id_names.is_empty()
            || self.preflight_facts.is_some()
    }

    /// Masks secrets in what the report contains about the portals, and in the names of the account's objects.
    pub(super) fn mask_texts(&mut self, secrets: &[&Secrets]) {
        let masks_bodies = self.preflight_facts.as_ref().is_some_and(|facts| !facts.fills_variables);
        for portal in self.reported_portals_mut() {
            portal.mask(masks_bodies, secrets);
        }
        for name in self.id_names.values_mut() {
            *name = mask_all(std::mem::take(name), secrets);
        }
    }
}

/// Converts a pointer in a body to a pointer in the file. `places` is [`FileResult::places`].
pub(super) fn to_file_pointer(places: &[BodyPlace], document: usize, pointer: &str) -> String {
    places.get(document).map_or_else(|| pointer.to_owned(), |place| place.to_file(pointer))
}

/// What a run finds out about one portal of a file.
#[derive(Debug)]
pub(super) struct PortalResult {
    /// The facts that cross-file rules compare.
    pub facts: PortalFacts,
    /// What the portal is for, if [`Settings::with_profiles`] is set. Secrets are not masked.
    pub profile: Option<Box<PortalProfile>>,
    /// See [`ReportFile::portals`](crate::engine::report::ReportFile::portals).
    pub reported: Option<Box<ReportPortal>>,
}

impl PortalResult {
    pub(super) fn new(portal: &Portal<'_>, facts: PortalFacts, settings: &Settings) -> Self {
        let profile = settings.with_profiles.then(|| Box::new(PortalProfile::from_portal(portal)));
        Self { facts, profile, reported: None }
    }
}

/// What a report contains about one portal of a file, with masked secrets. Most runs need only the summary, so the rest is boxed.
#[derive(Debug)]
pub struct ReportPortal {
    /// The name, the fields and the variables.
    pub summary: PortalSummary,
    /// What an edit does; `None` if the account's data does not contain the portal.
    pub edit: Option<Box<EditSummary>>,
    /// What submitting the portal would do, if [`crate::settings::Settings::with_plan`] is set. With variables from the environment,
    /// the body is not masked.
    pub request: Option<Box<PlannedRequest>>,
    /// The texts that customers read, if [`crate::settings::Settings::with_texts`] is set.
    pub texts: Option<Box<PortalTexts>>,
}

impl ReportPortal {
    /// Collects what the report contains. [`FileResult::mask_texts`] masks the secrets. `edit` is what an edit does to a portal of the account.
    pub(super) fn new(
        file: &ParsedFile<'_>,
        document: usize,
        portal: &Portal<'_>,
        edit: Option<EditSummary>,
        settings: &Settings,
        environment: Environment<'_>,
    ) -> Self {
        let source = file.unwrapped.bodies[document].source(file.source);
        let summary = PortalSummary::from_portal(portal, source, document);
        let texts = settings.with_texts.then(|| Box::new(PortalTexts::from_portal(portal)));
        let request = if settings.with_plan { plan_request(portal, source, settings, environment) } else { None };
        Self { summary, edit: edit.map(Box::new), request: request.map(Box::new), texts }
    }

    fn mask(&mut self, masks_body: bool, secrets: &[&Secrets]) {
        self.summary.name = self.summary.name.take().map(|name| mask_all(name, secrets));
        if let Some(texts) = &mut self.texts {
            texts.mask(&|text| mask_all(text, secrets));
        }
        for change in self.edit.iter_mut().flat_map(|edit| &mut edit.changes) {
            change.mask_texts(secrets);
        }
        if let Some(request) = &mut self.request {
            request.mask_secrets(masks_body, secrets);
        }
    }
}

fn plan_request(
    portal: &Portal<'_>,
    source: &Source,
    settings: &Settings,
    environment: Environment<'_>,
) -> Option<PlannedRequest> {
    let mut request = PlannedRequest::new(portal, source, environment.account, &settings.schemas)?;
    if let AccountState::Unknown { .. } = request.state
        && let Some(why) = environment.answers.why_unanswered(ObjectKind::Portal, request.id.as_deref())
    {
        request.state = AccountState::Unanswered(why.to_string());
    }
    Some(request)
}

/// What the preflight checklists need to know about the check of a file.
#[derive(Debug)]
pub struct PreflightFacts {
    /// The rules that did not run on the file.
    pub disabled_rules: Vec<Code>,
    /// Whether rules that belong to no checklist item did not run because of `--select` or `--ignore`.
    pub leaves_out_rules_without_items: bool,
    /// Whether variables were replaced by their values in the environment. The ones that are still in the portal are not set there.
    pub fills_variables: bool,
}

impl PreflightFacts {
    pub(super) fn new(settings: &Settings) -> Self {
        let mut disabled_rules: Vec<&Rule> = RULES.iter().collect();
        disabled_rules.retain(|rule| !settings.selection.is_enabled(rule));
        Self {
            leaves_out_rules_without_items: disabled_rules.iter().any(|rule| rule.meta.items.is_empty()),
            disabled_rules: disabled_rules.iter().map(|rule| rule.code).collect(),
            fills_variables: settings.variables.is_some(),
        }
    }
}
