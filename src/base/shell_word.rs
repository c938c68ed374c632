//! File names and JSON Pointers in the commands that messages suggest.

use crate::base::sanitize::is_unprintable;

/// The placeholder in a suggested command for a name that cannot be pasted into a shell.
pub(crate) const FILE: &str = "FILE";

/// The file name as one word of a shell command, or [`FILE`].
pub(crate) fn shell_word(name: &str) -> String {
    shell_word_or(name, FILE)
}

/// The text as one word of a shell command. Somebody else may have chosen it, so it could contain a command: anything that is not
/// obviously harmless is quoted, or replaced by the placeholder.
pub(crate) fn shell_word_or(text: &str, placeholder: &str) -> String {
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(needs_no_quotes) {
        text.to_owned()
    } else if text.starts_with('-') || text.chars().any(cannot_be_quoted) {
        placeholder.to_owned()
    } else {
        format!("'{text}'")
    }
}

fn cannot_be_quoted(c: char) -> bool {
    // A backtick would end the Markdown code span around the command.
    is_unprintable(c) || matches!(c, '\'' | '`')
}

fn needs_no_quotes(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_do_harm_are_quoted_or_replaced() {
        for (name, word) in [
            ("portals/main.json", "portals/main.json"),
            ("main portal.json", "'main portal.json'"),
            ("$(rm -r x).json", "'$(rm -r x).json'"),
            ("it's.json", FILE),
            ("a`id`.json", FILE),
            ("a\u{1b}[2J.json", FILE),
            ("--fix", FILE),
            ("", "''"),
        ] {
            assert_eq!(shell_word(name), word);
        }
    }
}
