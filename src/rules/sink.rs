//! The output of the rules: findings, and records of the checks that could not be made.

use crate::base::diagnostic::{Allowed, Code, Finding};
use crate::rules::unverified::Unverified;

/// The maximum number of findings of one rule that are reported for one text. The others are only counted, because nobody reads a
/// longer list.
pub(crate) const MAX_FINDINGS_PER_TEXT: usize = 50;

/// A finding with the rule that made it and the document that it is about.
#[derive(Clone, Debug)]
pub struct RuleFinding {
    /// The rule.
    pub code: Code,
    /// The index of the YAML document in the file.
    pub document: usize,
    /// The finding.
    pub finding: Finding,
    /// The suppression that allows the finding. The engine sets it after the rules have run.
    pub allowed: Option<Box<Allowed>>,
    /// The findings that follow this one in the same text and are not reported.
    pub omitted: OmittedFindings,
}

/// The findings of one rule in one text that are not reported (see [`MAX_FINDINGS_PER_TEXT`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OmittedFindings {
    /// Their number.
    pub count: usize,
    /// Whether the rule stopped before the end of the text, so that there may be more than `count`.
    pub is_lower_bound: bool,
}

impl RuleFinding {
    /// Creates a finding without a suppression.
    pub(crate) fn new(code: Code, document: usize, finding: Finding) -> Self {
        Self { code, document, finding, allowed: None, omitted: OmittedFindings::default() }
    }
}

/// Collects what the rules report about one file.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    /// In the order in which they were reported.
    pub findings: Vec<RuleFinding>,
    /// The checks that could not be made.
    pub unverified: Vec<Unverified>,
}
