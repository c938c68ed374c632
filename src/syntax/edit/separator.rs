//! Parses the separator between two values of an object or list: white space, comments and a comma.

use crate::base::source::Format;
use crate::base::steps::count_steps;

/// The text between two values of an object or list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Separator {
    /// The offset of the comma.
    pub comma: Option<usize>,
    pub has_comment: bool,
}

/// Parses the separator between two offsets; `None` if it contains anything else, such as an anchor or a merge key.
pub(super) fn parse_separator(text: &str, start: usize, end: usize, format: Format) -> Option<Separator> {
    let mut separator = Separator::default();
    let mut offset = start;
    count_steps(end.saturating_sub(start) + 1);
    while offset < end {
        let rest = text.get(offset..end)?;
        let first = rest.chars().next()?;
        offset += match first {
            ' ' | '\t' | '\n' | '\r' => 1,
            ',' if separator.comma.is_none() => {
                separator.comma = Some(offset);
                1
            }
            _ => {
                separator.has_comment = true;
                comment_len(rest, format)?
            }
        };
    }
    Some(separator)
}

/// The length of the comment at the start of `rest`, without the line break.
fn comment_len(rest: &str, format: Format) -> Option<usize> {
    let is_line_comment = match format {
        Format::Yaml => rest.starts_with('#'),
        Format::Jsonc => rest.starts_with("//"),
        Format::Json | Format::Toml | Format::Markdown => false,
    };
    if is_line_comment {
        return Some(rest.find(['\n', '\r']).unwrap_or(rest.len()));
    }
    if format == Format::Jsonc && rest.starts_with("/*") {
        return rest.find("*/").map(|end| end + 2);
    }
    None
}

/// Whether a part of a file may contain a comment. In YAML, a `#` inside a string counts as well. Then an edit is not offered, although
/// it would be safe.
pub(super) fn may_contain_comment(text: &str, format: Format) -> bool {
    match format {
        Format::Json | Format::Toml | Format::Markdown => false,
        Format::Yaml => text.contains(" #") || text.contains("\t#") || text.contains("\n#") || text.contains("\r#"),
        Format::Jsonc => {
            let mut in_string = false;
            let mut bytes = text.bytes();
            while let Some(byte) = bytes.next() {
                match byte {
                    b'"' => in_string = !in_string,
                    // Skip the escaped byte, which may be a quote.
                    b'\\' if in_string => drop(bytes.next()),
                    // Outside of strings, JSON has no slashes.
                    b'/' if !in_string => return true,
                    _ => {}
                }
            }
            false
        }
    }
}
