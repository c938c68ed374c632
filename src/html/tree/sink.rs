//! Receives the nodes that html5ever creates, and builds an [`HtmlTree`] with the byte range of each node.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{LocalName, QualName, local_name, ns};

use crate::html::elements::is_formatting;
use crate::html::tree::text_queue::TextQueue;
use crate::html::tree::{
    Attribute, Element, HtmlTree, MAX_DEPTH, MAX_NAMES, NodeData, NodeId, TagId, TextPiece, TreeLimit,
};

/// The handle of a node for html5ever. It contains the name of the element, because html5ever asks for names very often.
#[derive(Clone, Debug)]
pub(super) struct Handle {
    pub id: NodeId,
    name: QualName,
}

impl Handle {
    fn new(id: NodeId) -> Self {
        Self { id, name: QualName::new(None, ns!(), local_name!("")) }
    }
}

/// The maximum number of elements that are compared to find the original of a copied formatting element. Without a limit, a text with
/// many formatting elements that are never closed would take quadratic time.
const MAX_COMPARED: usize = 64;

#[derive(Debug)]
pub(super) struct SinkState {
    pub tree: HtmlTree,
    /// The text that was given to html5ever.
    pub queue: TextQueue,
    /// The bytes of the comment or doctype that html5ever processes.
    pub declaration: Range<usize>,
    /// The elements that were created for the current token, with their attributes: the element itself, elements that it implies, and
    /// copies of formatting elements.
    created: Vec<(NodeId, Vec<html5ever::Attribute>)>,
    /// The start tags of formatting elements with attributes: html5ever copies such elements.
    formatting: Vec<TagId>,
    /// The names of the attributes of each element that further tags were merged into.
    merged_names: HashMap<NodeId, HashSet<LocalName>>,
    /// The names of tags and attributes with more than [`MAX_SHORT_NAME`] bytes.
    long_names: HashSet<LocalName>,
    max_nodes: usize,
    /// Whether html5ever has set the quirks mode, which it does when it has looked for a doctype.
    is_quirks_mode_set: bool,
}

/// The maximum length of a name that html5ever stores without its table of names.
const MAX_SHORT_NAME: usize = 7;

/// Implements the interface to html5ever, whose methods take `&self`.
#[derive(Debug)]
pub(super) struct TreeRecorder {
    pub state: RefCell<SinkState>,
    /// The last element whose name html5ever asked for.
    pub last_named: Cell<Option<NodeId>>,
}

impl TreeRecorder {
    pub(super) fn new(html: &str) -> Self {
        let state = SinkState {
            tree: HtmlTree::new(html),
            queue: TextQueue::default(),
            declaration: 0..0,
            created: Vec::new(),
            formatting: Vec::new(),
            merged_names: HashMap::new(),
            long_names: HashSet::new(),
            max_nodes: 1000 + html.len(),
            is_quirks_mode_set: false,
        };
        Self { state: RefCell::new(state), last_named: Cell::new(None) }
    }
}

impl SinkState {
    /// The name of a tag or attribute. html5ever keeps long names in a table of fixed size, in which a search takes longer with each new
    /// name, so the number of different ones is limited.
    pub(super) fn intern_name(&mut self, name: &str) -> LocalName {
        let interned = LocalName::from(name);
        if name.len() > MAX_SHORT_NAME {
            self.long_names.insert(interned.clone());
            if self.long_names.len() > MAX_NAMES {
                self.tree.limit = Some(TreeLimit::Names);
            }
        }
        interned
    }

    /// Adds the attributes of the last tag to an element that does not have them.
    fn merge_last_tag(&mut self, id: NodeId) {
        let tags = &self.tree.tags;
        let Some(last_tag) = tags.len().checked_sub(1) else { return };
        let NodeData::Element(element) = &mut self.tree.nodes[id.index()].data else { return };
        let names = self.merged_names.entry(id).or_insert_with(|| {
            let own = element.start_tag.into_iter().flat_map(|tag| &tags[tag].attributes);
            own.map(|attribute| attribute.name.clone()).collect()
        });
        for (index, attribute) in tags[last_tag].attributes.iter().enumerate() {
            if names.insert(attribute.name.clone()) {
                element.merged_attributes.push((last_tag, index));
            }
        }
    }

    /// Assigns the current start tag to its element: the last one that was created with its name. html5ever may also have created
    /// elements that the tag implies, and copies of formatting elements.
    pub(super) fn assign_tag(&mut self, name: &str) {
        let Some(tag) = self.tree.tags.len().checked_sub(1) else { return };
        if let Some(index) = self.created.iter().rposition(|(id, _)| self.is_element_of_tag(*id, name)) {
            let (id, _) = self.created.remove(index);
            self.set_start_tag(id, Some(tag));
        }
        // Before the tag is in `formatting`: a copy must not find its own tag as the original.
        self.finish_token();
        if is_formatting(name) && !self.tree.tags[tag].attributes.is_empty() {
            self.formatting.push(tag);
        }
    }

    fn is_element_of_tag(&self, id: NodeId, name: &str) -> bool {
        // html5ever adjusts the case of SVG names, and makes an `<img>` of `<image>`.
        let local = self.tree.element(id).map_or("", |element| &*element.name.local);
        local.eq_ignore_ascii_case(name) || (name == "image" && local == "img")
    }

    fn set_start_tag(&mut self, id: NodeId, tag: Option<TagId>) {
        if let NodeData::Element(element) = &mut self.tree.node_mut(id).data {
            element.start_tag = tag;
        }
    }

    /// Assigns the start tags of their originals to the copies of formatting elements that were created for the current token.
    pub(super) fn finish_token(&mut self) {
        while let Some((id, attributes)) = self.created.pop() {
            if let Some(element) = self.tree.element(id)
                && is_formatting(&element.name.local)
                && !attributes.is_empty()
            {
                self.set_start_tag(id, self.find_original(&element.name, &attributes));
            }
        }
    }

    /// Finds the tag of the element that html5ever copied: the last formatting element with the same name and attributes.
    fn find_original(&self, name: &QualName, attributes: &[html5ever::Attribute]) -> Option<TagId> {
        for id in self.formatting.iter().rev().take(MAX_COMPARED) {
            let tag = &self.tree.tags[*id];
            if tag.name == name.local
                && tag.attributes.len() == attributes.len()
                && tag.attributes.iter().zip(attributes).all(is_same_attribute)
            {
                return Some(*id);
            }
        }
        None
    }

    fn insert(&mut self, parent: NodeId, before: Option<NodeId>, child: NodeOrText<Handle>) {
        match child {
            NodeOrText::AppendText(text) => {
                let source = self.queue.take(&text);
                self.tree.insert_text(TextPiece { text, source }, parent, before);
            }
            NodeOrText::AppendNode(handle) => {
                self.tree.detach(handle.id);
                self.tree.insert(handle.id, parent, before);
                let depth = self.tree.node(handle.id).depth;
                if depth > MAX_DEPTH {
                    self.tree.limit = Some(TreeLimit::Depth);
                }
                if let Some(contents) = self.tree.element(handle.id).and_then(|element| element.template_contents) {
                    self.tree.node_mut(contents).depth = depth + 1;
                }
            }
        }
    }
}

/// Whether the attributes of a start tag can change the tree: html5ever copies formatting elements with them, and decides by them what
/// `<annotation-xml>`, `<input>` and `<template>` are.
pub(super) fn has_relevant_attributes(name: &str) -> bool {
    is_formatting(name) || matches!(name, "annotation-xml" | "input" | "template")
}

fn is_same_attribute((own, copied): (&Attribute, &html5ever::Attribute)) -> bool {
    own.name == copied.name.local && own.value == copied.value
}

impl TreeSink for TreeRecorder {
    type Handle = Handle;
    type Output = HtmlTree;
    type ElemName<'a> = html5ever::ExpandedName<'a>;

    fn finish(self) -> HtmlTree {
        self.state.into_inner().tree
    }

    fn parse_error(&self, _message: Cow<'static, str>) {
        let mut state = self.state.borrow_mut();
        // A missing doctype is an error as well, but is not repaired.
        state.tree.is_repaired |= state.is_quirks_mode_set || state.tree.nodes.len() > 1;
    }

    fn get_document(&self) -> Handle {
        Handle::new(HtmlTree::ROOT)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> html5ever::ExpandedName<'a> {
        self.last_named.set(Some(target.id));
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<html5ever::Attribute>, flags: ElementFlags) -> Handle {
        let mut state = self.state.borrow_mut();
        let contents = flags.template.then(|| state.tree.add_node(NodeData::Document));
        let id = state.tree.add_node(NodeData::Element(Element {
            name: name.clone(),
            start_tag: None,
            merged_attributes: Vec::new(),
            template_contents: contents,
            is_html_annotation: flags.mathml_annotation_xml_integration_point,
        }));
        if let Some(contents) = contents {
            state.tree.node_mut(contents).parent = Some(id);
        }
        state.created.push((id, attributes));
        if state.tree.nodes.len() > state.max_nodes {
            state.tree.limit = Some(TreeLimit::Nodes);
        }
        Handle { id, name }
    }

    fn create_comment(&self, _text: StrTendril) -> Handle {
        let mut state = self.state.borrow_mut();
        let range = state.declaration.clone();
        Handle::new(state.tree.add_node(NodeData::Comment(range)))
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Handle {
        // HTML has no processing instructions: `<?…>` is a comment.
        self.create_comment(StrTendril::new())
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.state.borrow_mut().insert(parent.id, None, child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, prev_element: &Handle, child: NodeOrText<Handle>) {
        let parent = self.state.borrow().tree.node(element.id).parent;
        match parent {
            Some(_) => self.append_before_sibling(element, child),
            None => self.append(prev_element, child),
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public_id: StrTendril, _system_id: StrTendril) {
        let mut state = self.state.borrow_mut();
        let range = state.declaration.clone();
        let id = state.tree.add_node(NodeData::Doctype(range));
        state.tree.insert(id, HtmlTree::ROOT, None);
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        let state = self.state.borrow();
        let contents = state.tree.element(target.id).and_then(|element| element.template_contents);
        Handle::new(contents.unwrap_or(target.id))
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        let mut state = self.state.borrow_mut();
        state.tree.has_quirks = mode == QuirksMode::Quirks;
        state.is_quirks_mode_set = true;
    }

    fn append_before_sibling(&self, sibling: &Handle, new_node: NodeOrText<Handle>) {
        let mut state = self.state.borrow_mut();
        if let Some(parent) = state.tree.node(sibling.id).parent {
            state.insert(parent, Some(sibling.id), new_node);
        }
    }

    /// Called for a second `<html>` or `<body>` tag, which adds its attributes to the element.
    fn add_attrs_if_missing(&self, target: &Handle, _attributes: Vec<html5ever::Attribute>) {
        self.state.borrow_mut().merge_last_tag(target.id);
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.state.borrow_mut().tree.detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut state = self.state.borrow_mut();
        while let Some(child) = state.tree.node(node.id).first_child {
            state.tree.detach(child);
            state.tree.insert(child, new_parent.id, None);
        }
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &Handle) -> bool {
        self.state.borrow().tree.element(handle.id).is_some_and(|element| element.is_html_annotation)
    }
}
