//! Replaces the characters that no output may contain.
//!
//! They move the cursor of a terminal, change the order in which text is read, or cannot be seen, so that a text could hide
//! something from the person who reads it. Every message, excerpt and label goes through [`is_unprintable`].
//!
//! The variation selectors of emoji are kept for people. An agent gets them, and all unprintable characters, as escapes
//! ([`is_escaped_for_agents`]).

use std::fmt::Write;

/// Whether a character is replaced in every output: control characters (C0 and C1), bidirectional controls, zero-width and other
/// invisible characters, line and paragraph separators, tag characters and the byte order mark.
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            // Soft hyphen, combining grapheme joiner, Arabic letter mark.
            '\u{ad}' | '\u{34f}' | '\u{61c}'
            // Fillers and vowels that have no form, and the blank Braille pattern.
            | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
            // Mongolian variation selectors and vowel separator.
            | '\u{180b}'..='\u{180f}'
            // Zero-width characters and directional marks.
            | '\u{200b}'..='\u{200f}'
            // Line and paragraph separator, directional embeddings and overrides.
            | '\u{2028}'..='\u{202e}'
            // Word joiner, invisible operators, directional isolates.
            | '\u{2060}'..='\u{206f}'
            // Byte order mark, unassigned invisible characters, interlinear annotations.
            | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
            // Variation selectors, apart from those of emoji.
            | '\u{fe00}'..='\u{fe0d}' | '\u{e0100}'..='\u{e01ef}'
            // Shorthand and musical controls.
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            // Tags.
            | '\u{e0000}'..='\u{e007f}'
        )
}

/// Whether an agent gets a character as an escape: it is unprintable, or a variation selector of emoji.
pub fn is_escaped_for_agents(c: char) -> bool {
    is_unprintable(c) || matches!(c, '\u{fe0e}' | '\u{fe0f}')
}

/// Escapes the characters of a JSON text that agents get as escapes. They are all in strings, except for the line breaks of the
/// indentation.
pub(crate) fn escape_in_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character == '\n' || !is_escaped_for_agents(character) {
            escaped.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a string does not fail.
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    }
    escaped
}

/// Replaces each unprintable character, line breaks included, by U+FFFD.
pub fn sanitize(text: &str) -> String {
    // Nearly all texts are printable ASCII, and copying them as a whole is much faster.
    // Testing all bytes, without an early exit, takes only a few vector instructions.
    if text.bytes().fold(true, |is_printable, byte| is_printable & matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    text.chars().map(sanitize_char).collect()
}

/// The character, or U+FFFD if it is unprintable.
pub fn sanitize_char(c: char) -> char {
    // Nearly all characters are printable ASCII.
    if matches!(c, ' '..='~') || !is_unprintable(c) { c } else { char::REPLACEMENT_CHARACTER }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_group_of_unprintable_characters_is_replaced() {
        for c in "\0\u{1b}\n\u{85}\u{ad}\u{61c}\u{180e}\u{200b}\u{200d}\u{200e}\u{2028}\u{202e}\u{2060}\u{2066}\u{feff}\u{fff9}\u{e0041}\u{34f}\u{115f}\u{17b5}\u{180f}\u{2800}\u{3164}\u{ffa0}\u{fe00}\u{e0100}\u{1d173}\u{1bca0}\u{fff0}".chars() {
            assert_eq!(sanitize(&format!("a{c}b")), "a\u{fffd}b", "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn letters_spaces_and_emoji_are_kept() {
        let text = "Ünïcode 日本語 👍 ❤\u{fe0f} \u{a0}\u{3000} – “x”";
        assert_eq!(sanitize(text), text);
    }
}
