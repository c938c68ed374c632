//! Observes html5ever's stack of open elements while it builds a tree.

use std::cell::RefCell;

use html5ever::interface::Tracer;
use html5ever::tokenizer::TokenSink;
use html5ever::tree_builder::TreeBuilder;

use crate::html::tree::sink::{Handle, TreeRecorder};
use crate::html::tree::{HtmlTree, NodeId, TagId};

/// A function that is called after each token. Its arguments are the tree so far, the tag if the token is one, and the open elements
/// from the outermost to the innermost.
pub(crate) type StackObserver<'o> = dyn FnMut(&HtmlTree, Option<TagId>, &[NodeId]) + 'o;

struct HandleCollector(RefCell<Vec<NodeId>>);

impl Tracer for HandleCollector {
    type Handle = Handle;

    fn trace_handle(&self, node: &Handle) {
        self.0.borrow_mut().push(node.id);
    }
}

/// Calls the observer, if there is one, after a token.
pub(super) fn notify(
    observer: &mut Option<&mut StackObserver<'_>>,
    builder: &TreeBuilder<Handle, TreeRecorder>,
    has_tag: bool,
) {
    if let Some(observer) = observer {
        let open = open_elements(builder);
        let state = builder.sink.state.borrow();
        let tag = if has_tag { state.tree.tags.len().checked_sub(1) } else { None };
        observer(&state.tree, tag, &open);
    }
}

/// Reads the open elements, from the outermost to the innermost.
fn open_elements(builder: &TreeBuilder<Handle, TreeRecorder>) -> Vec<NodeId> {
    // html5ever lists its stack only together with other nodes: first the document, then the stack, then the active formatting
    // elements, the head, the form, and the context of a fragment. The stack ends at the current node. To find it, call a method of
    // html5ever that asks the sink for the name of the current node.
    const TYPICAL_LEN: usize = 32;
    let collector = HandleCollector(RefCell::new(Vec::with_capacity(TYPICAL_LEN)));
    builder.trace_handles(&collector);
    let mut handles = collector.0.into_inner();
    handles.remove(0);
    builder.sink.last_named.set(None);
    builder.adjusted_current_node_present_but_not_in_html_namespace();
    let Some(current) = builder.sink.last_named.get() else { return Vec::new() };
    let len = handles.iter().position(|id| *id == current).map_or(0, |index| index + 1);
    // If only the root is open, html5ever asks for the name of the context instead, which is the last node of the list.
    handles.truncate(if len == handles.len() { 1 } else { len });
    handles
}
