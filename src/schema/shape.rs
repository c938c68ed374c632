//! Skips validation for a document with the same shape as an earlier valid one.
//!
//! The shape is everything that the embedded schemas can observe: keys, types, numbers, and the lengths of texts up to
//! [`VISIBLE_TEXT_LEN`]. A schema with `pattern`, or with `enum` for texts or booleans, would make this wrong.
//!
//! The portals of a company are usually made from one template, so in a run over many files nearly all of them have a known
//! shape. Building a JSON value for the validator costs far more than comparing shapes.

use std::cell::RefCell;

use crate::schema::PortalKind;
use crate::schema::to_json::VISIBLE_TEXT_LEN;
use crate::syntax::cursor::variable_name;
use crate::syntax::{Document, Entry, NodeId, Value};

/// The number of shapes that each thread remembers.
const MAX_VALID_SHAPES: usize = 8;

thread_local! {
    /// The shapes of valid documents. Entries are never replaced: [`Validation::known_shape`] is an index into this list, and the
    /// caller may keep it.
    ///
    /// [`Validation::known_shape`]: crate::schema::Validation::known_shape
    static VALID_SHAPES: RefCell<Vec<Shape>> = const { RefCell::new(Vec::new()) };
}

/// The shape of a valid document. Compared exactly and not by a hash, because a collision would hide violations.
struct Shape {
    kind: PortalKind,
    is_partial: bool,
    root: NodeId,
    /// The shape of each node, in document order: a [`NodeId`] is an index.
    nodes: Vec<NodeShape>,
}

/// What the schemas can observe of one node.
enum NodeShape {
    Null,
    /// Unreadable. Distinct from `Null`, because its violations are not reported.
    Broken,
    Bool,
    Number(Box<str>),
    /// `${NAME}`: its final length is unknown, so violations of a length are not reported.
    Variable,
    /// The length; see [`visible_length`].
    Text(usize),
    List(Box<[NodeId]>),
    Object(Box<[(Box<str>, NodeId)]>),
    Alias(NodeId),
}

/// Returns the index of the remembered shape that this document has. Such a document has no violations and no duplicate keys.
pub(super) fn find_valid_shape(document: &Document<'_>, root: NodeId, kind: PortalKind) -> Option<usize> {
    VALID_SHAPES.with_borrow(|shapes| shapes.iter().position(|shape| shape.matches_document(document, root, kind)))
}

/// Remembers the shape of a document without violations and duplicate keys, unless there are enough.
pub(super) fn remember_valid_shape(document: &Document<'_>, root: NodeId, kind: PortalKind) {
    VALID_SHAPES.with_borrow_mut(|shapes| {
        if shapes.len() < MAX_VALID_SHAPES {
            shapes.push(Shape::from_document(document, root, kind));
        }
    });
}

impl Shape {
    fn from_document(document: &Document<'_>, root: NodeId, kind: PortalKind) -> Self {
        let mut nodes = Vec::with_capacity(document.len());
        for node in document.nodes() {
            nodes.push(NodeShape::from_value(document, &node.value));
        }
        Self { kind, is_partial: document.is_partial(), root, nodes }
    }

    fn matches_document(&self, document: &Document<'_>, root: NodeId, kind: PortalKind) -> bool {
        // Children are node ids, so equal shapes at equal ids imply equal trees.
        (self.kind, self.is_partial, self.root) == (kind, document.is_partial(), root)
            && self.nodes.len() == document.len()
            && self.nodes.iter().zip(document.nodes()).all(|(shape, node)| shape.matches_value(document, &node.value))
    }
}

impl NodeShape {
    fn from_value(document: &Document<'_>, value: &Value<'_>) -> Self {
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

    fn matches_value(&self, document: &Document<'_>, value: &Value<'_>) -> bool {
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

/// The length in characters, at most [`VISIBLE_TEXT_LEN`].
fn visible_length(text: &str) -> usize {
    /// The largest number of bytes that a character has in UTF-8.
    const MAX_UTF8_LEN: usize = 4;
    let prefix_len = text.len().min(VISIBLE_TEXT_LEN);
    if text.len() >= VISIBLE_TEXT_LEN * MAX_UTF8_LEN {
        VISIBLE_TEXT_LEN
    } else if text.as_bytes()[..prefix_len].is_ascii() {
        // Fast path: the prefix is ASCII, so bytes are characters.
        prefix_len
    } else {
        text.chars().take(VISIBLE_TEXT_LEN).count()
    }
}
