//! Applies suppressions to the findings of a file. A file can have thousands of both, so the findings that a suppression matches are
//! looked up.

use std::collections::HashMap;
use std::ops::Range;

use crate::base::diagnostic::{Allowed, Code};
use crate::base::steps::count_steps;
use crate::engine::file_result::{FileResult, to_file_pointer};
use crate::model::portal::BodyPlace;
use crate::rules::context::{RuleFinding, Unverified};
use crate::settings::suppressions::Suppression;
use crate::syntax::pointer::is_same_or_below;

/// The findings and unverified checks of a file.
pub(super) struct Suppressible<'r> {
    findings: &'r mut [RuleFinding],
    unverified: &'r mut [Unverified],
    places: &'r [BodyPlace],
    indices: HashMap<Code, CodeIndex>,
}

/// What there is of one rule.
#[derive(Default)]
struct CodeIndex {
    findings: Vec<usize>,
    unverified: Vec<usize>,
    /// By the start of the location. Built for the first suppression that needs it, like the next one.
    by_offset: Option<SortedFindings<u32>>,
    /// By the JSON Pointer in the file.
    by_pointer: Option<SortedFindings<String>>,
}

impl<'r> Suppressible<'r> {
    pub(super) fn new(result: &'r mut FileResult) -> Self {
        let FileResult { findings, unverified, places, is_agent_body, .. } = result;
        // An `[[allow]]` entry for the file that an agent's body replaces has the pointers of the file.
        let places: &[BodyPlace] = if *is_agent_body { &[] } else { places };
        let mut indices: HashMap<Code, CodeIndex> = HashMap::new();
        for (index, rule_finding) in findings.iter().enumerate() {
            indices.entry(rule_finding.code).or_default().findings.push(index);
        }
        for (index, check) in unverified.iter().enumerate() {
            indices.entry(check.code).or_default().unverified.push(index);
        }
        Self { findings, unverified, places, indices }
    }

    /// Marks what a suppression matches as allowed. Returns whether it matches something. Of several suppressions that match, the
    /// report names the first.
    pub(super) fn apply(&mut self, suppression: &Suppression) -> bool {
        let mut is_used = false;
        for code in suppression.codes() {
            let Some(index) = self.indices.get_mut(code) else { continue };
            is_used |= !index.unverified.is_empty();
            // An unverified check has no location of its own, so every suppression of its rule matches it.
            for check in index.unverified.drain(..) {
                self.unverified[check].allow(suppression.allowed());
            }
            let CodeIndex { findings, by_offset, by_pointer, .. } = index;
            let allowed = suppression.allowed();
            if let Some(limit) = suppression.pointer() {
                let pointer = |index: usize| {
                    let RuleFinding { document, finding, .. } = &self.findings[index];
                    to_file_pointer(self.places, *document, &finding.location.pointer)
                };
                let sorted = by_pointer.get_or_insert_with(|| SortedFindings::new(findings, pointer));
                for range in sorted.ranges_below(limit) {
                    is_used |= sorted.allow(range, self.findings, allowed);
                }
            } else {
                let offset = |index: usize| self.findings[index].finding.location.span.start;
                let sorted = by_offset.get_or_insert_with(|| SortedFindings::new(findings, offset));
                let range = match suppression.covered_span() {
                    Some(covered) => sorted.range(|offset| *offset < covered.start, |offset| *offset <= covered.end),
                    None => 0..sorted.entries.len(),
                };
                is_used |= sorted.allow(range, self.findings, allowed);
            }
        }
        is_used
    }
}

/// Findings in the order of a key.
struct SortedFindings<K> {
    /// The indices of the findings with their keys.
    entries: Vec<(K, usize)>,
    /// For each entry, itself or a later one: all entries in between are allowed. One more than there are entries.
    next: Vec<usize>,
}

impl<K: Ord + Clone> SortedFindings<K> {
    fn new(findings: &[usize], key: impl Fn(usize) -> K) -> Self {
        let mut entries: Vec<_> = findings.iter().map(|index| (key(*index), *index)).collect();
        entries.sort();
        let next = (0..=entries.len()).collect();
        Self { entries, next }
    }
}

impl<K> SortedFindings<K> {
    /// The entries between those with a smaller key and those with a larger one.
    fn range(&self, is_smaller: impl Fn(&K) -> bool, is_at_most: impl Fn(&K) -> bool) -> Range<usize> {
        let start = self.entries.partition_point(|(key, _)| is_smaller(key));
        start..start + self.entries[start..].partition_point(|(key, _)| is_at_most(key))
    }

    /// Allows the findings in a range that are not allowed yet. Returns whether there are any findings in it.
    fn allow(&mut self, range: Range<usize>, findings: &mut [RuleFinding], allowed: &Allowed) -> bool {
        let mut at = self.skip_allowed(range.start);
        while at < range.end {
            count_steps(1);
            findings[self.entries[at].1].allowed.get_or_insert_with(|| Box::new(allowed.clone()));
            self.next[at] = at + 1;
            at = self.skip_allowed(at + 1);
        }
        !range.is_empty()
    }

    /// The first entry from `start` on that is not allowed.
    fn skip_allowed(&mut self, start: usize) -> usize {
        let mut end = start;
        while self.next[end] != end {
            count_steps(1);
            end = self.next[end];
        }
        // The next search takes one step.
        let mut at = start;
        while at != end {
            at = std::mem::replace(&mut self.next[at], end);
        }
        end
    }
}

impl SortedFindings<String> {
    /// The entries with a pointer and with those below it, which are not next to each other: `/a` < `/a-b` < `/a/b`.
    fn ranges_below(&self, limit: &str) -> [Range<usize>; 2] {
        let below = format!("{limit}/");
        let equal = self.range(|pointer| **pointer < *limit, |pointer| *pointer == limit);
        [equal, self.range(|pointer| *pointer < below, |pointer| is_same_or_below(pointer, limit))]
    }
}
