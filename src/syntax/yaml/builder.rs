//! Builds [`Document`]s from the events of the parser, in one pass and without recursion. It stops at the first error of
//! the parser or at a limit, and keeps what it has built so far.

mod aliases;
mod indentation_checks;
mod scalars;

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, Parser, StructureStyle, TryLoadError, TrySpannedEventReceiver, options};

use crate::base::source::Span;
use crate::base::steps::count_steps;
use crate::syntax::yaml::parse_pass::{ParsePass, ParseStop, StopReason, UnclosedCollection, Unreadable};
use crate::syntax::yaml::scalar::{NodeShape, TagKind};
use crate::syntax::yaml::span_fixups;
use crate::syntax::{
    Document, Entry, Limits, MAX_ERRORS, Node, NodeId, Problem, RepeatedMergeKey, Style, SyntaxError, Value,
};

/// Parses a text. Values that `unreadable` overlaps, or may overlap, become [`Value::Broken`].
pub(super) fn build_tree<'t>(text: &'t str, unreadable: Option<Unreadable>, limits: &Limits) -> ParsePass<'t> {
    let options = options! {
        emit_unresolved_aliases: true,
        max_buffered_comment_events: usize::MAX,
        simple_key_max_lookahead: 1 << 16,
        // One level more than our own limit: the builder reports the span of the first collection that is too deep, but the
        // parser reports only an offset.
        flow_nesting_limit: limits.depth.saturating_add(1),
        block_nesting_limit: limits.depth.saturating_add(1),
    };
    count_steps(text.len());
    let mut builder = TreeBuilder::new(text, unreadable, limits);
    let result = Parser::new_from_str_with_options(text, options).try_load(&mut builder, true);
    if let Err(TryLoadError::Scan(error)) = result {
        builder.stop_with_error(error.kind().clone(), error.marker().byte_offset());
    }
    if builder.pass.stop.is_some() {
        builder.end_document();
    }
    builder.pass
}

/// Tells the parser to send no more events, because there is a [`ParsePass::stop`].
struct PassStopped;

impl<'t> TrySpannedEventReceiver<'t> for TreeBuilder<'_, 't> {
    type Error = PassStopped;

    fn on_event(&mut self, event: Event<'t>, span: granit_parser::Span) -> Result<(), PassStopped> {
        self.handle_event(event, &span);
        if self.pass.stop.is_some() { Err(PassStopped) } else { Ok(()) }
    }
}

/// A mapping or sequence whose end has not been parsed yet.
struct OpenCollection<'t> {
    id: NodeId,
    /// The number that the parser gives its anchor; 0 without an anchor.
    anchor: usize,
    /// Whether it is in brackets (YAML's flow style).
    is_flow: bool,
    start: usize,
    /// The end of its last child.
    end: usize,
    /// [`TreeBuilder::total_values`] when it was opened.
    values_before: usize,
    /// The levels of collections in it.
    height: usize,
    /// Whether it is an unquoted template variable, so that its value is unknown.
    is_template: bool,
    /// Whether its tag is unknown or belongs to another kind of node, so that its value is unknown.
    has_wrong_tag: bool,
    /// For brackets in a block: the column of the block. `None` after an error about the indentation in the brackets was reported.
    block_column: Option<usize>,
    children: Children<'t>,
}

enum Children<'t> {
    List(Vec<NodeId>),
    Map {
        entries: Vec<Entry<'t>>,
        /// The values of the merge keys (`<<`).
        merges: Vec<NodeId>,
        /// The first merge key.
        first_merge: Option<Span>,
        key: Option<PendingKey<'t>>,
    },
}

/// A key whose value has not been parsed yet.
enum PendingKey<'t> {
    Text(Cow<'t, str>, Span),
    /// `<<`.
    Merge(Span),
    /// Not a string. An error was reported for it, and its value is not added to the mapping.
    Unusable(Span),
}

impl PendingKey<'_> {
    fn span(&self) -> Span {
        match self {
            Self::Text(_, span) | Self::Merge(span) | Self::Unusable(span) => *span,
        }
    }
}

struct TreeBuilder<'l, 't> {
    text: &'t str,
    unreadable: Option<Unreadable>,
    limits: &'l Limits,
    pass: ParsePass<'t>,
    document: Document<'t>,
    /// The number of values of each node, including itself, with aliases expanded.
    sizes: Vec<u32>,
    /// The levels of collections of each node.
    heights: Vec<u16>,
    /// The open collections, innermost last.
    open: Vec<OpenCollection<'t>>,
    /// The node of each anchor; `None` while its collection is open, because an alias inside it would be a cycle.
    anchors: HashMap<usize, Option<NodeId>>,
    /// The number of values in all documents so far, with aliases expanded.
    total_values: usize,
    /// The start of the last event that is not a comment.
    last_event_start: usize,
    /// The end of what the parser has read so far, without comments.
    last_event_end: usize,
}

impl<'l, 't> TreeBuilder<'l, 't> {
    fn new(text: &'t str, unreadable: Option<Unreadable>, limits: &'l Limits) -> Self {
        Self {
            text,
            unreadable,
            limits,
            pass: ParsePass::default(),
            document: Document::default(),
            sizes: Vec::new(),
            heights: Vec::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
            total_values: 0,
            last_event_start: 0,
            last_event_end: 0,
        }
    }

    fn handle_event(&mut self, event: Event<'t>, span: &granit_parser::Span) {
        let range = span.byte_range().unwrap_or(self.last_event_end..self.last_event_end);
        let (event_start, event_end) = (range.start, range.end);
        if matches!(event, Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) | Event::Alias(_)) {
            self.check_flow_indentation(&range);
        }
        match event {
            Event::DocumentStart(explicit, _) => {
                self.check_byte_order_mark(range.start);
                self.start_document();
                // Without `---`, the parser reports the span of the first token of the content, whose event follows.
                if !explicit {
                    return;
                }
            }
            Event::DocumentEnd => self.end_document(),
            Event::Comment(..) => {
                self.pass.comments.push(Span::new(range.start, range.end));
                // Comments do not count as the last event, because a block scalar header may be before them.
                return;
            }
            Event::Scalar(text, style, anchor, tag) => {
                let kind = self.check_tag(tag.as_deref(), NodeShape::Scalar, span);
                self.add_scalar(text, style, anchor, kind, range);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let kind = self.check_tag(tag.as_deref(), NodeShape::List, span);
                let start = self.sequence_start(style, range.start);
                self.open_collection(Children::List(Vec::new()), anchor, style == StructureStyle::Flow, start, kind);
            }
            Event::MappingStart(style, anchor, tag) => {
                let kind = self.check_tag(tag.as_deref(), NodeShape::Mapping, span);
                let children = Children::Map { entries: Vec::new(), merges: Vec::new(), first_merge: None, key: None };
                self.open_collection(children, anchor, style == StructureStyle::Flow, range.start, kind);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close_collection(range.end),
            Event::Alias(target) => self.add_alias(target, range),
            Event::UnresolvedAlias(name) => self.add_unknown_alias(name.into_owned(), range),
            _ => {}
        }
        self.last_event_start = event_start;
        self.last_event_end = self.last_event_end.max(event_end);
    }

    fn start_document(&mut self) {
        self.document = Document::default();
        if self.loses_entries() {
            self.document.mark_partial();
        }
        self.sizes.clear();
        self.heights.clear();
        self.anchors.clear();
    }

    /// Closes the collections that are still open, which happens only after a stop, and keeps the document.
    fn end_document(&mut self) {
        if !self.open.is_empty() {
            self.document.mark_partial();
        }
        while let Some(collection) = self.open.last() {
            if let Children::Map { key: Some(key), .. } = &collection.children {
                // The value after the last key was not parsed, so it is broken and not missing.
                self.add_broken_value(span_fixups::after_colon(self.text, key.span().end as usize));
            }
            let end = self.open.last().map_or(0, |collection| collection.end);
            self.close_collection(end);
        }
        if self.document.root().is_some() {
            self.pass.documents.push(std::mem::take(&mut self.document));
        }
    }

    fn open_collection(&mut self, children: Children<'t>, anchor: usize, is_flow: bool, start: usize, kind: TagKind) {
        let end = start + usize::from(is_flow);
        if self.open.len() >= self.limits.depth {
            return self.stop_at_limit(Span::new(start, end), Problem::TooDeep(self.limits.depth));
        }
        let values_before = self.total_values;
        let block_column = if is_flow { self.block_column() } else { None };
        // The value is set when the collection is closed.
        let node = Node { span: Span::new(start, start), style: Style::Plain, value: Value::Broken };
        let id = self.push_node(node, 1, 1);
        self.define_anchor(anchor, None);
        self.open.push(OpenCollection {
            id,
            anchor,
            is_flow,
            start,
            end,
            values_before,
            height: 0,
            is_template: false,
            has_wrong_tag: kind == TagKind::Unusable,
            block_column,
            children,
        });
    }

    fn close_collection(&mut self, event_end: usize) {
        let Some(OpenCollection { children, start, end, .. }) = self.open.last() else { return };
        let is_incomplete =
            self.pass.stop.is_some() || (self.loses_entries() && self.is_unreadable(Span::new(*start, *end)));
        match children {
            // A broken item shows that there may be more items.
            Children::List(_) if is_incomplete => self.add_broken_value(*end),
            Children::Map { .. } if !is_incomplete => self.apply_merges(),
            _ => {}
        }
        let Some(collection) = self.open.pop() else { return };
        // For the end of a block collection, the parser reports the start of the next token.
        let has_bracket = collection.is_flow && event_end > collection.start;
        let span = Span::new(collection.start, if has_bracket { event_end } else { collection.end });
        let value = match collection.children {
            _ if collection.is_template || collection.has_wrong_tag => Value::Broken,
            Children::List(items) => self.document.add_list(items),
            Children::Map { entries, .. } => self.document.add_object(entries),
        };
        let node = self.document.node_mut(collection.id);
        (node.span, node.value) = (span, value);
        let index = collection.id.0 as usize;
        self.sizes[index] = u32::try_from(self.total_values - collection.values_before).unwrap_or(u32::MAX);
        self.heights[index] = u16::try_from(collection.height + 1).unwrap_or(u16::MAX);
        if collection.is_template {
            self.report_error(span, Problem::NeedsQuotes('{'));
        }
        self.define_anchor(collection.anchor, Some(collection.id));
        if self.expects_key() {
            self.add_collection_as_key(span);
        } else {
            self.attach_to_parent(collection.id);
        }
    }

    fn add_broken_value(&mut self, offset: usize) {
        let node = Node { span: Span::new(offset, offset), style: Style::Plain, value: Value::Broken };
        let id = self.push_node(node, 0, 0);
        self.attach_to_parent(id);
    }

    /// Adds a complete value to the innermost open collection.
    fn attach_to_parent(&mut self, id: NodeId) {
        let span = self.document.node(id).span;
        let Some(parent) = self.open.last_mut() else {
            self.document.set_root(id);
            return;
        };
        parent.end = parent.end.max(span.end as usize);
        parent.height = parent.height.max(usize::from(self.heights[id.0 as usize]));
        match &mut parent.children {
            Children::List(items) => items.push(id),
            Children::Map { entries, merges, first_merge, key } => match key.take() {
                Some(PendingKey::Text(text, key_span)) => {
                    entries.push(Entry { key: text, key_span, value: id, merged: false });
                }
                Some(PendingKey::Merge(span)) => {
                    merges.push(id);
                    let first = *first_merge.get_or_insert(span);
                    if first != span {
                        let key = RepeatedMergeKey { mapping: parent.id, first, repeated: span };
                        self.document.add_repeated_merge_key(key);
                    }
                }
                Some(PendingKey::Unusable(_)) | None => self.document.mark_partial(),
            },
        }
    }

    fn set_key(&mut self, new_key: PendingKey<'t>) {
        let Some(mapping) = self.open.last_mut() else { return };
        let Children::Map { key, entries, merges, .. } = &mut mapping.children else { return };
        let key_span = new_key.span();
        // The start that the parser reports for a block mapping may not be its first key.
        let is_first = entries.is_empty() && merges.is_empty() && !mapping.is_template;
        if is_first && !mapping.is_flow && !self.text[mapping.start..].starts_with('?') {
            mapping.start = key_span.start as usize;
        }
        mapping.end = mapping.end.max(key_span.end as usize);
        let is_block_start = is_first && !mapping.is_flow;
        *key = Some(new_key);
        if is_block_start {
            self.check_tab_before(key_span.start as usize);
        }
    }

    fn loses_entries(&self) -> bool {
        self.unreadable.is_some_and(|unreadable| unreadable.loses_entries)
    }

    /// The end of the key whose value comes next.
    fn pending_key_end(&self) -> Option<usize> {
        match &self.open.last()?.children {
            Children::Map { key: Some(key), .. } => Some(key.span().end as usize),
            _ => None,
        }
    }

    /// The start of a sequence. The start that the parser reports for a block sequence may be after its first dash.
    fn sequence_start(&self, style: StructureStyle, event_start: usize) -> usize {
        match self.pending_key_end() {
            Some(key_end) if style == StructureStyle::Block => span_fixups::first_dash(self.text, key_end, event_start),
            _ => event_start,
        }
    }

    /// Adds a node. `size` is the number of values it counts for, which for an alias is that of its target.
    fn push_node(&mut self, node: Node<'t>, size: u32, height: u16) -> NodeId {
        self.total_values = self.total_values.saturating_add(size as usize);
        if self.total_values > self.limits.nodes {
            self.stop_at_limit(node.span, Problem::TooManyNodes(self.limits.nodes));
        }
        self.sizes.push(size);
        self.heights.push(height);
        self.document.push(node)
    }

    fn define_anchor(&mut self, anchor: usize, id: Option<NodeId>) {
        // The parser counts anchors from 1 and uses 0 for a node without one.
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
    }

    fn report_error(&mut self, span: Span, problem: Problem) {
        // One error too many is kept, so that the report knows that there are more.
        if self.pass.errors.len() <= MAX_ERRORS {
            self.pass.errors.push(SyntaxError { span, problem, related: None });
        }
    }

    fn stop_at_limit(&mut self, span: Span, problem: Problem) {
        if self.pass.stop.is_none() {
            self.pass.stop = Some(StopReason::Limit(SyntaxError { span, problem, related: None }));
        }
    }

    fn stop_with_error(&mut self, kind: ErrorKind, offset: Option<usize>) {
        let offset = self.text.floor_char_boundary(offset.unwrap_or(self.last_event_end));
        if kind == ErrorKind::RecursionLimitExceeded {
            return self.stop_at_limit(Span::new(offset, offset), Problem::TooDeep(self.limits.depth));
        }
        let unclosed = |open: &OpenCollection<'_>| UnclosedCollection { start: open.start, is_flow: open.is_flow };
        let open = self.open.iter().map(unclosed).collect();
        let stop = ParseStop { kind, offset, last_event: self.last_event_start..self.last_event_end, open };
        self.pass.stop = Some(StopReason::Syntax(stop));
    }
}
