//! Finds many values in a text in one pass.

use std::ops::Range;

use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, MatchKind};

/// Values to be found in texts. The time to find them does not depend on their number.
#[derive(Clone, Debug)]
pub(super) struct Matcher(Option<NFA>);

impl Matcher {
    /// Without a value, or with more than fit into an automaton (far more than a file within its limits can hold), nothing is
    /// found.
    pub(super) fn new<'v>(values: impl IntoIterator<Item = &'v str>) -> Self {
        Self(NFA::builder().match_kind(MatchKind::Standard).build(values).ok())
    }

    /// The longest match that ends at each byte, in the order of their ends.
    pub(super) fn find_all(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut matches = Vec::new();
        let Some(nfa) = &self.0 else { return matches };
        let Ok(mut state) = nfa.start_state(Anchored::No) else { return matches };
        for (at, byte) in text.iter().enumerate() {
            state = nfa.next_state(Anchored::No, state, *byte);
            if nfa.is_match(state) {
                // The first pattern of a state is the longest: the others are ends of it.
                let len = nfa.pattern_len(nfa.match_pattern(state, 0));
                matches.push(at + 1 - len..at + 1);
            }
        }
        matches
    }
}

/// Merges ranges that are sorted by their ends. The result is sorted, and no two of its ranges touch.
pub(super) fn merge_ranges(sorted_by_end: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in sorted_by_end.iter().rev() {
        match merged.last_mut() {
            Some(last) if range.end >= last.start => last.start = last.start.min(range.start),
            _ => merged.push(range.clone()),
        }
    }
    merged.reverse();
    merged
}
