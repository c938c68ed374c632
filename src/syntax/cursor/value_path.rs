//! Values with their complete paths, for walks through a document.

use std::rc::Rc;

use crate::syntax::cursor::Cursor;
use crate::syntax::pointer;

/// A value with its path. A [`Cursor`] does not contain the complete path of a deep value, and a pointer for every value of a document
/// would take quadratic memory if they all contain a long key.
#[derive(Clone)]
pub struct ValuePath<'d> {
    /// The value.
    pub value: Cursor<'d>,
    /// The path of the object or list that contains the value; `None` where the walk starts.
    parent: Option<Rc<ValuePath<'d>>>,
}

impl<'d> ValuePath<'d> {
    /// Starts a walk at a value.
    pub fn new(value: Cursor<'d>) -> Self {
        Self { value, parent: None }
    }

    /// The values directly inside of this one, including those of duplicate keys.
    pub fn children(self) -> impl Iterator<Item = Self> {
        let children = self.value.children().chain(self.value.items());
        let parent = Rc::new(self);
        children.map(move |value| Self { value, parent: Some(Rc::clone(&parent)) })
    }

    /// The JSON Pointer (RFC 6901) of the value.
    pub fn pointer(&self) -> String {
        let Some(parent) = &self.parent else { return self.value.pointer() };
        let mut pointer = parent.pointer();
        if self.value.is_item() {
            pointer::push(&mut pointer, &self.value.index().to_string());
        } else {
            pointer::push(&mut pointer, self.value.key());
        }
        pointer
    }
}
