//! A document as a tree in which every key and every value knows its bytes.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use crate::base::source::Span;

/// Index of a [`Node`] in its [`Document`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// How a scalar is written; says how its decoded text maps back to the file ([`decoded`](crate::syntax::string_offsets)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// JSON: everything.
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
}

/// A value and its bytes. A block scalar's bytes start at its `|` or `>` and end with its last line of text; a
/// mapping's or sequence's run from its first to its last byte.
#[derive(Clone, Debug)]
pub struct Node<'t> {
    /// Quotes and brackets included.
    pub span: Span,
    /// How it is written.
    pub style: Style,
    /// What it is.
    pub value: Value<'t>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'t> {
    /// `null`; YAML's `~` and nothing at all.
    Null,
    /// `true` or `false`; in YAML by the 1.2 core schema, so `yes` is a string.
    Bool(bool),
    /// A number, as written (1e400 and 20 digits survive).
    Number(Box<str>),
    /// Text, decoded.
    String(Cow<'t, str>),
    /// A list; see [`Document::items`].
    Array(Members),
    /// Keys in the order of the file, duplicates kept; see [`Document::entries`].
    Object(Members),
    /// YAML `*name`: the node's bytes are the use, the target's the definition. Never points at another alias.
    Alias(NodeId),
    /// A value that could not be read: a syntax error was reported for it, so nothing more is said.
    Broken,
}

/// Which entries of its document an object has, or which items a list: they lie together, so that a tree is three pieces of
/// memory however many objects it has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Members {
    first: u32,
    end: u32,
}

impl Members {
    /// Whether there are none.
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
    /// Decoded.
    pub key: Cow<'t, str>,
    /// Quotes included.
    pub key_span: Span,
    /// The value.
    pub value: NodeId,
    /// Came through a YAML merge key (`<<`): the bytes are those of the definition.
    pub merged: bool,
}

/// One document: all of a JSON file, or what stands between two `---` of YAML.
#[derive(Clone, Debug, Default)]
pub struct Document<'t> {
    nodes: Vec<Node<'t>>,
    /// Those of each object together.
    entries: Vec<Entry<'t>>,
    /// Those of each list together.
    items: Vec<NodeId>,
    root: Option<NodeId>,
    partial: bool,
    ascii: bool,
}

impl<'t> Document<'t> {
    /// With room for so many values, nearly all of them with a key.
    pub fn with_capacity(values: usize) -> Self {
        Self { nodes: Vec::with_capacity(values), entries: Vec::with_capacity(values), ..Self::default() }
    }

    /// The top-level value; `None` when nothing could be read.
    pub fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// Whether a part may be lost, so that what is not there is not known to be missing.
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    /// For a parser that had to leave something out.
    pub fn mark_partial(&mut self) {
        self.partial = true;
    }

    /// Whether all texts and keys are known to be ASCII.
    pub fn is_ascii(&self) -> bool {
        self.ascii
    }

    /// For a parser that met neither another character nor an escape that may stand for one.
    pub fn mark_ascii(&mut self) {
        self.ascii = true;
    }

    /// How many nodes its memory has room for.
    pub fn room(&self) -> usize {
        self.nodes.capacity()
    }

    /// Its memory, for another tree.
    pub fn emptied(mut self) -> Document<'static> {
        self.items.clear();
        Document {
            nodes: emptied(self.nodes, Node::into_owned),
            entries: emptied(self.entries, Entry::into_owned),
            items: self.items,
            ..Document::default()
        }
    }

    /// How many nodes there are, aliases counted once.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node itself; an alias is not followed.
    pub fn node(&self, id: NodeId) -> &Node<'t> {
        &self.nodes[id.0 as usize]
    }

    /// The node, an alias followed to its definition.
    pub fn resolve(&self, id: NodeId) -> &Node<'t> {
        self.node(self.resolved(id))
    }

    /// Its number, an alias followed to its definition.
    pub fn resolved(&self, id: NodeId) -> NodeId {
        match self.node(id).value {
            Value::Alias(target) => target,
            _ => id,
        }
    }

    /// The entries of an object.
    pub fn entries(&self, of: Members) -> &[Entry<'t>] {
        &self.entries[of.range()]
    }

    /// The items of a list.
    pub fn items(&self, of: Members) -> &[NodeId] {
        &self.items[of.range()]
    }

    /// The number that the next node will have.
    pub fn next_id(&self) -> NodeId {
        NodeId(count(&self.nodes))
    }

    /// Adds a node and gives its number.
    pub fn push(&mut self, node: Node<'t>) -> NodeId {
        let id = self.next_id();
        self.nodes.push(node);
        id
    }

    /// An object of these entries, once all are known.
    pub fn object(&mut self, entries: impl IntoIterator<Item = Entry<'t>>) -> Value<'t> {
        let first = count(&self.entries);
        self.entries.extend(entries);
        Value::Object(Members { first, end: count(&self.entries) })
    }

    /// Takes back the entries of the object that was the last to end: it goes on.
    pub fn take_entries(&mut self, of: Members) -> Vec<Entry<'t>> {
        self.entries.split_off(of.range().start)
    }

    /// Takes back the items of the list that was the last to end.
    pub fn take_items(&mut self, of: Members) -> Vec<NodeId> {
        self.items.split_off(of.range().start)
    }

    /// A list of these items, once all are known.
    pub fn list(&mut self, items: impl IntoIterator<Item = NodeId>) -> Value<'t> {
        let first = count(&self.items);
        self.items.extend(items);
        Value::Array(Members { first, end: count(&self.items) })
    }

    /// For a parser that learns a node's end or value later.
    pub fn node_mut(&mut self, id: NodeId) -> &mut Node<'t> {
        &mut self.nodes[id.0 as usize]
    }

    /// Sets the top-level value.
    pub fn set_root(&mut self, id: NodeId) {
        self.root = Some(id);
    }

    /// Every node, in the order of the file.
    pub fn nodes(&self) -> impl Iterator<Item = &Node<'t>> {
        self.nodes.iter()
    }

    /// Whether some object has a key twice; what a YAML merge key brought in is no duplicate.
    pub fn repeats_a_key(&self) -> bool {
        self.nodes.iter().any(|node| matches!(node.value, Value::Object(of) if repeats_a_key(self.entries(of))))
    }

    /// With every place moved (for trees of texts that were changed to be read).
    #[must_use]
    pub fn moved(mut self, to: impl Fn(Span) -> Span) -> Self {
        for node in &mut self.nodes {
            node.span = to(node.span);
        }
        for entry in &mut self.entries {
            entry.key_span = to(entry.key_span);
        }
        self
    }

    /// A copy that borrows nothing from the text (for trees of repaired texts).
    pub fn into_owned(self) -> Document<'static> {
        Document {
            nodes: self.nodes.into_iter().map(Node::into_owned).collect(),
            entries: self.entries.into_iter().map(Entry::into_owned).collect(),
            items: self.items,
            root: self.root,
            partial: self.partial,
            ascii: self.ascii,
        }
    }
}

/// A document has fewer of anything than a file has bytes.
fn count<T>(all: &[T]) -> u32 {
    u32::try_from(all.len()).unwrap_or(u32::MAX)
}

/// The memory of things that borrow for things that do not. Nothing is moved: collecting as many from as many of the same size
/// stays in place.
pub(super) fn emptied<T, U>(mut all: Vec<T>, owned: impl FnMut(T) -> U) -> Vec<U> {
    all.clear();
    all.into_iter().map(owned).collect()
}

fn owned(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

fn repeats_a_key(entries: &[Entry<'_>]) -> bool {
    /// Comparing all pairs is quicker than hashing, while they are few.
    const FEW: usize = 24;
    let own = || entries.iter().filter(|entry| !entry.merged).map(|entry| &*entry.key);
    if entries.len() > FEW {
        let mut seen = HashSet::with_capacity(entries.len());
        return own().any(|key| !seen.insert(key));
    }
    own().enumerate().any(|(at, key)| own().take(at).any(|other| other == key))
}

impl Node<'_> {
    fn into_owned(self) -> Node<'static> {
        let value = match self.value {
            Value::Null => Value::Null,
            Value::Bool(value) => Value::Bool(value),
            Value::Number(text) => Value::Number(text),
            Value::String(text) => Value::String(owned(text)),
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
        Entry { key: owned(self.key), key_span: self.key_span, value: self.value, merged: self.merged }
    }
}
