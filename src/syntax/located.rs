//! Finds the bytes of the file for a range of a decoded string.
//!
//! One string may have thousands of findings, so [`Located`] decodes it once and then answers by binary search.

use std::ops::Range;

use crate::base::source::Span;
use crate::syntax::string_offsets::{DecodedChar, decode_string};
use crate::syntax::{Node, Value};

/// A string node with the bytes of each of its characters.
#[derive(Debug)]
pub struct Located<'d> {
    /// The node.
    pub node: &'d Node<'d>,
    /// `None` if decoding the raw text again did not result in the string of the parser.
    chars: Option<Vec<DecodedChar>>,
    /// The byte offset of each character in the decoded string.
    starts: Vec<usize>,
    /// The length of the decoded string in bytes.
    length: usize,
}

impl<'d> Located<'d> {
    /// Decodes a node. `text` is the text that the tree was parsed from; the caller resolves aliases.
    pub fn new(text: &str, node: &'d Node<'d>) -> Self {
        let decoded: &str = if let Value::String(decoded) = &node.value { decoded } else { "" };
        let agrees = |chars: &Vec<DecodedChar>| chars.iter().map(|(character, _)| *character).eq(decoded.chars());
        let chars = decode_string(text, node).filter(agrees);
        let starts = decoded.char_indices().map(|(at, _)| at).collect();
        Self { node, chars, starts, length: decoded.len() }
    }

    /// The bytes of the file for `range`, a range of bytes of the decoded string.
    ///
    /// A range that starts or ends inside a character includes the whole character and its escape. The result for an empty
    /// range is the empty span before the character at its position.
    pub fn locate(&self, range: Range<usize>) -> Span {
        let Some(chars) = self.chars.as_ref().filter(|_| range.end <= self.length) else { return self.node.span };
        let Some((_, last)) = chars.last() else { return self.node.span };
        if range.start >= self.length {
            return Span::new(last.end, last.end);
        }
        let (_, first) = &chars[self.starts.partition_point(|start| *start <= range.start) - 1];
        if range.is_empty() {
            return Span::new(first.start, first.start);
        }
        let (_, last) = &chars[self.starts.partition_point(|start| *start < range.end) - 1];
        Span::new(first.start, last.end)
    }
}

/// See [`Located::locate`].
pub fn locate(text: &str, node: &Node<'_>, range: Range<usize>) -> Span {
    Located::new(text, node).locate(range)
}
