//! A place in a document where a value is or should be: the lenient way to look into a tree that may be half broken.
//!
//! `slot.at("recaptcha").at("site_key")` never fails. It is there, it is missing from an object that is there, or it
//! is nowhere because what should hold it is itself missing or no object; only the second is worth a word.

use super::{Document, Entry, Node, NodeId, Style, Value, pointer};
use crate::diagnostic::Place;
use crate::source::Span;

/// How deep a slot can be: `/tracking_domains/0/results/0/dns/status`. Below that a slot's pointer ends here.
const MAX_STEPS: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step<'d> {
    Key(&'d str),
    Index(usize),
}

#[derive(Clone, Copy, Debug)]
enum State<'d> {
    There {
        /// What is there, aliases followed.
        node: &'d Node<'d>,
        /// The object or list it stands in, and as which of its entries.
        holder: Option<&'d Node<'d>>,
        index: u32,
    },
    /// Not in the object whose key (or opening brace) this is.
    Missing {
        key: &'d str,
        place: Span,
    },
    Nowhere {
        key: &'d str,
    },
}

/// See the module. Rules hand slots around by the dozen, so one is small: what its keys are is found out on demand.
#[derive(Clone, Copy, Debug)]
pub struct Slot<'d> {
    document: &'d Document<'d>,
    /// Which entry it is at each level on the way to what is there.
    path: [u32; MAX_STEPS],
    depth: u8,
    state: State<'d>,
}

impl<'d> Slot<'d> {
    /// The top-level value.
    pub fn root(document: &'d Document<'d>) -> Self {
        let nowhere = State::Nowhere { key: "" };
        let there = |id| State::There { node: document.resolve(id), holder: None, index: 0 };
        Self { document, path: [0; MAX_STEPS], depth: 0, state: document.root().map_or(nowhere, there) }
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

    /// The values of several keys in one pass over the object; see [`Slot::at`]. Nearly always they stand in the order
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
        let (mut path, mut depth) = (self.path, self.depth);
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        if let Some(free) = path.get_mut(usize::from(depth)) {
            *free = index;
            depth += 1;
        }
        let state = State::There { node: self.document.resolve(value), holder: self.node(), index };
        Self { document: self.document, path, depth, state }
    }

    /// A key that is not here.
    fn absent(&self, key: &'d str) -> Self {
        let state = if self.is_object() && !self.document.is_partial() {
            State::Missing { key, place: self.holder_span() }
        } else {
            State::Nowhere { key }
        };
        Self { state, ..*self }
    }

    /// The items of a list; nothing when it is none.
    pub fn items(&self) -> impl ExactSizeIterator<Item = Slot<'d>> + use<'d> {
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
        self.items().nth(index).unwrap_or(Self { state: State::Nowhere { key: "" }, ..*self })
    }

    /// The values of an object, duplicates too, each at its own key.
    pub fn children(&self) -> impl Iterator<Item = Slot<'d>> + use<'d> {
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
        let mut holder = Slot::root(self.document).value();
        for &index in &self.path[..usize::from(self.depth)] {
            let at = index as usize;
            let (step, value) = match holder {
                Some(Value::Object(entries)) => {
                    let entry = &self.document.entries(*entries)[at];
                    (Step::Key(&entry.key), entry.value)
                },
                Some(Value::Array(items)) => (Step::Index(at), self.document.items(*items)[at]),
                _ => break,
            };
            steps.push(step);
            holder = Some(&self.document.resolve(value).value);
        }
        if let State::Missing { key, .. } | State::Nowhere { key } = self.state {
            steps.push(Step::Key(key));
        }
        steps
    }

    /// Its entry in the object it stands in.
    fn own_entry(&self) -> Option<&'d Entry<'d>> {
        match (&self.holder()?.value, self.state) {
            (Value::Object(entries), State::There { index, .. }) => {
                self.document.entries(*entries).get(index as usize)
            },
            _ => None,
        }
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
        match self.state {
            State::There { node, .. } => Some(node),
            State::Missing { .. } | State::Nowhere { .. } => None,
        }
    }

    /// The object or list this value stands in, as far as the value is written there and not brought in by an alias.
    pub fn holder(&self) -> Option<&'d Node<'d>> {
        match self.state {
            State::There { holder, .. } => holder,
            State::Missing { .. } | State::Nowhere { .. } => None,
        }
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
        matches!(self.state, State::Missing { .. })
    }

    /// Something is there, whatever it is.
    pub fn is_there(&self) -> bool {
        matches!(self.state, State::There { .. })
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
    pub fn known_text(&self) -> Option<&'d str> {
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
        match (self.state, self.own_entry()) {
            (State::Missing { key, .. } | State::Nowhere { key }, _) => key,
            (_, Some(entry)) => &entry.key,
            _ => self.keys().next_back().unwrap_or_default(),
        }
    }

    /// The value's place; of something missing, that of the object's key.
    pub fn place(&self) -> Place {
        Place { pointer: self.pointer(), span: self.span() }
    }

    /// A part of the value: its pointer, other bytes.
    pub fn place_at(&self, span: Span) -> Place {
        Place { pointer: self.pointer(), span }
    }

    /// The place with the key as its bytes (for what is wrong with the key).
    pub fn key_place(&self) -> Place {
        self.key_span().map_or_else(|| self.place(), |span| self.place_at(span))
    }

    /// The value's bytes; see [`Slot::place`].
    pub fn span(&self) -> Span {
        match self.state {
            State::There { node, .. } => node.span,
            State::Missing { place, .. } => place,
            State::Nowhere { .. } => Span::default(),
        }
    }

    /// Where the value is used, when it is defined elsewhere (YAML alias).
    pub fn used_at(&self) -> Option<Span> {
        let State::There { holder, index, .. } = self.state else { return None };
        let id = match &holder?.value {
            Value::Object(entries) => self.document.entries(*entries).get(index as usize)?.value,
            Value::Array(items) => *self.document.items(*items).get(index as usize)?,
            _ => return None,
        };
        let written = self.document.node(id);
        matches!(written.value, Value::Alias(_)).then_some(written.span)
    }

    /// The bytes that stand for this object when something is missing in it: its key, at the top level the opening
    /// brace (JSON) or the first key (YAML).
    fn holder_span(&self) -> Span {
        match (self.state, self.key_span()) {
            (State::There { .. }, Some(key)) => key,
            (State::There { node, .. }, None) => {
                let brace = Span { start: node.span.start, end: node.span.start + 1 };
                match &node.value {
                    Value::Object(entries) if node.style != Style::Json => self
                        .document
                        .entries(*entries)
                        .first()
                        .map(|entry| entry.key_span)
                        .filter(|key| key.start == node.span.start)
                        .unwrap_or(brace),
                    _ => brace,
                }
            }
            (State::Missing { place, .. }, _) => place,
            (State::Nowhere { .. }, _) => Span::default(),
        }
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
    let mut bytes = name.bytes();
    let first = bytes.next()?;
    let valid = (first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    valid.then_some(name)
}
