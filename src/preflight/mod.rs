//! Evaluates the guide's two checklists for each portal of a report, with a verdict on whether to send the request ("Preflight"
//! in `docs/design.md`).
//!
//! This module runs no checks. The front matter of each rule page lists the items that the rule decides.

mod checklist;
mod evaluate;
#[cfg(test)]
mod tests;

pub use checklist::CHECKLIST;

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::Serialize;

use crate::base::diagnostic::{Allowed, Code, Diagnostic, Severity};
use crate::base::steps::count_steps;
use crate::engine::report::{Report, ReportFile, ReportPortal, group_by_document};
use crate::model::edited_portal::Change;
use crate::model::planned_request::PlannedRequest;
use crate::rules::RULES;
use crate::rules::metadata;
use crate::rules::metadata::{RuleMeta, Subject};
use crate::schema::PortalKind;
use evaluate::PortalUnderReview;

/// Whether to send the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing is wrong, and nothing is unknown.
    Go,
    /// Something is unknown, or there is a warning: a person should decide.
    Review,
    /// There is an error: the request would fail, lock customers out, or leak data.
    NoGo,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// The status of a checklist item. If several apply, the first one wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// There is an error.
    Fail,
    /// There is a warning.
    Warning,
    /// Facts are missing.
    Unverified,
    /// There is advice.
    Advice,
    /// A suppression allows all that was found.
    Allowed,
    /// The item does not apply: the portal is an edit that leaves its fields out, or it is of another kind.
    NotApplicable,
    /// Nothing is wrong.
    Pass,
}

impl Status {
    /// All statuses, the worst first.
    pub const ALL: [Self; 7] =
        [Self::Fail, Self::Warning, Self::Unverified, Self::Advice, Self::Allowed, Self::NotApplicable, Self::Pass];
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// The evaluated checklists of a run.
#[derive(Debug)]
pub struct Preflight<'r> {
    /// The report that was evaluated.
    pub report: &'r Report,
    /// The portals, in the order of the files. A file without a portal has one entry, too.
    pub portals: Vec<PortalReview<'r>>,
    /// The diagnostics about the linter's own files (settings and account snapshots).
    pub other_findings: Vec<&'r Diagnostic>,
}

/// The checklists of one portal, or the findings about a document or file that is not a portal.
#[derive(Debug)]
pub struct PortalReview<'r> {
    /// The file.
    pub file: &'r ReportFile,
    /// The index of the document in the file.
    pub document: usize,
    /// The portal's name, with masked secrets.
    pub name: Option<&'r str>,
    /// The kind of portal; `None` if it is not a portal.
    pub kind: Option<PortalKind>,
    /// Whether to send the request.
    pub verdict: Verdict,
    /// The fields that an edit changes; `None` if this is no edit, or if the account's data does not contain the portal.
    pub changes: Option<&'r [Change]>,
    /// What submitting the portal would do, if the report was made with [`crate::settings::Settings::with_plan`].
    pub request: Option<&'r PlannedRequest>,
    /// The items of both checklists, in the guide's order; empty if it is not a portal.
    pub items: Vec<ItemResult<'r>>,
    /// The diagnostics that belong to no item.
    pub other_findings: Vec<&'r Diagnostic>,
    /// The missing facts that belong to no item.
    pub other_missing_facts: Vec<OtherMissingFact>,
}

/// The result of a checklist item.
#[derive(Debug)]
pub struct ItemResult<'r> {
    /// The ID, such as `V12`.
    pub id: &'static str,
    /// The guide's sentence.
    pub title: &'static str,
    /// The status.
    pub status: Status,
    /// The rules that decide the item for this kind of portal.
    pub rules: Vec<Code>,
    /// The diagnostics that decide the item, allowed or not.
    pub diagnostics: Vec<&'r Diagnostic>,
    /// What is unknown about it.
    pub missing_facts: Vec<MissingFact>,
    /// What suppressions allow.
    pub allowed: Vec<AllowedEntry<'r>>,
    /// Why the item does not apply to this portal, if it does not.
    pub skip_reason: Option<&'static str>,
}

/// A finding or an unverified check that a suppression allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllowedEntry<'r> {
    /// The rule.
    pub code: Code,
    /// The message of the finding, or the reason why the check could not be made.
    pub text: &'r str,
    /// The suppression.
    pub allowed: &'r Allowed,
}

impl AllowedEntry<'_> {
    /// Describes the suppression: its reason, where it is written, and its last day.
    pub fn describe(&self) -> String {
        let Allowed { reason, until, source } = self.allowed;
        match until {
            Some(day) => format!("{reason} ({source}, until {day})"),
            None => format!("{reason} ({source})"),
        }
    }
}

/// A fact that must be known to decide an item, and is not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingFact {
    /// What the user can do to find out.
    pub verify: String,
    /// The fact, usually as a clause ("whether …").
    pub reason: String,
}

/// The reason of a [`MissingFact`] about an item whose field is missing. A finding of another rule says what to do.
pub(crate) const MISSING_FIELD: &str = "the field is missing";

/// A missing fact that belongs to no item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherMissingFact {
    /// The rule that needs the fact; `None` if the fact belongs to no single rule.
    pub code: Option<Code>,
    /// The fact.
    pub fact: MissingFact,
}

impl ItemResult<'_> {
    /// Explains the status: what is unknown, or else why it is allowed, or else why the item does not apply.
    pub fn reason(&self) -> Option<String> {
        if !self.missing_facts.is_empty() {
            let reasons: Vec<&str> = self.missing_facts.iter().map(|fact| fact.reason.as_str()).collect();
            return Some(reasons.join("; "));
        }
        if !self.allowed.is_empty() {
            let mut reasons: Vec<String> = self.allowed.iter().map(AllowedEntry::describe).collect();
            reasons.dedup();
            return Some(reasons.join("; "));
        }
        self.skip_reason.map(str::to_owned)
    }

    /// Returns what the user can do to find out what is unknown.
    pub fn verify(&self) -> Option<String> {
        let mut instructions: Vec<&str> = self.missing_facts.iter().map(|fact| fact.verify.as_str()).collect();
        instructions.dedup();
        (!instructions.is_empty()).then(|| instructions.join("; "))
    }

    fn lacks_fact(&self, reason: &str) -> bool {
        self.missing_facts.iter().any(|fact| fact.reason == reason)
    }
}

impl PortalReview<'_> {
    /// Counts the items with this status.
    pub fn count(&self, status: Status) -> usize {
        self.items.iter().filter(|item| item.status == status).count()
    }
}

impl Preflight<'_> {
    /// Whether there is an error in the settings or in a snapshot, so that the results of the portals may be wrong.
    pub fn has_bad_settings(&self) -> bool {
        verdict(&self.other_findings, false) == Verdict::NoGo
    }

    /// Returns the exit code, 0 to 3 ("Exit codes" in `docs/design.md`). With `strict`, the verdict "review" fails, too.
    pub fn exit_code(&self, strict: bool) -> u8 {
        let worst = self.portals.iter().map(|portal| portal.verdict).max().unwrap_or(Verdict::Go);
        let failed = worst == Verdict::NoGo || (strict && worst == Verdict::Review) || self.has_bad_settings();
        self.report.exit_code_if(failed)
    }
}

/// The rules that decide each checklist item.
struct DecidingRules {
    rules_by_item: HashMap<&'static str, Vec<&'static RuleMeta>>,
}

impl DecidingRules {
    fn from_rule_table() -> Self {
        let mut rules_by_item: HashMap<&str, Vec<&RuleMeta>> = HashMap::new();
        for rule in RULES {
            for item in rule.meta.items {
                rules_by_item.entry(item).or_default().push(rule.meta);
            }
        }
        Self { rules_by_item }
    }

    fn for_item(&self, item: &str) -> &[&'static RuleMeta] {
        self.rules_by_item.get(item).map_or(&[], Vec::as_slice)
    }
}

/// Evaluates the checklists for a report that was made with [`crate::settings::Settings::with_preflight_facts`].
pub fn evaluate_report(report: &Report) -> Preflight<'_> {
    let deciding_rules = &DecidingRules::from_rule_table();
    let mut diagnostics_by_file = report.diagnostics_by_file();
    let mut preflight = Preflight { report, portals: Vec::new(), other_findings: Vec::new() };
    for file in &report.files {
        let diagnostics = diagnostics_by_file.remove(&file.id).unwrap_or_default();
        if file.in_scope {
            preflight.portals.extend(review_file(file, &diagnostics, deciding_rules));
        } else {
            preflight.other_findings.extend(diagnostics);
        }
    }
    // If there are findings in the settings or the snapshot, even a portal without findings may be wrong.
    let settings_verdict = verdict(&preflight.other_findings, false);
    for portal in &mut preflight.portals {
        portal.verdict = portal.verdict.max(settings_verdict);
    }
    preflight
}

/// Reviews the portals of a file and its documents that are not portals. A file without either has one entry.
fn review_file<'r>(
    file: &'r ReportFile,
    diagnostics: &[&'r Diagnostic],
    deciding_rules: &DecidingRules,
) -> Vec<PortalReview<'r>> {
    let (about_file, about_documents): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        diagnostics.iter().partition(|diagnostic| metadata(diagnostic.code).subject == Subject::File);
    let mut by_document = group_by_document(about_documents);
    // Diagnostics about the file are repeated for each of its portals: each needs them for its verdict.
    let mut portals = Vec::new();
    for portal in &file.portals {
        let mut diagnostics = about_file.clone();
        diagnostics.extend(by_document.remove(&portal.summary.document).unwrap_or_default());
        portals.push(review_portal(&PortalUnderReview::new(file, portal, diagnostics), deciding_rules));
    }
    if file.portals.is_empty() {
        let first = by_document.entry(0).or_default();
        *first = [about_file, std::mem::take(first)].concat();
    }
    for (document, other_findings) in by_document {
        portals.push(PortalReview {
            file,
            document,
            name: None,
            kind: None,
            verdict: Verdict::NoGo,
            changes: None,
            request: None,
            items: Vec::new(),
            other_findings,
            other_missing_facts: Vec::new(),
        });
    }
    portals.sort_by_key(|portal| portal.document);
    portals
}

fn review_portal<'r>(portal: &PortalUnderReview<'r>, deciding_rules: &DecidingRules) -> PortalReview<'r> {
    let items: Vec<ItemResult<'_>> = CHECKLIST.iter().map(|item| portal.evaluate(item, deciding_rules)).collect();
    let other_missing_facts = portal.other_missing_facts(&items);
    let is_unverified = !other_missing_facts.is_empty() || items.iter().any(|item| !item.missing_facts.is_empty());
    let other_findings = findings_in_no_item(&portal.diagnostics, &items);
    let ReportPortal { summary, edit, request, .. } = portal.portal;
    PortalReview {
        file: portal.file,
        document: summary.document,
        name: summary.name.as_deref(),
        kind: Some(summary.kind),
        verdict: verdict(&portal.diagnostics, is_unverified),
        changes: edit.as_ref().map(|edit| &*edit.changes),
        request: request.as_deref(),
        items,
        other_findings,
        other_missing_facts,
    }
}

fn findings_in_no_item<'r>(diagnostics: &[&'r Diagnostic], items: &[ItemResult<'_>]) -> Vec<&'r Diagnostic> {
    // Compare the addresses, because two diagnostics can be equal in all fields.
    let mut in_items: HashSet<*const Diagnostic> = HashSet::new();
    for item in items {
        count_steps(item.diagnostics.len());
        in_items.extend(item.diagnostics.iter().map(|diagnostic| std::ptr::from_ref(*diagnostic)));
    }
    let mut others = diagnostics.to_vec();
    others.retain(|diagnostic| !in_items.contains(&std::ptr::from_ref(*diagnostic)));
    others
}

/// Derives the verdict. All findings that are not allowed count, also those that are in no item.
fn verdict(diagnostics: &[&Diagnostic], is_unverified: bool) -> Verdict {
    match worst_severity(diagnostics) {
        Some(Severity::Error) => Verdict::NoGo,
        Some(Severity::Warning) => Verdict::Review,
        Some(Severity::Advice) | None if is_unverified => Verdict::Review,
        Some(Severity::Advice) | None => Verdict::Go,
    }
}

/// Returns the highest severity of the diagnostics that are not allowed.
fn worst_severity(diagnostics: &[&Diagnostic]) -> Option<Severity> {
    let findings = diagnostics.iter().filter(|diagnostic| diagnostic.allowed.is_none());
    findings.map(|diagnostic| diagnostic.severity).max()
}
