//! Where parts of a decoded text stand in the file.
//!
//! A text may hold thousands of faults, so it is taken apart once and each part is looked up.

use std::ops::Range;

use crate::base::source::Span;
use crate::syntax::string_offsets::{Piece, pieces};
use crate::syntax::{Node, Value};

/// A string node that was taken apart.
#[derive(Debug)]
pub struct Located<'d> {
    /// The node.
    pub node: &'d Node<'d>,
    /// Its characters, when they make up the decoded text.
    pieces: Option<Vec<Piece>>,
    /// Where each character starts in the decoded text.
    starts: Vec<usize>,
    /// Bytes of the decoded text.
    length: usize,
}

impl<'d> Located<'d> {
    /// Takes a node apart. `text` is the text the tree was read from; the caller resolves aliases.
    pub fn new(text: &str, node: &'d Node<'d>) -> Self {
        let decoded: &str = if let Value::String(decoded) = &node.value { decoded } else { "" };
        let is_whole = |pieces: &Vec<Piece>| pieces.iter().map(|(character, _)| *character).eq(decoded.chars());
        let pieces = pieces(text, node).filter(is_whole);
        let starts = decoded.char_indices().map(|(at, _)| at).collect();
        Self { node, pieces, starts, length: decoded.len() }
    }

    /// The bytes of the file that make up `range` (bytes of the decoded text).
    ///
    /// Escapes are taken whole: a range that starts or ends inside what one escape stands for covers that escape. An empty
    /// range is the empty place before what it stands at.
    pub fn locate(&self, range: Range<usize>) -> Span {
        let Some(pieces) = self.pieces.as_ref().filter(|_| range.end <= self.length) else { return self.node.span };
        let Some((_, last)) = pieces.last() else { return self.node.span };
        if range.start >= self.length {
            return Span::new(last.end, last.end);
        }
        let (_, first) = &pieces[self.starts.partition_point(|start| *start <= range.start) - 1];
        if range.is_empty() {
            return Span::new(first.start, first.start);
        }
        let (_, last) = &pieces[self.starts.partition_point(|start| *start < range.end) - 1];
        Span::new(first.start, last.end)
    }
}

/// See [`Located::locate`].
pub fn locate(text: &str, node: &Node<'_>, range: Range<usize>) -> Span {
    Located::new(text, node).locate(range)
}
