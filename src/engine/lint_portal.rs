//! Runs the rules on one portal. An edit is checked together with the portal that it changes, if the account's data contains that
//! portal: what matters is the portal after the edit.
//!
//! For this, the rules run on the edit itself, on the portal before the edit, and on the two portals that can be its result: it is not
//! documented whether RevCent keeps the nested fields that an edit omits or removes them. A finding about the portal in which they are
//! kept is reported only if the portal before the edit does not have it. A finding that only the other portal has is an unverified
//! check. If the edit enables the portal, customers meet everything that is wrong with it from then on, so all errors and warnings are
//! reported.

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

/// What the rules need besides the portal.
#[derive(Clone, Copy)]
pub(super) struct PortalLinter<'a> {
    /// The text that the portal was parsed from.
    pub source: &'a Source,
    /// The index of the portal's document in the file.
    pub document: usize,
    /// Whether the portal is the argument of a call that names the operation.
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
        let merged = edited.apply(&edit.root, NestedFields::Keep);
        let merged = Portal::result_of_edit(Cursor::root(&merged));
        let replaced = edited.apply(&edit.root, NestedFields::Remove);
        let replaced = Portal::result_of_edit(Cursor::root(&replaced));
        let edit_results = self.collect_results(edit, Some(&before));
        let mut before_results = self.collect_results(&before, None);
        let merged_results = self.collect_results(&merged, Some(&before));
        let replaced_results = self.collect_results(&replaced, Some(&before));

        let mut known = KnownFindings::default();
        let enables_portal = enables(edit, &before);
        if enables_portal {
            // What could not be verified before matters now.
            before_results.unverified.clear();
        } else {
            known.add(&before_results);
        }
        known.add_locations(&edit_results);
        for rule_finding in known.take_new(merged_results.findings) {
            if !enables_portal || severity(&rule_finding) > Severity::Advice {
                sink.findings.push(describe_as_result(rule_finding));
            }
        }
        sink.findings.extend(edit_results.findings);
        sink.unverified.extend(merge_unverified(
            edit_results.unverified,
            &before_results.unverified,
            merged_results.unverified,
        ));
        for rule_finding in known.take_new(replaced_results.findings) {
            sink.unverified.push(unverified_if_replaced(&rule_finding));
        }
        EditSummary {
            changes: find_changes(edit, edited, self.source),
            is_whole_portal_checked: enables_portal && edited.is_complete,
        }
    }

    fn collect_results(self, portal: &Portal<'_>, before_edit: Option<&Portal<'_>>) -> Sink {
        let mut sink = Sink::default();
        self.run_rules(portal, before_edit, &mut sink);
        sink
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

/// The findings that are not reported again for the portal after an edit.
#[derive(Default)]
struct KnownFindings {
    /// The findings about the portal before the edit.
    findings: HashSet<FindingKey>,
    /// The rules and pointers of findings about the edit itself, which are more precise than those about its result.
    locations: HashSet<(Code, String)>,
}

/// The rule, pointer, message and severity of a finding.
type FindingKey = (Code, String, String, Option<Severity>);

impl KnownFindings {
    fn add(&mut self, results: &Sink) {
        self.findings.extend(results.findings.iter().map(finding_key));
    }

    fn add_locations(&mut self, results: &Sink) {
        for rule_finding in &results.findings {
            self.locations.insert((rule_finding.code, rule_finding.finding.location.pointer.clone()));
        }
    }

    /// Returns the findings that are not known yet, and adds them to the known ones.
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

fn finding_key(rule_finding: &RuleFinding) -> FindingKey {
    let Finding { location, message, severity, .. } = &rule_finding.finding;
    (rule_finding.code, location.pointer.clone(), message.clone(), *severity)
}

/// Adds to the message that the finding is about the portal after the edit. Removes the fix, because the cause may be a field that is
/// not in the edit.
fn describe_as_result(mut rule_finding: RuleFinding) -> RuleFinding {
    let finding = &mut rule_finding.finding;
    if !finding.message.starts_with("this edit") {
        finding.message = format!("after this edit, {}", finding.message);
    }
    finding.fix = None;
    rule_finding
}

/// Merges the unverified checks of an edit, of the portal before it, and of its result. A check of the edit remains if its rule is also
/// unverified for the result. A check of the result is added if it is new.
fn merge_unverified(edit: Vec<Unverified>, before: &[Unverified], result: Vec<Unverified>) -> Vec<Unverified> {
    let result_codes: HashSet<Code> = result.iter().map(|check| check.code).collect();
    let mut merged = edit;
    merged.retain(|check| check.query_status == QueryStatus::Undocumented || result_codes.contains(&check.code));
    let mut known = HashSet::new();
    for check in before.iter().chain(&merged) {
        known.insert((check.code, check.reason.clone()));
    }
    for check in result {
        if known.insert((check.code, check.reason.clone())) {
            merged.push(check);
        }
    }
    merged
}

/// Converts a finding that the portal has only if RevCent removes the omitted fields of an object to an unverified check.
fn unverified_if_replaced(rule_finding: &RuleFinding) -> Unverified {
    let Finding { location, message, .. } = &rule_finding.finding;
    let object = quote(location.pointer.split('/').nth(1).unwrap_or_default());
    let reason = format!("whether RevCent keeps the fields that the edit omits from {object}: if not, {message}");
    Unverified::new(rule_finding.code, rule_finding.document, QueryStatus::Undocumented, reason)
}
