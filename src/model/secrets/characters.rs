//! The characters of names, and those around names and values.

use crate::base::sanitize::is_unprintable;
use crate::syntax::look_alikes::look_alike;

/// Whether a character can be part of a name. All letters can, so that a name does not end at a letter of another script that looks
/// like a Latin one, such as the Cyrillic `е`.
pub(super) fn is_name_char(c: char) -> bool {
    (c.is_alphanumeric() && !is_colon(c)) || matches!(c, '_' | '-')
}

pub(super) fn is_name_start(c: char) -> bool {
    c != '-' && is_name_char(c)
}

/// Whether a character is a colon or looks like one.
pub(super) fn is_colon(c: char) -> bool {
    c == ':' || look_alike(c) == Some(':')
}

/// Whether a character separates a name from its value.
pub(super) fn is_colon_or_equals_sign(c: char) -> bool {
    c == '=' || is_colon(c)
}

/// Whether a character is white space or invisible, and not part of a name.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || (is_unprintable(c) && !is_name_char(c))
}

/// Whether a character can open a string: straight, typographic and back quotes.
pub(super) fn is_opening_quote(c: char) -> bool {
    // A low quote looks like a comma, too.
    matches!(c, '"' | '\'' | '`' | '‚' | '«' | '»') || matches!(look_alike(c), Some('"' | '\''))
}
