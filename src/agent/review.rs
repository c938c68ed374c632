//! The result of a check, as an agent needs it: the verdict, what to change, what to ask, and what is not known.

use crate::agent::question::question;
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::engine::report::Report;
use crate::preflight::{MISSING_FIELD, MissingFact, Verdict, evaluate_report};

/// What to do about something that is not known. The preflight proposes an `[[allow]]` entry, but only a person may decide that.
pub(crate) const VERIFY: &str = "ask the user to check this in RevCent";

/// See the module documentation.
pub(crate) struct Review<'r> {
    pub verdict: Verdict,
    /// The errors that the agent can correct.
    pub must_fix: Vec<&'r Diagnostic>,
    /// The warnings and the advice.
    pub look_at: Vec<&'r Diagnostic>,
    /// The errors and warnings that only a person can resolve, each with the question.
    pub questions: Vec<(&'r Diagnostic, &'static str)>,
    pub unverified: Vec<MissingFact>,
}

impl<'r> Review<'r> {
    /// Reviews a report with the facts for the preflight.
    pub(crate) fn new(report: &'r Report) -> Self {
        let preflight = evaluate_report(report);
        let settings_verdict = if preflight.has_bad_settings() { Verdict::NoGo } else { Verdict::Go };
        // Without a portal, there is nothing that may be sent.
        let portal_verdict = preflight.portals.iter().map(|portal| portal.verdict).max().unwrap_or(Verdict::NoGo);
        let mut unverified: Vec<MissingFact> = Vec::new();
        for portal in &preflight.portals {
            let in_items = portal.items.iter().flat_map(|item| &item.missing_facts);
            for fact in in_items.chain(portal.other_missing_facts.iter().map(|other| &other.fact)) {
                // An error says more about a missing field.
                let is_known = fact.reason == MISSING_FIELD && portal.verdict == Verdict::NoGo;
                if !is_known && !unverified.contains(fact) {
                    unverified.push(fact.clone());
                }
            }
        }
        let mut review = Self {
            verdict: portal_verdict.max(settings_verdict),
            must_fix: Vec::new(),
            look_at: Vec::new(),
            questions: Vec::new(),
            unverified,
        };
        for diagnostic in report.findings() {
            review.add(diagnostic, question(diagnostic).filter(|_| report.file(diagnostic.file).in_scope));
        }
        review.look_at.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
        review
    }

    fn add(&mut self, diagnostic: &'r Diagnostic, question: Option<&'static str>) {
        match question {
            Some(question) => self.questions.push((diagnostic, question)),
            None if diagnostic.severity == Severity::Error => self.must_fix.push(diagnostic),
            None => self.look_at.push(diagnostic),
        }
    }

    /// Whether there is a finding that a person has to decide about, and not only something unverified.
    pub(crate) fn has_warning(&self) -> bool {
        let is_serious = |diagnostic: &&Diagnostic| diagnostic.severity >= Severity::Warning;
        self.questions.iter().any(|(diagnostic, _)| is_serious(diagnostic)) || self.look_at.iter().any(is_serious)
    }
}
