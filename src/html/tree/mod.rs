//! The tree that a browser builds from an HTML text, with the byte range of each node in the text.
//!
//! html5gum splits the text into tokens and html5ever builds the tree (HTML Standard, 13.2.6). [`parse()`] connects the two, and
//! [`sink`] records which bytes each node came from. All ranges are byte offsets in the HTML text, not in the file.

mod emitter;
mod open_elements;
mod parse;
mod sink;
mod text_queue;

#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::num::NonZeroU32;
use std::ops::Range;

use html5ever::tendril::StrTendril;
use html5ever::{LocalName, QualName, ns};

use crate::html::mapped_text::MappedText;

pub(crate) use crate::html::tree::parse::{Context, Interpretation, parse, parse_observed};

/// The maximum depth of a tree, after which it is incomplete. A browser stops nesting elements at the same depth.
pub(crate) const MAX_DEPTH: u16 = 512;

/// The maximum number of different tag and attribute names with more than 7 bytes, after which a tree is incomplete.
pub(crate) const MAX_NAMES: usize = 5000;

/// Identifies a [`Node`] of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(NonZeroU32);

impl NodeId {
    fn new(index: usize) -> Self {
        // There are at most 1,000 nodes plus one for each byte of a file, whose size is limited.
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MAX))
    }

    pub(crate) fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A node, with links to its parent, siblings and children.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub parent: Option<NodeId>,
    pub previous_sibling: Option<NodeId>,
    pub next_sibling: Option<NodeId>,
    pub first_child: Option<NodeId>,
    pub last_child: Option<NodeId>,
    /// The number of ancestors when the node was inserted.
    depth: u16,
    pub data: NodeData,
}

/// The kind of a node, and its content.
#[derive(Clone, Debug)]
pub(crate) enum NodeData {
    /// The root of the tree, or of the contents of a `<template>`.
    Document,
    Doctype(Range<usize>),
    /// A comment, or markup that browsers treat as one, such as `<?xml ?>`. The range includes the delimiters.
    Comment(Range<usize>),
    Text(Vec<TextPiece>),
    Element(Element),
}

/// A part of a text node.
#[derive(Clone, Debug)]
pub(crate) struct TextPiece {
    /// The characters that a reader sees.
    pub text: StrTendril,
    /// The bytes of the characters in the HTML text. If the lengths are equal, offsets correspond. Otherwise the bytes are a
    /// character reference such as `&amp;`, a line break, or a NUL, which becomes U+FFFD.
    pub source: Range<usize>,
}

/// An element.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    /// The name with its namespace. HTML names are in lower case.
    pub name: QualName,
    /// The start tag. An element that the browser added by itself has none, and a copy of a formatting element has that of the
    /// original.
    pub start_tag: Option<TagId>,
    /// Attributes of further tags, as a tag and an index in its attributes: a second `<body>` adds the attributes that the first does
    /// not have.
    merged_attributes: Vec<(TagId, usize)>,
    /// The root of the contents of a `<template>`. Its parent is the element, but it is not one of the element's children.
    pub template_contents: Option<NodeId>,
    /// Whether it is a `MathML` element that contains HTML.
    is_html_annotation: bool,
}

/// Index of a [`Tag`] in [`HtmlTree::tags`].
pub(crate) type TagId = usize;

/// A tag of the text, whether or not it became an element.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    /// The name in lower case.
    pub name: LocalName,
    pub is_end: bool,
    /// From `<` to `>`.
    pub range: Range<usize>,
    /// `false` if the text ends inside of the tag. A browser ignores such a tag, but the rest of a page may complete it.
    pub is_finished: bool,
    /// In the order of the text. Of repeated attributes, only the first is here, as in a browser.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a tag.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    /// The name in lower case, including a prefix: `xlink:href`.
    pub name: LocalName,
    /// The value without quotes and with character references replaced.
    pub value: StrTendril,
    /// The bytes of the name.
    pub name_range: Range<usize>,
    /// The bytes of the value without quotes. Empty if there is no value.
    pub value_range: Range<usize>,
    /// The parts of a value that has character references: the start of each in the value, and its bytes in the HTML text. Empty for
    /// a value without character references.
    pub value_parts: Vec<(usize, Range<usize>)>,
}

impl Attribute {
    /// The bytes from the name to the closing quote.
    pub(crate) fn range(&self, html: &str) -> Range<usize> {
        let has_quote = html.get(self.value_range.end..).is_some_and(|rest| rest.starts_with(['"', '\'']))
            && html[..self.value_range.start].ends_with(['"', '\'']);
        self.name_range.start..self.value_range.end + usize::from(has_quote)
    }

    /// The bytes of a part of the value.
    pub(crate) fn source_range(&self, part: Range<usize>) -> Range<usize> {
        if part == (0..self.value.len()) {
            return self.value_range.clone();
        }
        if !self.value_parts.is_empty() {
            return self.mapped_value().source_range(part);
        }
        self.value_range.start + part.start..self.value_range.start + part.end
    }

    /// The value with the bytes it came from.
    pub(crate) fn mapped_value(&self) -> MappedText {
        let mut mapped = MappedText::default();
        if self.value_parts.is_empty() {
            mapped.push(&self.value, self.value_range.clone());
        }
        for (index, (start, source)) in self.value_parts.iter().enumerate() {
            let end = self.value_parts.get(index + 1).map_or(self.value.len(), |(next, _)| *next);
            mapped.push(&self.value[*start..end], source.clone());
        }
        mapped
    }
}

impl Element {
    /// The local name, if the element is an HTML element: `<title>` in an SVG image is not one.
    pub(crate) fn html_name(&self) -> Option<&str> {
        (self.name.ns == ns!(html)).then_some(&*self.name.local)
    }
}

/// Why a tree is incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TreeLimit {
    /// Elements are nested deeper than [`MAX_DEPTH`].
    Depth,
    /// The tree has more nodes than 1,000 plus one for each byte of the text.
    Nodes,
    /// There are more than [`MAX_NAMES`] different names with more than 7 bytes.
    Names,
}

/// The tree of an HTML text.
#[derive(Clone, Debug)]
pub(crate) struct HtmlTree {
    nodes: Vec<Node>,
    /// All tags in the order of the text.
    pub tags: Vec<Tag>,
    /// Why the rest of the text is not in the tree; `None` if the tree is complete.
    pub limit: Option<TreeLimit>,
    /// Whether the page has no doctype, or an old one. Browsers then display some things as they did in the 1990s.
    pub has_quirks: bool,
    /// Whether the text has an error for which a browser repairs the tree. Without repairs, each element ends at its end tag, or
    /// where the HTML Standard allows it to end without one.
    pub is_repaired: bool,
    /// See [`HtmlTree::ids_with_templates`].
    ids_with_templates: OnceCell<Vec<NodeId>>,
}

impl HtmlTree {
    /// The root of the tree.
    pub(crate) const ROOT: NodeId = NodeId(NonZeroU32::MIN);

    fn new(html: &str) -> Self {
        // In a typical email, there is a node for every 20 bytes and a tag for every 30.
        let (nodes, tags) = (Vec::with_capacity(8 + html.len() / 20), Vec::with_capacity(4 + html.len() / 30));
        let ids_with_templates = OnceCell::new();
        let mut tree = Self { nodes, tags, limit: None, has_quirks: false, is_repaired: false, ids_with_templates };
        tree.add_node(NodeData::Document);
        tree
    }

    /// The number of nodes, including those that were removed from the tree.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// All nodes in the tree, each before its children. The contents of a `<template>` are not included.
    pub(crate) fn ids(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.ids_below(Self::ROOT)
    }

    /// All nodes in the tree, and then those in the contents of each `<template>`.
    pub(crate) fn ids_with_templates(&self) -> &[NodeId] {
        self.ids_with_templates.get_or_init(|| self.collect_ids_with_templates())
    }

    fn collect_ids_with_templates(&self) -> Vec<NodeId> {
        let mut ids = Vec::with_capacity(self.nodes.len());
        let mut roots = vec![Self::ROOT];
        while let Some(root) = roots.pop() {
            for id in self.ids_below(root) {
                ids.push(id);
                roots.extend(self.element(id).and_then(|element| element.template_contents));
            }
        }
        ids
    }

    /// A root and all nodes below it, each before its children.
    fn ids_below(&self, root: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(Some(root), move |id| self.next_below(root, *id))
    }

    /// The node after this one in the part of the tree below `root`.
    fn next_below(&self, root: NodeId, id: NodeId) -> Option<NodeId> {
        if let Some(child) = self.node(id).first_child {
            return Some(child);
        }
        let mut last = id;
        while last != root {
            if let Some(sibling) = self.node(last).next_sibling {
                return Some(sibling);
            }
            last = self.node(last).parent?;
        }
        None
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// The element with this ID, if the node is one.
    pub(crate) fn element(&self, id: NodeId) -> Option<&Element> {
        match &self.node(id).data {
            NodeData::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The attributes of an element, including those of further `<body>` tags that were merged into it.
    pub(crate) fn attributes(&self, element: &Element) -> impl Iterator<Item = &Attribute> {
        let own = element.start_tag.into_iter().flat_map(|tag| &self.tags[tag].attributes);
        own.chain(element.merged_attributes.iter().map(|(tag, index)| &self.tags[*tag].attributes[*index]))
    }

    /// The attribute of an element with this name in lower case.
    pub(crate) fn attribute(&self, element: &Element, name: &str) -> Option<&Attribute> {
        self.attributes(element).find(|attribute| *attribute.name == *name)
    }

    /// The bytes of the start tag of an element.
    pub(crate) fn start_tag_range(&self, element: &Element) -> Option<&Range<usize>> {
        Some(&self.tags[element.start_tag?].range)
    }

    /// The children of a node in order.
    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.node(id).first_child, |child| self.node(*child).next_sibling)
    }

    /// The pieces of the text that is directly in a node.
    pub(crate) fn text_pieces(&self, id: NodeId) -> impl Iterator<Item = &TextPiece> {
        self.children(id).flat_map(|child| match &self.node(child).data {
            NodeData::Text(pieces) => &pieces[..],
            _ => &[],
        })
    }

    /// The children of a node, the last one first.
    pub(crate) fn children_backwards(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.node(id).last_child, |child| self.node(*child).previous_sibling)
    }

    /// The ancestors of a node, from its parent to the root.
    pub(crate) fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.node(id).parent, |ancestor| self.node(*ancestor).parent)
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.index()]
    }

    fn add_node(&mut self, data: NodeData) -> NodeId {
        let id = NodeId::new(self.nodes.len());
        self.nodes.push(Node {
            parent: None,
            previous_sibling: None,
            next_sibling: None,
            first_child: None,
            last_child: None,
            depth: 0,
            data,
        });
        id
    }

    /// Removes a node and its descendants from its parent.
    fn detach(&mut self, id: NodeId) {
        let Node { parent, previous_sibling, next_sibling, .. } = *self.node(id);
        let Some(parent) = parent else { return };
        match previous_sibling {
            Some(previous) => self.node_mut(previous).next_sibling = next_sibling,
            None => self.node_mut(parent).first_child = next_sibling,
        }
        match next_sibling {
            Some(next) => self.node_mut(next).previous_sibling = previous_sibling,
            None => self.node_mut(parent).last_child = previous_sibling,
        }
        let node = self.node_mut(id);
        (node.parent, node.previous_sibling, node.next_sibling) = (None, None, None);
    }

    /// Inserts a node without a parent as the last child of `parent`, or before one of its children.
    fn insert(&mut self, id: NodeId, parent: NodeId, before: Option<NodeId>) {
        let previous = self.node_before_insertion(parent, before);
        match previous {
            Some(previous) => self.node_mut(previous).next_sibling = Some(id),
            None => self.node_mut(parent).first_child = Some(id),
        }
        match before {
            Some(sibling) => self.node_mut(sibling).previous_sibling = Some(id),
            None => self.node_mut(parent).last_child = Some(id),
        }
        let depth = self.node(parent).depth.saturating_add(1);
        let node = self.node_mut(id);
        node.parent = Some(parent);
        node.previous_sibling = previous;
        node.next_sibling = before;
        node.depth = depth;
    }

    /// The node that precedes a node inserted by [`HtmlTree::insert`].
    fn node_before_insertion(&self, parent: NodeId, before: Option<NodeId>) -> Option<NodeId> {
        match before {
            Some(sibling) => self.node(sibling).previous_sibling,
            None => self.node(parent).last_child,
        }
    }

    /// Inserts text like [`HtmlTree::insert`] inserts a node, or appends it to a text node at that place.
    fn insert_text(&mut self, piece: TextPiece, parent: NodeId, before: Option<NodeId>) {
        if let Some(previous) = self.node_before_insertion(parent, before)
            && let NodeData::Text(pieces) = &mut self.node_mut(previous).data
        {
            return pieces.push(piece);
        }
        let id = self.add_node(NodeData::Text(vec![piece]));
        self.insert(id, parent, before);
    }
}
