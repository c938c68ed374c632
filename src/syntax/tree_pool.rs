//! Reuses the memory of dropped trees: in a run over many files, allocating one tree per file costs measurable time.

use std::cell::RefCell;

use crate::syntax::tree::emptied;
use crate::syntax::{Document, Entry, NodeId, Parsed};

/// The number of trees kept, as many as are in use at the same time.
const MAX_TREES: usize = 4;
/// Larger trees, with a capacity of more nodes than this, are freed, so that one large file does not occupy memory for long.
const MAX_CAPACITY: usize = 1024;

thread_local! {
    static TREES: RefCell<Vec<Document<'static>>> = const { RefCell::new(Vec::new()) };
    static BUFFERS: RefCell<OpenBuffers<'static>> = const { RefCell::new(OpenBuffers { entries: Vec::new(), items: Vec::new() }) };
}

/// The buffers of a parser for objects and lists whose closing bracket has not been parsed yet.
#[derive(Default)]
pub(crate) struct OpenBuffers<'t> {
    /// The entries of all open objects.
    pub entries: Vec<Entry<'t>>,
    /// The items of all open lists.
    pub items: Vec<NodeId>,
}

/// Takes an empty tree out of the pool, or creates one with this capacity if the pool is empty.
pub(crate) fn take_tree<'t>(values: usize) -> Document<'t> {
    TREES.with_borrow_mut(Vec::pop).unwrap_or_else(|| Document::with_capacity(values))
}

/// Takes the buffers for open objects and lists out of the pool.
pub(crate) fn take_buffers<'t>() -> OpenBuffers<'t> {
    BUFFERS.with_borrow_mut(std::mem::take)
}

/// Returns the buffers to the pool.
pub(crate) fn recycle_buffers(buffers: OpenBuffers<'_>) {
    if buffers.entries.capacity() <= MAX_CAPACITY && buffers.items.capacity() <= MAX_CAPACITY {
        let OpenBuffers { entries, mut items } = buffers;
        items.clear();
        BUFFERS.set(OpenBuffers { entries: emptied(entries, Entry::into_owned), items });
    }
}

/// Returns trees to the pool.
pub(crate) fn recycle(parsed: Vec<Parsed<'_>>) {
    TREES.with_borrow_mut(|trees| {
        let documents = parsed.into_iter().flat_map(|parsed| parsed.documents);
        let small = documents.filter(|document| document.capacity() <= MAX_CAPACITY);
        trees.extend(small.take(MAX_TREES - trees.len().min(MAX_TREES)).map(Document::emptied));
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
        let (before, contents) = (place(&first), format!("{first:?}"));
        recycle(vec![first]);
        let second = parsed();
        assert_eq!((place(&second), format!("{second:?}")), (before, contents));
    }
}
