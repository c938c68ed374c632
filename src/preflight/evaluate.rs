//! What came of one item for one portal: an error of a rule that decides it fails it, a warning or advice is to be looked at,
//! a missing fact leaves it open, a recorded decision allows it; in this order, and what is left passes.

use std::collections::BTreeSet;

use crate::base::diagnostic::{Code, Diagnostic, Severity};
use crate::engine::report::ReportFile;
use crate::model::portal::{PortalSummary, Variable};
use crate::preflight::checklist::ChecklistItem;
use crate::preflight::{Deciders, Decision, Item, MissingFact, OtherGap, Status};
use crate::rules::context::{QueryStatus, Unverified};
use crate::rules::metadata;
use crate::rules::metadata::{Ownership, RuleMeta};
use crate::rules::wording::count;
use crate::schema::Kind;

/// When a snapshot was given and does not tell.
const LOOK_IT_UP: &str = "look in RevCent, then record it with an `[[allow]]` in portal-lint.toml";

/// What only the account can tell. A snapshot is the way that can be repeated.
const ASK_THE_ACCOUNT: &str = "look in RevCent, or ask the account: `--account FILE` or `--online`";

/// When it was asked, and there was no answer.
const ASK_AGAIN: &str = "ask again, or look in RevCent";

/// One portal, and all that is known of it.
pub(super) struct PortalUnderReview<'r> {
    /// The file it is in.
    pub file: &'r ReportFile,
    /// The portal.
    pub outline: &'r PortalSummary,
    /// What is said about it and about its file.
    pub said: Vec<&'r Diagnostic>,
    open: Vec<&'r Unverified>,
    off: &'r [Code],
}

impl<'r> PortalUnderReview<'r> {
    /// A portal of a file, with what is said about it.
    pub(super) fn new(file: &'r ReportFile, outline: &'r PortalSummary, said: Vec<&'r Diagnostic>) -> Self {
        let open = file.unverified.iter().filter(|open| open.document as usize == outline.document).collect();
        let off = file.preflight_facts.as_ref().map_or(&[][..], |outlines| &outlines.disabled_rules);
        Self { file, outline, said, open, off }
    }

    /// Goes through an item.
    pub(super) fn judge(&self, question: &'static ChecklistItem, deciders: &Deciders) -> Item<'r> {
        let kind = self.outline.kind;
        let all = deciders.for_item(question.id);
        let rules: Vec<&RuleMeta> = all.iter().copied().filter(|rule| rule.kinds.contains(&kind)).collect();
        let is_of_it = |code: Code| rules.iter().any(|rule| rule.code == code);
        let diagnostics: Vec<&Diagnostic> = self
            .said
            .iter()
            .copied()
            .filter(|one| (is_of_it(one.code) && is_about(question, &one.pointer)) || removes_subject(question, one))
            .collect();
        let open: Vec<&Unverified> = self
            .open
            .iter()
            .copied()
            .filter(|open| is_of_it(open.code) && !metadata(open.code).only_adds && !self.off.contains(&open.code))
            .filter(|open| !metadata(open.code).looks_up_ids() || self.writes_one(question))
            .collect();
        let is_untouched = diagnostics.is_empty() && open.is_empty() && self.leaves_out(question);
        let is_unasked = !all.is_empty() && rules.is_empty();
        let mut gaps = if is_untouched || is_unasked { Vec::new() } else { self.gaps(question, &rules, &open) };
        // Misspelt, it is RCP024 and nothing else.
        if diagnostics.is_empty()
            && kind != Kind::Edit
            && is_of_a_required_field(question)
            && !self.writes_one(question)
        {
            let (verify, reason) = ("mend what is missing or misspelt", "what it asks about is not written");
            gaps = vec![MissingFact { verify: verify.into(), reason: reason.into() }];
        }
        let allowed = decisions(&diagnostics, &open);
        Item {
            id: question.id,
            title: question.title,
            status: status(&diagnostics, !gaps.is_empty(), !allowed.is_empty()),
            rules: rules.iter().map(|rule| rule.code).collect(),
            diagnostics,
            gaps,
            allowed,
            unasked: match kind {
                Kind::Edit if is_untouched => Some("this edit leaves it out, so it stays as it is"),
                _ if !is_unasked => None,
                Kind::Create => Some("not asked of a create body"),
                Kind::Edit => Some("not asked of an edit"),
                Kind::Export => Some("not asked of an export, whose portal exists already"),
            },
        }
    }

    /// Whether an edit writes none of the fields an item is about.
    fn leaves_out(&self, question: &ChecklistItem) -> bool {
        let PortalSummary { kind, is_partial, .. } = self.outline;
        *kind == Kind::Edit && !is_partial && !question.fields.is_empty() && !self.writes_one(question)
    }

    /// Whether one of the fields is written that an item is about.
    fn writes_one(&self, question: &ChecklistItem) -> bool {
        question.fields.iter().any(|field| self.outline.fields.iter().any(|written| written == field))
    }

    /// What could not be told, each thing once.
    fn gaps(&self, question: &ChecklistItem, rules: &[&RuleMeta], open: &[&Unverified]) -> Vec<MissingFact> {
        let gap = |reason: String, verify: String| MissingFact { verify, reason };
        let mut gaps = Vec::new();
        if self.outline.is_partial {
            gaps.push(gap("a part of the file cannot be read".into(), "repair the file, then check again".into()));
        }
        for open in open.iter().filter(|open| open.allowed().is_none()) {
            gaps.push(gap_of(open));
        }
        if rules.is_empty() {
            gaps.push(gap(format!("no rule decides “{}”", question.title), "look in RevCent".into()));
        }
        for rule in rules.iter().filter(|rule| self.off.contains(&rule.code) && !rule.only_adds) {
            let reason = format!("{} ({}) is switched off", rule.code, rule.name);
            gaps.push(gap(reason, "switch the rule on in the settings".into()));
        }
        if question.needs_values {
            gaps.extend(self.unknown_values(question));
        }
        gaps.sort();
        gaps.dedup();
        gaps
    }

    /// What could not be told and is in none of the items. It is never left out: a verdict of go says that all is known.
    pub(super) fn other_gaps(&self, items: &[Item<'_>]) -> Vec<OtherGap> {
        let is_in_an_item =
            |open: &Unverified| items.iter().any(|item| item.gaps.iter().any(|gap| gap.reason == open.reason()));
        let mut others: Vec<OtherGap> = Vec::new();
        for open in self.open.iter().filter(|open| open.allowed().is_none() && !is_in_an_item(open)) {
            let other = OtherGap { code: open.code, gap: gap_of(open) };
            if !others.contains(&other) {
                others.push(other);
            }
        }
        others
    }

    /// The variables that stand where an item asks for a value.
    fn unknown_values(&self, question: &ChecklistItem) -> Vec<MissingFact> {
        /// Nobody reads on after so many.
        const MAX_NAMES: usize = 20;
        let is_asked = |variable: &&Variable| {
            let rest = |field: &&'static str| variable.pointer.strip_prefix(*field);
            question.fields.iter().filter_map(rest).any(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let verify = match self.outline.kind {
            Kind::Export => "write the value in place of the variable",
            Kind::Create | Kind::Edit => "set the variables, then `portal-lint render FILE | portal-lint preflight -`",
        };
        let names: BTreeSet<&str> =
            self.outline.variables.iter().filter(is_asked).map(|variable| variable.name.as_str()).collect();
        let one = |name: &&str| format!("the value of `${{{name}}}` is not in the file");
        let more = names.len().checked_sub(MAX_NAMES).filter(|more| *more > 0);
        let more = more.map(|more| format!("the values of {} are not in the file", count(more, "more variable")));
        let reasons = names.iter().take(MAX_NAMES).map(one).chain(more);
        reasons.map(|reason| MissingFact { verify: verify.into(), reason }).collect()
    }
}

/// What a check that could not be made leaves unknown, and how to find out.
fn gap_of(open: &Unverified) -> MissingFact {
    let verify = match open.query_status {
        QueryStatus::NotAsked => ASK_THE_ACCOUNT,
        QueryStatus::NotInAccount => LOOK_IT_UP,
        QueryStatus::NoAnswer => ASK_AGAIN,
    };
    MissingFact { verify: verify.into(), reason: open.reason().to_owned() }
}

/// Whether a place is, holds or lies in a field that an item is about.
fn is_about(question: &ChecklistItem, pointer: &str) -> bool {
    let holds = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    question.fields.is_empty() || question.fields.iter().any(|field| holds(field, pointer) || holds(pointer, field))
}

/// Whether what is said about an object takes a field with it that an item is about: no emails, no codes in them. A value of
/// the wrong type (RCP100) is as good as none.
fn removes_subject(question: &ChecklistItem, diagnostic: &Diagnostic) -> bool {
    let is_of_the_catch_all = metadata(diagnostic.code).owns.contains(&Ownership::EverythingElse);
    let below = |field: &&'static str| {
        let rest = field.strip_prefix(diagnostic.pointer.as_str());
        rest.is_some_and(|rest| rest.starts_with('/') || (rest.is_empty() && is_of_the_catch_all))
            && !diagnostic.pointer.is_empty()
    };
    diagnostic.severity == Severity::Error && !question.fields.is_empty() && question.fields.iter().all(below)
}

/// Whether an item is about something that no body may leave out; then it does not pass by not being there.
fn is_of_a_required_field(question: &ChecklistItem) -> bool {
    const REQUIRED: [&str; 5] = ["/name", "/tracking_domain", "/recaptcha", "/smtp_profile", "/customer_emails"];
    question.fields.iter().any(|field| REQUIRED.iter().any(|required| field.starts_with(required)))
}

fn status(diagnostics: &[&Diagnostic], is_open: bool, is_allowed: bool) -> Status {
    let worst = diagnostics.iter().filter(|one| one.allowed.is_none()).map(|one| one.severity).max();
    match worst {
        Some(Severity::Error) => Status::Fail,
        Some(Severity::Warning | Severity::Advice) => Status::Warning,
        None if is_open => Status::Unverified,
        None if is_allowed => Status::Allowed,
        None => Status::Pass,
    }
}

/// The decisions that allow what was found or left open.
fn decisions<'r>(diagnostics: &[&'r Diagnostic], open: &[&'r Unverified]) -> Vec<Decision<'r>> {
    let found = diagnostics
        .iter()
        .filter_map(|one| Some(Decision { code: one.code, what: &one.message, by: one.allowed.as_ref()? }));
    let left = open.iter().filter_map(|one| Some(Decision { code: one.code, what: one.reason(), by: one.allowed()? }));
    found.chain(left).collect()
}
