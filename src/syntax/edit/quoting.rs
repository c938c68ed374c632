//! Quotes and escapes text so that the parser decodes it to the same text.

use std::borrow::Cow;

use crate::syntax::Style;
use crate::syntax::edit::Editor;

impl Editor<'_> {
    /// Formats a text as a complete value in a style; `None` for block scalars and variables.
    pub(super) fn quote_for_style(&self, text: &str, style: Style) -> Option<String> {
        match style {
            Style::Json | Style::Double => Some(double_quoted(text)),
            Style::Single => Some(quoted(text, '\'')),
            Style::Plain if is_safe_plain(text) => Some(text.to_owned()),
            Style::Plain => Some(quoted(text, self.default_quote())),
            Style::Literal | Style::Folded | Style::Variable => None,
        }
    }

    /// The quotes for strings that had none before.
    pub(super) fn default_quote(&self) -> char {
        self.preferred_quote.unwrap_or('"')
    }
}

/// Formats a text as a part of a string in a style, without quotes. `None` if the style has no escape for a character, and for plain
/// YAML scalars, in which the rest of the text determines what is allowed.
pub(crate) fn escape_part(style: Style, text: &str) -> Option<Cow<'_, str>> {
    Some(match style {
        Style::Json | Style::Double => {
            let quoted = double_quoted(text);
            Cow::Owned(quoted[1..quoted.len() - 1].to_owned())
        }
        // The other styles have no escapes.
        _ if text.chars().any(char::is_control) => return None,
        Style::Single => Cow::Owned(text.replace('\'', "''")),
        Style::Literal | Style::Folded => Cow::Borrowed(text),
        Style::Plain | Style::Variable => return None,
    })
}

/// Puts text in these quotes. Text with control characters needs double quotes, because single quotes have no escapes.
fn quoted(text: &str, quote: char) -> String {
    if quote == '\'' && !text.chars().any(char::is_control) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    double_quoted(text)
}

/// Formats text as a JSON string. YAML accepts it, too: a double-quoted scalar supports all escapes of JSON (YAML 1.2, 5.7).
fn double_quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Whether every YAML parser reads this text as a string if it has no quotes. YAML 1.1 parsers read words such as `no` as
/// booleans.
pub(super) fn is_safe_plain(text: &str) -> bool {
    const BOOLEANS_AND_NULL: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'@'))
        && !BOOLEANS_AND_NULL.contains(&text.to_ascii_lowercase().as_str())
}
