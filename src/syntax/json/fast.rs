//! A fast parser for JSON without errors, which nearly every file is.
//!
//! At the first error or comment it gives up, and the error-tolerant parser in [`json`](crate::syntax::json) parses the text from the
//! start. For a valid text, both build the same tree.

use std::borrow::Cow;

use crate::base::bytes::swar::LSB;
use crate::base::source::Span;
use crate::syntax::json::lexer::Lexer;
use crate::syntax::json::scan::scan_plain;
use crate::syntax::json::{Document, Entry, Limits, Node, NodeId, Parsed, Style, Value, expected_values};
use crate::syntax::tree_pool;
use crate::syntax::tree_pool::OpenBuffers;

/// The greatest depth, because this parser is recursive. Deeper texts are left to the other parser, which has its own stack.
const MAX_DEPTH: usize = 128;
/// The greatest length, so that all offsets fit into 32 bits, with room for the small sums after an offset.
const MAX_LENGTH: usize = 1 << 31;

/// Parses a text; `None` if it has an error, a comment or a trailing comma, or exceeds a limit.
pub(super) fn parse<'t>(text: &'t str, limits: &Limits) -> Option<Parsed<'t>> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let mut parser = FastParser {
        text,
        document: tree_pool::take_tree(expected_values(text)),
        buffers: tree_pool::take_buffers(),
        is_ascii: text.is_ascii(),
        levels_left: limits.depth.min(MAX_DEPTH),
        max_nodes: limits.nodes,
    };
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let end = parser.parse_value(parser.skip_white_space(start))?;
    let is_all = parser.byte_at(parser.skip_white_space(end)).is_none();
    let FastParser { mut document, is_ascii, buffers, .. } = parser;
    tree_pool::recycle_buffers(buffers);
    document.set_root(NodeId(0));
    if is_ascii {
        document.mark_ascii();
    }
    is_all.then(|| Parsed { documents: vec![document], errors: Vec::new(), comments: Vec::new() })
}

/// The parsing methods take the offset where something starts and return the offset where it ends.
struct FastParser<'t> {
    text: &'t str,
    document: Document<'t>,
    buffers: OpenBuffers<'t>,
    /// Whether the text has only ASCII characters so far, and no escape that may stand for another.
    is_ascii: bool,
    levels_left: usize,
    /// The greatest number of nodes.
    max_nodes: usize,
}

impl<'t> FastParser<'t> {
    #[inline]
    fn byte_at(&self, at: u32) -> Option<u8> {
        self.text.as_bytes().get(at as usize).copied()
    }

    #[expect(
        clippy::inline_always,
        reason = "without it every string and literal costs a call, because this function is recursive"
    )]
    #[inline(always)]
    fn parse_value(&mut self, start: u32) -> Option<u32> {
        match self.byte_at(start)? {
            b'"' => match plain_string_end(self.text, start) {
                Some(end) => self.push_node(start, end, Value::String(Cow::Borrowed(self.string_content(start, end)))),
                None => self.parse_escaped_value(start),
            },
            b'{' => self.parse_object(start),
            b'[' => self.parse_list(start),
            b't' if self.has_word(start, *b"true") => self.push_node(start, start + 4, Value::Bool(true)),
            // The match has compared the `f`.
            b'f' if self.has_word(start + 1, *b"alse") => self.push_node(start, start + 5, Value::Bool(false)),
            _ => self.parse_number_or_null(start),
        }
    }

    #[inline(never)]
    fn parse_object(&mut self, start: u32) -> Option<u32> {
        let id = self.begin_container(start)?;
        let first = self.buffers.entries.len();
        let mut at = self.skip_white_space(start + 1);
        if self.byte_at(at) != Some(b'}') {
            loop {
                at = self.parse_entry(at)?;
                match self.byte_at(at) {
                    Some(b',') => at = self.skip_white_space(at + 1),
                    Some(b'}') => break,
                    _ => return None,
                }
            }
        }
        let value = self.document.add_object(self.buffers.entries.drain(first..));
        self.end_container(id, Span { start, end: at + 1 }, value);
        Some(at + 1)
    }

    #[inline]
    fn parse_entry(&mut self, start: u32) -> Option<u32> {
        let (key, end) = match plain_string_end(self.text, start) {
            Some(end) => (Cow::Borrowed(self.string_content(start, end)), end),
            None => self.parse_escaped_string(start)?,
        };
        let at = self.value_start(end)?;
        let value = self.document.next_id();
        let at = self.parse_value(at)?;
        self.buffers.entries.push(Entry { key, key_span: Span { start, end }, value, merged: false });
        Some(self.skip_white_space(at))
    }

    #[inline(never)]
    fn parse_list(&mut self, start: u32) -> Option<u32> {
        let id = self.begin_container(start)?;
        let first = self.buffers.items.len();
        let mut at = self.skip_white_space(start + 1);
        if self.byte_at(at) != Some(b']') {
            loop {
                self.buffers.items.push(self.document.next_id());
                at = self.parse_value(at)?;
                at = self.skip_white_space(at);
                match self.byte_at(at) {
                    Some(b',') => at = self.skip_white_space(at + 1),
                    Some(b']') => break,
                    _ => return None,
                }
            }
        }
        let value = self.document.add_list(self.buffers.items.drain(first..));
        self.end_container(id, Span { start, end: at + 1 }, value);
        Some(at + 1)
    }

    /// Adds the node of an object or list, which precedes the nodes of its values.
    fn begin_container(&mut self, start: u32) -> Option<NodeId> {
        // The error-tolerant parser reports texts that are too deep.
        self.levels_left = self.levels_left.checked_sub(1)?;
        let id = self.document.next_id();
        self.push_node(start, start, Value::Broken).map(|_| id)
    }

    fn end_container(&mut self, id: NodeId, span: Span, value: Value<'t>) {
        self.levels_left += 1;
        let node = self.document.node_mut(id);
        (node.span, node.value) = (span, value);
    }

    /// Adds a node and returns its end, or `None` if there are too many nodes.
    #[inline]
    fn push_node(&mut self, start: u32, end: u32, value: Value<'t>) -> Option<u32> {
        self.document.push(Node { span: Span { start, end }, style: Style::Json, value });
        (self.document.len() <= self.max_nodes).then_some(end)
    }

    /// The text of a string without its quotes.
    #[inline]
    fn string_content(&self, start: u32, end: u32) -> &'t str {
        &self.text[start as usize + 1..end as usize - 1]
    }

    #[inline]
    fn has_word(&self, start: u32, word: [u8; 4]) -> bool {
        self.text.as_bytes().get(start as usize..).and_then(<[u8]>::first_chunk) == Some(&word)
    }

    /// The offset of the value after a key. The first case is the usual `"key": `.
    #[inline]
    fn value_start(&self, end: u32) -> Option<u32> {
        if self.text.as_bytes().get(end as usize..).is_some_and(|rest| rest.starts_with(b": ")) {
            return Some(self.skip_white_space(end + 2));
        }
        let colon = self.skip_white_space(end);
        (self.byte_at(colon) == Some(b':')).then(|| self.skip_white_space(colon + 1))
    }

    #[inline]
    fn skip_white_space(&self, mut at: u32) -> u32 {
        const SPACES: u64 = LSB * b' ' as u64;
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.byte_at(at) {
            at += 1;
            // Most white space is indentation, so compare eight bytes with spaces at a time.
            while let Some(word) = self.text.as_bytes().get(at as usize..).and_then(<[u8]>::first_chunk) {
                let spaces = (u64::from_le_bytes(*word) ^ SPACES).trailing_zeros() / u8::BITS;
                at += spaces;
                if spaces < 8 {
                    break;
                }
            }
        }
        at
    }

    /// Parses a string with escapes as a value. Such strings are common, but decoding one costs much more than a call. `cold`
    /// keeps the code out of the recursive `parse_value`.
    #[cold]
    fn parse_escaped_value(&mut self, start: u32) -> Option<u32> {
        let (text, end) = self.parse_escaped_string(start)?;
        self.push_node(start, end, Value::String(text))
    }

    /// Parses a string with escapes.
    #[cold]
    fn parse_escaped_string(&mut self, start: u32) -> Option<(Cow<'t, str>, u32)> {
        if self.byte_at(start) != Some(b'"') {
            return None;
        }
        self.with_lexer(start, |lexer| match lexer.parse_string_with_short_escapes() {
            Some(text) => text,
            None => lexer.parse_string_slow(b'"'),
        })
    }

    /// Parses a number or `null`.
    #[cold]
    fn parse_number_or_null(&mut self, start: u32) -> Option<u32> {
        let (value, end) = self.with_lexer(start, Lexer::parse_scalar)?;
        self.push_node(start, end, value)
    }

    /// Parses something with the lexer; `None` if the lexer reports an error.
    fn with_lexer<T>(&mut self, start: u32, read: impl FnOnce(&mut Lexer<'t>) -> T) -> Option<(T, u32)> {
        let mut lexer = Lexer::starting_at(self.text, start as usize, self.is_ascii);
        let value = read(&mut lexer);
        self.is_ascii = lexer.is_ascii;
        let end = u32::try_from(lexer.offset).ok()?;
        lexer.errors.is_empty().then_some((value, end))
    }
}

/// The end of the string that starts at `start`, if it has no escapes and no errors.
#[inline]
fn plain_string_end(text: &str, start: u32) -> Option<u32> {
    let inside = text.as_bytes().get(start as usize..)?.strip_prefix(b"\"")?;
    let (length, _) = scan_plain(inside, b'"');
    let end = start + 2 + u32::try_from(length).ok()?;
    (inside.get(length) == Some(&b'"')).then_some(end)
}
