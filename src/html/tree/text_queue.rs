//! Finds out which bytes the text came from that html5ever puts into the tree.
//!
//! html5ever is given text in pieces, and returns it later (text in tables), in parts (blanks before the first word are handled
//! separately), or not at all (blanks in the head). But it never changes the order and never joins pieces.

use std::collections::VecDeque;
use std::ops::Range;

use html5ever::tendril::StrTendril;

use crate::html::tree::TextPiece;

/// The pieces that were given to html5ever and have not come back.
#[derive(Debug, Default)]
pub(super) struct TextQueue {
    pieces: VecDeque<TextPiece>,
    /// The length of the part of the first piece that came back, in bytes of its text.
    consumed: usize,
}

impl TextQueue {
    pub(super) fn push(&mut self, text: StrTendril, source: Range<usize>) {
        self.pieces.push_back(TextPiece { text, source });
    }

    /// Removes everything. After a tag or a comment, html5ever returns no earlier text.
    pub(super) fn clear(&mut self) {
        self.pieces.clear();
        self.consumed = 0;
    }

    /// Removes `text` and what comes before it, and returns its bytes.
    pub(super) fn take(&mut self, text: &str) -> Range<usize> {
        while let Some(piece) = self.pieces.front() {
            let rest = &piece.text[self.consumed..];
            // Nearly always the text is the next one, and then this is much faster than a search.
            let offset = if rest.starts_with(text) { Some(0) } else { rest.find(text) };
            if let Some(offset) = offset {
                let start = self.consumed + offset;
                let end = start + text.len();
                let is_verbatim = piece.text.len() == piece.source.len();
                let source = if is_verbatim {
                    piece.source.start + start..piece.source.start + end
                } else {
                    piece.source.clone()
                };
                self.consumed = end;
                return source;
            }
            self.pieces.pop_front();
            self.consumed = 0;
        }
        // html5ever makes up no text.
        0..0
    }
}
