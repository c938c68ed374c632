//! A file as one tree in which every key and every value knows its bytes, whatever the syntax.
//!
//! The parsers ([`json`], [`yaml`]) report every syntax error and still give the tree of what could be read. What the
//! values mean (fields, rules, words for the errors) is decided above.

pub mod at;
pub mod conflict;
pub mod decoded;
pub mod edit;
pub mod json;
pub mod pointer;
mod problem;
pub mod remark;
pub mod slot;
pub mod spare;
pub mod toml;
pub mod yaml;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

pub use problem::{Problem, SyntaxError};

use crate::source::{Format, Source, Span};

/// About how many bytes a value takes with its key, and how many fields an object has: to set memory aside in one go.
const BYTES_PER_VALUE: usize = 20;
const FIELDS: usize = 16;

/// About how many values a text holds; for a large one a start.
fn expected_values(text: &str) -> usize {
    (text.len() / BYTES_PER_VALUE).min(256)
}

/// Index of a [`Node`] in its [`Document`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// How a scalar is written; says how its decoded text maps back to the file ([`decoded`]).
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
    fn into_owned(self) -> Entry<'static> {
        Entry { key: owned(self.key), key_span: self.key_span, value: self.value, merged: self.merged }
    }
}

/// How much a file may hold; see the contract, "Limits".
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a file.
    pub file_bytes: u64,
    /// Levels of nesting.
    pub depth: usize,
    /// Values, after aliases are expanded.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 8 << 20, depth: 128, nodes: 100_000 }
    }
}

/// After so many errors a file is not worth reading on. A parser stops behind one more, so that it is known whether
/// there are more.
pub const MAX_ERRORS: usize = 20;

/// All that could be read of a text.
#[derive(Clone, Debug, Default)]
pub struct Parsed<'t> {
    /// One for JSON, one for each `---` of YAML.
    pub documents: Vec<Document<'t>>,
    /// In the order of the file: at most [`MAX_ERRORS`], and then where the next one is ([`Problem::MoreErrors`]).
    pub errors: Vec<SyntaxError>,
    /// Comments, in the order of the file, their marks included.
    pub comments: Vec<Span>,
}

/// Reads a text in its format.
pub fn parse<'t>(source: &'t Source, limits: &Limits) -> Parsed<'t> {
    let read = || parse_text(source.text(), source.format(), limits);
    let masked = || Some(parse_masked(source.format(), conflict::mask(source.text())?, limits));
    let mut parsed = match source.format() {
        // The marks of a conflict are errors in JSON: what is read without any is not searched for them.
        Format::Json => {
            let parsed = read();
            if parsed.errors.is_empty() { parsed } else { masked().unwrap_or(parsed) }
        }
        _ => masked().unwrap_or_else(read),
    };
    cut(&mut parsed.errors);
    parsed
}

fn parse_text<'t>(text: &'t str, format: Format, limits: &Limits) -> Parsed<'t> {
    match format {
        Format::Json => json::parse(text, json::Dialect::Strict, limits),
        Format::Jsonc => json::parse(text, json::Dialect::Comments, limits),
        Format::Yaml => yaml::parse(text, limits),
        Format::Toml => toml::parse(text),
    }
}

fn parse_masked(format: Format, masked: conflict::Masked, limits: &Limits) -> Parsed<'static> {
    let parsed = parse_text(&masked.text, format, limits);
    let mut errors = masked.errors;
    errors.extend(parsed.errors);
    errors.sort_by_key(|error| error.span);
    let documents = parsed.documents.into_iter().map(Document::into_owned).collect();
    Parsed { documents, errors, comments: parsed.comments }
}

/// Keeps the first errors; of the others only the place of the next is said.
fn cut(errors: &mut Vec<SyntaxError>) {
    errors.truncate(MAX_ERRORS + 1);
    if let Some(next) = errors.get_mut(MAX_ERRORS).filter(|next| !next.is_limit()) {
        *next = SyntaxError { span: next.span, problem: Problem::MoreErrors, related: None };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_errors_were_left_out_is_said_once_in_both_formats() {
        let said = |text: &str, format| {
            let source = Source::new("portal", text, format);
            parse(&source, &Limits::default()).errors.into_iter().map(|error| error.problem).collect::<Vec<_>>()
        };
        for (format, before, bad) in [(Format::Yaml, "", "a: @x\n"), (Format::Json, "[", "tru,\n")] {
            let text = |count: usize| format!("{before}{}", bad.repeat(count));
            assert!(!said(&text(MAX_ERRORS - 1), format).contains(&Problem::MoreErrors), "{format:?}");
            for count in [MAX_ERRORS + 2, 3 * MAX_ERRORS] {
                let problems = said(&text(count), format);
                assert_eq!(problems.len(), MAX_ERRORS + 1, "{format:?}");
                assert_eq!(problems.iter().position(|problem| *problem == Problem::MoreErrors), Some(MAX_ERRORS));
            }
        }
    }
}
