//! The tree of a document. Every key and every value has its span in the file.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use crate::base::source::Span;

/// Index of a [`Node`] in its [`Document`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// The notation of a scalar. [`string_offsets`](crate::syntax::string_offsets) uses it to map decoded text to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Any value in JSON.
    Json,
    /// YAML without quotes.
    Plain,
    /// YAML in single quotes.
    Single,
    /// YAML in double quotes.
    Double,
    /// YAML `|`.
    Literal,
    /// YAML `>`.
    Folded,
    /// The value of a variable (see `syntax::variables`). The file contains `${NAME}`.
    Variable,
}

/// A value and its span.
#[derive(Clone, Debug)]
pub struct Node<'t> {
    /// The bytes of the value, including quotes and brackets. A block scalar starts with its `|` or `>` and ends with its last line of
    /// text. A YAML block starts with its first key or dash and ends with its last value.
    pub span: Span,
    /// The notation of a scalar. Of an object or list, only [`Style::Json`] has a meaning.
    pub style: Style,
    /// The value.
    pub value: Value<'t>,
}

/// The value of a node.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'t> {
    /// `null`; in YAML also `~` and an omitted value.
    Null,
    /// `true` or `false`. YAML follows the core schema of version 1.2, in which `yes` is a string.
    Bool(bool),
    /// The raw text of a number, because converting `1e400` or a number of 20 digits would change its value.
    Number(Box<str>),
    /// A decoded string.
    String(Cow<'t, str>),
    /// A list; see [`Document::items`].
    Array(Members),
    /// An object, with its entries in the order of the file, including duplicate keys; see [`Document::entries`].
    Object(Members),
    /// A YAML alias (`*name`), which has its own span, and its target, which is never another alias.
    Alias(NodeId),
    /// A value that could not be parsed. A syntax error was reported for it, so rules skip it.
    Broken,
}

/// The entries of an object, or the items of a list, as a range in a vector of the document. All objects share one vector, and all lists
/// another, so that a tree needs few allocations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Members {
    first: u32,
    end: u32,
}

impl Members {
    /// Whether the range is empty.
    pub fn is_empty(self) -> bool {
        self.first == self.end
    }

    fn range(self) -> Range<usize> {
        self.first as usize..self.end as usize
    }
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'t> {
    /// The decoded key.
    pub key: Cow<'t, str>,
    /// The bytes of the key, including quotes.
    pub key_span: Span,
    /// The value.
    pub value: NodeId,
    /// Whether a YAML merge key (`<<`) added this entry. Its spans are then in the referenced mapping.
    pub merged: bool,
}

/// One document: a whole JSON file, or the part of a YAML file between two `---`.
#[derive(Clone, Debug, Default)]
pub struct Document<'t> {
    nodes: Vec<Node<'t>>,
    /// The entries of all objects; those of one object are adjacent.
    entries: Vec<Entry<'t>>,
    /// The items of all lists; those of one list are adjacent.
    items: Vec<NodeId>,
    root: Option<NodeId>,
    partial: bool,
    unknown_from: Option<usize>,
    has_aliases: bool,
    /// Whether nodes were added that are not in the order of the file.
    is_reordered: bool,
    repeated_merge_keys: Vec<RepeatedMergeKey>,
}

/// Two YAML merge keys (`<<`) in one mapping. Some parsers use the first, some the last, and some reject the file.
#[derive(Clone, Copy, Debug)]
pub struct RepeatedMergeKey {
    /// The mapping.
    pub mapping: NodeId,
    /// The first merge key of the mapping.
    pub first: Span,
    /// The other merge key.
    pub repeated: Span,
}

impl<'t> Document<'t> {
    /// The top-level value; `None` if nothing could be parsed.
    pub fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// Whether a part could not be parsed, so that a key that is not in the tree may still be in the file.
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    /// Records that a part of the document could not be parsed.
    pub fn mark_partial(&mut self) {
        self.partial = true;
    }

    /// The offset from which on text may have been misread, because of a syntax error there.
    pub fn unknown_from(&self) -> Option<usize> {
        self.unknown_from
    }

    /// Records that the text from `offset` on may have been misread.
    pub fn mark_unknown_from(&mut self, offset: usize) {
        self.mark_partial();
        self.unknown_from = Some(self.unknown_from.map_or(offset, |earlier| earlier.min(offset)));
    }

    /// The number of nodes; an alias counts as one.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node itself; an alias is not resolved.
    pub fn node(&self, id: NodeId) -> &Node<'t> {
        &self.nodes[id.0 as usize]
    }

    /// The node or, for an alias, its target.
    pub fn resolve(&self, id: NodeId) -> &Node<'t> {
        self.node(self.resolve_id(id))
    }

    /// The ID of the node or, for an alias, of its target.
    pub fn resolve_id(&self, id: NodeId) -> NodeId {
        match self.node(id).value {
            Value::Alias(target) => target,
            _ => id,
        }
    }

    /// The entries of an object.
    pub fn entries(&self, members: Members) -> &[Entry<'t>] {
        &self.entries[members.range()]
    }

    /// The items of a list.
    pub fn items(&self, members: Members) -> &[NodeId] {
        &self.items[members.range()]
    }

    /// Adds a node and returns its ID.
    pub fn push(&mut self, node: Node<'t>) -> NodeId {
        let id = NodeId(next_index(&self.nodes));
        self.has_aliases |= matches!(node.value, Value::Alias(_));
        self.nodes.push(node);
        id
    }

    /// Stores all entries of an object.
    pub fn add_object(&mut self, entries: impl IntoIterator<Item = Entry<'t>>) -> Value<'t> {
        let first = next_index(&self.entries);
        self.entries.extend(entries);
        Value::Object(Members { first, end: next_index(&self.entries) })
    }

    /// Removes the entries of the object that was stored last, so that more can be added.
    pub fn take_entries(&mut self, members: Members) -> Vec<Entry<'t>> {
        self.entries.split_off(members.range().start)
    }

    /// Removes the items of the list that was stored last, so that more can be added.
    pub fn take_items(&mut self, members: Members) -> Vec<NodeId> {
        self.items.split_off(members.range().start)
    }

    /// Stores all items of a list.
    pub fn add_list(&mut self, items: impl IntoIterator<Item = NodeId>) -> Value<'t> {
        let first = next_index(&self.items);
        self.items.extend(items);
        Value::Array(Members { first, end: next_index(&self.items) })
    }

    /// The node, for a parser that sets the span or value later.
    pub fn node_mut(&mut self, id: NodeId) -> &mut Node<'t> {
        &mut self.nodes[id.0 as usize]
    }

    /// Sets the top-level value.
    pub fn set_root(&mut self, id: NodeId) {
        self.root = Some(id);
    }

    /// All nodes, in the order of the file unless [`Document::mark_reordered`] was called.
    pub fn nodes(&self) -> impl Iterator<Item = &Node<'t>> {
        self.nodes.iter()
    }

    /// Records that nodes are not added in the order of the file.
    pub fn mark_reordered(&mut self) {
        self.is_reordered = true;
    }

    /// Whether values of the document are YAML aliases.
    pub fn has_aliases(&self) -> bool {
        self.has_aliases
    }

    /// A node and all nodes that it contains. In a document with aliases, these are all nodes of the document, because the node may
    /// refer to any of them. The same holds for a document that was not built in the order of a file.
    pub fn nodes_below(&self, id: NodeId) -> &[Node<'t>] {
        if self.has_aliases || self.is_reordered {
            return &self.nodes;
        }
        let nodes = &self.nodes[id.0 as usize..];
        // Nodes are in the order of the file, so those inside of a node follow it.
        let end = self.node(id).span.end;
        &nodes[..nodes.partition_point(|node| node.span.start < end).max(1)]
    }

    /// Records a merge key that is not the first of its mapping.
    pub fn add_repeated_merge_key(&mut self, key: RepeatedMergeKey) {
        self.repeated_merge_keys.push(key);
    }

    /// The merge keys that are not the first of their mappings, in the order of the file.
    pub fn repeated_merge_keys(&self) -> &[RepeatedMergeKey] {
        &self.repeated_merge_keys
    }

    /// Whether a node, or one that it contains, is an object with a duplicate key. Entries added by a YAML merge key do not count,
    /// but a second merge key does.
    pub fn has_duplicate_key_below(&self, id: NodeId) -> bool {
        if !self.repeated_merge_keys.is_empty() {
            return true;
        }
        self.nodes_below(id).iter().any(|node| match node.value {
            Value::Object(members) => has_duplicate_key(self.entries(members)),
            _ => false,
        })
    }

    /// A copy that does not borrow from the text, for a tree that was parsed from a changed text.
    pub fn into_owned(self) -> Document<'static> {
        Document {
            nodes: self.nodes.into_iter().map(Node::into_owned).collect(),
            entries: self.entries.into_iter().map(Entry::into_owned).collect(),
            items: self.items,
            root: self.root,
            partial: self.partial,
            unknown_from: self.unknown_from,
            has_aliases: self.has_aliases,
            is_reordered: self.is_reordered,
            repeated_merge_keys: self.repeated_merge_keys,
        }
    }
}

/// The index of the next element. It always fits, because there are fewer nodes and entries than bytes in a file.
fn next_index<T>(elements: &[T]) -> u32 {
    u32::try_from(elements.len()).unwrap_or(u32::MAX)
}

fn to_owned_text(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

/// Whether two entries have the same key. Entries that a merge key added do not count.
fn has_duplicate_key(entries: &[Entry<'_>]) -> bool {
    /// Up to this number of entries, comparing all pairs is faster than hashing.
    const MAX_COMPARED: usize = 24;
    if entries.len() > MAX_COMPARED {
        let mut seen = HashSet::with_capacity(entries.len());
        return entries.iter().any(|entry| !entry.merged && !seen.insert(&*entry.key));
    }
    for (index, entry) in entries.iter().enumerate() {
        if !entry.merged && entries[..index].iter().any(|other| !other.merged && other.key == entry.key) {
            return true;
        }
    }
    false
}

impl Node<'_> {
    fn into_owned(self) -> Node<'static> {
        let value = match self.value {
            Value::Null => Value::Null,
            Value::Bool(value) => Value::Bool(value),
            Value::Number(text) => Value::Number(text),
            Value::String(text) => Value::String(to_owned_text(text)),
            Value::Array(items) => Value::Array(items),
            Value::Object(entries) => Value::Object(entries),
            Value::Alias(target) => Value::Alias(target),
            Value::Broken => Value::Broken,
        };
        Node { span: self.span, style: self.style, value }
    }
}

impl Entry<'_> {
    pub(super) fn into_owned(self) -> Entry<'static> {
        Entry { key: to_owned_text(self.key), key_span: self.key_span, value: self.value, merged: self.merged }
    }
}
