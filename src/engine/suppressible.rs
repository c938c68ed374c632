//! Applies suppressions to the findings of a file. A file can have thousands of both, so the findings that a suppression matches are
//! found by binary search, and findings that are allowed already are skipped.

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

/// The findings and unverified checks of one rule, by index. The sorted lists are built when a suppression needs them.
#[derive(Default)]
struct CodeIndex {
    findings: Vec<usize>,
    unverified: Vec<usize>,
    /// The findings by the start of the location.
    by_offset: Option<SortedFindings<u32>>,
    /// The findings by the JSON Pointer in the file.
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

    /// Marks what a suppression matches as allowed, unless an earlier suppression did. Returns whether it matches something.
    pub(super) fn apply(&mut self, suppression: &Suppression) -> bool {
        let mut is_used = false;
        for code in suppression.codes() {
            let Some(index) = self.indices.get_mut(code) else { continue };
            let allowed = suppression.allowed();
            is_used |= !index.unverified.is_empty();
            // An unverified check has no location of its own, so every suppression of its rule matches it.
            for check in index.unverified.drain(..) {
                self.unverified[check].allow(allowed);
            }
            let CodeIndex { findings, by_offset, by_pointer, .. } = index;
            if let Some(parent) = suppression.pointer() {
                let pointer = |index: usize| {
                    let RuleFinding { document, finding, .. } = &self.findings[index];
                    to_file_pointer(self.places, *document, &finding.location.pointer)
                };
                let sorted = by_pointer.get_or_insert_with(|| SortedFindings::new(findings, pointer));
                for range in sorted.ranges_at_or_below(parent) {
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

/// Findings sorted by a key.
struct SortedFindings<K> {
    /// The keys, each with the index of its finding.
    entries: Vec<(K, usize)>,
    /// Skips allowed entries, so that each entry is visited once (a disjoint-set forest): `next[i]` is `i` if entry `i` is not allowed.
    /// Otherwise it is a later index, and all entries before that index are allowed. The last element is the end of `entries`.
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
    /// The entries from the first whose key is not `is_before`, as long as their keys are `is_within`.
    fn range(&self, is_before: impl Fn(&K) -> bool, is_within: impl Fn(&K) -> bool) -> Range<usize> {
        let start = self.entries.partition_point(|(key, _)| is_before(key));
        start..start + self.entries[start..].partition_point(|(key, _)| is_within(key))
    }

    /// Allows the findings in a range that are not allowed yet. Returns whether there are any findings in it.
    fn allow(&mut self, range: Range<usize>, findings: &mut [RuleFinding], allowed: &Allowed) -> bool {
        let mut index = self.skip_allowed(range.start);
        while index < range.end {
            count_steps(1);
            let finding = self.entries[index].1;
            findings[finding].allowed.get_or_insert_with(|| Box::new(allowed.clone()));
            self.next[index] = index + 1;
            index = self.skip_allowed(index + 1);
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
        // Let all entries on the way point to the end, so that the next search from them takes one step.
        let mut index = start;
        while index != end {
            index = std::mem::replace(&mut self.next[index], end);
        }
        end
    }
}

impl SortedFindings<String> {
    /// The entries at a pointer, and the entries below it. The two are not always next to each other: `/a` < `/a-b` < `/a/b`.
    fn ranges_at_or_below(&self, parent: &str) -> [Range<usize>; 2] {
        let prefix = format!("{parent}/");
        let equal = self.range(|pointer| **pointer < *parent, |pointer| *pointer == parent);
        [equal, self.range(|pointer| *pointer < prefix, |pointer| is_same_or_below(pointer, parent))]
    }
}
