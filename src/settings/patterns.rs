//! File patterns of the settings, such as `portals/**/*.{json,yaml}`. They are relative to the folder of the settings file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::base::diagnostic::Location;
use crate::base::file::display_path;
use crate::base::pattern::compile_pattern;
use crate::base::steps::count_steps;
use crate::rules::config_contexts::UnusedPattern;
use crate::syntax::cursor::Cursor;

/// A list of patterns. A file matches the list when it matches at least one pattern.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    set: GlobSet,
    /// The patterns without wildcards, each of which is the relative path of a file or folder.
    literal_paths: Vec<String>,
    /// The pattern of each glob in `set`.
    sources: Vec<PatternSource>,
}

/// Several lists of patterns, which a path is compared with at once.
pub(crate) struct PatternLists<'p> {
    lists: Vec<&'p Patterns>,
    /// All patterns in one set, because matching a set for each list takes much longer. `None` if they are too complex together.
    set: Option<GlobSet>,
    /// The index of the list of each pattern in `set`.
    list_indices: Vec<usize>,
}

impl<'p> PatternLists<'p> {
    /// Combines the lists.
    pub(crate) fn new(lists: impl IntoIterator<Item = &'p Patterns>) -> Self {
        let lists: Vec<&Patterns> = lists.into_iter().collect();
        let mut set = GlobSetBuilder::new();
        let mut list_indices = Vec::new();
        for (index, list) in lists.iter().enumerate() {
            for source in &list.sources {
                set.add(source.glob.clone());
                list_indices.push(index);
            }
        }
        Self { lists, set: set.build().ok(), list_indices }
    }

    /// The indices of the lists that the path matches; see [`Patterns::matches`].
    pub(crate) fn matching_lists(&self, path: &str) -> BTreeSet<usize> {
        let Some(set) = &self.set else {
            return (0..self.lists.len()).filter(|index| self.lists[*index].matches(path)).collect();
        };
        let mut matching = BTreeSet::new();
        for path in path_and_folders(path) {
            for pattern in set.matches(path) {
                count_steps(1);
                matching.insert(self.list_indices[pattern]);
            }
        }
        matching
    }
}

/// The path and the folders that contain it.
fn path_and_folders(path: &str) -> impl Iterator<Item = &Path> {
    Path::new(path).ancestors().filter(|ancestor| !ancestor.as_os_str().is_empty())
}

/// A pattern as it is written in the settings.
#[derive(Clone, Debug)]
struct PatternSource {
    glob: Glob,
    text: String,
    location: Location,
}

impl Patterns {
    /// Compiles a list of texts. Invalid patterns are skipped, because a rule reports them.
    pub fn from_list(list: &Cursor<'_>) -> Self {
        let mut set = GlobSetBuilder::new();
        let mut literal_paths = Vec::new();
        let mut sources = Vec::new();
        for item in list.items() {
            let Some(text) = item.text() else { continue };
            if !text.contains(['*', '?', '[', '{']) {
                literal_paths.push(text.to_owned());
            }
            // Paths have no leading `./`. The end `/**` is removed, because a pattern for a folder matches everything inside it anyway, and
            // compiling `/**` takes more than linear time.
            let pattern = text.strip_prefix("./").unwrap_or(text).trim_end_matches('/');
            if let Ok(glob) = compile_pattern(pattern.strip_suffix("/**").unwrap_or(pattern)) {
                set.add(glob.clone());
                sources.push(PatternSource { glob, text: text.to_owned(), location: item.location() });
            }
        }
        Self { set: set.build().unwrap_or_default(), literal_paths, sources }
    }

    /// Whether `path` or a folder that contains it matches a pattern, as in .gitignore: `drafts` matches `drafts/x/a.json`. `path` is
    /// relative to the folder of the settings file and separated by `/`.
    pub fn matches(&self, path: &str) -> bool {
        !self.set.is_empty() && path_and_folders(path).any(|path| self.set.is_match(path))
    }

    /// Whether there are no patterns.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Whether a pattern without wildcards is the path of an existing file in `folder`.
    pub fn any_literal_path_exists(&self, folder: &Path) -> bool {
        self.literal_paths.iter().any(|path| folder.join(path).is_file())
    }
}

/// Records which patterns match something during a walk of the whole project.
#[derive(Clone, Debug, Default)]
pub(crate) struct PatternUse {
    patterns: Vec<PatternSource>,
    /// All patterns in one set, as in [`PatternLists`].
    set: GlobSet,
    /// The indices of the patterns that matched a file or folder.
    matched: BTreeSet<usize>,
    /// The path of the first folder of each name, without the folders at the top of the project. If a pattern is such a name, its path is
    /// missing.
    nested_folders: BTreeMap<String, String>,
}

impl PatternUse {
    /// Starts a walk. If the patterns are too complex together, none of them counts as unused.
    pub(crate) fn new<'p>(lists: impl IntoIterator<Item = &'p Patterns>) -> Self {
        let mut set = GlobSetBuilder::new();
        let mut patterns = Vec::new();
        for pattern in lists.into_iter().flat_map(|list| &list.sources) {
            set.add(pattern.glob.clone());
            patterns.push(pattern.clone());
        }
        let Ok(set) = set.build() else { return Self::default() };
        Self { patterns, set, ..Self::default() }
    }

    /// Records a file or folder of the walk. `path` is relative to the project's folder.
    pub(crate) fn record_path(&mut self, path: &Path, is_dir: bool) {
        if self.patterns.is_empty() {
            return;
        }
        let path = display_path(path);
        self.matched.extend(self.set.matches(&path));
        if let Some((_, name)) = path.rsplit_once('/')
            && is_dir
        {
            self.nested_folders.entry(name.to_owned()).or_insert(path);
        }
    }

    /// The patterns that match nothing, after the walk.
    pub(crate) fn unused_patterns(&self) -> Vec<UnusedPattern> {
        let mut unused = Vec::new();
        for (index, pattern) in self.patterns.iter().enumerate() {
            if !self.matched.contains(&index) {
                let PatternSource { text, location, .. } = pattern.clone();
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
    use crate::syntax::toml;

    fn matches(pattern: &str, path: &str) -> bool {
        let text = format!("p = ['{pattern}']");
        Patterns::from_list(&Cursor::root(&toml::parse(&text).documents[0]).field("p")).matches(path)
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
        assert!(matches("drafts", "drafts/x/a.json") && matches("./drafts/", "drafts/a.json"));
        assert!(!matches("drafts", "olddrafts/a.json"));
    }

    #[test]
    fn an_invalid_pattern_matches_nothing() {
        assert!(!matches("a[", "a["));
    }
}
