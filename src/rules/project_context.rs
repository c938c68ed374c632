//! What a rule that compares portals receives.

use std::borrow::Cow;

use crate::base::diagnostic::{Code, Finding};
use crate::base::file::FileId;
use crate::model::account;
use crate::model::account::Account;
use crate::model::portal::PortalFacts;
use crate::online::Answers;
use crate::rules::sink::RuleFinding;
use crate::rules::unverified::{QueryStatus, Unverified};
use crate::schema::PortalKind;

/// All portals of a project, for [`Rule::check_project`](super::Rule::check_project).
pub(crate) struct ProjectContext<'a> {
    /// In the order of the files.
    pub portals: &'a [&'a PortalFacts],
    /// See [`super::context::Environment::account`].
    pub account: Option<&'a Account<'a>>,
    /// See [`super::context::Environment::answers`].
    pub answers: &'a Answers,
    /// The running rule.
    pub code: Code,
    /// Receives the findings, each with its file.
    pub findings: &'a mut Vec<(FileId, RuleFinding)>,
    /// Receives the checks that could not be made, each with its file.
    pub unverified: &'a mut Vec<(FileId, Unverified)>,
}

impl<'a> ProjectContext<'a> {
    /// The names of the portals, each with the kind and the index of its portal. A name is compared with those of the same kind:
    /// the export of a portal has the name of its own create request. Edits are left out.
    pub(crate) fn names(&self) -> Vec<(PortalKind, &'a str, usize)> {
        let mut names = Vec::with_capacity(self.portals.len());
        for (index, facts) in self.portals.iter().enumerate() {
            if let Some((name, _)) = &facts.name
                && facts.kind != PortalKind::Edit
            {
                names.push((facts.kind, &**name, index));
            }
        }
        names
    }

    /// Reports a finding about one of the portals.
    pub(crate) fn report(&mut self, portal: &PortalFacts, finding: Finding) {
        self.findings.push((portal.file, RuleFinding::new(self.code, portal.document, finding)));
    }

    /// Records that the running check could not be made for a portal, because the account's data about objects of `kinds`
    /// does not decide it. `subject` is what could not be verified: "whether …".
    pub(crate) fn mark_unverified_by_account(
        &mut self,
        portal: &PortalFacts,
        kinds: &[account::ObjectKind],
        subject: &'static str,
    ) {
        let mut query_status = QueryStatus::for_account(self.account);
        let mut reason = Cow::Borrowed(subject);
        for kind in kinds {
            if let Some(unanswered) = self.answers.why_unanswered(*kind, None) {
                query_status = QueryStatus::NoAnswer;
                reason = Cow::Owned(format!("{subject}: {unanswered}"));
                break;
            }
        }
        self.unverified.push((portal.file, Unverified::new(self.code, portal.document, query_status, reason)));
    }
}
