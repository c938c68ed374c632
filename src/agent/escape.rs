//! How text of a file is shown to an agent: characters that cannot be seen are escaped, and quotes are short.

use std::fmt::Write;

use crate::base::sanitize::is_escaped_for_agents;

/// The number of characters of a quote from a file.
const MAX_QUOTE: usize = 120;

/// Replaces each character that is not shown to agents by its code point, such as `\u{202e}`.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_escaped_for_agents(c) {
            // Writing to a string does not fail.
            let _ = write!(escaped, "\\u{{{:x}}}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Escapes a message, and shortens each code span in it. Messages quote files only in code spans.
pub(crate) fn escape_message(message: &str) -> String {
    let parts = message.split('`').enumerate();
    let escaped: Vec<String> = parts.map(|(i, part)| if i % 2 == 1 { shorten(part) } else { escape(part) }).collect();
    escaped.join("`")
}

/// Escapes a text, and cuts it after [`MAX_QUOTE`] characters.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTE) {
        Some((end, _)) => escape(&text[..end]) + "…",
        None => escape(text),
    }
}
