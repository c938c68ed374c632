//! What is open while JSON is read.

use std::borrow::Cow;

use crate::base::source::Span;
use crate::syntax::json::Expect;
use crate::syntax::{Entry, NodeId};

/// An object or list that is not closed yet.
pub struct Frame<'t> {
    pub node: NodeId,
    pub opened: usize,
    /// It was opened by no bracket or by a wrong one, which was said: either bracket closes it, and so does the end.
    pub mistaken: bool,
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

    pub fn is_closed_by(&self, byte: u8) -> bool {
        self.mistaken || self.closer() == byte
    }

    /// The last finished value in it, and the end of its key.
    pub fn last(&self) -> Option<(NodeId, Option<usize>)> {
        match &self.contents {
            Contents::Object { entries, .. } => {
                entries.last().map(|entry| (entry.value, Some(entry.key_span.end as usize)))
            }
            Contents::Array(items) => items.last().map(|id| (*id, None)),
        }
    }

    /// Adds a finished value; in an object it belongs to the key that waits.
    #[inline]
    pub fn add(&mut self, value: NodeId) {
        match &mut self.contents {
            Contents::Array(items) => items.push(value),
            Contents::Object { entries, key } => {
                if let Some((key, key_span)) = key.take() {
                    entries.push(Entry { key, key_span, value, merged: false });
                }
            }
        }
    }

    /// What follows a comma.
    pub fn next(&self) -> Expect {
        if matches!(self.contents, Contents::Object { .. }) { Expect::Key } else { Expect::Value }
    }

    pub fn is_empty(&self) -> bool {
        match &self.contents {
            Contents::Object { entries, key } => entries.is_empty() && key.is_none(),
            Contents::Array(items) => items.is_empty(),
        }
    }
}
