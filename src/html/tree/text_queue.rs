//! Finds the source bytes of the text that html5ever inserts into the tree.
//!
//! html5ever receives text in pieces. It inserts a piece later (text in tables), in parts (blanks before the first word are handled
//! separately), or not at all (blanks in the head). But it never changes the order and never joins pieces.

use std::collections::VecDeque;
use std::ops::Range;

use html5ever::tendril::StrTendril;

use crate::html::tree::TextPiece;

/// The pieces that html5ever has received and not yet inserted.
#[derive(Debug, Default)]
pub(super) struct TextQueue {
    pieces: VecDeque<TextPiece>,
    /// The length of the part of the first piece that was inserted, in bytes of its text.
    consumed: usize,
}

impl TextQueue {
    pub(super) fn push(&mut self, text: StrTendril, source: Range<usize>) {
        self.pieces.push_back(TextPiece { text, source });
    }

    /// Removes all pieces. After a tag or a comment, html5ever inserts no earlier text.
    pub(super) fn clear(&mut self) {
        self.pieces.clear();
        self.consumed = 0;
    }

    /// Removes `text` and the text before it, and returns the source of `text`.
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
        // Not reached, because html5ever inserts only text that it has received.
        0..0
    }
}
