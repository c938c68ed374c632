//! The result of linting one file, before cross-file rules, settings and the report.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::base::diagnostic::{Code, Finding};
use crate::base::file::FileId;
use crate::base::source::Source;
use crate::model::account::ObjectKind;
use crate::model::edited_portal::EditSummary;
use crate::model::planned_request::{AccountState, PlannedRequest};
use crate::model::portal::{Body, BodyPlace, Portal, PortalProfile, PortalSummary, PortalTexts};
use crate::model::secrets::Secrets;
use crate::rules::RULES;
use crate::rules::context::{Environment, PortalFacts, RuleFinding, Unverified};
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::settings::suppressions::Suppression;
use crate::syntax::Parsed;

/// The results of a run. A file that turned out not to be part of the run has none.
pub(super) type FileResults = BTreeMap<FileId, FileResult>;

/// See the module documentation.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each flag is a fact of its own")]
pub(super) struct FileResult {
    /// See [`ReportFile::kind`](crate::engine::report::ReportFile::kind).
    pub kind: Option<PortalKind>,
    /// The places of the bodies in the file, by document. Empty if no body is wrapped.
    pub places: Vec<BodyPlace>,
    /// The number of portals in the file.
    pub portal_count: usize,
    /// The findings of the rules.
    pub findings: Vec<RuleFinding>,
    /// The checks that could not be made.
    pub unverified: Vec<Unverified>,
    /// The facts about the portals that cross-file rules compare.
    pub portals: Vec<PortalFacts>,
    /// What the portals are for, each with the index of its document; empty unless [`crate::settings::Settings::with_profiles`] is
    /// set. Secrets are not masked.
    pub profiles: Vec<(usize, PortalProfile)>,
    /// The suppressions in comments of the file.
    pub suppressions: Vec<Suppression>,
    /// Whether the system failed to read the file.
    pub is_unread: bool,
    /// Whether the file was named and is a template, which is a finding.
    pub is_template: bool,
    /// Whether this is the result of an agent's body, which is not a file.
    pub is_agent_body: bool,
    /// Whether messages and facts can contain texts of the account, because an edit was checked together with the portal that it changes.
    pub shows_account_texts: bool,
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
    /// Masks secrets of other files and of the account in all messages and facts.
    pub(super) fn mask(&mut self, secrets: &Secrets) {
        let mask = |text: &mut String| *text = secrets.mask(std::mem::take(text));
        for rule_finding in &mut self.findings {
            let Finding { message, help, label, notes, .. } = &mut rule_finding.finding;
            let notes = notes.iter_mut().map(|note| &mut note.message);
            [message, help].into_iter().chain(label).chain(notes).for_each(mask);
        }
        for check in &mut self.unverified {
            if let Cow::Owned(reason) = &mut check.reason {
                mask(reason);
            }
        }
        if let Some(facts) = &mut self.preflight_facts {
            facts.mask_edits(secrets);
            facts.mask_requests(secrets);
        }
    }
}

/// Converts a pointer in a body to a pointer in the file. `places` is [`FileResult::places`].
pub(super) fn to_file_pointer(places: &[BodyPlace], document: usize, pointer: &str) -> String {
    places.get(document).map_or_else(|| pointer.to_owned(), |place| place.to_file(pointer))
}

/// What the preflight checklists need to know about a file besides its findings.
#[derive(Debug, Default)]
pub struct PreflightFacts {
    /// The portals of the file, in document order, with masked secrets.
    pub portals: Vec<PortalSummary>,
    /// What the edits of the file do, by document, with masked secrets. An edit has no entry if the account's data does not
    /// contain the portal.
    pub edits: BTreeMap<usize, EditSummary>,
    /// What submitting the portals of the file would do, by document, with masked secrets; empty unless
    /// [`crate::settings::Settings::with_plan`] is set. With variables from the environment, the bodies are not masked.
    pub requests: BTreeMap<usize, PlannedRequest>,
    /// The texts that customers read, with masked secrets; empty unless [`crate::settings::Settings::with_texts`] is set.
    pub texts: Vec<PortalTexts>,
    /// The rules that did not run on the file.
    pub disabled_rules: Vec<Code>,
    /// Whether rules that belong to no checklist item did not run because of `--select` or `--ignore`.
    pub leaves_out_rules_without_items: bool,
    /// Whether variables were filled in from the environment. Those that remain are not set.
    pub fills_variables: bool,
}

impl PreflightFacts {
    /// Adds the facts about a portal. `edit` is what an edit does to a portal of the account.
    pub(super) fn add_portal(
        &mut self,
        portal: &Portal<'_>,
        text: &Source,
        document: usize,
        edit: Option<EditSummary>,
        settings: &Settings,
        environment: Environment<'_>,
    ) {
        self.portals.push(PortalSummary::from_portal(portal, text, document));
        self.edits.extend(edit.map(|edit| (document, edit)));
        if settings.with_texts {
            self.texts.push(PortalTexts::from_portal(portal, document));
        }
        if settings.with_plan
            && let Some(mut request) = PlannedRequest::new(portal, text, environment.account, &settings.schemas)
        {
            if let AccountState::Unknown { .. } = request.state
                && let Some(why) = environment.answers.why_unanswered(ObjectKind::Portal, request.id.as_deref())
            {
                request.state = AccountState::Unanswered(why.to_string());
            }
            self.requests.insert(document, request);
        }
    }

    /// Adds the facts about the run, and masks the secrets of the file in all facts but the requests. [`FileResult::mask`] masks
    /// these, because they can contain secrets of other files.
    pub(super) fn complete(mut self, secrets: &Secrets, settings: &Settings) -> Self {
        for portal in &mut self.portals {
            portal.name = portal.name.take().map(|name| secrets.mask(name));
        }
        self.mask_edits(secrets);
        for portal in &mut self.texts {
            portal.mask(&|text| secrets.mask(text));
        }
        self.fills_variables = settings.variables.is_some();
        for rule in RULES.iter().filter(|rule| !settings.selection.is_enabled(rule)) {
            self.leaves_out_rules_without_items |= rule.meta.items.is_empty();
            self.disabled_rules.push(rule.code);
        }
        self
    }

    fn mask_edits(&mut self, secrets: &Secrets) {
        for change in self.edits.values_mut().flat_map(|edit| &mut edit.changes) {
            change.mask_texts(secrets);
        }
    }

    fn mask_requests(&mut self, secrets: &Secrets) {
        for request in self.requests.values_mut() {
            request.mask_secrets(!self.fills_variables, secrets);
        }
    }
}
