//! The location of a cursor: its path, its JSON Pointer and its bytes.

use crate::base::diagnostic::Location;
use crate::base::source::Span;
use crate::syntax::cursor::{Cursor, MAX_STEPS, Presence};
use crate::syntax::{Style, Value, pointer};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PathStep<'d> {
    Key(&'d str),
    Index(usize),
}

impl<'d> Cursor<'d> {
    /// The keys and indices from the root to this value, at most [`MAX_STEPS`].
    fn steps(&self) -> Vec<PathStep<'d>> {
        let mut steps = Vec::with_capacity(MAX_STEPS + 1);
        let mut container = self.root;
        for &index in &self.indices[..usize::from(self.depth)] {
            let index = index as usize;
            let (step, value) = match &self.document.node(container).value {
                Value::Object(entries) => {
                    let entry = &self.document.entries(*entries)[index];
                    (PathStep::Key(&entry.key), entry.value)
                }
                Value::Array(items) => (PathStep::Index(index), self.document.items(*items)[index]),
                _ => break,
            };
            steps.push(step);
            container = self.document.resolve_id(value);
        }
        if !self.is_present() {
            steps.push(PathStep::Key(self.missing_key));
        }
        steps
    }

    /// The JSON Pointer (RFC 6901) of the value.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in self.steps() {
            match step {
                PathStep::Key(key) => pointer::push(&mut pointer, key),
                PathStep::Index(index) => pointer::push(&mut pointer, &index.to_string()),
            }
        }
        pointer
    }

    /// The keys from the root to this value, without the indices of lists.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &'d str> {
        self.steps().into_iter().filter_map(|step| match step {
            PathStep::Key(key) => Some(key),
            PathStep::Index(_) => None,
        })
    }

    /// Whether a list contains this value, directly or at any depth.
    pub fn is_in_list(&self) -> bool {
        self.steps().iter().any(|step| matches!(step, PathStep::Index(_)))
    }

    /// Whether the value of the other cursor contains this one.
    pub fn is_inside(&self, other: &Self) -> bool {
        let (own, other) = (self.steps(), other.steps());
        own.len() > other.len() && own.starts_with(&other)
    }

    /// Whether both cursors point at the same place.
    pub fn is_same_place(&self, other: &Self) -> bool {
        self.steps() == other.steps()
    }

    /// The pointer and the bytes of the value; for a missing value, the bytes of the key of its parent.
    pub fn location(&self) -> Location {
        Location { pointer: self.pointer(), span: self.span() }
    }

    /// The location of a part of the value: the pointer of the value with the bytes of the part.
    pub fn location_of(&self, span: Span) -> Location {
        Location { pointer: self.pointer(), span }
    }

    /// The pointer of the value with the bytes of its key, for findings about the key.
    pub fn key_location(&self) -> Location {
        self.key_span().map_or_else(|| self.location(), |span| self.location_of(span))
    }

    /// The bytes of the value; see [`Cursor::location`].
    pub fn span(&self) -> Span {
        match self.presence {
            Presence::Present => self.document.node(self.node).span,
            Presence::Missing => self.parent_key_span(),
            Presence::Unreachable => Span::default(),
        }
    }

    /// The bytes to underline for a missing value: the key of the object that lacks it. The top-level object has no key, so
    /// there it is the opening brace (JSON) or the first key (YAML).
    fn parent_key_span(&self) -> Span {
        if let Some(entry) = self.nearest_entry() {
            return entry.key_span;
        }
        let object = self.document.node(self.node);
        let start = object.span.start;
        if let Value::Object(entries) = object.value
            && object.style != Style::Json
            && let Some(first) = self.document.entries(entries).first()
            && first.key_span.start == start
        {
            return first.key_span;
        }
        Span { start, end: start + 1 }
    }
}
