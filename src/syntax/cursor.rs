//! A place in a document where a value is or should be: the lenient way to look into a tree that may be half broken.
//!
//! `slot.at("recaptcha").at("site_key")` never fails. It is there, it is missing from an object that is there, or it
//! is nowhere because what should hold it is itself missing or no object; only the second is worth a word.

use crate::base::bytes::swar::is_word;
use crate::base::diagnostic::Location;
use crate::base::source::Span;
use crate::syntax::{Document, Entry, Node, NodeId, Style, Value, pointer};

/// How deep a slot can be: `/tracking_domains/0/results/0/dns/status`. Below that a slot's pointer ends here.
const MAX_STEPS: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step<'d> {
    Key(&'d str),
    Index(usize),
}

/// Whether something is in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    There,
    /// Not in the object that should hold it, though that is there.
    Missing,
    Nowhere,
}

/// See the module. Rules hand slots around by the dozen, so one is small: what its keys are is found out on demand.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'d> {
    document: &'d Document<'d>,
    seat: FieldPath<'d>,
}

/// Where a slot is in its document. In one with the same keys and values in the same order it is the same.
#[derive(Clone, Copy, Debug)]
pub struct FieldPath<'k> {
    state: State,
    depth: u8,
    /// Which entry it is at each level on the way here; of what is not there, on the way to what should hold it, and so are
    /// all below.
    path: [u32; MAX_STEPS],
    /// What is here, aliases followed.
    node: NodeId,
    /// The object or list it stands in, and as which of its entries.
    holder: Option<NodeId>,
    index: u32,
    /// The key of what is not there.
    absent: &'k str,
}

impl<'d> Cursor<'d> {
    /// The top-level value.
    pub fn root(document: &'d Document<'d>) -> Self {
        let state = if document.root().is_some() { State::There } else { State::Nowhere };
        let node = document.root().map_or(NodeId(0), |root| document.resolved(root));
        let seat = FieldPath { state, depth: 0, path: [0; MAX_STEPS], node, holder: None, index: 0, absent: "" };
        Self { document, seat }
    }

    /// What has this seat in a document.
    #[inline]
    pub fn seated(document: &'d Document<'d>, seat: FieldPath<'d>) -> Self {
        Self { document, seat }
    }

    /// Where it is in its document; it is called `name` where it is not there.
    pub fn seat<'k>(&self, name: &'k str) -> FieldPath<'k> {
        let FieldPath { state, depth, path, node, holder, index, .. } = self.seat;
        FieldPath { state, depth, path, node, holder, index, absent: name }
    }

    /// The document it is in.
    pub fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// The value of a key. Of a key that is there twice, the last (as JSON parsers do).
    #[must_use]
    pub fn at(&self, key: &'d str) -> Self {
        let entries = self.entries();
        match entries.iter().rposition(|entry| entry.key == key) {
            Some(index) => self.entry(index, entries[index].value),
            None => self.absent(key),
        }
    }

    /// Whether an object with this key is there.
    pub fn has(&self, key: &str) -> bool {
        self.entries().iter().any(|entry| entry.key == key)
    }

    /// The values of several keys in one pass over the object; see [`Cursor::at`]. Nearly always they stand in the order
    /// in which they are asked for, and then each is found where it is looked for first.
    pub fn fields<const N: usize>(&self, keys: [&'d str; N]) -> [Self; N] {
        let mut found = [None; N];
        let mut next = 0;
        for (index, entry) in self.entries().iter().enumerate() {
            let is_next = keys.get(next).is_some_and(|key| entry.key == *key);
            let Some(at) = is_next.then_some(next).or_else(|| keys.iter().position(|key| entry.key == *key)) else {
                continue;
            };
            found[at] = Some((index, entry.value));
            next = at + 1;
        }
        std::array::from_fn(|at| match found[at] {
            Some((index, value)) => self.entry(index, value),
            None => self.absent(keys[at]),
        })
    }

    /// The entry with this index, be this an object or a list.
    #[inline]
    fn entry(&self, index: usize, value: NodeId) -> Self {
        let FieldPath { mut depth, mut path, node: holder, .. } = self.seat;
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        if let Some(free) = path.get_mut(usize::from(depth)) {
            *free = index;
            depth += 1;
        }
        let node = self.document.resolved(value);
        let seat = FieldPath { state: State::There, depth, path, node, holder: Some(holder), index, absent: "" };
        Self { document: self.document, seat }
    }

    /// A key that is not here.
    fn absent(&self, key: &'d str) -> Self {
        let state = if self.is_object() && !self.is_partial() { State::Missing } else { State::Nowhere };
        Self { document: self.document, seat: FieldPath { state, absent: key, ..self.seat } }
    }

    /// The items of a list; nothing when it is none.
    pub fn items(&self) -> impl ExactSizeIterator<Item = Cursor<'d>> + use<'d> {
        let items: &'d [NodeId] = match self.value() {
            Some(Value::Array(items)) => self.document.items(*items),
            _ => &[],
        };
        let list = *self;
        items.iter().enumerate().map(move |(index, &id)| list.entry(index, id))
    }

    /// The entry with this index of the list.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        let nowhere = FieldPath { state: State::Nowhere, absent: "", ..self.seat };
        self.items().nth(index).unwrap_or(Self { document: self.document, seat: nowhere })
    }

    /// The values of an object, duplicates too, each at its own key.
    pub fn children(&self) -> impl Iterator<Item = Cursor<'d>> + use<'d> {
        let object = *self;
        self.entries().iter().enumerate().map(move |(index, entry)| object.entry(index, entry.value))
    }

    /// An object or a list.
    pub fn holds_others(&self) -> bool {
        matches!(self.value(), Some(Value::Object(_) | Value::Array(_)))
    }

    /// The keys and indices on the way here, as far as slots know them.
    fn steps(&self) -> Vec<Step<'d>> {
        let mut steps = Vec::with_capacity(MAX_STEPS + 1);
        let mut holder = Cursor::root(self.document).value();
        for &index in &self.seat.path[..usize::from(self.seat.depth)] {
            let at = index as usize;
            let (step, value) = match holder {
                Some(Value::Object(entries)) => {
                    let entry = &self.document.entries(*entries)[at];
                    (Step::Key(&entry.key), entry.value)
                }
                Some(Value::Array(items)) => (Step::Index(at), self.document.items(*items)[at]),
                _ => break,
            };
            steps.push(step);
            holder = Some(&self.document.resolve(value).value);
        }
        if !self.is_there() {
            steps.push(Step::Key(self.seat.absent));
        }
        steps
    }

    /// Its entry in the object it stands in; of what is not there, that of what should hold it.
    fn entry_here(&self) -> Option<&'d Entry<'d>> {
        match self.document.node(self.seat.holder?).value {
            Value::Object(entries) => self.document.entries(entries).get(self.seat.index as usize),
            _ => None,
        }
    }

    fn own_entry(&self) -> Option<&'d Entry<'d>> {
        self.entry_here().filter(|_| self.is_there())
    }

    /// The entries of an object; nothing when it is none.
    pub fn entries(&self) -> &'d [Entry<'d>] {
        match self.value() {
            Some(Value::Object(entries)) => self.document.entries(*entries),
            _ => &[],
        }
    }

    /// What is there, aliases followed.
    pub fn node(&self) -> Option<&'d Node<'d>> {
        self.is_there().then(|| self.document.node(self.seat.node))
    }

    /// The object or list this value stands in, as far as the value is written there and not brought in by an alias.
    pub fn holder(&self) -> Option<&'d Node<'d>> {
        self.seat.holder.filter(|_| self.is_there()).map(|holder| self.document.node(holder))
    }

    /// The bytes of its key; `None` for an entry of a list and for what is not there.
    pub fn key_span(&self) -> Option<Span> {
        self.own_entry().map(|entry| entry.key_span)
    }

    /// The value that is there.
    pub fn value(&self) -> Option<&'d Value<'d>> {
        self.node().map(|node| &node.value)
    }

    /// Not there, though what should hold it is an object.
    pub fn is_missing(&self) -> bool {
        self.seat.state == State::Missing
    }

    /// Something is there, whatever it is.
    pub fn is_there(&self) -> bool {
        self.seat.state == State::There
    }

    /// An object is there.
    pub fn is_object(&self) -> bool {
        matches!(self.value(), Some(Value::Object(_)))
    }

    /// Whether the document has holes.
    pub fn is_partial(&self) -> bool {
        self.document.is_partial()
    }

    /// A value is there that could not be read.
    pub fn is_broken(&self) -> bool {
        matches!(self.value(), Some(Value::Broken))
    }

    /// The text that is there.
    pub fn text(&self) -> Option<&'d str> {
        match self.value() {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The text that is there, but for `${NAME}`, whose value is not known here.
    #[inline]
    pub fn literal_text(&self) -> Option<&'d str> {
        self.text().filter(|text| variable(text).is_none())
    }

    /// A text is there, and it is nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.text().is_some_and(|text| text.chars().all(char::is_whitespace))
    }

    /// `true` or `false`.
    pub fn bool(&self) -> Option<bool> {
        match self.value() {
            Some(Value::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// JSON Pointer.
    pub fn pointer(&self) -> String {
        self.steps().iter().fold(String::new(), |path, step| match step {
            Step::Key(key) => pointer::join(&path, key),
            Step::Index(index) => pointer::join(&path, &index.to_string()),
        })
    }

    /// The keys on the way here, indices left out.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &'d str> {
        self.steps().into_iter().filter_map(|step| match step {
            Step::Key(key) => Some(key),
            Step::Index(_) => None,
        })
    }

    /// Whether there is a list on the way here.
    pub fn is_in_a_list(&self) -> bool {
        self.steps().iter().any(|step| matches!(step, Step::Index(_)))
    }

    /// Whether this is an entry of a list.
    pub fn is_item(&self) -> bool {
        matches!(self.holder(), Some(Node { value: Value::Array(_), .. }))
    }

    /// Whether this place lies in the value of the other.
    pub fn is_below(&self, other: &Self) -> bool {
        let (own, other) = (self.steps(), other.steps());
        own.len() > other.len() && own.starts_with(&other)
    }

    /// Whether both are the same place.
    pub fn is_same(&self, other: &Self) -> bool {
        self.steps() == other.steps()
    }

    /// The last key on the way here; of a list's entry, the list's.
    pub fn key(&self) -> &'d str {
        match self.entry_here() {
            _ if !self.is_there() => self.seat.absent,
            Some(entry) => &entry.key,
            None => self.keys().next_back().unwrap_or_default(),
        }
    }

    /// The value's place; of something missing, that of the object's key.
    pub fn place(&self) -> Location {
        Location { pointer: self.pointer(), span: self.span() }
    }

    /// A part of the value: its pointer, other bytes.
    pub fn place_at(&self, span: Span) -> Location {
        Location { pointer: self.pointer(), span }
    }

    /// The place with the key as its bytes (for what is wrong with the key).
    pub fn key_place(&self) -> Location {
        self.key_span().map_or_else(|| self.place(), |span| self.place_at(span))
    }

    /// The value's bytes; see [`Cursor::place`].
    pub fn span(&self) -> Span {
        match self.seat.state {
            State::There => self.document.node(self.seat.node).span,
            State::Missing => self.holder_span(),
            State::Nowhere => Span::default(),
        }
    }

    /// Where the value is used, when it is defined elsewhere (YAML alias).
    pub fn used_at(&self) -> Option<Span> {
        let index = self.seat.index;
        let id = match &self.holder()?.value {
            Value::Object(entries) => self.document.entries(*entries).get(index as usize)?.value,
            Value::Array(items) => *self.document.items(*items).get(index as usize)?,
            _ => return None,
        };
        let written = self.document.node(id);
        matches!(written.value, Value::Alias(_)).then_some(written.span)
    }

    /// The bytes that stand for the object in which something is missing: its key, at the top level the opening brace (JSON)
    /// or the first key (YAML).
    fn holder_span(&self) -> Span {
        if let Some(entry) = self.entry_here() {
            return entry.key_span;
        }
        let object = self.document.node(self.seat.node);
        let start = object.span.start;
        let first = match object.value {
            Value::Object(entries) if object.style != Style::Json => self.document.entries(entries).first(),
            _ => None,
        };
        let key = first.map(|entry| entry.key_span).filter(|key| key.start == start);
        key.unwrap_or(Span { start, end: start + 1 })
    }
}

/// The name in a text that is exactly `${NAME}`: filled in by `render`, never looked up by `check`.
#[inline]
pub fn variable(text: &str) -> Option<&str> {
    // Every id is asked; nearly none starts like this.
    if !text.as_bytes().starts_with(b"${") {
        return None;
    }
    let name = text[2..].strip_suffix('}')?;
    let first = name.bytes().next()?;
    let valid = !first.is_ascii_digit() && is_word(name.as_bytes());
    valid.then_some(name)
}
