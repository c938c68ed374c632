//! A [`Cursor`] points at a place in a document where a value is or should be.
//!
//! `cursor.field("recaptcha").field("site_key")` never fails, even in a document with syntax errors: the value is present, it is
//! missing (its parent is an object without this key), or it is unreachable (a parent is missing or has the wrong type).
//! Rules report only missing values, because the finding for the parent covers the unreachable ones.

use crate::base::source::Span;
use crate::syntax::variables::variable_name;
use crate::syntax::{Document, Entry, Node, NodeId, Style, Value};

mod field_index;
mod location;
mod value_path;

pub use field_index::FieldIndex;
pub use value_path::ValuePath;

/// The maximum length of the path in a cursor: that of `/tracking_domains/0/results/0/dns/status`. The path of a deeper value is cut
/// off at this depth.
const MAX_STEPS: usize = 6;

/// Whether there is a value at the place a cursor points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    Present,
    /// The parent is an object that does not have the key.
    Missing,
    /// The parent is missing itself or has the wrong type, or parts of the document could not be read.
    Unreachable,
}

/// A place in a document. Rules copy cursors often, so a cursor is small: it contains indices, and the keys of its path are computed
/// on demand.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'d> {
    document: &'d Document<'d>,
    /// Where paths start: usually the top-level value.
    root: NodeId,
    presence: Presence,
    /// The number of used elements of `indices`.
    depth: u8,
    /// The index of the entry at each level, from the root. If the value is not present, this path and the next three fields
    /// describe the closest parent that is present.
    indices: [u32; MAX_STEPS],
    /// The value, with aliases resolved.
    node: NodeId,
    /// The object or list that contains the value.
    parent: Option<NodeId>,
    /// The index of the value in its parent.
    index: u32,
    /// The key of a value that is not present.
    missing_key: &'d str,
}

impl<'d> Cursor<'d> {
    /// A cursor at the top-level value.
    pub fn root(document: &'d Document<'d>) -> Self {
        match document.root() {
            Some(root) => Self::at(document, root),
            None => Self { presence: Presence::Unreachable, ..Self::at_resolved(document, NodeId(0)) },
        }
    }

    /// A cursor at any value. The value is the root of all paths, as if it were a document of its own.
    pub fn at(document: &'d Document<'d>, node: NodeId) -> Self {
        Self::at_resolved(document, document.resolve_id(node))
    }

    fn at_resolved(document: &'d Document<'d>, node: NodeId) -> Self {
        Self {
            document,
            root: node,
            presence: Presence::Present,
            depth: 0,
            indices: [0; MAX_STEPS],
            node,
            parent: None,
            index: 0,
            missing_key: "",
        }
    }

    /// The document this cursor points into.
    pub fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// The value of a key of this object. If the key occurs more than once, the last one counts, as in most JSON parsers.
    #[must_use]
    pub fn field(&self, key: &'d str) -> Self {
        let entries = self.entries();
        match entries.iter().rposition(|entry| entry.key == key) {
            Some(index) => self.child_cursor(index, entries[index].value),
            None => self.missing_field(key),
        }
    }

    /// Whether this is an object that has the key.
    pub fn has_field(&self, key: &str) -> bool {
        self.entries().iter().any(|entry| entry.key == key)
    }

    /// Whether this is an object that has the key itself, and not only by a YAML merge key (`<<`).
    pub fn has_own_field(&self, key: &str) -> bool {
        self.entries().iter().any(|entry| entry.key == key && !entry.merged)
    }

    /// The values of several keys, found in one pass over the object; see [`Cursor::field`]. This is fastest if `keys` has the usual
    /// order of the fields in a file, because each entry is then compared with one key only.
    pub fn fields<const N: usize>(&self, keys: [&'d str; N]) -> [Self; N] {
        let mut found = [None; N];
        let mut next = 0;
        for (index, entry) in self.entries().iter().enumerate() {
            let is_next = keys.get(next).is_some_and(|key| entry.key == *key);
            let position = if is_next { Some(next) } else { keys.iter().position(|key| entry.key == *key) };
            let Some(position) = position else { continue };
            found[position] = Some((index, entry.value));
            next = position + 1;
        }
        std::array::from_fn(|position| match found[position] {
            Some((index, value)) => self.child_cursor(index, value),
            None => self.missing_field(keys[position]),
        })
    }

    /// A cursor at the entry of this object or the item of this list that has this index.
    #[inline]
    fn child_cursor(&self, index: usize, value: NodeId) -> Self {
        let Self { mut depth, mut indices, node: parent, .. } = *self;
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        if let Some(next_index) = indices.get_mut(usize::from(depth)) {
            *next_index = index;
            depth += 1;
        }
        Self {
            document: self.document,
            root: self.root,
            presence: Presence::Present,
            depth,
            indices,
            node: self.document.resolve_id(value),
            parent: Some(parent),
            index,
            missing_key: "",
        }
    }

    /// A cursor at a key that this value does not have.
    fn missing_field(&self, key: &'d str) -> Self {
        // In a partial document, the key may be in the part that could not be read.
        let is_missing = self.is_object() && !self.is_partial();
        let presence = if is_missing { Presence::Missing } else { Presence::Unreachable };
        Self { presence, missing_key: key, ..*self }
    }

    /// The items of a list; empty for any other value.
    pub fn items(&self) -> impl ExactSizeIterator<Item = Cursor<'d>> + use<'d> {
        let items: &'d [NodeId] = match self.value() {
            Some(Value::Array(items)) => self.document.items(*items),
            _ => &[],
        };
        let list = *self;
        items.iter().enumerate().map(move |(index, &id)| list.child_cursor(index, id))
    }

    /// The item of this list that has this index.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        let id = match self.value() {
            Some(Value::Array(items)) => self.document.items(*items).get(index),
            _ => None,
        };
        match id {
            Some(id) => self.child_cursor(index, *id),
            None => Self { presence: Presence::Unreachable, missing_key: "", ..*self },
        }
    }

    /// The values of an object, including those of duplicate keys.
    pub fn children(&self) -> impl Iterator<Item = Cursor<'d>> + use<'d> {
        let object = *self;
        self.entries().iter().enumerate().map(move |(index, entry)| object.child_cursor(index, entry.value))
    }

    /// Whether this is an object or a list.
    pub fn is_container(&self) -> bool {
        matches!(self.value(), Some(Value::Object(_) | Value::Array(_)))
    }

    /// The object entry of the value or, if the value is not present, of the closest parent that is present. `None` for list
    /// items and the root.
    fn nearest_entry(&self) -> Option<&'d Entry<'d>> {
        match self.document.node(self.parent?).value {
            Value::Object(entries) => self.document.entries(entries).get(self.index as usize),
            _ => None,
        }
    }

    /// The entries of an object; empty for any other value.
    pub fn entries(&self) -> &'d [Entry<'d>] {
        match self.value() {
            Some(Value::Object(entries)) => self.document.entries(*entries),
            _ => &[],
        }
    }

    /// The ID of the node of the value, with aliases resolved; see [`Cursor::at`].
    pub fn node_id(&self) -> Option<NodeId> {
        self.is_present().then_some(self.node)
    }

    /// The nodes of the value and of all values in it, including the targets of YAML aliases. They may include other nodes of the
    /// document; see [`Document::nodes_below`].
    pub fn nodes_below(&self) -> &'d [Node<'d>] {
        if self.is_present() { self.document.nodes_below(self.node) } else { &[] }
    }

    /// See [`Document::has_duplicate_key_below`].
    pub fn has_duplicate_key_below(&self) -> bool {
        self.is_present() && self.document.has_duplicate_key_below(self.node)
    }

    /// The node of the value, with aliases resolved.
    pub fn node(&self) -> Option<&'d Node<'d>> {
        self.is_present().then(|| self.document.node(self.node))
    }

    /// The object or list that contains the value or its alias.
    pub fn parent(&self) -> Option<&'d Node<'d>> {
        let parent = self.parent.filter(|_| self.is_present())?;
        Some(self.document.node(parent))
    }

    /// The index of the value in its object or list.
    pub(crate) fn index(&self) -> usize {
        self.index as usize
    }

    /// The bytes of the value's key; `None` for a list item and for a value that is not present.
    pub fn key_span(&self) -> Option<Span> {
        let entry = self.nearest_entry().filter(|_| self.is_present())?;
        Some(entry.key_span)
    }

    /// The value, if it is present.
    pub fn value(&self) -> Option<&'d Value<'d>> {
        self.node().map(|node| &node.value)
    }

    /// Whether the parent is an object that does not have this key.
    pub fn is_missing(&self) -> bool {
        self.presence == Presence::Missing
    }

    /// Whether there is a value, of any type.
    pub fn is_present(&self) -> bool {
        self.presence == Presence::Present
    }

    /// Whether the value is a list.
    pub fn is_list(&self) -> bool {
        matches!(self.value(), Some(Value::Array(_)))
    }

    /// Whether the value is an object.
    pub fn is_object(&self) -> bool {
        matches!(self.value(), Some(Value::Object(_)))
    }

    /// Whether parts of the document could not be read, so that a key that was not found may still be in the file.
    pub fn is_partial(&self) -> bool {
        self.document.is_partial()
    }

    /// Whether there is a value that could not be read because of a syntax error.
    pub fn is_broken(&self) -> bool {
        matches!(self.value(), Some(Value::Broken))
    }

    /// The value, if it is a string.
    pub fn text(&self) -> Option<&'d str> {
        match self.value() {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The value, if it is a string that is not a variable such as `${NAME}`, whose value is unknown before `render`.
    #[inline]
    pub fn literal_text(&self) -> Option<&'d str> {
        self.text().filter(|text| variable_name(text).is_none() || self.is_from_variable())
    }

    /// The name of the variable, if the value is one such as `${NAME}`. A value that replaced a variable is not a variable, even if it
    /// looks like one.
    pub fn variable(&self) -> Option<&'d str> {
        self.text().and_then(variable_name).filter(|_| !self.is_from_variable())
    }

    /// Whether the value replaced a variable, so that it is not in the file.
    pub fn is_from_variable(&self) -> bool {
        self.node().is_some_and(|node| node.style == Style::Variable)
    }

    /// Whether the value is a string that is empty or contains only white space.
    pub fn is_blank(&self) -> bool {
        self.text().is_some_and(|text| text.chars().all(char::is_whitespace))
    }

    /// The value, if it is `true` or `false`.
    pub fn bool(&self) -> Option<bool> {
        match self.value() {
            Some(Value::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// Whether nothing follows the colon of a YAML key, which YAML reads as null.
    pub fn has_no_value(&self) -> bool {
        matches!(self.node(), Some(Node { value: Value::Null, span, .. }) if span.range().is_empty())
    }

    /// Whether a list contains this value directly.
    pub fn is_item(&self) -> bool {
        matches!(self.parent(), Some(Node { value: Value::Array(_), .. }))
    }

    /// The key of the value. For a list item, the key of the list.
    pub fn key(&self) -> &'d str {
        match self.nearest_entry() {
            _ if !self.is_present() => self.missing_key,
            Some(entry) => &entry.key,
            None => self.keys().next_back().unwrap_or_default(),
        }
    }

    /// The bytes of the YAML alias (`*name`) that refers to this value; `None` if the value itself is at this place.
    pub fn alias_span(&self) -> Option<Span> {
        let index = self.index;
        let id = match &self.parent()?.value {
            Value::Object(entries) => self.document.entries(*entries).get(index as usize)?.value,
            Value::Array(items) => *self.document.items(*items).get(index as usize)?,
            _ => return None,
        };
        let unresolved = self.document.node(id);
        matches!(unresolved.value, Value::Alias(_)).then_some(unresolved.span)
    }
}
