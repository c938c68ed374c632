//! How text is written so that it is read back as the same text.

use crate::syntax::Style;
use crate::syntax::edit::Editor;

impl Editor<'_> {
    /// A text as a value of its own; `None` where its style has no way to hold it (a block scalar).
    pub(super) fn written(&self, text: &str, style: Style) -> Option<String> {
        match style {
            Style::Json | Style::Double => Some(double(text)),
            Style::Single => Some(quoted(text, '\'')),
            Style::Plain if is_plain(text) => Some(text.to_owned()),
            Style::Plain => Some(quoted(text, self.quote_mark())),
            Style::Literal | Style::Folded => None,
        }
    }

    /// The quotes of this document.
    pub(super) fn quote_mark(&self) -> char {
        self.mark.unwrap_or('"')
    }
}

/// In single quotes where they can hold it, else in double ones.
fn quoted(text: &str, mark: char) -> String {
    let fits = !text.chars().any(char::is_control);
    if mark == '\'' && fits { format!("'{}'", text.replace('\'', "''")) } else { double(text) }
}

/// As JSON, which YAML reads the same way in double quotes.
fn double(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What no YAML reads as anything but this text, wherever it stands: a word that starts with a letter.
pub(super) fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'@'))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}
