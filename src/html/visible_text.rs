//! The text of an html as its reader reads it, in one string, with the way back to the bytes.
//!
//! Entities are decoded, invisible characters dropped, words that tags cut in two joined; other elements than those
//! inside a line break it. Text that nobody sees is left out.

use std::ops::{ControlFlow, Range};

use crate::html::elements::is_inline;
use crate::html::tokenizer;
use crate::html::tokenizer::Token;
use crate::html::visibility::VisibilityTracker;

/// What a reader reads.
#[derive(Debug, Default)]
pub(crate) struct Prose {
    /// In reading order.
    pub text: String,
    pieces: Vec<Piece>,
}

/// A part of the text and the bytes of html it comes from: of equal length, or one character from one entity.
#[derive(Debug)]
struct Piece {
    at: usize,
    html: Range<usize>,
}

impl Prose {
    /// Reads html.
    pub(crate) fn of(html: &str) -> Self {
        let mut prose = Self::default();
        let mut tracker = VisibilityTracker::default();
        tokenizer::scan::<()>(html, |token| {
            match token {
                Token::Open(tag) => {
                    tracker.open(html, &tag);
                    if tag.name.starts_with("email") {
                        // No element: a word that someone put in angle brackets.
                        prose.push(&html[tag.range.clone()], tag.range);
                    } else if !is_inline(tag.name) {
                        prose.push("\n", tag.range.start..tag.range.start);
                    }
                }
                Token::Close { name, range } => {
                    tracker.close(name);
                    if !is_inline(name) {
                        prose.push("\n", range.start..range.start);
                    }
                }
                Token::Text(range) if tracker.unseen().is_none() => prose.read(html, range),
                _ => {}
            }
            ControlFlow::Continue(())
        });
        prose
    }

    /// The bytes of html a part of the text comes from, tags inside included.
    pub(crate) fn written(&self, part: Range<usize>) -> Range<usize> {
        let piece = |at: usize| {
            let index = self.pieces.partition_point(|piece| piece.at <= at).saturating_sub(1);
            self.pieces.get(index)
        };
        let start = piece(part.start).map_or(0, |piece| (piece.html.start + part.start - piece.at).min(piece.html.end));
        let last = part.end.saturating_sub(1).max(part.start);
        let end = piece(last).map_or(start, |piece| {
            let entity = self.is_entity(piece);
            if entity { piece.html.end } else { (piece.html.start + part.end - piece.at).min(piece.html.end) }
        });
        start..end.max(start)
    }

    /// Whether a part of the text goes over the end of a line or a block.
    pub(crate) fn is_broken(&self, part: Range<usize>) -> bool {
        let from = self.pieces.partition_point(|piece| piece.at < part.start);
        let inside = self.pieces[from..].iter().take_while(|piece| piece.at < part.end);
        inside.map(|piece| &piece.html).any(Range::is_empty)
    }

    /// An entity is longer than its character.
    fn is_entity(&self, piece: &Piece) -> bool {
        let next = self.pieces.partition_point(|other| other.at <= piece.at);
        let end = self.pieces.get(next).map_or(self.text.len(), |next| next.at);
        end - piece.at != piece.html.len()
    }

    fn push(&mut self, text: &str, html: Range<usize>) {
        self.pieces.push(Piece { at: self.text.len(), html });
        self.text.push_str(text);
    }

    fn read(&mut self, html: &str, range: Range<usize>) {
        let mut from = range.start;
        let mut at = range.start;
        while let Some(c) = html[at..range.end].chars().next() {
            let (end, shown) = match c {
                '&' => {
                    let Some((length, decoded)) = entity(&html[at..range.end]) else {
                        at += 1;
                        continue;
                    };
                    (at + length, Some(decoded))
                }
                _ if is_invisible(c) => (at + c.len_utf8(), None),
                _ => {
                    at += c.len_utf8();
                    continue;
                }
            };
            if from < at {
                self.push(&html[from..at], from..at);
            }
            if let Some(shown) = shown.filter(|shown| !shown.chars().all(is_invisible)) {
                self.push(&shown, at..end);
            }
            at = end;
            from = end;
        }
        if from < range.end {
            self.push(&html[from..range.end], from..range.end);
        }
    }
}

/// The entity a text starts with: its length and what it stands for.
pub(crate) fn entity(text: &str) -> Option<(usize, String)> {
    /// The longest name in the standard is 33 long.
    const LONGEST: usize = 36;
    let bytes = text.as_bytes();
    let end = bytes.iter().take(LONGEST).position(|&byte| byte == b';')? + 1;
    let named = bytes[1..end - 1].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#');
    let written = &text[..if named { end } else { return None }];
    let decoded = tokenizer::decode(written);
    // A name that is not known but begins with one that is (`&ampx;`) keeps its semicolon.
    (decoded != written && !decoded.ends_with(';')).then(|| (end, decoded.into_owned()))
}

/// Zero-width characters and the soft hyphen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}
