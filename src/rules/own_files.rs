//! What the rules about the linter's own files are handed: its settings, the decisions in them and the account snapshot.

use super::context::{Environment, MAX_PER_TEXT, More, RuleFinding};
use crate::base::diagnostic::{Code, Finding, Location};
use crate::schema::Violation;
use crate::syntax::cursor::Cursor;

/// Reports what was found in one file, as far as it is shown.
fn report_each<T>(raised: &mut Vec<RuleFinding>, code: Code, found: Vec<T>, finding: impl Fn(T) -> Finding) {
    let number = found.len().saturating_sub(MAX_PER_TEXT);
    raised.extend(found.into_iter().take(MAX_PER_TEXT).map(|one| RuleFinding::new(code, 0, finding(one))));
    if let Some(last) = raised.last_mut().filter(|_| number > 0) {
        last.more = More { number, is_open: false };
    }
}

/// The settings, for [`Rule::check_settings`](super::Rule::check_settings).
pub(crate) struct SettingsContext<'a> {
    /// The top of the settings.
    pub root: Cursor<'a>,
    /// Where they break their schema.
    pub violations: &'a [Violation<'a>],
    /// Whether `account` names a file outside the repository.
    pub account_leads_out: bool,
    /// The rule that is looking.
    pub code: Code,
    /// Findings.
    pub raised: &'a mut Vec<RuleFinding>,
}

impl SettingsContext<'_> {
    /// Says it.
    pub(crate) fn report(&mut self, finding: Finding) {
        self.raised.push(RuleFinding::new(self.code, 0, finding));
    }

    /// Says it of each thing that was found, as far as it is shown.
    pub(crate) fn report_each<T>(&mut self, found: Vec<T>, finding: impl Fn(T) -> Finding) {
        report_each(self.raised, self.code, found, finding);
    }
}

/// A decision that was recorded, in the settings or in a comment, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Where it is written.
    pub place: Location,
    /// The rules, as they are written.
    pub rules: String,
    /// The last day it holds, when that is over.
    pub expired: Option<String>,
    /// There is nothing that it allows, though all that it is about was looked at.
    pub is_unused: bool,
}

/// The decisions of one file, for [`Rule::check_suppressions`](super::Rule::check_suppressions).
pub(crate) struct SuppressionsContext<'a> {
    /// In the order of the file.
    pub recorded: &'a [Recorded],
    /// The rule that is looking.
    pub code: Code,
    /// Findings.
    pub raised: &'a mut Vec<RuleFinding>,
}

impl SuppressionsContext<'_> {
    /// Says it of each thing that was found, as far as it is shown.
    pub(crate) fn report_each<T>(&mut self, found: Vec<T>, finding: impl Fn(T) -> Finding) {
        report_each(self.raised, self.code, found, finding);
    }
}

/// The account snapshot itself, for [`Rule::check_account`](super::Rule::check_account).
pub(crate) struct AccountContext<'a> {
    /// Where it breaks its schema.
    pub violations: &'a [Violation<'a>],
    /// The account that it tells of, what is expected of it, and the day.
    pub beside: Environment<'a>,
    /// The rule that is looking.
    pub code: Code,
    /// Findings.
    pub raised: &'a mut Vec<RuleFinding>,
}

impl AccountContext<'_> {
    /// Says it.
    pub(crate) fn report(&mut self, finding: Finding) {
        self.raised.push(RuleFinding::new(self.code, 0, finding));
    }

    /// Says it of each thing that was found, as far as it is shown.
    pub(crate) fn report_each<T>(&mut self, found: Vec<T>, finding: impl Fn(T) -> Finding) {
        report_each(self.raised, self.code, found, finding);
    }
}
