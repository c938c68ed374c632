//! Replaces the characters that no output may contain.
//!
//! They move the cursor of a terminal, change the order in which text is read, or cannot be seen, so that a text could hide
//! something from the person who reads it. Every message, excerpt and label goes through [`is_unprintable`].

/// Whether a character is replaced in every output: control characters (C0 and C1), bidirectional controls, zero-width and other
/// invisible characters, line and paragraph separators, tag characters and the byte order mark.
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            // Soft hyphen, Arabic letter mark, Mongolian vowel separator.
            '\u{ad}' | '\u{61c}' | '\u{180e}'
            // Zero-width characters and directional marks.
            | '\u{200b}'..='\u{200f}'
            // Line and paragraph separator, directional embeddings and overrides.
            | '\u{2028}'..='\u{202e}'
            // Word joiner, invisible operators, directional isolates.
            | '\u{2060}'..='\u{206f}'
            // Byte order mark, interlinear annotations.
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            // Tags.
            | '\u{e0000}'..='\u{e007f}'
        )
}

/// Replaces each unprintable character, line breaks included, by U+FFFD.
pub fn sanitize(text: &str) -> String {
    // Nearly all texts are printable ASCII, and copying them as a whole is much faster.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    text.chars().map(sanitize_char).collect()
}

/// The character, or U+FFFD if it is unprintable.
pub fn sanitize_char(c: char) -> char {
    if is_unprintable(c) { char::REPLACEMENT_CHARACTER } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_group_of_unprintable_characters_is_replaced() {
        for c in "\0\u{1b}\n\u{85}\u{ad}\u{61c}\u{180e}\u{200b}\u{200d}\u{200e}\u{2028}\u{202e}\u{2060}\u{2066}\u{feff}\u{fff9}\u{e0041}".chars() {
            assert_eq!(sanitize(&format!("a{c}b")), "a\u{fffd}b", "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn letters_spaces_and_emoji_are_kept() {
        let text = "Ünïcode 日本語 👍 \u{a0}\u{3000} – “x”";
        assert_eq!(sanitize(text), text);
    }
}
