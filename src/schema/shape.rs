//! What a schema can see of a document, to be compared with that of others.
//!
//! The embedded schemas constrain keys, types, lengths up to 20 characters and whole numbers; two documents of the same shape keep
//! or break them alike. The portals of one shop are written from one template, so in a run over many files nearly all
//! have a shape that was validated before, and comparing is far cheaper than making a value to validate.

use std::cell::RefCell;

use super::PortalKind;
use crate::schema::to_json::VISIBLE_TEXT_LEN;
use crate::syntax::cursor::variable_name;
use crate::syntax::{Document, Entry, NodeId, Value};

/// How many shapes a thread remembers.
const REMEMBERED: usize = 8;

thread_local! {
    static CLEAN: RefCell<Vec<Shape>> = const { RefCell::new(Vec::new()) };
}

/// See the module. Exact, no hash: equal shapes are equal to a schema.
struct Shape {
    kind: PortalKind,
    is_partial: bool,
    root: NodeId,
    /// One a node.
    forms: Vec<Form>,
}

/// What a schema can see of one node.
enum Form {
    Null,
    /// A value that could not be read is never reported, so it differs from null.
    Broken,
    Bool,
    Number(Box<str>),
    /// A schema sees no length of what a variable stands for.
    Variable,
    /// Its length; see [`length`].
    Text(usize),
    List(Box<[NodeId]>),
    Object(Box<[(Box<str>, NodeId)]>),
    Alias(NodeId),
}

/// The number of the one that was clean and whose shape a document has.
pub(super) fn known_clean(document: &Document<'_>, root: NodeId, kind: PortalKind) -> Option<usize> {
    CLEAN.with_borrow(|clean| clean.iter().position(|shape| shape.is_of(document, root, kind)))
}

/// Remembers that a document is clean.
pub(super) fn remember_clean(document: &Document<'_>, root: NodeId, kind: PortalKind) {
    CLEAN.with_borrow_mut(|clean| {
        if clean.len() < REMEMBERED {
            let forms = document.nodes().map(|node| Form::of(document, &node.value)).collect();
            clean.push(Shape { kind, is_partial: document.is_partial(), root, forms });
        }
    });
}

impl Shape {
    /// Node by node: equal nodes under equal numbers are equal trees.
    fn is_of(&self, document: &Document<'_>, root: NodeId, kind: PortalKind) -> bool {
        (self.kind, self.is_partial, self.root) == (kind, document.is_partial(), root)
            && self.forms.len() == document.len()
            && self.forms.iter().zip(document.nodes()).all(|(form, node)| form.is_of(document, &node.value))
    }
}

impl Form {
    fn of(document: &Document<'_>, value: &Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Broken => Self::Broken,
            Value::Bool(_) => Self::Bool,
            Value::Number(text) => Self::Number(text.clone()),
            Value::String(text) if variable_name(text).is_some() => Self::Variable,
            Value::String(text) => Self::Text(length(text)),
            Value::Array(items) => Self::List(document.items(*items).into()),
            Value::Object(entries) => Self::Object(
                document.entries(*entries).iter().map(|entry| ((*entry.key).into(), entry.value)).collect(),
            ),
            Value::Alias(target) => Self::Alias(*target),
        }
    }

    fn is_of(&self, document: &Document<'_>, value: &Value<'_>) -> bool {
        match (self, value) {
            (Self::Text(known), Value::String(text)) => length(text) == *known && variable_name(text).is_none(),
            (Self::Variable, Value::String(text)) => variable_name(text).is_some(),
            (Self::Number(known), Value::Number(text)) => **known == **text,
            (Self::List(known), Value::Array(items)) => **known == *document.items(*items),
            (Self::Object(known), Value::Object(entries)) => {
                let entries = document.entries(*entries);
                let same = |((key, value), entry): (&(Box<str>, NodeId), &Entry<'_>)| {
                    entry.value == *value && *entry.key == **key
                };
                known.len() == entries.len() && known.iter().zip(entries).all(same)
            }
            (Self::Alias(known), Value::Alias(target)) => known == target,
            (Self::Bool, Value::Bool(_)) | (Self::Null, Value::Null) | (Self::Broken, Value::Broken) => true,
            _ => false,
        }
    }
}

/// In characters, as far as a schema looks.
fn length(text: &str) -> usize {
    /// No character has more bytes.
    const WIDEST: usize = 4;
    match text.len() {
        long if long >= VISIBLE_TEXT_LEN * WIDEST => VISIBLE_TEXT_LEN,
        short if text.as_bytes()[..short.min(VISIBLE_TEXT_LEN)].is_ascii() => short.min(VISIBLE_TEXT_LEN),
        _ => text.chars().take(VISIBLE_TEXT_LEN).count(),
    }
}
