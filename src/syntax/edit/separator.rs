//! What stands between two values of an object or a list: blanks, comments, a comma.

use crate::base::source::Format;

/// See the module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Gap {
    /// Where the comma is.
    pub comma: Option<usize>,
    /// Whether there is a comment.
    pub comments: bool,
}

/// Reads the gap from `start` to `end`; `None` when something else stands there, too: an anchor, a merge key.
pub(super) fn gap(text: &str, start: usize, end: usize, format: Format) -> Option<Gap> {
    let mut found = Gap::default();
    let mut at = start;
    while at < end {
        let rest = text.get(at..end)?;
        let first = rest.chars().next()?;
        at += match first {
            ' ' | '\t' | '\n' | '\r' => 1,
            ',' if found.comma.is_none() => {
                found.comma = Some(at);
                1
            }
            _ => {
                found.comments = true;
                comment(rest, format)?
            }
        };
    }
    Some(found)
}

/// The length of the comment a text starts with, its line break excluded.
fn comment(rest: &str, format: Format) -> Option<usize> {
    let line = || rest.find(['\n', '\r']).unwrap_or(rest.len());
    match format {
        Format::Yaml if rest.starts_with('#') => Some(line()),
        Format::Jsonc if rest.starts_with("//") => Some(line()),
        Format::Jsonc if rest.starts_with("/*") => rest.find("*/").map(|end| end + 2),
        _ => None,
    }
}

/// Whether a stretch of a file holds a comment, be it among values. In YAML a `#` that may be one counts as one.
pub(super) fn may_hold_a_comment(text: &str, format: Format) -> bool {
    match format {
        Format::Json | Format::Toml => false,
        Format::Yaml => text.contains(" #") || text.contains("\t#") || text.contains("\n#") || text.contains("\r#"),
        Format::Jsonc => {
            let mut in_text = false;
            let mut bytes = text.bytes().peekable();
            while let Some(byte) = bytes.next() {
                match byte {
                    b'"' => in_text = !in_text,
                    b'\\' if in_text => drop(bytes.next()),
                    b'/' if !in_text => return true,
                    _ => {}
                }
            }
            false
        }
    }
}
