//! The place that a decision is about, and the findings that it must leave as they are.

use crate::base::date::Date;
use crate::base::diagnostic::Diagnostic;
use crate::engine::report::Report;
use crate::syntax::pointer::is_same_or_below;

/// The place that a decision is about.
pub(crate) struct DecisionPlace<'r> {
    pub(super) finding: &'r Diagnostic,
    /// The findings of the rule at other places of the file. The decision must not allow them.
    others: Vec<&'r Diagnostic>,
    pub(super) today: Date,
}

impl<'r> DecisionPlace<'r> {
    /// The place of a finding.
    pub(crate) fn new(report: &'r Report, finding: &'r Diagnostic, today: Date) -> Self {
        let mut others: Vec<&Diagnostic> = report.diagnostics.iter().collect();
        others.retain(|other| {
            let is_same_place = (other.document, &other.pointer) == (finding.document, &finding.pointer);
            other.file == finding.file && other.code == finding.code && !is_same_place
        });
        Self { finding, others, today }
    }

    /// The start of the finding.
    pub(super) fn offset(&self) -> u32 {
        self.finding.region.start.offset
    }

    /// The starts of the other findings of the rule, including those that another decision allows: that decision may be limited in time.
    pub(super) fn other_offsets(&self) -> impl Iterator<Item = u32> {
        self.others.iter().map(|other| other.region.start.offset)
    }

    /// The other findings of the rule that are not allowed.
    pub(super) fn open_others(&self) -> impl Iterator<Item = &Diagnostic> {
        self.others.iter().copied().filter(|other| other.allowed.is_none())
    }

    /// Whether a new entry in the settings would allow other findings as well: it has no document and, if a secret in the pointer is
    /// masked, no pointer.
    pub(crate) fn entry_covers_others(&self) -> bool {
        self.pointer_covers_others(unmasked_pointer(self.finding).unwrap_or_default())
    }

    pub(super) fn pointer_covers_others(&self, pointer: &str) -> bool {
        self.open_others().any(|other| is_same_or_below(&other.pointer, pointer))
    }
}

/// The JSON Pointer of a finding, unless a secret in one of its keys was masked with `*`: it would match nothing then.
pub(crate) fn unmasked_pointer(diagnostic: &Diagnostic) -> Option<&str> {
    let pointer = diagnostic.pointer.as_str();
    (!pointer.is_empty() && !pointer.contains('*')).then_some(pointer)
}
