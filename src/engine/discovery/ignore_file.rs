//! Parses files of patterns for paths that git ignores.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Parses a `.gitignore` file or another file of the same format, whose patterns are relative to `folder`. Skips invalid lines, as git
/// does.
pub(super) fn parse_patterns(folder: &Path, content: &[u8], ignores_case: bool) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    // This never fails.
    let _ = builder.case_insensitive(ignores_case);
    let text = String::from_utf8_lossy(content);
    for line in text.strip_prefix('\u{feff}').unwrap_or(&text).lines() {
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}
