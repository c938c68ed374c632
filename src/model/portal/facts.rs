//! The facts about a portal that outlive its file, so that the rules across files can compare portals.

use crate::base::file::FileId;
use crate::base::source::Span;
use crate::model::portal::fields::{FilterKind, ID_LENGTH, Portal};
use crate::schema::PortalKind;
use crate::syntax::Value;
use crate::syntax::cursor::Cursor;

/// The facts about one portal that are compared with those of other portals.
#[derive(Clone, Debug)]
pub(crate) struct PortalFacts {
    /// The file.
    pub file: FileId,
    /// The file was named on the command line and is not part of the project (a walk would leave it out).
    pub is_outside_project: bool,
    /// The index of the YAML document in the file.
    pub document: usize,
    /// The kind of portal.
    pub kind: PortalKind,
    /// The ID of the portal in the account, if the settings bind the file to it.
    pub bound_id: Option<Box<str>>,
    /// The name and its bytes; `None` if it is missing, blank or contains a variable.
    pub name: Option<(Box<str>, Span)>,
    /// What customers recognize the brand by, and the bytes of the display name. `None` if a part is missing, blank or a variable.
    pub brand: Option<(Brand, Span)>,
    /// The ID of the tracking domain, if it has the length of an ID.
    pub tracking_domain: Option<[u8; ID_LENGTH]>,
    /// The other IDs of the usual length: of the portal itself, and of the objects that it refers to by one field each.
    pub ids: Box<[IdFact]>,
    /// The IDs in the filters.
    pub filters: Box<[FilterFact]>,
    /// The bytes to report when the portal has no filters; `None` if it has some, or if that is not known.
    pub unfiltered_span: Option<Span>,
}

impl PortalFacts {
    /// Collects the facts about a portal.
    pub(crate) fn from_portal(portal: &Portal<'_>, file: FileId, document: usize, is_outside_project: bool) -> Self {
        Self {
            file,
            is_outside_project,
            document,
            kind: portal.kind,
            bound_id: portal.bound_id.map(Into::into),
            name: literal_name(portal),
            brand: collect_brand(portal),
            tracking_domain: tracking_domain_id(portal),
            ids: collect_ids(portal),
            filters: collect_filters(portal),
            unfiltered_span: find_unfiltered_span(portal),
        }
    }

    /// Removes the facts about a portal with a syntax error, because an ID or a filter may be misread or missing. Its name remains if
    /// it is certain.
    pub(crate) fn keep_only_name(&mut self, is_certain: impl Fn(Span) -> bool) {
        self.name.take_if(|(_, span)| !is_certain(*span));
        self.brand = None;
        self.tracking_domain = None;
        self.ids = Box::default();
        self.filters = Box::default();
        self.unfiltered_span = None;
    }

    /// The IDs of the portal itself: the one that the settings bind it to, and the one in its fields.
    pub(crate) fn own_ids(&self) -> Vec<&[u8]> {
        let own_id = self.ids.iter().find(|id| matches!(id.field, "customer_portal_id" | "id"));
        self.bound_id.iter().map(|id| id.as_bytes()).chain(own_id.map(|id| &id.id[..])).collect()
    }

    /// Converts all spans.
    pub(crate) fn map_spans(&mut self, convert: impl Fn(Span) -> Span) {
        if let Some((_, span)) = &mut self.name {
            *span = convert(*span);
        }
        if let Some((_, span)) = &mut self.brand {
            *span = convert(*span);
        }
        for id in &mut self.ids {
            id.span = convert(id.span);
        }
        for filter in &mut self.filters {
            filter.span = convert(filter.span);
        }
        self.unfiltered_span = self.unfiltered_span.map(convert);
    }
}

fn literal_name(portal: &Portal<'_>) -> Option<(Box<str>, Span)> {
    let text = portal.name.literal_text()?;
    if portal.name.is_blank() {
        return None;
    }
    Some((text.into(), portal.name.span()))
}

fn collect_brand(portal: &Portal<'_>) -> Option<(Brand, Span)> {
    let [confirm, _] = portal.emails();
    let fields = [portal.display_name, confirm.from, portal.htmls()[0].cursor];
    if fields.iter().any(Cursor::is_blank) {
        return None;
    }
    let [display_name, sender, footer] = fields.map(|field| field.literal_text());
    let brand = Brand { display_name: display_name?.into(), sender: sender?.into(), footer: footer?.into() };
    Some((brand, portal.display_name.span()))
}

fn tracking_domain_id(portal: &Portal<'_>) -> Option<[u8; ID_LENGTH]> {
    let field = portal.tracking_domain();
    field.literal_text()?.as_bytes().try_into().ok()
}

fn collect_ids(portal: &Portal<'_>) -> Box<[IdFact]> {
    let own_id = if portal.kind == PortalKind::Export { "id" } else { "customer_portal_id" };
    let fields = [
        (own_id, portal.field(own_id)),
        ("tracking_domain", portal.tracking_domain()),
        ("smtp_profile", portal.smtp_profile()),
        ("create_non_existing_customer_campaign", portal.registration_campaign()),
    ];
    let mut ids = Vec::with_capacity(fields.len());
    for (field, cursor) in fields {
        let Some(id) = cursor.literal_text().and_then(|text| text.as_bytes().try_into().ok()) else { continue };
        ids.push(IdFact { field, id, span: cursor.span() });
    }
    ids.into_boxed_slice()
}

fn collect_filters(portal: &Portal<'_>) -> Box<[FilterFact]> {
    let lists = portal.filters();
    let mut capacity = 0;
    for filter in &lists {
        capacity += filter.cursor.items().len();
    }
    // With the exact capacity, `into_boxed_slice` does not copy.
    let mut filters = Vec::with_capacity(capacity);
    for filter in &lists {
        for (index, cursor) in portal.filter_ids(filter).enumerate() {
            let Some(id) = cursor.literal_text() else { continue };
            filters.push(FilterFact { list: filter.kind, index, id: StoredId::new(id), span: cursor.span() });
        }
    }
    filters.into_boxed_slice()
}

/// Returns the bytes of the key `customer_filters`, or of the portal if the key is missing. `None` if the portal has filters, or if that
/// is not known.
pub(crate) fn find_unfiltered_span(portal: &Portal<'_>) -> Option<Span> {
    let object = portal.field("customer_filters");
    if !object.is_missing() && !object.is_object() {
        return None;
    }
    for filter in portal.filters() {
        let is_unset = match filter.cursor.value() {
            Some(Value::Array(items)) => items.is_empty(),
            // Another rule reports a value of another type. The value shows that somebody intended to filter.
            Some(_) => false,
            None => filter.cursor.is_missing() || object.is_missing(),
        };
        if !is_unset {
            return None;
        }
    }
    Some(object.key_span().unwrap_or(object.span()))
}

/// What customers recognize the brand of a portal by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Brand {
    /// The heading of the portal.
    pub display_name: Box<str>,
    /// The sender of the confirmation email.
    pub sender: Box<str>,
    /// The HTML of the footer.
    pub footer: Box<str>,
}

/// An ID outside of the filters.
#[derive(Clone, Debug)]
pub(crate) struct IdFact {
    /// The top-level field that contains it.
    pub field: &'static str,
    /// The ID.
    pub id: [u8; ID_LENGTH],
    /// Its bytes.
    pub span: Span,
}

/// One ID in a filter.
#[derive(Clone, Debug)]
pub(crate) struct FilterFact {
    /// The filter that contains it.
    pub list: FilterKind,
    /// The index of the ID in the filter.
    pub index: usize,
    /// The ID.
    pub id: StoredId,
    /// Its bytes.
    pub span: Span,
}

/// An ID that outlives its file. Nearly all IDs have [`ID_LENGTH`] bytes, and those need no allocation.
#[derive(Clone, Debug)]
pub(crate) enum StoredId {
    /// An ID of the usual length.
    Inline([u8; ID_LENGTH]),
    /// An ID of another length.
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

    /// The bytes of the ID. UTF-8 bytes sort like the text.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Inline(id) => id,
            Self::Heap(id) => id,
        }
    }
}
