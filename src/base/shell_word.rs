//! File names in the commands that messages suggest.

use crate::base::sanitize::is_unprintable;

/// What a suggested command shows instead of a name that cannot be pasted into a shell.
pub(crate) const FILE: &str = "FILE";

/// The file name as one word of a shell command. Somebody else may have chosen the name, so it could contain a command: anything that
/// is not obviously harmless is quoted, or replaced by [`FILE`].
pub(crate) fn shell_word(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '/');
    // A backtick would end the code span around the command.
    if name.chars().any(|c| is_unprintable(c) || matches!(c, '\'' | '`')) || name.starts_with('-') {
        FILE.to_owned()
    } else if name.chars().all(is_plain) {
        name.to_owned()
    } else {
        format!("'{name}'")
    }
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
        ] {
            assert_eq!(shell_word(name), word);
        }
    }
}
