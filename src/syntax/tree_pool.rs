//! Memory of trees that are done with: in a run over many files the next tree takes the place of one before.

use std::cell::RefCell;

use crate::syntax::tree::emptied;
use crate::syntax::{Document, Entry, NodeId, Parsed};

/// So many trees are kept: as many as are read before the first of them is done with.
const KEPT: usize = 4;
/// Memory for more values than this goes back to the system.
const LARGE: usize = 1024;

thread_local! {
    static TREES: RefCell<Vec<Document<'static>>> = const { RefCell::new(Vec::new()) };
    static OPEN: RefCell<Open<'static>> = const { RefCell::new(Open { entries: Vec::new(), items: Vec::new() }) };
}

/// What a parser holds of objects and lists that are not closed yet.
#[derive(Default)]
pub struct Open<'t> {
    /// Those of all objects.
    pub entries: Vec<Entry<'t>>,
    /// Those of all lists.
    pub items: Vec<NodeId>,
}

/// An empty tree, with room for so many values where none was kept.
pub fn tree<'t>(values: usize) -> Document<'t> {
    TREES.with_borrow_mut(Vec::pop).unwrap_or_else(|| Document::with_capacity(values))
}

/// Room for what is open.
pub fn open<'t>() -> Open<'t> {
    OPEN.with_borrow_mut(std::mem::take)
}

/// Takes back the room for what is open.
pub fn keep_open(open: Open<'_>) {
    if open.entries.capacity() <= LARGE && open.items.capacity() <= LARGE {
        let Open { entries, mut items } = open;
        items.clear();
        OPEN.set(Open { entries: emptied(entries, Entry::into_owned), items });
    }
}

/// Takes back trees.
pub fn keep(parsed: Vec<Parsed<'_>>) {
    TREES.with_borrow_mut(|trees| {
        let documents = parsed.into_iter().flat_map(|parsed| parsed.documents);
        let small = documents.filter(|document| document.room() <= LARGE);
        trees.extend(small.take(KEPT - trees.len().min(KEPT)).map(Document::emptied));
    });
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree_pool::*;
    use crate::syntax::{Limits, json};

    #[test]
    fn the_next_tree_is_in_the_memory_of_the_last() {
        let parsed = || json::parse(r#"{"a": [1, {"b": "\n"}]}"#, json::Dialect::Strict, &Limits::default());
        let first = parsed();
        let place = |parsed: &Parsed<'_>| std::ptr::from_ref(parsed.documents[0].node(NodeId(0))).addr();
        let (before, told) = (place(&first), format!("{first:?}"));
        keep(vec![first]);
        let second = parsed();
        assert_eq!((place(&second), format!("{second:?}")), (before, told));
    }
}
