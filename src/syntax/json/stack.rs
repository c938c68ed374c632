//! The objects and lists that are open while JSON is parsed.

use std::borrow::Cow;

use crate::base::source::Span;
use crate::syntax::json::Expect;
use crate::syntax::{Entry, NodeId};

/// An object or list that is not closed yet.
pub(super) struct OpenContainer<'t> {
    pub node: NodeId,
    pub opened: usize,
    /// Whether its opening bracket is missing or wrong. This was reported, so either closing bracket and the end of the text close it
    /// without another error.
    pub has_wrong_opener: bool,
    pub contents: Contents<'t>,
}

/// The entries or items parsed so far.
pub(super) enum Contents<'t> {
    Object {
        entries: Vec<Entry<'t>>,
        /// A key whose value has not been parsed yet.
        key: Option<(Cow<'t, str>, Span)>,
    },
    Array(Vec<NodeId>),
}

impl OpenContainer<'_> {
    /// The opening bracket.
    pub(super) fn opener(&self) -> char {
        if matches!(self.contents, Contents::Object { .. }) { '{' } else { '[' }
    }

    pub(super) fn closer(&self) -> u8 {
        if self.opener() == '{' { b'}' } else { b']' }
    }

    pub(super) fn is_closed_by(&self, byte: u8) -> bool {
        self.has_wrong_opener || self.closer() == byte
    }

    /// The last complete value and the end of its key.
    pub(super) fn last_value(&self) -> Option<(NodeId, Option<usize>)> {
        match &self.contents {
            Contents::Object { entries, .. } => {
                entries.last().map(|entry| (entry.value, Some(entry.key_span.end as usize)))
            }
            Contents::Array(items) => items.last().map(|id| (*id, None)),
        }
    }

    /// Adds a complete value. In an object, it is the value of the pending key.
    #[inline]
    pub(super) fn add(&mut self, value: NodeId) {
        match &mut self.contents {
            Contents::Array(items) => items.push(value),
            Contents::Object { entries, key } => {
                if let Some((key, key_span)) = key.take() {
                    entries.push(Entry { key, key_span, value, merged: false });
                }
            }
        }
    }

    /// What is expected after a comma.
    pub(super) fn after_comma(&self) -> Expect {
        if matches!(self.contents, Contents::Object { .. }) { Expect::Key } else { Expect::Value }
    }

    pub(super) fn is_empty(&self) -> bool {
        match &self.contents {
            Contents::Object { entries, key } => entries.is_empty() && key.is_none(),
            Contents::Array(items) => items.is_empty(),
        }
    }
}
