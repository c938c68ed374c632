//! From the parser's events to [`Document`]s, in one pass and without recursion. Stops at the first syntax error and
//! at the limits; what was read until then is kept.

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

/// What one reading gave.
#[derive(Default)]
pub struct ParsePass<'t> {
    /// The last one is cut short when there is a `stop`.
    pub documents: Vec<Document<'t>>,
    /// Errors that did not stop the reading.
    pub errors: Vec<SyntaxError>,
    /// Comments.
    pub comments: Vec<Span>,
    /// Why the reading ended early.
    pub stop: Option<Stop>,
}

/// The end of a reading before the end of the text.
pub enum Stop {
    /// A limit of ours.
    Limit(SyntaxError),
    /// The parser could not go on.
    Syntax(ParseStop),
}

/// Where and why the parser could not go on.
pub struct ParseStop {
    /// Its reason.
    pub kind: ErrorKind,
    /// Its place.
    pub at: usize,
    /// End of the last thing that was read.
    pub after: usize,
    /// First bytes of the collections that are open, outermost first; whether they are in brackets.
    pub open: Vec<(usize, bool)>,
}

/// Reads a text; values that touch a hole are [`Value::Broken`].
pub fn read<'t>(text: &'t str, holes: &Patches, limits: &Limits) -> ParsePass<'t> {
    let options = options! {
        emit_unresolved_aliases: true,
        max_buffered_comment_events: usize::MAX,
        simple_key_max_lookahead: 1 << 16,
        flow_nesting_limit: limits.depth.saturating_add(1),
        block_nesting_limit: limits.depth.saturating_add(1),
    };
    let mut tree = Tree::new(text, holes, limits);
    let read = Parser::new_from_str_with_options(text, options).try_load(&mut tree, true);
    if let Err(TryLoadError::Scan(error)) = read {
        tree.halt(error.kind().clone(), error.marker().byte_offset());
    }
    if tree.reading.stop.is_some() {
        tree.end_document();
    }
    tree.reading
}

/// There is a [`ParsePass::stop`].
struct Stopped;

impl<'t> TrySpannedEventReceiver<'t> for Tree<'_, 't> {
    type Error = Stopped;

    fn on_event(&mut self, event: Event<'t>, place: granit_parser::Span) -> Result<(), Stopped> {
        self.event(event, place);
        if self.reading.stop.is_some() { Err(Stopped) } else { Ok(()) }
    }
}

/// A collection that is not at its end.
struct Frame<'t> {
    id: NodeId,
    anchor: usize,
    flow: bool,
    start: usize,
    /// End of the last child.
    end: usize,
    size_before: usize,
    height: usize,
    broken: bool,
    items: Items<'t>,
}

enum Items<'t> {
    List(Vec<NodeId>),
    Map { entries: Vec<Entry<'t>>, merges: Vec<NodeId>, key: Option<Key<'t>> },
}

/// A key that waits for its value.
enum Key<'t> {
    Text(Cow<'t, str>, Span),
    Merge(Span),
    /// Not text; reported.
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
    holes: &'a Patches,
    limits: &'a Limits,
    reading: ParsePass<'t>,
    document: Document<'t>,
    /// Values below and with each node, aliases expanded.
    sizes: Vec<u32>,
    /// Levels of collections in each node.
    heights: Vec<u16>,
    frames: Vec<Frame<'t>>,
    /// `None` while the anchor's own collection is open.
    anchors: HashMap<usize, Option<NodeId>>,
    /// Values so far, over all documents.
    total: usize,
    /// End of the last event.
    after: usize,
}

impl<'a, 't> Tree<'a, 't> {
    fn new(text: &'t str, holes: &'a Patches, limits: &'a Limits) -> Self {
        Self {
            text,
            holes,
            limits,
            reading: ParsePass::default(),
            document: Document::default(),
            sizes: Vec::with_capacity(expected_values(text)),
            heights: Vec::with_capacity(expected_values(text)),
            frames: Vec::new(),
            anchors: HashMap::new(),
            total: 0,
            after: 0,
        }
    }

    fn event(&mut self, event: Event<'t>, place: granit_parser::Span) {
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
                self.reading.comments.push(Span::new(range.start, range.end));
                return;
            }
            Event::Scalar(text, style, anchor, tag) => {
                let wanted = self.tag(tag.as_deref(), &place);
                self.scalar(text, style, anchor, wanted, range.clone());
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.tag(tag.as_deref(), &place);
                let start = self.list_start(style, range.start);
                self.open(Items::List(Vec::new()), anchor, style == StructureStyle::Flow, start);
            }
            Event::MappingStart(style, anchor, tag) => {
                self.tag(tag.as_deref(), &place);
                let items = Items::Map { entries: Vec::with_capacity(FIELDS), merges: Vec::new(), key: None };
                self.open(items, anchor, style == StructureStyle::Flow, range.start);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            Event::Alias(target) => self.alias(target, range.clone()),
            Event::UnresolvedAlias(name) => self.unknown_alias(&name, range.clone()),
            _ => {}
        }
        self.after = self.after.max(range.end);
    }

    /// Where a value stands that is not written: right after its key's colon.
    fn unwritten(&self, at: usize) -> Span {
        let key = self.frames.last().and_then(|frame| match &frame.items {
            Items::Map { key: Some(key), .. } => Some(key.span().end as usize),
            _ => None,
        });
        let at = key.map_or(at, |end| span_fixups::after_colon(self.text, end));
        Span::new(at, at)
    }

    fn list_start(&self, style: StructureStyle, at: usize) -> usize {
        let of_key = self.frames.last().and_then(|frame| match &frame.items {
            Items::Map { key: Some(key), .. } => Some(key.span().end as usize),
            _ => None,
        });
        match of_key {
            Some(key_end) if style == StructureStyle::Block => span_fixups::first_dash(self.text, key_end, at),
            _ => at,
        }
    }

    fn wants_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { items: Items::Map { key: None, .. }, .. }))
    }

    /// Whether a key is HTML: no portal has such a key, so the line is text that lost its block.
    fn is_html(&self, key: &str) -> bool {
        let tag = key.strip_prefix('<').is_some_and(|rest| rest.starts_with(|c: char| c == '/' || c.is_alphabetic()));
        tag && self.frames.last().is_some_and(|frame| !frame.flow)
    }

    fn key(&mut self, found: Key<'t>) {
        let place = found.span();
        if let Some(frame) = self.frames.last_mut()
            && let Items::Map { key, entries, merges } = &mut frame.items
        {
            let first = entries.is_empty() && merges.is_empty() && !frame.broken;
            if first && !frame.flow && !self.text[frame.start..].starts_with('?') {
                frame.start = place.start as usize;
            }
            frame.end = frame.end.max(place.end as usize);
            *key = Some(found);
        }
    }

    /// Adds a finished value to the collection that is open.
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
            self.merge();
        }
        let Some(frame) = self.frames.pop() else { return };
        let end = if frame.flow && end > frame.start { end } else { frame.end };
        let place = Span::new(frame.start, end);
        let value = match frame.items {
            _ if frame.broken => Value::Broken,
            Items::List(items) => self.document.list(items),
            Items::Map { entries, .. } => self.document.object(entries),
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
        if self.wants_key() {
            self.collection_as_key(place);
        } else {
            self.attach(frame.id);
        }
    }

    /// `{{name}}` without quotes is a mapping with a mapping as key: text was meant.
    fn collection_as_key(&mut self, place: Span) {
        self.key(Key::Bad(place));
        let braces =
            place.start > 0 && self.text.get(place.start as usize - 1..).is_some_and(|at| at.starts_with("{{"));
        match self.frames.last_mut() {
            Some(frame) if braces && frame.flow => frame.broken = true,
            _ => self.report(place, Problem::KeyNotText),
        }
    }

    /// Adds a node that stands for `size` values.
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
        if self.reading.errors.len() <= MAX_ERRORS {
            self.reading.errors.push(SyntaxError { span, problem, related: None });
        }
    }

    fn stop_at(&mut self, span: Span, problem: Problem) {
        if self.reading.stop.is_none() {
            self.reading.stop = Some(Stop::Limit(SyntaxError { span, problem, related: None }));
        }
    }

    fn halt(&mut self, kind: ErrorKind, at: Option<usize>) {
        let at = span_fixups::snap(self.text, at.unwrap_or(self.after));
        if kind == ErrorKind::RecursionLimitExceeded {
            return self.stop_at(Span::new(at, at), Problem::TooDeep(self.limits.depth));
        }
        let open = self.frames.iter().map(|frame| (frame.start, frame.flow)).collect();
        self.reading.stop = Some(Stop::Syntax(ParseStop { kind, at, after: self.after, open }));
    }

    fn start_document(&mut self) {
        self.document = tree_pool::tree(expected_values(self.text));
        self.sizes.clear();
        self.heights.clear();
        self.anchors.clear();
    }

    /// Closes what is open (only after a stop) and keeps the document.
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
            self.reading.documents.push(std::mem::take(&mut self.document));
        }
    }
}
