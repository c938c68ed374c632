//! Checks that could not be made because facts are missing. The report lists them: a check that was not made must not look
//! like a check that passed.

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
    pub document: u32,
    // Every portal has several of these values, nearly all with a constant reason. A reference to a reference is one word
    // instead of the two words of a `&str`, and the rare parts are in a box.
    constant_reason: &'static &'static str,
    details: Option<Box<UnverifiedDetails>>,
}

/// The parts of an [`Unverified`] that few of them have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct UnverifiedDetails {
    specific_reason: Option<String>,
    allowed: Option<Allowed>,
}

impl Unverified {
    /// Creates a record that no suppression allows yet.
    pub fn new(code: Code, document: usize, query_status: QueryStatus, reason: Reason) -> Self {
        // The limit on the values of a file keeps the number of documents far below `u32::MAX`.
        let document = u32::try_from(document).unwrap_or(u32::MAX);
        let mut unverified = Self { code, query_status, document, constant_reason: &"", details: None };
        match reason {
            Reason::Constant(reason) => unverified.constant_reason = reason,
            Reason::Specific(reason) => unverified.details.get_or_insert_default().specific_reason = Some(reason),
        }
        unverified
    }

    /// What could not be verified, as the start of a sentence: "whether …".
    pub fn reason(&self) -> &str {
        self.specific_reason().unwrap_or(self.constant_reason)
    }

    fn specific_reason(&self) -> Option<&str> {
        self.details.as_ref()?.specific_reason.as_deref()
    }

    /// Whether the reason was made for this file, and so may contain text of the file or of a service.
    pub fn has_specific_reason(&self) -> bool {
        self.specific_reason().is_some()
    }

    /// Replaces a reason that was made for this file, for example by its masked form. Constant reasons stay.
    pub fn map_specific_reason(&mut self, change: impl FnOnce(String) -> String) {
        if let Some(details) = &mut self.details
            && let Some(reason) = details.specific_reason.take()
        {
            details.specific_reason = Some(change(reason));
        }
    }

    /// The suppression that allows the check to stay unverified.
    pub fn allowed(&self) -> Option<&Allowed> {
        self.details.as_ref()?.allowed.as_ref()
    }

    /// Records the suppression that allows the check to stay unverified. The first one is kept.
    pub fn allow(&mut self, allowed: &Allowed) {
        let details = self.details.get_or_insert_default();
        if details.allowed.is_none() {
            details.allowed = Some(allowed.clone());
        }
    }
}

impl PartialEq for Unverified {
    fn eq(&self, other: &Self) -> bool {
        // Equal constant reasons nearly always have the same address: compare the text only if they do not.
        let has_same_reason =
            std::ptr::eq(self.constant_reason, other.constant_reason) || self.constant_reason == other.constant_reason;
        has_same_reason
            && (self.code, self.query_status, self.document) == (other.code, other.query_status, other.document)
            && self.details == other.details
    }
}

impl Eq for Unverified {}

/// What was done to get the missing facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryStatus {
    /// Nothing: there was no account to query, and it would have the facts.
    NotAsked,
    /// The account was queried and does not have the facts, so querying it again would not help.
    NotInAccount,
    /// A network query was requested and not completed: there was no response, or the query could not be sent.
    NoAnswer,
}

impl QueryStatus {
    /// The status of a check that only the account can decide, when `account` was not enough.
    pub fn for_account(account: Option<&Account<'_>>) -> Self {
        if account.is_some() { Self::NotInAccount } else { Self::NotAsked }
    }
}

/// What could not be verified: "whether …".
#[derive(Clone, Debug)]
pub enum Reason {
    /// The same for every file.
    Constant(&'static &'static str),
    /// Made for this file.
    Specific(String),
}

impl From<&'static &'static str> for Reason {
    fn from(reason: &'static &'static str) -> Self {
        Self::Constant(reason)
    }
}

impl From<String> for Reason {
    fn from(reason: String) -> Self {
        Self::Specific(reason)
    }
}
