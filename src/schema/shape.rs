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
    static CLEAN: RefCell<Vec<Shape>> = const { RefCell::new(Vec::new()) };
}

/// See the module. Exact, no hash: equal bytes are equal to a schema.
#[derive(Debug, PartialEq, Eq)]
pub struct Shape(Vec<u8>);

impl Shape {
    pub fn of(document: &Document<'_>, root: NodeId, kind: Kind) -> Self {
        let mut shape = Self(Vec::with_capacity(1024));
        shape.0.extend([kind as u8, u8::from(document.is_partial())]);
        shape.add(document, root);
        shape
    }

    pub fn is_known_clean(&self) -> bool {
        CLEAN.with_borrow(|clean| clean.contains(self))
    }

    pub fn remember_clean(self) {
        CLEAN.with_borrow_mut(|clean| {
            if clean.len() < REMEMBERED {
                clean.push(self);
            }
        });
    }

    fn add(&mut self, document: &Document<'_>, id: NodeId) {
        match &document.resolve(id).value {
            Value::Null | Value::Alias(_) => self.0.push(b'n'),
            // Not a word is said of what could not be read, so it is no null; nor is a variable a text of its length.
            Value::Broken => self.0.push(b'!'),
            Value::String(text) if variable(text).is_some() => self.0.push(b'$'),
            Value::Bool(_) => self.0.push(b'b'),
            Value::Number(text) => self.text(b'#', text),
            Value::String(text) => {
                self.0.extend([b'"', length(text)]);
            }
            Value::Array(items) => {
                self.0.push(b'[');
                for &item in items {
                    self.add(document, item);
                }
                self.0.push(b']');
            }
            Value::Object(entries) => {
                self.0.push(b'{');
                for entry in entries {
                    self.text(b':', &entry.key);
                    self.add(document, entry.value);
                }
                self.0.push(b'}');
            }
        }
    }

    /// Ended by a byte that no text holds, so that no text can look like structure.
    fn text(&mut self, mark: u8, text: &str) {
        self.0.reserve(text.len() + 2);
        self.0.push(mark);
        self.0.extend_from_slice(text.as_bytes());
        self.0.push(0xFF);
    }
}

/// In characters, as far as a schema looks.
fn length(text: &str) -> u8 {
    let characters =
        if text.len() <= ENOUGH && text.is_ascii() { text.len() } else { text.chars().take(ENOUGH).count() };
    u8::try_from(characters).unwrap_or(u8::MAX)
}
