//! What is known of a portal when its file is no longer in memory: what other portals are compared with.

use crate::base::source::Span;
use crate::model::portal::{FilterKind, ID_LENGTH, Portal};
use crate::schema::Kind;
use crate::syntax::Value;

/// What is kept of a body when its file is no longer in memory: what other bodies are compared with.
#[derive(Clone, Debug)]
pub(crate) struct PortalFacts {
    /// Index of the file in the run.
    pub file: usize,
    /// It was named, and walking the project would leave it out.
    pub is_outside: bool,
    /// Which YAML document of the file.
    pub document: usize,
    /// The kind of body.
    pub kind: Kind,
    /// The name and its bytes.
    pub name: Option<(Box<str>, Span)>,
    /// The id of the tracking domain, if it can be one.
    pub tracking_domain: Option<[u8; ID_LENGTH]>,
    /// The filters that are set.
    pub filters: Box<[FilterFact]>,
    /// Bytes that stand for the filters when there are none; `None` when there are some or none can be told.
    pub unfiltered: Option<Span>,
}

impl PortalFacts {
    /// Those of a body.
    pub(crate) fn of(portal: &Portal<'_>, file: usize, document: usize, is_outside: bool) -> Self {
        let name = portal.name;
        let known_name = name.literal_text().filter(|_| !name.is_blank());
        let object = portal.at("customer_filters");
        let lists = portal.filters();
        // Most have as many as there are entries; set aside once, their memory is not moved.
        let mut filters = Vec::with_capacity(lists.iter().map(|filter| filter.slot.items().len()).sum());
        for filter in &lists {
            filters.extend(portal.filter_ids(filter).enumerate().filter_map(|(index, slot)| {
                Some(FilterFact { list: filter.list, index, id: StoredId::of(slot.literal_text()?), span: slot.span() })
            }));
        }
        // Whatever stands in a list is a filter, be it a good one or not.
        let none = lists.iter().all(|filter| match filter.slot.value() {
            Some(Value::Array(items)) => items.is_empty(),
            Some(_) => false,
            None => filter.slot.is_missing() || object.is_missing(),
        });
        Self {
            file,
            is_outside,
            document,
            kind: portal.kind,
            name: known_name.map(|text| (text.into(), name.span())),
            tracking_domain: portal.tracking_domain().literal_text().and_then(|id| id.as_bytes().try_into().ok()),
            filters: filters.into_boxed_slice(),
            unfiltered: (none && (object.is_missing() || object.is_object()))
                .then(|| object.key_span().unwrap_or(object.span())),
        }
    }
}

/// One id of a filter list.
#[derive(Clone, Debug)]
pub(crate) struct FilterFact {
    /// Which list.
    pub list: FilterKind,
    /// Its place in the list.
    pub index: usize,
    /// The id.
    pub id: StoredId,
    /// Its bytes.
    pub span: Span,
}

/// An id that outlives its file. Nearly each has the length of one, and then it takes no memory of its own.
#[derive(Clone, Debug)]
pub(crate) enum StoredId {
    /// Of the length of an id.
    Right([u8; ID_LENGTH]),
    /// Of another.
    Other(Box<[u8]>),
}

impl StoredId {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        bytes.try_into().map_or_else(|_| Self::Other(bytes.into()), Self::Right)
    }

    /// As bytes, in which texts are in the same order.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Right(id) => id,
            Self::Other(text) => text,
        }
    }
}
