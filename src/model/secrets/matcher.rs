//! Finds many values in a text in one pass.

use std::ops::Range;

use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, MatchKind};
use memchr::memmem::Finder;

/// Values to be found in texts.
#[derive(Clone, Debug)]
pub(super) enum Matcher {
    /// A file usually has one or two secrets. Searching for each is faster than building an automaton, which takes longer than all
    /// other work on a small file.
    Few(Vec<Finder<'static>>),
    /// The time to find the values does not depend on their number or length.
    Many(Box<NFA>),
}

/// [`Matcher::Few`] has at most this many values, with at most this many bytes.
const FEW_VALUES: usize = 4;
const MAX_FEW_LEN: usize = 64;

impl Matcher {
    pub(super) fn new<'v>(values: impl IntoIterator<Item = &'v str>) -> Self {
        let values: Vec<&str> = values.into_iter().collect();
        let are_few = values.len() <= FEW_VALUES && values.iter().all(|value| value.len() <= MAX_FEW_LEN);
        // Values with more than two billion bytes do not fit into an automaton. Searching for each is slow, but finds all of them.
        if !are_few && let Ok(nfa) = NFA::builder().match_kind(MatchKind::Standard).build(&values) {
            return Self::Many(Box::new(nfa));
        }
        Self::Few(values.iter().map(|value| Finder::new(value).into_owned()).collect())
    }

    /// Matches that together cover each byte of each occurrence of a value, in the order of their ends.
    pub(super) fn find_all(&self, text: &[u8]) -> Vec<Range<usize>> {
        match self {
            Self::Few(finders) => find_each(finders, text),
            Self::Many(nfa) => find_with_automaton(nfa, text),
        }
    }
}

fn find_each(finders: &[Finder<'_>], text: &[u8]) -> Vec<Range<usize>> {
    let mut matches = Vec::new();
    for finder in finders {
        let mut search_start = 0;
        while let Some(offset) = finder.find(&text[search_start..]) {
            let start = search_start + offset;
            matches.push(start..start + finder.needle().len());
            // Occurrences may overlap: `abab` occurs twice in `ababab`.
            search_start = start + 1;
        }
    }
    matches.sort_unstable_by_key(|range| range.end);
    matches
}

/// The longest match that ends at each byte.
fn find_with_automaton(nfa: &NFA, text: &[u8]) -> Vec<Range<usize>> {
    let mut matches = Vec::new();
    // This never fails: an automaton of this type supports both kinds of searches.
    let Ok(mut state) = nfa.start_state(Anchored::No) else { return matches };
    for (index, byte) in text.iter().enumerate() {
        state = nfa.next_state(Anchored::No, state, *byte);
        if nfa.is_match(state) {
            // The first pattern of a state is the longest one. The others are suffixes of it.
            let len = nfa.pattern_len(nfa.match_pattern(state, 0));
            let end = index + 1;
            matches.push(end - len..end);
        }
    }
    matches
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_values_cover_the_same_bytes() {
        let text = "xababab y abcabcab abcabc";
        for values in [&["abab"][..], &["abc", "cab"], &["abab", "bab", "abcabc"], &["none"]] {
            let few = Matcher::new(values.iter().copied());
            // Values that do not occur, so that there are many.
            let many = Matcher::new(values.iter().copied().chain(["1", "2", "3", "4", "5"]));
            assert!(matches!((&few, &many), (Matcher::Few(_), Matcher::Many(_))));
            let [few, many] = [few, many].map(|matcher| merge_ranges(&matcher.find_all(text.as_bytes())));
            assert_eq!(few, many, "{values:?}");
        }
    }
}
