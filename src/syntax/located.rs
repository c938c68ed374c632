//! Maps ranges of a decoded string to the bytes of the file.
//!
//! One string may have thousands of findings, so [`Located`] decodes it once and then finds each range by binary search.

use std::ops::Range;

use crate::base::source::Span;
use crate::syntax::string_offsets::{Piece, decode_string};
use crate::syntax::{Node, Value};

/// A string node, with the positions of its parts in the file.
#[derive(Debug)]
pub struct Located<'d> {
    /// The string.
    pub node: &'d Node<'d>,
    /// See [`crate::syntax::string_offsets::DecodedString`]. Empty if decoding the raw text again gave another string than the parser.
    pieces: Vec<Piece>,
}

impl<'d> Located<'d> {
    /// Decodes a node. `text` is the text that the tree was parsed from; the caller resolves aliases.
    pub fn new(text: &str, node: &'d Node<'d>) -> Self {
        let string = decode_string(text, node).filter(|string| string.text == decoded_text(node));
        Self { node, pieces: string.unwrap_or_default().pieces }
    }

    /// Converts a range of bytes of the decoded string to bytes of the file.
    ///
    /// A range that starts or ends inside a character includes the whole character and its escape. The result for an empty
    /// range is the empty span before the character at its position. `None` if the range cannot be located, or if the string
    /// is empty.
    pub fn locate(&self, range: Range<usize>) -> Option<Span> {
        locate_in(&self.pieces, decoded_text(self.node), range)
    }
}

/// See [`Located::locate`]. `pieces` are those of the decoded string.
pub(super) fn locate_in(pieces: &[Piece], decoded: &str, range: Range<usize>) -> Option<Span> {
    let last = pieces.last()?;
    if range.end > decoded.len() {
        return None;
    }
    if range.start >= decoded.len() {
        return Some(Span::new(last.raw.end, last.raw.end));
    }
    let first = raw_range(pieces, decoded, range.start);
    if range.is_empty() {
        return Some(Span::new(first.start, first.start));
    }
    let last = raw_range(pieces, decoded, range.end - 1);
    Some(Span::new(first.start, last.end))
}

/// The bytes of the file for the character that contains a byte of the decoded string.
fn raw_range(pieces: &[Piece], decoded: &str, offset: usize) -> Range<usize> {
    let offset = decoded.floor_char_boundary(offset);
    let piece = &pieces[pieces.partition_point(|piece| piece.decoded_start <= offset) - 1];
    if piece.is_escape {
        return piece.raw.clone();
    }
    let start = piece.raw.start + offset - piece.decoded_start;
    start..start + decoded[offset..].chars().next().map_or(0, char::len_utf8)
}

fn decoded_text<'d>(node: &'d Node<'_>) -> &'d str {
    if let Value::String(text) = &node.value { text } else { "" }
}

/// See [`Located::locate`].
pub fn locate(text: &str, node: &Node<'_>, range: Range<usize>) -> Option<Span> {
    Located::new(text, node).locate(range)
}
