//! Runs the rules on one portal. An edit is checked together with the portal that it changes, if the account's data contains that
//! portal: what matters is the portal after the edit.
//!
//! For this, the rules run on the edit itself, on the portal before the edit, and on the portal after it. Of the portal after the edit,
//! only the findings that the portal did not have before are reported. If the edit enables the portal, customers meet everything that
//! is wrong with it from then on, so all errors and warnings are reported.

use std::collections::HashSet;

use crate::base::diagnostic::{Code, Finding, Severity};
use crate::base::source::Source;
use crate::model::edited_portal::{EditSummary, EditedPortal, NestedFields, find_changes};
use crate::model::portal::Portal;
use crate::rules::context::{Environment, PortalContext, QueryStatus, RuleFinding, Sink, Unverified};
use crate::rules::wording::quote;
use crate::rules::{RULES, metadata};
use crate::schema::PortalKind;
use crate::settings::Settings;
use crate::syntax::cursor::Cursor;

/// Everything that is needed to check a portal.
#[derive(Clone, Copy)]
pub(super) struct PortalLinter<'a> {
    /// The text that the portal was parsed from.
    pub source: &'a Source,
    /// The index of the body in the file.
    pub document: usize,
    /// Whether the file contains the whole call, and not only its body.
    pub is_called: bool,
    pub settings: &'a Settings,
    pub environment: Environment<'a>,
}

impl PortalLinter<'_> {
    /// Runs the selected rules on a portal. Returns what an edit does to the portal, if that is known.
    pub(super) fn lint(self, portal: &Portal<'_>, sink: &mut Sink) -> Option<EditSummary> {
        if let (PortalKind::Edit, Some(account)) = (portal.kind, self.environment.account) {
            let fields = self.settings.schemas.field_names(PortalKind::Edit, &[]);
            if let Some(edited) = EditedPortal::find(portal, account, &fields) {
                return Some(self.lint_edit(portal, &edited, sink));
            }
        }
        self.run_rules(portal, None, sink);
        None
    }

    /// Checks an edit and the portal that results from it.
    fn lint_edit(self, edit: &Portal<'_>, edited: &EditedPortal, sink: &mut Sink) -> EditSummary {
        let before = Portal::result_of_edit(Cursor::root(&edited.document));
        let [mut of_edit, mut of_before, mut of_result, mut of_replaced] = std::array::from_fn(|_| Sink::default());
        self.run_rules(edit, Some(&before), &mut of_edit);
        self.run_rules(&before, None, &mut of_before);
        let merged = edited.apply(&edit.root, NestedFields::Keep);
        self.run_rules(&Portal::result_of_edit(Cursor::root(&merged)), Some(&before), &mut of_result);
        let replaced = edited.apply(&edit.root, NestedFields::Remove);
        self.run_rules(&Portal::result_of_edit(Cursor::root(&replaced)), Some(&before), &mut of_replaced);

        let mut known = KnownFindings::default();
        let enables_portal = enables(edit, &before);
        if enables_portal {
            of_before.unverified.clear();
            of_result.findings.retain(|rule_finding| severity(rule_finding) > Severity::Advice);
        } else {
            known.add(&of_before);
        }
        known.add_locations(&of_edit);
        for rule_finding in known.take_new(of_result.findings) {
            sink.findings.push(word_as_result(rule_finding));
        }
        sink.findings.extend(of_edit.findings);
        sink.unverified.extend(merge_unverified(of_edit.unverified, &of_before.unverified, of_result.unverified));
        for rule_finding in known.take_new(of_replaced.findings) {
            sink.unverified.push(unverified_if_replaced(&rule_finding));
        }
        EditSummary {
            changes: find_changes(edit, edited, self.source),
            is_whole_portal_checked: enables_portal && edited.is_complete,
        }
    }

    fn run_rules(self, portal: &Portal<'_>, before_edit: Option<&Portal<'_>>, sink: &mut Sink) {
        let Self { source, document, is_called, settings, environment } = self;
        let violations = settings.schemas.validate(&portal.root, portal.kind);
        let mut context = PortalContext::new(portal, source, document, &violations, environment, sink);
        context.before_edit = before_edit;
        context.is_called = is_called;
        for rule in RULES {
            if let Some(check) = rule.check_portal
                && settings.selection.is_enabled(rule)
            {
                context.run_rule(rule.code, check);
            }
        }
    }
}

/// Whether an edit lets customers use a portal that they could not use before.
fn enables(edit: &Portal<'_>, before: &Portal<'_>) -> bool {
    edit.enabled.bool() == Some(true) && before.enabled.bool() != Some(true)
}

fn severity(rule_finding: &RuleFinding) -> Severity {
    rule_finding.finding.severity.unwrap_or(metadata(rule_finding.code).severity())
}

/// The findings that are not new in a portal after an edit.
#[derive(Default)]
struct KnownFindings {
    /// The rule, pointer, message and severity of each finding.
    findings: HashSet<(Code, String, String, Option<Severity>)>,
    /// The rules and pointers of findings about the edit itself. They are more precise than those about its result.
    locations: HashSet<(Code, String)>,
}

impl KnownFindings {
    fn add(&mut self, portal: &Sink) {
        self.findings.extend(portal.findings.iter().map(finding_key));
    }

    fn add_locations(&mut self, edit: &Sink) {
        for rule_finding in &edit.findings {
            self.locations.insert((rule_finding.code, rule_finding.finding.location.pointer.clone()));
        }
    }

    /// Returns the findings that are not known yet. Then they are.
    fn take_new(&mut self, findings: Vec<RuleFinding>) -> Vec<RuleFinding> {
        let mut new = Vec::new();
        for rule_finding in findings {
            let location = (rule_finding.code, rule_finding.finding.location.pointer.clone());
            if !self.locations.contains(&location) && self.findings.insert(finding_key(&rule_finding)) {
                new.push(rule_finding);
            }
        }
        new
    }
}

fn finding_key(rule_finding: &RuleFinding) -> (Code, String, String, Option<Severity>) {
    let Finding { location, message, severity, .. } = &rule_finding.finding;
    (rule_finding.code, location.pointer.clone(), message.clone(), *severity)
}

/// Says in the message that the finding is about the portal after the edit. Removes the fix: the cause may be a field that is not
/// in the edit.
fn word_as_result(mut rule_finding: RuleFinding) -> RuleFinding {
    let finding = &mut rule_finding.finding;
    if !finding.message.starts_with("this edit") {
        finding.message = format!("after this edit, {}", finding.message);
    }
    finding.fix = None;
    rule_finding
}

/// The checks of an edit that remain open when the result of the edit is checked as well, and those that the edit causes.
fn merge_unverified(edit: Vec<Unverified>, before: &[Unverified], result: Vec<Unverified>) -> Vec<Unverified> {
    let codes: HashSet<Code> = result.iter().map(|check| check.code).collect();
    let mut merged = edit;
    merged.retain(|check| check.query_status == QueryStatus::Undocumented || codes.contains(&check.code));
    let key = |check: &Unverified| (check.code, check.reason.clone());
    let mut known: HashSet<_> = before.iter().chain(&merged).map(key).collect();
    for check in result {
        if known.insert(key(&check)) {
            merged.push(check);
        }
    }
    merged
}

/// The check for a finding that the portal has only if RevCent removes the fields that the edit leaves out of an object.
fn unverified_if_replaced(rule_finding: &RuleFinding) -> Unverified {
    let Finding { location, message, .. } = &rule_finding.finding;
    let object = quote(location.pointer.split('/').nth(1).unwrap_or_default());
    let reason = format!("whether RevCent keeps the fields that the edit omits from {object}: if not, {message}");
    Unverified::new(rule_finding.code, rule_finding.document, QueryStatus::Undocumented, reason)
}
