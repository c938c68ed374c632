//! What is open while JSON is read.

use std::borrow::Cow;

use crate::document::{Entry, NodeId};
use crate::source::Span;

/// An object or list that is not closed yet.
pub struct Frame<'t> {
    pub node: NodeId,
    pub opened: usize,
    pub contents: Contents<'t>,
}

/// What it holds so far.
pub enum Contents<'t> {
    Object {
        entries: Vec<Entry<'t>>,
        /// A key that waits for its value.
        key: Option<(Cow<'t, str>, Span)>,
    },
    Array(Vec<NodeId>),
}

impl Frame<'_> {
    pub fn bracket(&self) -> char {
        if matches!(self.contents, Contents::Object { .. }) { '{' } else { '[' }
    }

    pub fn closer(&self) -> u8 {
        if self.bracket() == '{' { b'}' } else { b']' }
    }

    pub fn is_empty(&self) -> bool {
        match &self.contents {
            Contents::Object { entries, key } => entries.is_empty() && key.is_none(),
            Contents::Array(items) => items.is_empty(),
        }
    }
}
