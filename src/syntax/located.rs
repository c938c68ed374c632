//! Maps ranges of a decoded string to the bytes of the file.
//!
//! One string may have thousands of findings, so [`Located`] decodes it once and then finds each range by binary search.

use std::ops::Range;

use crate::base::source::Span;
use crate::syntax::string_offsets::{DecodedChar, decode_string};
use crate::syntax::{Node, Value};

/// A string node with the bytes of each of its characters.
#[derive(Debug)]
pub struct Located<'d> {
    /// The string.
    pub node: &'d Node<'d>,
    /// `None` if decoding the raw text again did not result in the string of the parser.
    chars: Option<Vec<DecodedChar>>,
    /// The byte offset of each character in the decoded string.
    decoded_starts: Vec<usize>,
    /// The length of the decoded string in bytes.
    decoded_len: usize,
}

impl<'d> Located<'d> {
    /// Decodes a node. `text` is the text that the tree was parsed from; the caller resolves aliases.
    pub fn new(text: &str, node: &'d Node<'d>) -> Self {
        let decoded: &str = if let Value::String(decoded) = &node.value { decoded } else { "" };
        let chars = decode_string(text, node).filter(|chars| is_same_text(chars, decoded));
        let decoded_starts = decoded.char_indices().map(|(start, _)| start).collect();
        Self { node, chars, decoded_starts, decoded_len: decoded.len() }
    }

    /// The bytes of the file for `range`, a range of bytes of the decoded string.
    ///
    /// A range that starts or ends inside a character includes the whole character and its escape. The result for an empty
    /// range is the empty span before the character at its position. `None` if the range cannot be located, or if the string
    /// is empty.
    pub fn locate(&self, range: Range<usize>) -> Option<Span> {
        let chars = self.chars.as_ref()?;
        let (_, last) = chars.last()?;
        if range.end > self.decoded_len {
            return None;
        }
        if range.start >= self.decoded_len {
            return Some(Span::new(last.end, last.end));
        }
        let (_, first) = &chars[self.decoded_starts.partition_point(|start| *start <= range.start) - 1];
        if range.is_empty() {
            return Some(Span::new(first.start, first.start));
        }
        let (_, last) = &chars[self.decoded_starts.partition_point(|start| *start < range.end) - 1];
        Some(Span::new(first.start, last.end))
    }
}

fn is_same_text(chars: &[DecodedChar], decoded: &str) -> bool {
    chars.iter().map(|(character, _)| *character).eq(decoded.chars())
}

/// See [`Located::locate`].
pub fn locate(text: &str, node: &Node<'_>, range: Range<usize>) -> Option<Span> {
    Located::new(text, node).locate(range)
}
