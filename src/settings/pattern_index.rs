//! Finds the few patterns that a path may match among thousands, so that the time does not grow with the number of both.

use std::cmp::Reverse;
use std::collections::HashMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::base::steps::count_steps;

/// Up to this number of patterns, a search takes longer than a comparison with each.
const MAX_SMALL_LEN: usize = 8;

/// An index of patterns by a word that every matching path contains.
#[derive(Clone, Debug, Default)]
pub(super) struct PatternIndex {
    /// `None` if there are few patterns, or too many for a search.
    finder: Option<AhoCorasick>,
    /// For each word of `finder`, the indices of its patterns.
    with_word: Vec<Vec<usize>>,
    /// The indices of the patterns that are compared with every path.
    without_word: Vec<usize>,
}

impl PatternIndex {
    /// Creates an index of these patterns.
    pub(super) fn new<'p>(patterns: impl Iterator<Item = &'p str>) -> Self {
        let words: Vec<Vec<&str>> = patterns.map(required_words).collect();
        let unindexed = Self { without_word: (0..words.len()).collect(), ..Self::default() };
        if words.len() <= MAX_SMALL_LEN {
            return unindexed;
        }
        let mut uses: HashMap<&str, usize> = HashMap::new();
        for word in words.iter().flatten() {
            *uses.entry(word).or_default() += 1;
        }
        let (mut by_word, mut without_word): (HashMap<&str, Vec<usize>>, _) = (HashMap::new(), Vec::new());
        for (index, words) in words.iter().enumerate() {
            // The word that the fewest patterns have in common, and of several such words the longest, is in the fewest paths.
            match words.iter().min_by_key(|word| (uses[*word], Reverse(word.len()))) {
                Some(word) => by_word.entry(word).or_default().push(index),
                None => without_word.push(index),
            }
        }
        let (words, with_word): (Vec<&str>, Vec<_>) = by_word.into_iter().unzip();
        // The default kind needs far more memory for long words.
        match AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(words) {
            Ok(finder) => Self { finder: Some(finder), with_word, without_word },
            Err(_) => unindexed,
        }
    }

    /// The indices of all patterns that may match the path or a folder that contains it. An index can occur more than once.
    pub(super) fn candidates(&self, path: &str) -> impl Iterator<Item = usize> {
        count_steps(path.len());
        let found = self.finder.iter().flat_map(move |finder| finder.find_overlapping_iter(path));
        let with_word = found.flat_map(|found| &self.with_word[found.pattern().as_usize()]);
        with_word.chain(&self.without_word).copied()
    }
}

/// Words that are in every path that matches the pattern: those outside of brackets and braces.
fn required_words(pattern: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut rest, mut open_braces) = (pattern, 0_usize);
    while let Some(position) = rest.find(['*', '?', '[', '{', '}', '\\']) {
        let (word, special) = rest.split_at(position);
        if open_braces == 0 {
            words.push(word);
        }
        rest = &special[1..];
        match special.as_bytes()[0] {
            b'{' => open_braces += 1,
            b'}' => open_braces = open_braces.saturating_sub(1),
            b'[' => rest = after_brackets(rest),
            b'\\' => rest = after_first(rest),
            _ => {}
        }
    }
    words.push(rest);
    // A slash next to `**` may be missing in the path.
    words.iter().map(|word| word.trim_matches('/')).filter(|word| !word.is_empty()).collect()
}

/// The text after a bracket expression whose opening bracket was read.
fn after_brackets(text: &str) -> &str {
    let members = text.strip_prefix(['!', '^']).unwrap_or(text);
    // A closing bracket at the start is a part of the expression.
    after_first(members).split_once(']').map_or("", |(_, after)| after)
}

/// The text after its first character.
fn after_first(text: &str) -> &str {
    let mut chars = text.chars();
    chars.next();
    chars.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn required_words_are_outside_of_brackets_and_braces() {
        for (pattern, words) in [
            ("portals/acme.json", vec!["portals/acme.json"]),
            ("portals/**/acme*.json", vec!["portals", "acme", ".json"]),
            ("**/a?b", vec!["a", "b"]),
            ("a{b,[c]d}e[f]g", vec!["a", "e", "g"]),
            ("a{b,{c,d}}", vec!["a"]),
            ("a[]b]c", vec!["a", "c"]),
            ("[!a]b[^]]c{[}]}d[{]e", vec!["b", "c", "d", "e"]),
            (r"a\[b\]c\{d", vec!["a", "b", "c", "d"]),
            (r"a\*b", vec!["a", "b"]),
            ("**", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(required_words(pattern), words, "{pattern}");
        }
    }

    #[test]
    fn candidates_are_the_patterns_with_a_word_of_the_path() {
        let patterns: Vec<String> = (0..20).map(|number| format!("p/a{number}-*.json")).collect();
        let index = PatternIndex::new(patterns.iter().map(String::as_str).chain(["*"]));
        assert_eq!(index.candidates("p/a12-x.json").collect::<Vec<_>>(), [12, 20]);
    }
}
