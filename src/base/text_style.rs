//! How a text is written, so that edits can add text in the same style.

use crate::base::steps::count_steps;

/// See the module documentation.
#[derive(Clone, Debug)]
pub struct TextStyle {
    /// The line ending: that of the first line.
    pub newline: &'static str,
    /// The indentation of one level: that of the first indented line.
    pub indent_unit: String,
    /// Whether all of the text is on one line, apart from white space at its end.
    pub is_one_line: bool,
    /// Whether a space follows a colon or comma of JSON, which minified JSON does not have.
    pub has_json_spaces: bool,
}

impl TextStyle {
    /// Reads the text from start to end.
    pub(super) fn detect(text: &str) -> Self {
        count_steps(text.len());
        let newline = match text.find(['\n', '\r']).map(|offset| &text[offset..]) {
            Some(rest) if rest.starts_with("\r\n") => "\r\n",
            Some(rest) if rest.starts_with('\r') => "\r",
            _ => "\n",
        };
        let mut lines = text.split(['\n', '\r']);
        let indented = lines.find(|line| line.starts_with(is_blank) && !line.chars().all(is_blank));
        Self {
            newline,
            indent_unit: indented
                .map_or("  ", |line| &line[..line.len() - line.trim_start_matches(is_blank).len()])
                .into(),
            is_one_line: !text.trim_end().contains(['\n', '\r']),
            has_json_spaces: text.contains(", \"") || text.contains("\": "),
        }
    }
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t')
}
