//! Parses a file with patterns of what git ignores.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Parses a `.gitignore` file. Invalid lines are skipped, as git does.
pub(super) fn parse_patterns(folder: &Path, content: &[u8], ignores_case: bool) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    // Setting this does not fail.
    let _ = builder.case_insensitive(ignores_case);
    let text = String::from_utf8_lossy(content);
    for line in text.strip_prefix('\u{feff}').unwrap_or(&text).lines() {
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}
