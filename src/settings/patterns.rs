//! File patterns of the settings, such as `portals/**/*.{json,yaml}`. They are relative to the folder of the settings file.

use std::path::Path;

use globset::{GlobSet, GlobSetBuilder};

use crate::base::pattern::compile_pattern;
use crate::syntax::cursor::Cursor;

/// A list of patterns. A file matches the list when it matches at least one pattern.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    set: GlobSet,
    /// The patterns without wildcards: each is the relative path of one file or folder.
    literal_paths: Vec<String>,
}

impl Patterns {
    /// Compiles a list of texts. Invalid patterns are skipped: the rule on bad settings reports them.
    pub fn from_list(list: &Cursor<'_>) -> Self {
        let mut set = GlobSetBuilder::new();
        let mut literal_paths = Vec::new();
        for item in list.items() {
            let Some(text) = item.text() else { continue };
            if !text.contains(['*', '?', '[', '{']) {
                literal_paths.push(text.to_owned());
            }
            // Paths are matched without a leading `./`. A folder matches everything inside it anyway, and compiling `/**` takes more
            // than linear time.
            let pattern = text.strip_prefix("./").unwrap_or(text).trim_end_matches('/');
            if let Ok(glob) = compile_pattern(pattern.strip_suffix("/**").unwrap_or(pattern)) {
                set.add(glob);
            }
        }
        Self { set: set.build().unwrap_or_default(), literal_paths }
    }

    /// Whether `path` or a folder around it matches a pattern, as in .gitignore: `drafts` matches `drafts/x/a.json`. `path` is
    /// relative to the settings' folder and separated by `/`.
    pub fn matches(&self, path: &str) -> bool {
        let mut paths = Path::new(path).ancestors().filter(|path| !path.as_os_str().is_empty());
        !self.set.is_empty() && paths.any(|path| self.set.is_match(path))
    }

    /// Whether a pattern without wildcards is the path of an existing file in `folder`.
    pub fn any_literal_path_exists(&self, folder: &Path) -> bool {
        self.literal_paths.iter().any(|path| folder.join(path).is_file())
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
