//! The formats of files.

use std::fmt;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Strict JSON (RFC 8259).
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
    /// YAML 1.2.
    Yaml,
    /// TOML, for settings files. A portal is never TOML.
    Toml,
    /// Markdown whose fenced blocks contain JSON or YAML, on standard input. It has no tree of its own.
    Markdown,
}

impl Format {
    /// The format of a portal file according to its extension; `None` for any other extension, including `.toml` and `.md`.
    pub fn from_file_name(name: &str) -> Option<Self> {
        let extension = &name.as_bytes()[memchr::memrchr(b'.', name.as_bytes())? + 1..];
        let formats = [("json", Self::Json), ("jsonc", Self::Jsonc), ("yaml", Self::Yaml), ("yml", Self::Yaml)];
        let is_known = |(known, _): &(&str, Self)| extension.eq_ignore_ascii_case(known.as_bytes());
        formats.into_iter().find(is_known).map(|(_, format)| format)
    }

    /// Guesses the format of a text without a file name: JSON if it starts with a brace or bracket, or with comments before one,
    /// Markdown if it has a fenced block, else YAML.
    pub fn sniff(text: &str) -> Self {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        match start.as_bytes().first() {
            Some(b'{' | b'[') => Self::Json,
            Some(b'/') if skip_comments(start).starts_with(['{', '[']) => Self::Jsonc,
            _ if text.lines().any(is_markdown_fence) => Self::Markdown,
            _ => Self::Yaml,
        }
    }
}

/// The text after the comments and white space at its start.
fn skip_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let end = if rest.starts_with("//") {
            rest.find(['\n', '\r'])
        } else if rest.starts_with("/*") {
            rest.find("*/").map(|end| end + 2)
        } else {
            return rest;
        };
        rest = rest[end.unwrap_or(rest.len())..].trim_start();
    }
}

/// Whether a line is a fence of Markdown, and not YAML. At the start of a line, backticks are certain, because YAML reserves them.
/// Any other fence may be text in a block scalar, so it counts only with the name of a format.
fn is_markdown_fence(line: &str) -> bool {
    let content = line.trim_start_matches([' ', '>']);
    let info = content.trim_start_matches(['`', '~']);
    if content.len() - info.len() < 3 {
        return false;
    }
    let language = info.trim().to_ascii_lowercase();
    let names_format = ["json", "yaml", "yml"].into_iter().any(|format| language.starts_with(format));
    names_format || (line.starts_with("```") && !info.contains('`'))
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json => "JSON",
            Self::Jsonc => "JSON with comments",
            Self::Yaml => "YAML",
            Self::Toml => "TOML",
            Self::Markdown => "Markdown",
        })
    }
}
