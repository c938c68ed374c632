//! Patterns for files, as seen from the folder of the settings: `portals/**/*.{json,yaml}`.

use std::path::Path;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::syntax::cursor::Cursor;

/// A list of patterns; a file matches when one of them does.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    set: GlobSet,
    /// Those that are the way to one file.
    ways: Vec<String>,
}

impl Patterns {
    /// Of a list of texts. What is no pattern is left out: RCP914 has said so.
    pub fn of(list: &Cursor<'_>) -> Self {
        let mut set = GlobSetBuilder::new();
        let patterns = list.items().filter_map(|item| item.text());
        let globs = patterns.flat_map(|text| {
            // Whoever names a folder means what is in it.
            let text = text.strip_prefix("./").unwrap_or(text).trim_end_matches('/');
            let inside = format!("{text}/**");
            [text.to_owned(), inside].map(|text| GlobBuilder::new(&text).literal_separator(true).build().ok())
        });
        for glob in globs.flatten() {
            set.add(glob);
        }
        let ways = list.items().filter_map(|item| item.text()).filter(|text| !text.contains(['*', '?', '[', '{']));
        Self { set: set.build().unwrap_or_default(), ways: ways.map(str::to_owned).collect() }
    }

    /// Whether a file does, by its way from the folder of the settings, `/` between the parts.
    pub fn match_path(&self, path: &str) -> bool {
        self.set.is_match(path)
    }

    /// Whether one of them is the way from a folder to a file that is there.
    pub fn name_a_file_in(&self, folder: &Path) -> bool {
        self.ways.iter().any(|way| folder.join(way).is_file())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::toml;

    #[test]
    fn a_star_stays_in_its_folder_and_a_folder_is_all_that_is_in_it() {
        let matches = |pattern: &str, path: &str| {
            let text = format!("p = ['{pattern}']");
            Patterns::of(&Cursor::root(&toml::parse(&text).documents[0]).at("p")).match_path(path)
        };
        assert!(matches("portals/*.json", "portals/a.json"));
        assert!(!matches("portals/*.json", "portals/x/a.json"));
        assert!(matches("portals/**/*.{json,yaml}", "portals/a.yaml"));
        assert!(matches("portals/**/*.{json,yaml}", "portals/x/y/a.json"));
        assert!(matches("**/*.portal.json", "a.portal.json"));
        assert!(matches("drafts", "drafts/x/a.json") && matches("./drafts/", "drafts/a.json"));
        assert!(!matches("drafts", "olddrafts/a.json") && !matches("a[", "a["));
    }
}
