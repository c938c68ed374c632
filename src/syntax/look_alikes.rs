//! Recognizes characters that look like a space or a sign of JSON and YAML, but are other characters.

use crate::base::sanitize::is_unprintable;
use crate::syntax::Problem;

/// The sign that a character looks like.
pub(crate) fn look_alike(character: char) -> Option<char> {
    Some(match character {
        // The fastest check first, because most characters are ASCII.
        _ if character.is_ascii() => return None,
        // Full-width, small and vertical forms, the ratio sign, and signs of other scripts.
        '\u{2d0}' | '\u{2f8}' | '\u{589}' | '\u{5c3}' | '\u{703}' | '\u{704}' | '\u{16ec}' | '\u{1803}'
        | '\u{1809}' | '\u{205a}' | '\u{2236}' | '\u{a789}' | '\u{fe13}' | '\u{fe30}' | '\u{fe55}' | '\u{ff1a}' => ':',
        '\u{b8}' | '\u{60c}' | '\u{66b}' | '\u{201a}' | '\u{3001}' | '\u{fe10}' | '\u{fe11}' | '\u{fe50}'
        | '\u{fe51}' | '\u{ff0c}' | '\u{ff64}' => ',',
        // Typographic quotes, primes, and full-width forms.
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{2036}' | '\u{301d}'..='\u{301f}' | '\u{ff02}' => '"',
        '\u{b4}' | '\u{2b9}' | '\u{2bc}' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{2035}'
        | '\u{ff07}' => '\'',
        '\u{3010}' | '\u{3014}' | '\u{ff3b}' => '[',
        '\u{3011}' | '\u{3015}' | '\u{ff3d}' => ']',
        '\u{fe5b}' | '\u{ff5b}' => '{',
        '\u{fe5c}' | '\u{ff5d}' => '}',
        // Hyphens, dashes, and the minus sign.
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{37e}' | '\u{fe54}' | '\u{ff1b}' => ';',
        '\u{ff08}' => '(',
        '\u{ff09}' => ')',
        '\u{fe5f}' | '\u{ff03}' => '#',
        '\u{2223}' | '\u{2502}' | '\u{ff5c}' => '|',
        '\u{203a}' | '\u{fe65}' | '\u{ff1e}' => '>',
        _ => return None,
    })
}

/// The problem that names a character that looks like a space or a sign.
pub(super) fn name_character(character: char) -> Problem {
    match look_alike(character) {
        Some(sign) => Problem::LookAlike(character, sign),
        None => Problem::InvisibleCharacter(character),
    }
}

/// Whether a character looks like a space, a colon or a comma but is none to a parser.
pub(super) fn looks_like_separator(character: char) -> bool {
    is_space_like(character) || matches!(look_alike(character), Some(':' | ','))
}

/// Whether a character looks like a space, or like a sign that can be typed after a value.
pub(super) fn looks_like_end(character: char) -> bool {
    is_space_like(character) || matches!(look_alike(character), Some(':' | ',' | ';' | ']' | '}' | ')'))
}

/// Whether a character looks like a space but is not one to a parser, such as a no-break space or a zero-width character.
pub(super) fn is_space_like(character: char) -> bool {
    !character.is_ascii() && (character.is_whitespace() || is_unprintable(character))
}
