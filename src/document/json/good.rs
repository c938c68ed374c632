//! JSON without a mistake, which nearly every file is: one pass that never looks back.
//!
//! At the first thing that is not as it should be it gives up, and the parser that goes on after every error reads the text
//! from its start. Both give the same tree.

use std::borrow::Cow;

use super::lexer::Lexer;
use super::{Document, Entry, FIELDS, Limits, Node, NodeId, Parsed, Style, Value, expected_values};
use crate::eight::{MARKS, ONES, first};
use crate::source::Span;

/// Deeper than this is for the parser that keeps a stack of its own.
const DEEPEST: usize = 128;

/// Eight spaces.
const SPACES: u64 = ONES * b' ' as u64;

/// `None` when something is not as it should be, or beyond the limits.
pub fn parse<'t>(text: &'t str, limits: &Limits) -> Option<Parsed<'t>> {
    let mut reader = Reader {
        text,
        document: Document::with_capacity(expected_values(text)),
        entries: Vec::with_capacity(FIELDS),
        items: Vec::new(),
        is_ascii: text.is_ascii(),
        levels_left: limits.depth.min(DEEPEST),
        nodes: limits.nodes,
    };
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let end = reader.value(reader.skip_blank(start))?;
    let is_all = reader.skip_blank(end) == text.len();
    let Reader { mut document, is_ascii, .. } = reader;
    document.set_root(NodeId(0));
    if is_ascii {
        document.mark_ascii();
    }
    is_all.then(|| Parsed { documents: vec![document], errors: Vec::new(), comments: Vec::new() })
}

/// Every method takes where something starts and gives where it ends.
struct Reader<'t> {
    text: &'t str,
    document: Document<'t>,
    /// Those of all objects that are open.
    entries: Vec<Entry<'t>>,
    /// Those of all lists that are open.
    items: Vec<NodeId>,
    /// Neither another character nor an escape for one was met.
    is_ascii: bool,
    levels_left: usize,
    /// At most so many.
    nodes: usize,
}

impl<'t> Reader<'t> {
    #[inline]
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    #[inline]
    fn value(&mut self, start: usize) -> Option<usize> {
        let (end, value) = match self.byte(start)? {
            b'"' => {
                let (text, end) = self.string(start)?;
                (end, Value::String(text))
            }
            b'{' => return self.object(start),
            b'[' => return self.list(start),
            b't' if self.has(start, b"true") => (start + 4, Value::Bool(true)),
            b'f' if self.has(start + 1, b"alse") => (start + 5, Value::Bool(false)),
            _ => self.other(start)?,
        };
        self.push(start, end, value)?;
        Some(end)
    }

    fn object(&mut self, start: usize) -> Option<usize> {
        let id = self.open(start)?;
        let first = self.entries.len();
        let mut at = self.skip_blank(start + 1);
        if self.byte(at) != Some(b'}') {
            at = self.entry(at)?;
            while self.byte(at) == Some(b',') {
                at = self.entry(self.skip_blank(at + 1))?;
            }
        }
        let value = self.document.object(self.entries.drain(first..));
        self.close(id, at, b'}', value)
    }

    #[inline]
    fn entry(&mut self, start: usize) -> Option<usize> {
        let (key, end) = self.string(start)?;
        let colon = self.skip_blank(end);
        if self.byte(colon) != Some(b':') {
            return None;
        }
        let value = self.document.next_id();
        let after = self.value(self.skip_blank(colon + 1))?;
        self.entries.push(Entry { key, key_span: Span::new(start, end), value, merged: false });
        Some(self.skip_blank(after))
    }

    fn list(&mut self, start: usize) -> Option<usize> {
        let id = self.open(start)?;
        let first = self.items.len();
        let mut at = self.skip_blank(start + 1);
        if self.byte(at) != Some(b']') {
            at = self.item(at)?;
            while self.byte(at) == Some(b',') {
                at = self.item(self.skip_blank(at + 1))?;
            }
        }
        let value = self.document.list(self.items.drain(first..));
        self.close(id, at, b']', value)
    }

    fn item(&mut self, start: usize) -> Option<usize> {
        let item = self.document.next_id();
        let end = self.value(start)?;
        self.items.push(item);
        Some(self.skip_blank(end))
    }

    /// The node of an object or list, which stands before those in it.
    fn open(&mut self, start: usize) -> Option<NodeId> {
        self.levels_left = self.levels_left.checked_sub(1)?;
        self.push(start, start + 1, Value::Broken)
    }

    fn close(&mut self, id: NodeId, at: usize, bracket: u8, value: Value<'t>) -> Option<usize> {
        self.levels_left += 1;
        let node = self.document.node_mut(id);
        node.span = Span::new(node.span.range().start, at + 1);
        node.value = value;
        (self.byte(at) == Some(bracket)).then_some(at + 1)
    }

    #[inline]
    fn push(&mut self, start: usize, end: usize, value: Value<'t>) -> Option<NodeId> {
        let id = self.document.push(Node { span: Span::new(start, end), style: Style::Json, value });
        (self.document.len() <= self.nodes).then_some(id)
    }

    /// A text in quotes: nearly all are without escapes.
    #[inline]
    fn string(&mut self, start: usize) -> Option<(Cow<'t, str>, usize)> {
        let end = text_end(self.text.as_bytes(), start)?;
        if self.byte(end) == Some(b'"') {
            return Some((Cow::Borrowed(&self.text[start + 1..end]), end + 1));
        }
        self.with_lexer(start, |lexer| match lexer.escaped_string() {
            Some(text) => text,
            None => lexer.intricate_string(b'"'),
        })
    }

    /// `null` or a number.
    #[cold]
    fn other(&mut self, start: usize) -> Option<(usize, Value<'t>)> {
        let (value, end) = self.with_lexer(start, Lexer::scalar)?;
        Some((end, value))
    }

    /// What is not plain is read by the lexer, and good when that has nothing to say about it.
    fn with_lexer<T>(&mut self, start: usize, read: impl FnOnce(&mut Lexer<'t>) -> T) -> Option<(T, usize)> {
        let mut lexer = Lexer::at(self.text, start, self.is_ascii);
        let value = read(&mut lexer);
        self.is_ascii = lexer.is_ascii;
        lexer.errors.is_empty().then_some((value, lexer.at))
    }

    #[inline]
    fn has(&self, start: usize, word: &[u8; 4]) -> bool {
        self.text.as_bytes().get(start..).and_then(<[u8]>::first_chunk) == Some(word)
    }

    #[inline]
    fn skip_blank(&self, start: usize) -> usize {
        match self.byte(start) {
            Some(b' ' | b'\t' | b'\n' | b'\r') => self.skip_more_blank(start + 1),
            _ => start,
        }
    }

    /// Most of it is the indentation of a line.
    #[inline]
    fn skip_more_blank(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = start;
        loop {
            while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
                let spaces = first(u64::from_le_bytes(*word) ^ SPACES);
                at += spaces;
                if spaces < 8 {
                    break;
                }
            }
            if !matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
                return at;
            }
            at += 1;
        }
    }
}

/// Where a text ends whose quote stands at `start`: at the other quote, or before that at a backslash or control character.
#[inline]
fn text_end(bytes: &[u8], start: usize) -> Option<usize> {
    /// Tells quotes from what they must not be taken for: with it, they and the control characters are what is at most a space.
    const QUOTE: u64 = ONES * (b'"' ^ b' ') as u64;
    const BACKSLASH: u64 = ONES * b'\\' as u64;
    if bytes.get(start) != Some(&b'"') {
        return None;
    }
    let mut at = start + 1;
    while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*word);
        let quote_or_control = (word ^ QUOTE).wrapping_sub(ONES * (b' ' + 1) as u64);
        let backslash = (word ^ BACKSLASH).wrapping_sub(ONES);
        let stops = (quote_or_control | backslash) & !word & MARKS;
        if stops != 0 {
            return Some(at + first(stops));
        }
        at += 8;
    }
    let rest = bytes.get(at..)?;
    rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..b' ')).map(|length| at + length)
}
