//! Recognizes characters that look like a space or a sign of JSON and YAML, but are other characters.

use crate::base::sanitize::is_unprintable;
use crate::syntax::Problem;

/// The sign that a character looks like.
pub(crate) fn look_alike(character: char) -> Option<char> {
    match character {
        // Full-width, small and vertical forms, and the ratio sign.
        '\u{ff1a}' | '\u{fe55}' | '\u{fe13}' | '\u{2236}' => Some(':'),
        '\u{ff0c}' | '\u{fe50}' | '\u{fe10}' | '\u{3001}' | '\u{201a}' => Some(','),
        _ => None,
    }
}

/// The problem that names a character that looks like a space or a sign and is not needed.
pub(super) fn name_character(character: char) -> Problem {
    if is_space_like(character) { Problem::InvisibleCharacter(character) } else { Problem::Unexpected(character) }
}

/// Whether a character looks like a space or a sign but is not one to a parser.
pub(super) fn is_stray(character: char) -> bool {
    is_space_like(character) || look_alike(character).is_some()
}

/// Whether a character looks like a space but is not one to a parser, such as a no-break space or a zero-width character.
pub(super) fn is_space_like(character: char) -> bool {
    !character.is_ascii() && (character.is_whitespace() || is_unprintable(character))
}
