//! Checks that could not be made because facts are missing. The report lists them, so that a check that was not made does not look
//! like one that passed.

use std::borrow::Cow;

use crate::base::diagnostic::{Allowed, Code};
use crate::model::account::Account;

/// A check that could not be made.
#[derive(Clone, Debug)]
pub struct Unverified {
    /// The rule.
    pub code: Code,
    /// Whether the account or the network was queried for the missing facts.
    pub query_status: QueryStatus,
    /// The index of the YAML document in the file.
    pub document: usize,
    /// What could not be verified, as the start of a sentence: "whether …". An owned text may contain text of the file or of a service.
    pub reason: Cow<'static, str>,
    /// The suppression that allows the check to stay unverified.
    pub allowed: Option<Box<Allowed>>,
}

impl Unverified {
    /// Creates a record without a suppression.
    pub(crate) fn new(
        code: Code,
        document: usize,
        query_status: QueryStatus,
        reason: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { code, query_status, document, reason: reason.into(), allowed: None }
    }

    /// Records the suppression that allows the check to stay unverified. The first one is kept.
    pub fn allow(&mut self, allowed: &Allowed) {
        self.allowed.get_or_insert_with(|| Box::new(allowed.clone()));
    }
}

/// Whether the missing facts were queried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryStatus {
    /// There was no account to query, and it would have the facts.
    NotAsked,
    /// The account was queried and does not have the facts, so querying it again would not help.
    NotInAccount,
    /// A network query was requested and not completed: there was no response, or the query could not be sent.
    NoAnswer,
    /// No query has the answer, because RevCent does not document what it does with this body.
    Undocumented,
}

impl QueryStatus {
    /// The status of a check that only the account can decide, when `account` was not enough.
    pub fn for_account(account: Option<&Account<'_>>) -> Self {
        if account.is_some() { Self::NotInAccount } else { Self::NotAsked }
    }
}
