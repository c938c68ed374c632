//! Builds [`Document`]s from the events of the parser, in one pass and without recursion. It stops at the first syntax error
//! or at a limit and keeps what it has built so far.

mod scalars;

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, Parser, StructureStyle, TryLoadError, TrySpannedEventReceiver, options};

use crate::base::source::Span;
use crate::syntax::tree_pool;
use crate::syntax::yaml::repair::Patches;
use crate::syntax::yaml::span_fixups;
use crate::syntax::{
    Document, Entry, FIELDS, Limits, MAX_ERRORS, Node, NodeId, Problem, Style, SyntaxError, Value, expected_values,
};

/// The result of parsing the text once.
#[derive(Default)]
pub(super) struct ParsePass<'t> {
    /// The last one is incomplete if there is a `stop`.
    pub documents: Vec<Document<'t>>,
    /// Errors that did not stop the pass.
    pub errors: Vec<SyntaxError>,
    /// In the order of the file.
    pub comments: Vec<Span>,
    /// Why the pass ended before the end of the text.
    pub stop: Option<Stop>,
}

/// Why a pass ended before the end of the text.
pub(super) enum Stop {
    /// The text exceeds one of our [`Limits`].
    Limit(SyntaxError),
    /// The parser met a syntax error.
    Syntax(ParseStop),
}

/// A syntax error that stopped the parser.
pub(super) struct ParseStop {
    /// The reason of the parser.
    pub kind: ErrorKind,
    /// The offset that the parser reports.
    pub at: usize,
    /// The end of the last event before the stop.
    pub after: usize,
    /// The start offset of each collection that is open, outermost first, and whether it is in brackets.
    pub open: Vec<(usize, bool)>,
}

/// Parses a text. Values that the repairs destroyed become [`Value::Broken`].
pub(super) fn build<'t>(text: &'t str, patches: &Patches, limits: &Limits) -> ParsePass<'t> {
    let options = options! {
        emit_unresolved_aliases: true,
        max_buffered_comment_events: usize::MAX,
        simple_key_max_lookahead: 1 << 16,
        flow_nesting_limit: limits.depth.saturating_add(1),
        block_nesting_limit: limits.depth.saturating_add(1),
    };
    let mut tree = Tree::new(text, patches, limits);
    let result = Parser::new_from_str_with_options(text, options).try_load(&mut tree, true);
    if let Err(TryLoadError::Scan(error)) = result {
        tree.stop_with_error(error.kind().clone(), error.marker().byte_offset());
    }
    if tree.pass.stop.is_some() {
        tree.end_document();
    }
    tree.pass
}

/// Tells the parser to send no more events, because there is a [`ParsePass::stop`].
struct Stopped;

impl<'t> TrySpannedEventReceiver<'t> for Tree<'_, 't> {
    type Error = Stopped;

    fn on_event(&mut self, event: Event<'t>, place: granit_parser::Span) -> Result<(), Stopped> {
        self.handle_event(event, place);
        if self.pass.stop.is_some() { Err(Stopped) } else { Ok(()) }
    }
}

/// A mapping or sequence whose end has not been parsed yet.
struct Frame<'t> {
    id: NodeId,
    anchor: usize,
    /// Whether it is in brackets (YAML's flow style).
    flow: bool,
    start: usize,
    /// The end of its last child.
    end: usize,
    /// [`Tree::total`] when it was opened.
    size_before: usize,
    /// The levels of collections in it.
    height: usize,
    broken: bool,
    items: Items<'t>,
}

enum Items<'t> {
    List(Vec<NodeId>),
    Map { entries: Vec<Entry<'t>>, merges: Vec<NodeId>, key: Option<Key<'t>> },
}

/// A key whose value has not been parsed yet.
enum Key<'t> {
    Text(Cow<'t, str>, Span),
    /// `<<`.
    Merge(Span),
    /// Not usable as text. An error was reported for it, and its value is dropped.
    Bad(Span),
}

impl Key<'_> {
    fn span(&self) -> Span {
        match self {
            Self::Text(_, span) | Self::Merge(span) | Self::Bad(span) => *span,
        }
    }
}

struct Tree<'a, 't> {
    text: &'t str,
    patches: &'a Patches,
    limits: &'a Limits,
    pass: ParsePass<'t>,
    document: Document<'t>,
    /// The number of values of each node, including itself, with aliases expanded.
    sizes: Vec<u32>,
    /// The levels of collections of each node.
    heights: Vec<u16>,
    /// The open collections, innermost last.
    frames: Vec<Frame<'t>>,
    /// The node of each anchor; `None` while its collection is open, because an alias inside it would be a cycle.
    anchors: HashMap<usize, Option<NodeId>>,
    /// The number of values in all documents so far, with aliases expanded.
    total: usize,
    /// The end of the last event.
    after: usize,
}

impl<'a, 't> Tree<'a, 't> {
    fn new(text: &'t str, patches: &'a Patches, limits: &'a Limits) -> Self {
        Self {
            text,
            patches,
            limits,
            pass: ParsePass::default(),
            document: Document::default(),
            sizes: Vec::with_capacity(expected_values(text)),
            heights: Vec::with_capacity(expected_values(text)),
            frames: Vec::new(),
            anchors: HashMap::new(),
            total: 0,
            after: 0,
        }
    }

    fn handle_event(&mut self, event: Event<'t>, place: granit_parser::Span) {
        let range = place.byte_range().unwrap_or(self.after..self.after);
        match event {
            Event::DocumentStart(explicit, _) => {
                self.start_document();
                if !explicit {
                    return;
                }
            }
            Event::DocumentEnd => self.end_document(),
            Event::Comment(..) => {
                self.pass.comments.push(Span::new(range.start, range.end));
                return;
            }
            Event::Scalar(text, style, anchor, tag) => {
                let kind = self.check_tag(tag.as_deref(), &place);
                self.add_scalar(text, style, anchor, kind, range.clone());
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), &place);
                let start = self.list_start(style, range.start);
                self.open(Items::List(Vec::new()), anchor, style == StructureStyle::Flow, start);
            }
            Event::MappingStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), &place);
                let items = Items::Map { entries: Vec::with_capacity(FIELDS), merges: Vec::new(), key: None };
                self.open(items, anchor, style == StructureStyle::Flow, range.start);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            Event::Alias(target) => self.add_alias(target, range.clone()),
            Event::UnresolvedAlias(name) => self.add_unknown_alias(&name, range.clone()),
            _ => {}
        }
        self.after = self.after.max(range.end);
    }

    /// The end of the key whose value comes next.
    fn pending_key_end(&self) -> Option<usize> {
        match &self.frames.last()?.items {
            Items::Map { key: Some(key), .. } => Some(key.span().end as usize),
            _ => None,
        }
    }

    /// The span of an omitted value (`key:`): the empty span after the colon of its key.
    fn omitted_value_span(&self, at: usize) -> Span {
        let at = self.pending_key_end().map_or(at, |end| span_fixups::after_colon(self.text, end));
        Span::new(at, at)
    }

    /// The start of a sequence. The start that the parser reports for a block sequence may be after its first dash.
    fn list_start(&self, style: StructureStyle, at: usize) -> usize {
        match self.pending_key_end() {
            Some(key_end) if style == StructureStyle::Block => span_fixups::first_dash(self.text, key_end, at),
            _ => at,
        }
    }

    fn expects_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { items: Items::Map { key: None, .. }, .. }))
    }

    /// Whether a key is HTML. No portal has such a key, so the line is meant as text of a block scalar.
    fn is_html(&self, key: &str) -> bool {
        let starts_tag =
            key.strip_prefix('<').is_some_and(|rest| rest.starts_with(|c: char| c == '/' || c.is_alphabetic()));
        starts_tag && self.frames.last().is_some_and(|frame| !frame.flow)
    }

    fn set_key(&mut self, found: Key<'t>) {
        let place = found.span();
        if let Some(frame) = self.frames.last_mut()
            && let Items::Map { key, entries, merges } = &mut frame.items
        {
            // The start that the parser reports for a block mapping may not be its first key.
            let first = entries.is_empty() && merges.is_empty() && !frame.broken;
            if first && !frame.flow && !self.text[frame.start..].starts_with('?') {
                frame.start = place.start as usize;
            }
            frame.end = frame.end.max(place.end as usize);
            *key = Some(found);
        }
    }

    /// Adds a complete value to the innermost open collection.
    fn attach(&mut self, id: NodeId) {
        let (place, height) = (self.document.node(id).span, self.heights[id.0 as usize]);
        let Some(frame) = self.frames.last_mut() else {
            self.document.set_root(id);
            return;
        };
        frame.end = frame.end.max(place.end as usize);
        frame.height = frame.height.max(usize::from(height));
        match &mut frame.items {
            Items::List(items) => items.push(id),
            Items::Map { entries, merges, key } => match key.take() {
                Some(Key::Text(text, key_span)) => {
                    entries.push(Entry { key: text, key_span, value: id, merged: false });
                }
                Some(Key::Merge(_)) => merges.push(id),
                Some(Key::Bad(_)) | None => self.document.mark_partial(),
            },
        }
    }

    fn open(&mut self, items: Items<'t>, anchor: usize, flow: bool, start: usize) {
        if self.frames.len() >= self.limits.depth {
            return self.stop_at(Span::new(start, start + usize::from(flow)), Problem::TooDeep(self.limits.depth));
        }
        let size_before = self.total;
        let id = self.push(Node { span: Span::new(start, start), style: Style::Plain, value: Value::Broken }, 1, 1);
        self.define(anchor, None);
        let end = start + usize::from(flow);
        self.frames.push(Frame { id, anchor, flow, start, end, size_before, height: 0, broken: false, items });
    }

    fn close(&mut self, end: usize) {
        if matches!(self.frames.last(), Some(Frame { items: Items::Map { merges, .. }, .. }) if !merges.is_empty()) {
            self.apply_merges();
        }
        let Some(frame) = self.frames.pop() else { return };
        let end = if frame.flow && end > frame.start { end } else { frame.end };
        let place = Span::new(frame.start, end);
        let value = match frame.items {
            _ if frame.broken => Value::Broken,
            Items::List(items) => self.document.add_list(items),
            Items::Map { entries, .. } => self.document.add_object(entries),
        };
        let node = self.document.node_mut(frame.id);
        (node.span, node.value) = (place, value);
        let index = frame.id.0 as usize;
        self.sizes[index] = u32::try_from(self.total - frame.size_before).unwrap_or(u32::MAX);
        self.heights[index] = u16::try_from(frame.height + 1).unwrap_or(u16::MAX);
        if frame.broken {
            self.report(place, Problem::NeedsQuotes('{'));
        }
        self.define(frame.anchor, Some(frame.id));
        if self.expects_key() {
            self.add_collection_as_key(place);
        } else {
            self.attach(frame.id);
        }
    }

    /// Handles a collection in the place of a key. An unquoted template variable such as `{{name}}` is parsed as a mapping
    /// whose key is a mapping; then the outer one is reported, because it needs quotes.
    fn add_collection_as_key(&mut self, place: Span) {
        self.set_key(Key::Bad(place));
        let braces =
            place.start > 0 && self.text.get(place.start as usize - 1..).is_some_and(|at| at.starts_with("{{"));
        match self.frames.last_mut() {
            Some(frame) if braces && frame.flow => frame.broken = true,
            _ => self.report(place, Problem::KeyNotText),
        }
    }

    /// Adds a node. `size` is the number of values it counts for, which for an alias is that of its target.
    fn push(&mut self, node: Node<'t>, size: u32, height: u16) -> NodeId {
        self.total = self.total.saturating_add(size as usize);
        if self.total > self.limits.nodes {
            self.stop_at(node.span, Problem::TooManyNodes(self.limits.nodes));
        }
        self.sizes.push(size);
        self.heights.push(height);
        self.document.push(node)
    }

    fn define(&mut self, anchor: usize, id: Option<NodeId>) {
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
    }

    fn report(&mut self, span: Span, problem: Problem) {
        if self.pass.errors.len() <= MAX_ERRORS {
            self.pass.errors.push(SyntaxError { span, problem, related: None });
        }
    }

    fn stop_at(&mut self, span: Span, problem: Problem) {
        if self.pass.stop.is_none() {
            self.pass.stop = Some(Stop::Limit(SyntaxError { span, problem, related: None }));
        }
    }

    fn stop_with_error(&mut self, kind: ErrorKind, at: Option<usize>) {
        let at = span_fixups::snap(self.text, at.unwrap_or(self.after));
        if kind == ErrorKind::RecursionLimitExceeded {
            return self.stop_at(Span::new(at, at), Problem::TooDeep(self.limits.depth));
        }
        let open = self.frames.iter().map(|frame| (frame.start, frame.flow)).collect();
        self.pass.stop = Some(Stop::Syntax(ParseStop { kind, at, after: self.after, open }));
    }

    fn start_document(&mut self) {
        self.document = tree_pool::tree(expected_values(self.text));
        self.sizes.clear();
        self.heights.clear();
        self.anchors.clear();
    }

    /// Closes the collections that are still open, which happens only after a stop, and keeps the document.
    fn end_document(&mut self) {
        if !self.frames.is_empty() {
            self.document.mark_partial();
        }
        while let Some(frame) = self.frames.last() {
            if let Items::Map { key: Some(key), .. } = &frame.items {
                let at = span_fixups::after_colon(self.text, key.span().end as usize);
                let node = Node { span: Span::new(at, at), style: Style::Plain, value: Value::Broken };
                let id = self.push(node, 0, 0);
                self.attach(id);
            }
            let end = self.frames.last().map_or(0, |frame| frame.end);
            self.close(end);
        }
        if self.document.root().is_some() {
            self.pass.documents.push(std::mem::take(&mut self.document));
        }
    }
}
