//! What is kept of a portal after its file is dropped, so that the rules across files can compare portals.

use crate::base::source::Span;
use crate::model::portal::{FilterKind, ID_LENGTH, Portal};
use crate::schema::PortalKind;
use crate::syntax::Value;

/// The facts about one portal that are compared with those of other portals.
#[derive(Clone, Debug)]
pub(crate) struct PortalFacts {
    /// The index of the file in the run.
    pub file: usize,
    /// The file was named on the command line and is not part of the project (a walk would leave it out).
    pub is_outside_project: bool,
    /// The index of the YAML document in the file.
    pub document: usize,
    /// The kind of portal.
    pub kind: PortalKind,
    /// The name and its bytes; `None` if it is missing, blank or contains a variable.
    pub name: Option<(Box<str>, Span)>,
    /// The id of the tracking domain, if it has the length of an id.
    pub tracking_domain: Option<[u8; ID_LENGTH]>,
    /// The ids in the filters.
    pub filters: Box<[FilterFact]>,
    /// The bytes to report when the portal has no filters; `None` if it has some, or if that is not known.
    pub unfiltered_span: Option<Span>,
}

impl PortalFacts {
    /// Collects the facts about a portal.
    pub(crate) fn from_portal(portal: &Portal<'_>, file: usize, document: usize, is_outside_project: bool) -> Self {
        let name = portal.name;
        let known_name = name.literal_text().filter(|_| !name.is_blank());
        Self {
            file,
            is_outside_project,
            document,
            kind: portal.kind,
            name: known_name.map(|text| (text.into(), name.span())),
            tracking_domain: portal.tracking_domain().literal_text().and_then(|id| id.as_bytes().try_into().ok()),
            filters: collect_filters(portal),
            unfiltered_span: find_unfiltered_span(portal),
        }
    }
}

fn collect_filters(portal: &Portal<'_>) -> Box<[FilterFact]> {
    let lists = portal.filters();
    // With the exact capacity, `into_boxed_slice` does not copy.
    let mut filters = Vec::with_capacity(lists.iter().map(|filter| filter.cursor.items().len()).sum());
    for filter in &lists {
        for (index, slot) in portal.filter_ids(filter).enumerate() {
            let Some(id) = slot.literal_text() else { continue };
            filters.push(FilterFact { list: filter.kind, index, id: StoredId::new(id), span: slot.span() });
        }
    }
    filters.into_boxed_slice()
}

/// The key of `customer_filters`, or its parent if the field is missing.
fn find_unfiltered_span(portal: &Portal<'_>) -> Option<Span> {
    let object = portal.field("customer_filters");
    if !object.is_missing() && !object.is_object() {
        return None;
    }
    for filter in portal.filters() {
        let is_unset = match filter.cursor.value() {
            Some(Value::Array(items)) => items.is_empty(),
            // A value of another type is another rule's finding. It shows that somebody did consider a filter.
            Some(_) => false,
            None => filter.cursor.is_missing() || object.is_missing(),
        };
        if !is_unset {
            return None;
        }
    }
    Some(object.key_span().unwrap_or(object.span()))
}

/// One id in a filter.
#[derive(Clone, Debug)]
pub(crate) struct FilterFact {
    /// Which of the two filters.
    pub list: FilterKind,
    /// The index of the id in the filter.
    pub index: usize,
    /// The id.
    pub id: StoredId,
    /// Its bytes.
    pub span: Span,
}

/// An id that outlives its file. Nearly all ids have [`ID_LENGTH`] bytes, and those need no allocation.
#[derive(Clone, Debug)]
pub(crate) enum StoredId {
    /// An id of the usual length.
    Inline([u8; ID_LENGTH]),
    /// An id of another length.
    Heap(Box<[u8]>),
}

impl StoredId {
    fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        match bytes.try_into() {
            Ok(id) => Self::Inline(id),
            Err(_) => Self::Heap(bytes.into()),
        }
    }

    /// The bytes of the id. UTF-8 bytes sort like the text.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Inline(id) => id,
            Self::Heap(id) => id,
        }
    }
}
