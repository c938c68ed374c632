//! What a schema can see of a document, as bytes to compare.
//!
//! Our schemas speak of keys, types, lengths up to 20 characters and whole numbers; two documents with the same
//! [`Shape`] keep or break them alike. The portals of one shop are written from one template, so in a run over many files
//! nearly all have a shape that was validated before, and comparing is far cheaper than making a value to validate.

use std::cell::RefCell;

use super::Kind;
use super::project::ENOUGH;
use crate::document::slot::variable;
use crate::document::{Document, NodeId, Value};

/// How many shapes a thread remembers.
const REMEMBERED: usize = 8;

thread_local! {
    static CLEAN: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// See the module. Exact, no hash: equal bytes are equal to a schema.
pub struct Shape<'d> {
    document: &'d Document<'d>,
    root: NodeId,
    kind: Kind,
}

impl<'d> Shape<'d> {
    pub fn of(document: &'d Document<'d>, root: NodeId, kind: Kind) -> Self {
        Self { document, root, kind }
    }

    /// Nothing is written down for this: the document is held against each shape until the two differ.
    pub fn is_known_clean(&self) -> bool {
        CLEAN.with_borrow(|clean| {
            clean.iter().any(|known| {
                let mut rest = Compare(known);
                self.give(&mut rest) && rest.0.is_empty()
            })
        })
    }

    pub fn remember_clean(&self) {
        CLEAN.with_borrow_mut(|clean| {
            if clean.len() < REMEMBERED {
                let mut bytes = Vec::new();
                self.give(&mut bytes);
                clean.push(bytes);
            }
        });
    }

    /// Gives the bytes of the shape, one after the other, as long as they are wanted.
    fn give(&self, to: &mut impl Take) -> bool {
        to.byte(self.kind as u8) && to.byte(u8::from(self.document.is_partial())) && self.give_value(self.root, to)
    }

    fn give_value(&self, id: NodeId, to: &mut impl Take) -> bool {
        match &self.document.resolve(id).value {
            Value::Null | Value::Alias(_) => to.byte(b'n'),
            // Not a word is said of what could not be read, so it is no null; nor is a variable a text of its length.
            Value::Broken => to.byte(b'!'),
            Value::Bool(_) => to.byte(b'b'),
            Value::Number(text) => to.byte(b'#') && to.text(text),
            Value::String(text) if variable(text).is_some() => to.byte(b'$'),
            Value::String(text) => to.byte(b'"') && to.byte(length(text)),
            Value::Array(items) => {
                to.byte(b'[') && items.iter().all(|&item| self.give_value(item, to)) && to.byte(b']')
            }
            Value::Object(entries) => {
                to.byte(b'{')
                    && entries
                        .iter()
                        .all(|entry| to.byte(b':') && to.text(&entry.key) && self.give_value(entry.value, to))
                    && to.byte(b'}')
            }
        }
    }
}

/// What the bytes of a shape are given to; answers whether more are wanted.
trait Take {
    fn bytes(&mut self, bytes: &[u8]) -> bool;

    #[inline]
    fn byte(&mut self, byte: u8) -> bool {
        self.bytes(&[byte])
    }

    /// Ended by a byte that no text holds, so that no text can look like structure.
    #[inline]
    fn text(&mut self, text: &str) -> bool {
        self.bytes(text.as_bytes()) && self.byte(0xFF)
    }
}

impl Take for Vec<u8> {
    fn bytes(&mut self, bytes: &[u8]) -> bool {
        self.extend_from_slice(bytes);
        true
    }
}

/// What is left of a known shape.
struct Compare<'k>(&'k [u8]);

impl Take for Compare<'_> {
    #[inline]
    fn bytes(&mut self, bytes: &[u8]) -> bool {
        match self.0.strip_prefix(bytes) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    #[inline]
    fn byte(&mut self, byte: u8) -> bool {
        match self.0 {
            [first, rest @ ..] if *first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }
}

/// In characters, as far as a schema looks.
fn length(text: &str) -> u8 {
    /// No character has more bytes.
    const WIDEST: usize = 4;
    let characters = match text.len() {
        long if long >= ENOUGH * WIDEST => ENOUGH,
        short if text.as_bytes()[..short.min(ENOUGH)].is_ascii() => short.min(ENOUGH),
        _ => text.chars().take(ENOUGH).count(),
    };
    u8::try_from(characters).unwrap_or(u8::MAX)
}
