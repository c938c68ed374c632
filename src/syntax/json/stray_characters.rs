//! Skips and reports characters between tokens that look like a space or like a sign of JSON: no-break spaces, zero-width characters,
//! `：` and `，`.

use crate::syntax::Problem;
use crate::syntax::json::lexer::Lexer;
use crate::syntax::look_alikes::{is_space_like, look_alike};

impl Lexer<'_> {
    /// Skips white space, comments and characters that look like a space. Adjacent characters that look like a space are one error.
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
    pub(super) fn skip_look_alike(&mut self, sign: char) -> bool {
        let Some(character) = self.peek_char().filter(|character| look_alike(*character) == Some(sign)) else {
            return false;
        };
        let start = self.offset;
        self.offset += character.len_utf8();
        self.report(start, self.offset, Problem::LookAlike(character, sign));
        true
    }

    fn peek_char(&self) -> Option<char> {
        // Most texts have only ASCII characters between tokens.
        self.peek().filter(|byte| !byte.is_ascii())?;
        self.text[self.offset..].chars().next()
    }
}
