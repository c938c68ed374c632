//! Characters between tokens that look like a space or like a sign of JSON: no-break spaces, zero-width characters, `：` and `，`.

use crate::base::sanitize::is_unprintable;
use crate::syntax::Problem;
use crate::syntax::json::lexer::Lexer;

/// The sign of JSON that a character looks like.
fn look_alike(character: char) -> Option<u8> {
    match character {
        // Full-width, small and presentation forms, and the ratio sign.
        '\u{ff1a}' | '\u{fe55}' | '\u{fe13}' | '\u{2236}' => Some(b':'),
        '\u{ff0c}' | '\u{fe50}' | '\u{fe10}' | '\u{3001}' | '\u{201a}' => Some(b','),
        _ => None,
    }
}

/// Whether a character is a space to the eye, but not to JSON.
fn is_space_like(character: char) -> bool {
    !character.is_ascii() && (character.is_whitespace() || is_unprintable(character))
}

impl Lexer<'_> {
    /// Skips white space, comments and characters that look like a space. A run of the latter is one error.
    pub(super) fn skip_trivia_and_stray_characters(&mut self) {
        self.skip_trivia();
        while let Some(first) = self.peek_char().filter(|character| is_space_like(*character)) {
            let start = self.offset;
            while let Some(character) = self.peek_char().filter(|character| is_space_like(*character)) {
                self.offset += character.len_utf8();
            }
            self.report(start, self.offset, Problem::InvisibleCharacter(first));
            self.skip_trivia();
        }
    }

    /// Skips and reports a character that looks like this sign. Returns whether there was one.
    pub(super) fn skip_look_alike(&mut self, sign: u8) -> bool {
        let Some(character) = self.peek_char().filter(|character| look_alike(*character) == Some(sign)) else {
            return false;
        };
        let start = self.offset;
        self.offset += character.len_utf8();
        self.report(start, self.offset, Problem::LookAlike(character, char::from(sign)));
        true
    }

    fn peek_char(&self) -> Option<char> {
        // Most texts have only ASCII characters between tokens.
        self.peek().filter(|byte| !byte.is_ascii())?;
        self.text[self.offset..].chars().next()
    }
}
