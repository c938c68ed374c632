//! Parses a file with patterns of what git ignores.

use std::borrow::Cow;
use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The named character classes of patterns (`[[:alpha:]]`), which the matcher does not support, and the characters in them.
const CHARACTER_CLASSES: [(&str, &str); 6] = [
    ("[:alnum:]", "0-9A-Za-z"),
    ("[:alpha:]", "A-Za-z"),
    ("[:digit:]", "0-9"),
    ("[:lower:]", "a-z"),
    ("[:upper:]", "A-Z"),
    ("[:xdigit:]", "0-9A-Fa-f"),
];

/// Parses a `.gitignore` file. Invalid lines are skipped, as git does.
pub(super) fn parse_patterns(folder: &Path, content: &[u8]) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    let text = String::from_utf8_lossy(content);
    for line in text.strip_prefix('\u{feff}').unwrap_or(&text).lines() {
        let mut line = Cow::from(line);
        for (name, characters) in CHARACTER_CLASSES {
            if line.contains(name) {
                line = line.replace(name, characters).into();
            }
        }
        let _ = builder.add_line(None, &line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}
