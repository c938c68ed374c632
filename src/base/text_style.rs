//! Detects the line endings, indentation and spaces of a text, so that edits can add text in the same style.

use crate::base::format::Format;
use crate::base::steps::count_steps;

/// The style in which a text is written.
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
    /// Detects the style. This reads the whole text. YAML does not allow tabs as indentation, but a text of several lines may have them.
    pub(super) fn detect(text: &str, format: Format) -> Self {
        count_steps(text.len());
        let newline = match text.find(['\n', '\r']).map(|offset| &text[offset..]) {
            Some(rest) if rest.starts_with("\r\n") => "\r\n",
            Some(rest) if rest.starts_with('\r') => "\r",
            _ => "\n",
        };
        Self {
            newline,
            indent_unit: first_indentation(text, format != Format::Yaml).unwrap_or("  ").to_owned(),
            is_one_line: !text.trim_end().contains(['\n', '\r']),
            has_json_spaces: text.contains(", \"") || text.contains("\": "),
        }
    }
}

/// The blanks before the text of the first indented line.
fn first_indentation(text: &str, allows_tabs: bool) -> Option<&str> {
    for line in text.split(['\n', '\r']) {
        let content = line.trim_start_matches([' ', '\t']);
        let indentation = &line[..line.len() - content.len()];
        if !content.is_empty() && !indentation.is_empty() && (allows_tabs || !indentation.contains('\t')) {
            return Some(indentation);
        }
    }
    None
}
