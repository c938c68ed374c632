//! Evaluates one checklist item for one portal.
//!
//! The first of these that applies is the status of the item: an error of a rule that decides it (fail), a warning, a missing
//! fact (unverified), advice, a suppression (allowed), fields that an edit leaves out (not-applicable). Otherwise the item passes.

use std::collections::BTreeSet;

use crate::base::diagnostic::{Code, Diagnostic, Severity};
use crate::base::steps::count_steps;
use crate::engine::report::{ReportFile, ReportPortal};
use crate::model::portal::{PortalSummary, Variable};
use crate::preflight::checklist::{CHECKLIST, ChecklistItem};
use crate::preflight::{AllowedEntry, DecidingRules, ItemResult, MISSING_FIELD, MissingFact, OtherMissingFact, Status};
use crate::rules::context::{QueryStatus, Unverified};
use crate::rules::metadata;
use crate::rules::metadata::{Ownership, RuleMeta};
use crate::rules::wording::pluralize;
use crate::schema::PortalKind;
use crate::syntax::pointer::is_same_or_below;

/// How to verify a fact that an account snapshot does not contain.
const VERIFY_IN_REVCENT: &str = "check in RevCent, then record the result as an `[[allow]]` entry in portal-lint.toml";

/// How to verify a fact that was not queried.
const VERIFY_IN_ACCOUNT: &str = "check in RevCent, or use `--account FILE` or `--online`";

/// How to verify a fact that a rule would decide, if the rule was not run.
const RUN_THE_RULE: &str = "enable the rule in the settings, and do not exclude it with --select or --ignore";

/// How to verify a fact whose query was not answered.
const QUERY_AGAIN: &str = "run the check again, or check in RevCent";

/// How to avoid a case that RevCent does not document: an edit that leaves out fields of an object.
const WRITE_ALL_FIELDS: &str = "include all fields of the object in the edit";

/// A portal and everything that the report contains about it.
pub(super) struct PortalUnderReview<'r> {
    pub file: &'r ReportFile,
    pub portal: &'r ReportPortal,
    /// The diagnostics about the portal and about its file as a whole.
    pub diagnostics: Vec<&'r Diagnostic>,
    unverified: &'r [Unverified],
    disabled_rules: &'r [Code],
}

impl<'r> PortalUnderReview<'r> {
    pub(super) fn new(file: &'r ReportFile, portal: &'r ReportPortal, diagnostics: Vec<&'r Diagnostic>) -> Self {
        let unverified = file.unverified_in(portal.summary.document);
        count_steps(diagnostics.len() + unverified.len());
        let disabled_rules = file.preflight_facts.as_ref().map_or(&[][..], |facts| &facts.disabled_rules);
        Self { file, portal, diagnostics, unverified, disabled_rules }
    }

    /// Whether the fields that an edit omits were checked as well.
    fn is_whole_portal_checked(&self) -> bool {
        self.portal.edit.as_ref().is_some_and(|edit| edit.is_whole_portal_checked)
    }

    pub(super) fn evaluate(&self, item: &'static ChecklistItem, deciding_rules: &DecidingRules) -> ItemResult<'r> {
        let kind = self.portal.summary.kind;
        let rules_of_all_kinds = deciding_rules.for_item(item.id);
        let mut rules = rules_of_all_kinds.to_vec();
        rules.retain(|rule| rule.kinds.contains(&kind));
        let diagnostics = self.diagnostics_for(item, &rules);
        let unverified = self.unverified_for(item, &rules);
        let is_unchanged = diagnostics.is_empty() && unverified.is_empty() && self.is_edit_without(item);
        // Only rules for other kinds decide the item.
        let is_inapplicable = !rules_of_all_kinds.is_empty() && rules.is_empty();
        let missing_facts = if diagnostics.is_empty() && self.lacks_required_field(item) {
            // The field may be misspelled. The rule on unknown fields reports that, but it does not decide this item.
            vec![MissingFact { verify: "add or correct the missing field".into(), reason: MISSING_FIELD.into() }]
        } else if is_unchanged || is_inapplicable {
            Vec::new()
        } else {
            self.missing_facts(item, &rules, &unverified)
        };
        let allowed = allowed_entries(&diagnostics, &unverified);
        let skip_reason = skip_reason(kind, is_unchanged, is_inapplicable);
        let status = match item_status(&diagnostics, !missing_facts.is_empty(), !allowed.is_empty()) {
            Status::Pass if skip_reason.is_some() => Status::NotApplicable,
            status => status,
        };
        ItemResult {
            id: item.id,
            title: item.title,
            status,
            rules: rules.iter().map(|rule| rule.code).collect(),
            diagnostics,
            missing_facts,
            allowed,
            skip_reason: skip_reason.filter(|_| status == Status::NotApplicable),
        }
    }

    /// Returns the diagnostics that decide an item.
    fn diagnostics_for(&self, item: &ChecklistItem, rules: &[&RuleMeta]) -> Vec<&'r Diagnostic> {
        let mut diagnostics = self.diagnostics.clone();
        diagnostics.retain(|diagnostic| {
            let is_decisive = contains_code(rules, diagnostic.code) && item_concerns(item, &diagnostic.portal_pointer);
            is_decisive || invalidates_all_fields(item, diagnostic)
        });
        diagnostics
    }

    /// Returns the checks that could not be made and that are needed to decide an item.
    fn unverified_for(&self, item: &ChecklistItem, rules: &[&RuleMeta]) -> Vec<&'r Unverified> {
        let mut unverified = Vec::new();
        for check in self.unverified {
            let rule = metadata(check.code);
            if !contains_code(rules, check.code) || rule.only_adds || self.disabled_rules.contains(&check.code) {
                continue;
            }
            // If the portal does not contain the field, there is no ID to look up.
            if !rule.looks_up_ids() || self.has_any_field(item) || self.is_whole_portal_checked() {
                unverified.push(check);
            }
        }
        unverified
    }

    /// Whether the portal is an edit that contains none of the item's fields.
    fn is_edit_without(&self, item: &ChecklistItem) -> bool {
        let PortalSummary { kind, is_partial, .. } = self.portal.summary;
        let leaves_out = !is_partial && !item.fields.is_empty() && !self.has_any_field(item);
        kind == PortalKind::Edit && leaves_out && !self.is_whole_portal_checked()
    }

    /// Whether the portal lacks all fields of an item about required fields. Only an edit may leave them out.
    fn lacks_required_field(&self, item: &ChecklistItem) -> bool {
        self.portal.summary.kind != PortalKind::Edit && concerns_required_field(item) && !self.has_any_field(item)
    }

    /// Whether the portal contains a field of the item.
    fn has_any_field(&self, item: &ChecklistItem) -> bool {
        item.fields.iter().any(|field| self.portal.summary.fields.iter().any(|present| present == field))
    }

    /// Returns what is unknown about an item, without duplicates.
    fn missing_facts(&self, item: &ChecklistItem, rules: &[&RuleMeta], unverified: &[&Unverified]) -> Vec<MissingFact> {
        let mut facts = Vec::new();
        if self.portal.summary.is_partial {
            facts.push(MissingFact {
                verify: "fix the file, then check again".into(),
                reason: "part of the file cannot be read".into(),
            });
        }
        for check in unverified {
            if check.allowed.is_none() {
                facts.push(MissingFact::from_unverified(check));
            }
        }
        if rules.is_empty() {
            let reason = format!("no rule checks “{}”", item.title);
            facts.push(MissingFact { verify: "check in RevCent".into(), reason });
        }
        for rule in rules {
            if self.disabled_rules.contains(&rule.code) && !rule.only_adds {
                let reason = format!("{} ({}) was not run", rule.code, rule.name);
                facts.push(MissingFact { verify: RUN_THE_RULE.into(), reason });
            }
        }
        if item.needs_values {
            facts.extend(self.unknown_values(self.variables_of(item)));
        }
        facts.sort();
        facts.dedup();
        facts
    }

    /// Returns the missing facts that belong to no item. They are always shown, because the verdict "go" means that
    /// everything is known.
    pub(super) fn other_missing_facts(&self, items: &[ItemResult<'_>]) -> Vec<OtherMissingFact> {
        let mut others: Vec<OtherMissingFact> = Vec::new();
        for check in self.unverified {
            let is_in_item = items.iter().any(|item| item.lacks_fact(&check.reason));
            if check.allowed.is_some() || is_in_item {
                continue;
            }
            let other = OtherMissingFact { code: Some(check.code), fact: MissingFact::from_unverified(check) };
            if !others.contains(&other) {
                others.push(other);
            }
        }
        let mut variables: Vec<&Variable> = self.portal.summary.variables.iter().collect();
        for item in CHECKLIST.iter().filter(|item| item.needs_values) {
            variables.retain(|variable| !contains_variable(item, variable));
        }
        let is_selection_partial =
            self.file.preflight_facts.as_ref().is_some_and(|facts| facts.leaves_out_rules_without_items);
        if is_selection_partial {
            let reason = "rules that belong to no checklist item were not run".into();
            let fact = MissingFact { verify: RUN_THE_RULE.into(), reason };
            others.push(OtherMissingFact { code: None, fact });
        }
        let facts = self.unknown_values(variables);
        others.extend(facts.into_iter().map(|fact| OtherMissingFact { code: None, fact }));
        others
    }

    /// Returns the variables in the fields of an item.
    fn variables_of(&self, item: &ChecklistItem) -> Vec<&'r Variable> {
        self.portal.summary.variables.iter().filter(|variable| contains_variable(item, variable)).collect()
    }

    /// Returns a missing fact for each of these variables (`${NAME}`), which have no value.
    fn unknown_values<'v>(&self, variables: impl IntoIterator<Item = &'v Variable>) -> Vec<MissingFact> {
        /// The maximum number of names in the list. A longer list would not be readable.
        const MAX_NAMES: usize = 20;
        let names: BTreeSet<&str> = variables.into_iter().map(|variable| variable.name.as_str()).collect();
        let fills_variables = self.file.preflight_facts.as_ref().is_some_and(|facts| facts.fills_variables);
        let (verify, place) = if fills_variables {
            ("set the variables in the environment", "environment")
        } else {
            ("set the variables in the environment, and run `portal-lint preflight --env`", "file")
        };
        let mut reasons = Vec::new();
        for name in names.iter().take(MAX_NAMES) {
            reasons.push(format!("the value of `${{{name}}}` is not in the {place}"));
        }
        if names.len() > MAX_NAMES {
            let more = pluralize(names.len() - MAX_NAMES, "more variable");
            reasons.push(format!("the values of {more} are not in the {place}"));
        }
        reasons.into_iter().map(|reason| MissingFact { verify: verify.into(), reason }).collect()
    }
}

impl MissingFact {
    fn from_unverified(check: &Unverified) -> Self {
        let verify = match check.query_status {
            QueryStatus::NotAsked => VERIFY_IN_ACCOUNT,
            QueryStatus::NotInAccount => VERIFY_IN_REVCENT,
            QueryStatus::NoAnswer => QUERY_AGAIN,
            QueryStatus::Undocumented => WRITE_ALL_FIELDS,
        };
        Self { verify: verify.into(), reason: check.reason.clone().into_owned() }
    }
}

/// Why an item does not apply to a portal: the portal is an edit that leaves the item's fields unchanged, or the item does not apply to
/// this kind of portal.
fn skip_reason(kind: PortalKind, is_unchanged: bool, is_inapplicable: bool) -> Option<&'static str> {
    if is_unchanged {
        return Some("the edit omits it, so it does not change");
    }
    if !is_inapplicable {
        return None;
    }
    Some(match kind {
        PortalKind::Create => "does not apply to a create body",
        PortalKind::Edit => "does not apply to an edit",
        PortalKind::Export => "does not apply to an export, whose portal already exists",
    })
}

fn contains_code(rules: &[&RuleMeta], code: Code) -> bool {
    rules.iter().any(|rule| rule.code == code)
}

/// Whether a variable is in a field of the item.
fn contains_variable(item: &ChecklistItem, variable: &Variable) -> bool {
    count_steps(1);
    item.fields.iter().any(|field| is_same_or_below(&variable.pointer, field))
}

/// Whether a pointer leads to a field of the item, to a value in such a field, or to an object that contains one. An item without
/// fields concerns the whole portal.
fn item_concerns(item: &ChecklistItem, pointer: &str) -> bool {
    let mut fields = item.fields.iter();
    item.fields.is_empty() || fields.any(|field| is_same_or_below(pointer, field) || is_same_or_below(field, pointer))
}

/// Whether an error makes all fields of an item unusable, although its rule does not decide the item: with an error about
/// `/customer_emails`, the `html` in it is missing as well, and a value of the wrong type is unusable.
fn invalidates_all_fields(item: &ChecklistItem, diagnostic: &Diagnostic) -> bool {
    // An error about the portal as a whole has an empty pointer. It is not about a single field.
    if diagnostic.severity != Severity::Error || item.fields.is_empty() || diagnostic.portal_pointer.is_empty() {
        return false;
    }
    // Wrong types are reported by the rule that owns all other locations. After an error of another rule about the same field (such as
    // a name that is not unique), the field is still usable for this item.
    let is_wrong_type = metadata(diagnostic.code).owns.contains(&Ownership::EverythingElse);
    item.fields.iter().all(|field| {
        if *field == diagnostic.portal_pointer {
            is_wrong_type
        } else {
            is_same_or_below(field, &diagnostic.portal_pointer)
        }
    })
}

/// Whether an item is about a field that every new portal needs. Such an item does not pass because the field is absent.
fn concerns_required_field(item: &ChecklistItem) -> bool {
    /// The required fields of `CreateCustomerPortal`.
    const REQUIRED: [&str; 5] = ["/name", "/tracking_domain", "/recaptcha", "/smtp_profile", "/customer_emails"];
    item.fields.iter().any(|field| REQUIRED.iter().any(|required| is_same_or_below(field, required)))
}

fn item_status(diagnostics: &[&Diagnostic], has_missing_facts: bool, has_allowed: bool) -> Status {
    match super::worst_severity(diagnostics) {
        Some(Severity::Error) => Status::Fail,
        Some(Severity::Warning) => Status::Warning,
        Some(Severity::Advice) | None if has_missing_facts => Status::Unverified,
        Some(Severity::Advice) => Status::Advice,
        None if has_allowed => Status::Allowed,
        None => Status::Pass,
    }
}

/// Returns the findings and unverified checks that suppressions allow.
fn allowed_entries<'r>(diagnostics: &[&'r Diagnostic], unverified: &[&'r Unverified]) -> Vec<AllowedEntry<'r>> {
    let mut entries = Vec::new();
    for diagnostic in diagnostics {
        if let Some(allowed) = &diagnostic.allowed {
            entries.push(AllowedEntry { code: diagnostic.code, text: &diagnostic.message, allowed });
        }
    }
    for check in unverified {
        if let Some(allowed) = &check.allowed {
            entries.push(AllowedEntry { code: check.code, text: &check.reason, allowed });
        }
    }
    entries
}
