//! Checks that could not be made: nothing that is not known is passed over in silence.

use crate::base::diagnostic::{Allowed, Code};
use crate::model::account::Account;

/// A check that could not be made because facts are missing.
#[derive(Clone, Debug)]
pub struct Unverified {
    /// The rule.
    pub code: Code,
    /// Whom it would help to ask.
    pub asked: QueryStatus,
    /// Which YAML document of the file, from 0.
    pub document: u32,
    /// Each file of a run has some of these, nearly always with a reason that is known beforehand: it takes one word.
    usual: &'static &'static str,
    more: Option<Box<More>>,
}

/// What few open checks have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct More {
    reason: Option<String>,
    allowed: Option<Allowed>,
}

impl Unverified {
    /// Nobody vouches for it yet.
    pub fn new(code: Code, document: usize, asked: QueryStatus, reason: Reason) -> Self {
        // There are never so many documents in a file: the limit on values sees to that.
        let document = u32::try_from(document).unwrap_or(u32::MAX);
        let (usual, more): (&'static &'static str, _) = match reason {
            Reason::Usual(usual) => (usual, None),
            Reason::AppliedFix(reason) => (&"", Some(Box::new(More { reason: Some(reason), allowed: None }))),
        };
        Self { code, asked, document, usual, more }
    }

    /// What could not be told: "whether …".
    pub fn reason(&self) -> &str {
        self.more.as_ref().and_then(|more| more.reason.as_deref()).unwrap_or(self.usual)
    }

    /// Whether its reason was made for this file.
    pub fn is_made(&self) -> bool {
        self.more.as_ref().is_some_and(|more| more.reason.is_some())
    }

    /// Changes what was made for this file of what others said.
    pub fn reword(&mut self, change: impl FnOnce(String) -> String) {
        if let Some(reason) = self.more.as_mut().and_then(|more| more.reason.as_mut()) {
            *reason = change(std::mem::take(reason));
        }
    }

    /// Somebody vouches for it.
    pub fn allowed(&self) -> Option<&Allowed> {
        self.more.as_ref()?.allowed.as_ref()
    }

    /// Notes that somebody vouches for it; who did so first is kept.
    pub fn allow(&mut self, allowed: &Allowed) {
        self.more.get_or_insert_default().allowed.get_or_insert_with(|| allowed.clone());
    }
}

impl PartialEq for Unverified {
    fn eq(&self, other: &Self) -> bool {
        // What is usually said is nearly always the same words at the same place.
        let is_usual = std::ptr::eq(self.usual, other.usual) || self.usual == other.usual;
        is_usual
            && (self.code, self.asked, self.document) == (other.code, other.asked, other.document)
            && self.more == other.more
    }
}

impl Eq for Unverified {}

/// What was done to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryStatus {
    /// Nothing: the account would tell.
    NotAsked,
    /// The account was asked and does not know: asking it again would not help.
    NotInAccount,
    /// The check was asked for over the network and not completed: there was no answer, or no query could be sent.
    NoAnswer,
}

impl QueryStatus {
    /// By whether there is an account.
    pub fn of(account: Option<&Account<'_>>) -> Self {
        if account.is_some() { Self::NotInAccount } else { Self::NotAsked }
    }
}

/// Why a check is left open: "whether …".
#[derive(Clone, Debug)]
pub enum Reason {
    /// The same for every file.
    Usual(&'static &'static str),
    /// For this file.
    AppliedFix(String),
}

impl From<&'static &'static str> for Reason {
    fn from(reason: &'static &'static str) -> Self {
        Self::Usual(reason)
    }
}

impl From<String> for Reason {
    fn from(reason: String) -> Self {
        Self::AppliedFix(reason)
    }
}
