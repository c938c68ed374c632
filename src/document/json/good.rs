//! JSON without a mistake, which nearly every file is: one pass that never looks back.
//!
//! At the first thing that is not as it should be it gives up, and the parser that goes on after every error reads the text
//! from its start. Both give the same tree.

use super::lexer::Lexer;
use super::{Dialect, Document, Entry, FIELDS, Limits, Node, NodeId, Parsed, Style, Value, expected_values};
use crate::source::Span;

/// Deeper than this is for the parser that keeps a stack of its own.
const DEEPEST: usize = 128;

/// `None` when something is not as it should be, or beyond the limits.
pub fn parse<'t>(text: &'t str, dialect: Dialect, limits: &Limits) -> Option<Parsed<'t>> {
    let mut reader = Reader {
        lexer: Lexer::new(text, dialect),
        document: Document::with_capacity(expected_values(text)),
        entries: Vec::with_capacity(FIELDS),
        items: Vec::new(),
        levels_left: limits.depth.min(DEEPEST),
        limits,
    };
    reader.lexer.skip_blank();
    let root = reader.value()?;
    reader.lexer.skip_blank();
    let Reader { lexer, mut document, .. } = reader;
    document.set_root(root);
    if lexer.is_ascii {
        document.mark_ascii();
    }
    let is_good = lexer.peek().is_none() && lexer.errors.is_empty();
    is_good.then(|| Parsed { documents: vec![document], errors: Vec::new(), comments: lexer.comments })
}

struct Reader<'t, 'l> {
    lexer: Lexer<'t>,
    document: Document<'t>,
    /// Those of all objects that are open.
    entries: Vec<Entry<'t>>,
    /// Those of all lists that are open.
    items: Vec<NodeId>,
    levels_left: usize,
    limits: &'l Limits,
}

impl<'t> Reader<'t, '_> {
    fn value(&mut self) -> Option<NodeId> {
        let start = self.lexer.at;
        let value = match self.lexer.peek()? {
            b'{' => return self.object(),
            b'[' => return self.array(),
            b'"' => Value::String(self.lexer.string(b'"')),
            _ => self.lexer.scalar(),
        };
        self.push(start, value)
    }

    fn object(&mut self) -> Option<NodeId> {
        let start = self.lexer.at;
        let id = self.open()?;
        let first = self.entries.len();
        if self.lexer.peek() != Some(b'}') {
            self.entry()?;
            while self.lexer.takes(b',') {
                self.lexer.skip_blank();
                self.entry()?;
            }
        }
        let value = Value::Object(self.entries.drain(first..).collect());
        self.close(b'}', id, start, value)
    }

    fn entry(&mut self) -> Option<()> {
        let start = self.lexer.at;
        if self.lexer.peek() != Some(b'"') {
            return None;
        }
        let key = self.lexer.string(b'"');
        let key_span = Span::new(start, self.lexer.at);
        self.lexer.skip_blank();
        if !self.lexer.takes(b':') {
            return None;
        }
        self.lexer.skip_blank();
        let value = self.value()?;
        self.lexer.skip_blank();
        self.entries.push(Entry { key, key_span, value, merged: false });
        Some(())
    }

    fn array(&mut self) -> Option<NodeId> {
        let start = self.lexer.at;
        let id = self.open()?;
        let first = self.items.len();
        if self.lexer.peek() != Some(b']') {
            self.item()?;
            while self.lexer.takes(b',') {
                self.lexer.skip_blank();
                self.item()?;
            }
        }
        let value = Value::Array(self.items.drain(first..).collect());
        self.close(b']', id, start, value)
    }

    fn item(&mut self) -> Option<()> {
        let item = self.value()?;
        self.items.push(item);
        self.lexer.skip_blank();
        Some(())
    }

    /// The node of an object or list, which stands before those in it.
    fn open(&mut self) -> Option<NodeId> {
        self.levels_left = self.levels_left.checked_sub(1)?;
        let id = self.push(self.lexer.at, Value::Broken)?;
        self.lexer.at += 1;
        self.lexer.skip_blank();
        Some(id)
    }

    fn close(&mut self, bracket: u8, id: NodeId, start: usize, value: Value<'t>) -> Option<NodeId> {
        self.levels_left += 1;
        self.lexer.takes(bracket).then(|| {
            let node = self.document.node_mut(id);
            node.span = Span::new(start, self.lexer.at);
            node.value = value;
            id
        })
    }

    fn push(&mut self, start: usize, value: Value<'t>) -> Option<NodeId> {
        let span = Span::new(start, self.lexer.at);
        let id = self.document.push(Node { span, style: Style::Json, value });
        (self.document.len() <= self.limits.nodes).then_some(id)
    }
}
