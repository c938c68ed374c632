//! File patterns of the settings, such as `portals/**/*.{json,yaml}`. They are relative to the folder of the settings file.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use globset::GlobSet;

use super::pattern_index::PatternIndex;
use crate::base::diagnostic::Location;
use crate::base::file::display_path;
use crate::base::pattern::compile_pattern;
use crate::base::steps::count_steps;
use crate::rules::config_contexts::UnusedPattern;
use crate::syntax::cursor::Cursor;

/// A list of patterns. A file matches the list when it matches at least one pattern.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    patterns: Vec<Pattern>,
    index: PatternIndex,
}

/// A pattern of the settings.
#[derive(Clone, Debug)]
struct Pattern {
    compiled: GlobSet,
    /// The pattern as it is written.
    text: String,
    location: Location,
}

impl Pattern {
    /// Returns `None` for an invalid pattern.
    fn new(item: &Cursor<'_>) -> Option<Self> {
        let text = item.text()?;
        let compiled = compile_pattern(normalize(text)).ok()?;
        Some(Self { compiled, text: text.to_owned(), location: item.location() })
    }

    fn matches(&self, path: &Path) -> bool {
        count_steps(1);
        self.compiled.is_match(path)
    }

    /// Whether the path or a folder that contains it matches.
    fn matches_path_or_folder(&self, path: &str) -> bool {
        let mut paths = Path::new(path).ancestors().filter(|ancestor| !ancestor.as_os_str().is_empty());
        paths.any(|path| self.matches(path))
    }
}

/// Paths have no leading `./`. The end `/**` is removed, because a pattern for a folder matches everything inside it anyway, and
/// compiling `/**` takes more than linear time.
fn normalize(pattern: &str) -> &str {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern).trim_end_matches('/');
    pattern.strip_suffix("/**").unwrap_or(pattern)
}

/// The index of patterns by their words.
fn index_patterns<'p>(patterns: impl IntoIterator<Item = &'p Pattern>) -> PatternIndex {
    PatternIndex::new(patterns.into_iter().map(|pattern| normalize(&pattern.text)))
}

impl Patterns {
    /// Compiles a list of texts. Invalid patterns are skipped, because a rule reports them.
    pub fn from_list(list: &Cursor<'_>) -> Self {
        let patterns: Vec<Pattern> = list.items().filter_map(|item| Pattern::new(&item)).collect();
        Self { index: index_patterns(&patterns), patterns }
    }

    /// Whether `path` or a folder that contains it matches a pattern, as in .gitignore: `drafts` matches `drafts/x/a.json`. `path` is
    /// relative to the folder of the settings file and separated by `/`.
    pub fn matches(&self, path: &str) -> bool {
        self.index.candidates(path).any(|index| self.patterns[index].matches_path_or_folder(path))
    }

    /// Whether there are no patterns.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether a pattern without wildcards is the path of an existing file in `folder`.
    pub fn any_literal_path_exists(&self, folder: &Path) -> bool {
        let mut paths = self.patterns.iter().map(|pattern| pattern.text.as_str());
        paths.any(|path| !path.contains(['*', '?', '[', '{']) && folder.join(path).is_file())
    }
}

/// Several lists of patterns, which a path is compared with at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct PatternLists {
    /// The different patterns, each with the indices of its lists.
    patterns: Vec<(Pattern, Vec<usize>)>,
    index: PatternIndex,
}

impl PatternLists {
    /// Combines the lists.
    pub(crate) fn new<'p>(lists: impl IntoIterator<Item = &'p Patterns>) -> Self {
        let mut patterns: Vec<(Pattern, Vec<usize>)> = Vec::new();
        let mut positions: HashMap<&str, usize> = HashMap::new();
        for (list_index, list) in lists.into_iter().enumerate() {
            for pattern in &list.patterns {
                let position = *positions.entry(&pattern.text).or_insert(patterns.len());
                match patterns.get_mut(position) {
                    Some((_, lists)) => lists.push(list_index),
                    None => patterns.push((pattern.clone(), vec![list_index])),
                }
            }
        }
        let index = index_patterns(patterns.iter().map(|(pattern, _)| pattern));
        Self { patterns, index }
    }

    /// The indices of the lists that the path matches, sorted; see [`Patterns::matches`].
    pub(crate) fn matching_lists(&self, path: &str) -> Vec<usize> {
        let mut matching = Vec::new();
        // A path can contain the word of a pattern more than once.
        let candidates: BTreeSet<usize> = self.index.candidates(path).collect();
        for candidate in candidates {
            let (pattern, lists) = &self.patterns[candidate];
            if pattern.matches_path_or_folder(path) {
                matching.extend(lists);
            }
        }
        matching.sort_unstable();
        matching.dedup();
        matching
    }
}

/// Records which patterns match something during a walk of the whole project.
#[derive(Clone, Debug, Default)]
pub(crate) struct PatternUse {
    patterns: Vec<Pattern>,
    index: PatternIndex,
    /// Whether each pattern matched a file or folder.
    matched: Vec<bool>,
    /// The path of the first folder of each name, without the folders at the top of the project. If a pattern is such a name, its path is
    /// missing.
    nested_folders: BTreeMap<String, String>,
}

impl PatternUse {
    /// Starts a walk.
    pub(crate) fn new<'p>(lists: impl IntoIterator<Item = &'p Patterns>) -> Self {
        let patterns: Vec<Pattern> = lists.into_iter().flat_map(|list| list.patterns.iter().cloned()).collect();
        Self { index: index_patterns(&patterns), matched: vec![false; patterns.len()], patterns, ..Self::default() }
    }

    /// Records a file or folder of the walk. `path` is relative to the project's folder.
    pub(crate) fn record_path(&mut self, path: &Path, is_dir: bool) {
        if self.patterns.is_empty() {
            return;
        }
        let path = display_path(path);
        for candidate in self.index.candidates(&path) {
            let is_matched = &mut self.matched[candidate];
            *is_matched = *is_matched || self.patterns[candidate].matches(Path::new(&path));
        }
        if let Some((_, name)) = path.rsplit_once('/')
            && is_dir
        {
            self.nested_folders.entry(name.to_owned()).or_insert(path);
        }
    }

    /// The patterns that match nothing, after the walk.
    pub(crate) fn unused_patterns(&self) -> Vec<UnusedPattern> {
        let mut unused = Vec::new();
        for (pattern, is_matched) in self.patterns.iter().zip(&self.matched) {
            if !is_matched {
                let Pattern { text, location, .. } = pattern.clone();
                let name = text.trim_start_matches("./").trim_end_matches('/');
                let nested_folder = self.nested_folders.get(name).cloned();
                unused.push(UnusedPattern { text, location, nested_folder });
            }
        }
        unused
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::steps::assert_linear;
    use crate::syntax::toml;

    fn patterns_of<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Patterns {
        let patterns: Vec<String> = patterns.into_iter().map(|pattern| format!("'{pattern}'")).collect();
        let text = format!("p = [{}]", patterns.join(", "));
        Patterns::from_list(&Cursor::root(&toml::parse(&text).documents[0]).field("p"))
    }

    fn matches(pattern: &str, path: &str) -> bool {
        patterns_of([pattern]).matches(path)
    }

    #[test]
    fn a_star_does_not_match_a_slash() {
        assert!(matches("portals/*.json", "portals/a.json"));
        assert!(!matches("portals/*.json", "portals/x/a.json"));
    }

    #[test]
    fn two_stars_match_any_number_of_folders() {
        assert!(matches("portals/**/*.{json,yaml}", "portals/a.yaml"));
        assert!(matches("portals/**/*.{json,yaml}", "portals/x/y/a.json"));
        assert!(matches("**/*.portal.json", "a.portal.json"));
    }

    #[test]
    fn a_folder_matches_everything_inside_it() {
        for pattern in ["drafts", "./drafts/", "drafts/**", "drafts/**/"] {
            assert!(matches(pattern, "drafts/x/a.json") && matches(pattern, "drafts/a.json"), "{pattern}");
            assert!(!matches(pattern, "olddrafts/a.json"), "{pattern}");
        }
    }

    #[test]
    fn an_invalid_pattern_matches_nothing() {
        assert!(!matches("a[", "a["));
    }

    #[test]
    fn a_pattern_matches_the_same_paths_alone_and_with_others() {
        const PARTS: [&str; 11] = ["a", "bc", "/", "*", "**", "?", "{a,b/c}", "[!a]", r"\*", "./", "]"];
        let mut texts = Vec::new();
        for first in PARTS {
            for second in PARTS {
                texts.extend(PARTS.map(|third| [first, second, third].concat()));
            }
        }
        let alone: Vec<Patterns> = texts.iter().map(|text| patterns_of([text.as_str()])).collect();
        let lists = PatternLists::new(&alone);
        let together = patterns_of(texts.iter().map(String::as_str));
        for path in ["a", "b", "bc", "abc", "a/bc", "bc/a", "a/b/c", "bca/a", "*", "a*", "a/*", "]a", "x/y/bc/a"] {
            let matching: Vec<usize> = (0..texts.len()).filter(|index| alone[*index].matches(path)).collect();
            assert_eq!(lists.matching_lists(path), matching, "{path}");
            assert!(together.matches(path) && !matching.is_empty(), "{path}");
        }
    }

    #[test]
    fn a_path_is_not_compared_with_every_pattern() {
        for pattern in ["p/#*.json", "**/#*.json", "p/?#.json", "p/*-#.json", "p/[a]#.{json,yaml}", "p/*#/**"] {
            let lines =
                |len| (0..len / 20).map(|number| pattern.replace('#', &format!("{number:04}")) + "\n").collect();
            assert_linear(pattern, lines, |text| {
                let lists: Vec<Patterns> = text.lines().map(|line| patterns_of([line])).collect();
                let (together, combined) = (patterns_of(text.lines()), PatternLists::new(&lists));
                let mut pattern_use = PatternUse::new(&lists);
                for number in 0..lists.len() {
                    let path = format!("p/a{number:04}.json");
                    together.matches(&path);
                    combined.matching_lists(&path);
                    pattern_use.record_path(Path::new(&path), false);
                }
            });
        }
    }
}
