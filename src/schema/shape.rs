//! The shape of a document: everything that the embedded schemas can distinguish in it.
//!
//! The embedded schemas constrain keys, types, lengths of up to 20 characters, and numbers. Two documents with the same shape have
//! the same violations. The portals of a company are usually made from one template, so in a run over many files nearly all of
//! them have a shape that was validated before. Comparing shapes is much faster than converting a document and validating it.

use std::cell::RefCell;

use crate::schema::PortalKind;
use crate::schema::to_json::VISIBLE_TEXT_LEN;
use crate::syntax::cursor::variable_name;
use crate::syntax::{Document, Entry, NodeId, Value};

/// The number of shapes that each thread remembers.
const MAX_SHAPES: usize = 8;

thread_local! {
    /// The shapes of valid documents.
    static VALID_SHAPES: RefCell<Vec<Shape>> = const { RefCell::new(Vec::new()) };
}

/// The shape of a document. It is compared node by node, not by a hash: a collision would hide a violation.
struct Shape {
    kind: PortalKind,
    is_partial: bool,
    root: NodeId,
    /// One for each node, in the order of their ids.
    nodes: Vec<NodeShape>,
}

/// What the schemas can distinguish in one node.
enum NodeShape {
    Null,
    /// Differs from null, because a value that could not be read is never a violation.
    Broken,
    Bool,
    Number(Box<str>),
    /// The length of a variable's value is unknown.
    Variable,
    /// The length; see [`visible_length`].
    Text(usize),
    List(Box<[NodeId]>),
    Object(Box<[(Box<str>, NodeId)]>),
    Alias(NodeId),
}

/// Returns the number of the remembered shape that a document has.
pub(super) fn find_valid_shape(document: &Document<'_>, root: NodeId, kind: PortalKind) -> Option<usize> {
    VALID_SHAPES.with_borrow(|shapes| shapes.iter().position(|shape| shape.matches(document, root, kind)))
}

/// Remembers the shape of a valid document, unless there are enough.
pub(super) fn remember_valid_shape(document: &Document<'_>, root: NodeId, kind: PortalKind) {
    VALID_SHAPES.with_borrow_mut(|shapes| {
        if shapes.len() < MAX_SHAPES {
            shapes.push(Shape::new(document, root, kind));
        }
    });
}

impl Shape {
    fn new(document: &Document<'_>, root: NodeId, kind: PortalKind) -> Self {
        let mut nodes = Vec::with_capacity(document.len());
        for node in document.nodes() {
            nodes.push(NodeShape::new(document, &node.value));
        }
        Self { kind, is_partial: document.is_partial(), root, nodes }
    }

    fn matches(&self, document: &Document<'_>, root: NodeId, kind: PortalKind) -> bool {
        // Nodes refer to their children by id. If each node equals the one with the same id, the trees are equal.
        (self.kind, self.is_partial, self.root) == (kind, document.is_partial(), root)
            && self.nodes.len() == document.len()
            && self.nodes.iter().zip(document.nodes()).all(|(shape, node)| shape.matches(document, &node.value))
    }
}

impl NodeShape {
    fn new(document: &Document<'_>, value: &Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Broken => Self::Broken,
            Value::Bool(_) => Self::Bool,
            Value::Number(text) => Self::Number(text.clone()),
            Value::String(text) if variable_name(text).is_some() => Self::Variable,
            Value::String(text) => Self::Text(visible_length(text)),
            Value::Array(items) => Self::List(document.items(*items).into()),
            Value::Object(entries) => {
                let entries = document.entries(*entries).iter();
                Self::Object(entries.map(|entry| ((*entry.key).into(), entry.value)).collect())
            }
            Value::Alias(target) => Self::Alias(*target),
        }
    }

    fn matches(&self, document: &Document<'_>, value: &Value<'_>) -> bool {
        match (self, value) {
            (Self::Text(length), Value::String(text)) => {
                visible_length(text) == *length && variable_name(text).is_none()
            }
            (Self::Variable, Value::String(text)) => variable_name(text).is_some(),
            (Self::Number(own), Value::Number(text)) => **own == **text,
            (Self::List(own), Value::Array(items)) => **own == *document.items(*items),
            (Self::Object(own), Value::Object(entries)) => have_equal_entries(own, document.entries(*entries)),
            (Self::Alias(own), Value::Alias(target)) => own == target,
            (Self::Bool, Value::Bool(_)) | (Self::Null, Value::Null) | (Self::Broken, Value::Broken) => true,
            _ => false,
        }
    }
}

fn have_equal_entries(own: &[(Box<str>, NodeId)], entries: &[Entry<'_>]) -> bool {
    own.len() == entries.len()
        && own.iter().zip(entries).all(|((key, value), entry)| entry.value == *value && *entry.key == **key)
}

/// The length of a text in characters, at most [`VISIBLE_TEXT_LEN`]: the schemas do not distinguish longer texts.
fn visible_length(text: &str) -> usize {
    /// The largest number of bytes that a character has in UTF-8.
    const MAX_CHAR_LEN: usize = 4;
    match text.len() {
        // Counting characters is slow, so do not count those of long or ASCII texts.
        bytes if bytes >= VISIBLE_TEXT_LEN * MAX_CHAR_LEN => VISIBLE_TEXT_LEN,
        bytes if text.as_bytes()[..bytes.min(VISIBLE_TEXT_LEN)].is_ascii() => bytes.min(VISIBLE_TEXT_LEN),
        _ => text.chars().take(VISIBLE_TEXT_LEN).count(),
    }
}
