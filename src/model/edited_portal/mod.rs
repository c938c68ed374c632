//! Applies an edit to the portal that it changes, so that the portal after the edit can be checked.
//!
//! The resulting document has the spans of the edit. What comes from the account has the span of the portal's ID in the edit or,
//! if the edit enables the portal, of `enabled`: a problem elsewhere in the portal matters because of that change.

mod changes;

use std::borrow::Cow;
use std::collections::HashMap;

pub use changes::{Change, EditSummary};
pub(crate) use changes::{find_changes, mark_removal_of_filters};

use crate::base::source::Span;
use crate::base::steps::count_steps;
use crate::model::account::{Account, ObjectKind};
use crate::model::comparison::{ID_FIELDS, PORTAL_ID, is_complete_portal};
use crate::model::portal::{FilterKind, Portal};
use crate::syntax::cursor::{Cursor, FieldIndex};
use crate::syntax::{Document, Entry, Node, NodeId, Style, Value};

/// What happens to the fields of an object that an edit leaves out. RevCent does not document it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NestedFields {
    /// They stay as they are.
    Keep,
    /// They are removed, because the edit replaces the object.
    Remove,
}

/// The portal in the account that an edit changes, before the edit.
#[derive(Debug)]
pub(crate) struct EditedPortal {
    /// The portal as the body of a request.
    pub document: Document<'static>,
    /// Whether the account's data contains the whole portal. Otherwise, a field that it lacks may have any value.
    pub is_complete: bool,
}

impl EditedPortal {
    /// Looks up the portal that an edit changes; `None` if the account's data does not contain it. `fields` are the fields of
    /// an edit.
    pub(crate) fn find(edit: &Portal<'_>, account: &Account<'_>, fields: &[&str]) -> Option<Self> {
        let id = edit.field(PORTAL_ID);
        let portal = account.find(ObjectKind::Portal, id.literal_text()?)?.cursor;
        let is_enabled = edit.enabled.bool() == Some(true) && portal.field("enabled").bool() != Some(true);
        let span = if is_enabled { edit.enabled.span() } else { id.span() };
        Some(Self::from_account(&portal, span, fields))
    }

    /// Converts a portal of the account to the body of a request. All values have the same `span`.
    pub(crate) fn from_account(portal: &Cursor<'_>, span: Span, fields: &[&str]) -> Self {
        let mut copier = Copier { document: Document::default(), span };
        let mut entries = Vec::new();
        for (key, field) in FieldIndex::new(*portal).fields().filter(|(key, _)| fields.contains(key)) {
            let is_id = ID_FIELDS.contains(&key);
            let is_unset = field.value() == Some(&Value::Null) || (is_id && field.is_blank());
            if !is_unset {
                let value = if is_id { copier.copy_id(&field) } else { copier.copy(&field) };
                entries.push(copier.new_entry(key, value));
            }
        }
        let value = copier.copy(&portal.field("id"));
        entries.push(copier.new_entry(PORTAL_ID, value));
        let value = copier.document.add_object(entries);
        let root = copier.push(value);
        copier.document.set_root(root);
        copier.document.mark_reordered();
        let is_complete = is_complete_portal(portal);
        if !is_complete {
            copier.document.mark_partial();
        }
        Self { document: copier.document, is_complete }
    }

    /// The portal after the edit, which is the body `edit`.
    pub(crate) fn apply<'t>(&self, edit: &Cursor<'t>, nested_fields: NestedFields) -> Document<'t> {
        let mut document = edit.document().clone();
        document.mark_reordered();
        if let (Some(root), Some(current)) = (edit.node_id(), self.document.root()) {
            let merged = self.merge(&mut document, root, current, nested_fields);
            document.set_root(merged);
        }
        if !self.is_complete {
            document.mark_partial();
        }
        document
    }

    /// Adds the fields of an object of the portal to an object of the edit that does not have them. Returns the new object. The
    /// recursion is as deep as the document, and the parser limits that.
    fn merge(&self, document: &mut Document<'_>, edit: NodeId, current: NodeId, nested_fields: NestedFields) -> NodeId {
        let current_node = self.document.node(current);
        let edit_node = document.resolve(edit).clone();
        let (Value::Object(edit_members), Value::Object(current_members)) = (&edit_node.value, &current_node.value)
        else {
            return edit;
        };
        let mut entries = document.entries(*edit_members).to_vec();
        // Of several equal keys, the last one counts.
        let indices: HashMap<_, usize> =
            entries.iter().enumerate().map(|(index, entry)| (entry.key.clone(), index)).collect();
        for current_entry in self.document.entries(*current_members) {
            count_steps(1);
            match indices.get(&*current_entry.key) {
                Some(&index) if nested_fields == NestedFields::Keep => {
                    let entry = &mut entries[index];
                    entry.value = self.merge(document, entry.value, current_entry.value, nested_fields);
                }
                Some(_) => {}
                None => {
                    let value = copy_node(&self.document, current_entry.value, document);
                    entries.push(Entry { value, ..current_entry.clone() });
                }
            }
        }
        let value = document.add_object(entries);
        document.push(Node { value, ..edit_node })
    }
}

/// Copies values of the account to a document. All of them have the same span.
struct Copier {
    document: Document<'static>,
    span: Span,
}

impl Copier {
    fn push(&mut self, value: Value<'static>) -> NodeId {
        // The values are not in the file, like those of variables.
        self.document.push(Node { span: self.span, style: Style::Variable, value })
    }

    fn new_entry(&self, key: &str, value: NodeId) -> Entry<'static> {
        Entry { key: Cow::Owned(key.to_owned()), key_span: self.span, value, merged: true }
    }

    /// Copies an ID, or that of an object with an `id`. Without one, the ID is unknown.
    fn copy_id(&mut self, field: &Cursor<'_>) -> NodeId {
        let id = if field.is_object() { field.field("id") } else { *field };
        if id.is_present() { self.copy(&id) } else { self.push(Value::Broken) }
    }

    fn copy(&mut self, cursor: &Cursor<'_>) -> NodeId {
        let value = match cursor.value() {
            Some(Value::Null) => Value::Null,
            Some(Value::Bool(value)) => Value::Bool(*value),
            Some(Value::Number(number)) => Value::Number(number.clone()),
            Some(Value::String(text)) => Value::String(Cow::Owned(text.clone().into_owned())),
            Some(Value::Array(_)) => {
                let has_ids = [FilterKind::Campaign, FilterKind::Shop].map(FilterKind::field).contains(&cursor.key());
                let copy = if has_ids { Self::copy_id } else { Self::copy };
                let items: Vec<NodeId> = cursor.items().map(|item| copy(self, &item)).collect();
                self.document.add_list(items)
            }
            Some(Value::Object(_)) => {
                let mut entries = Vec::new();
                for (key, child) in FieldIndex::new(*cursor).fields() {
                    let value = self.copy(&child);
                    entries.push(self.new_entry(key, value));
                }
                self.document.add_object(entries)
            }
            Some(Value::Broken | Value::Alias(_)) | None => Value::Broken,
        };
        self.push(value)
    }
}

/// Copies a node and its descendants from one document to another.
fn copy_node(from: &Document<'static>, id: NodeId, to: &mut Document<'_>) -> NodeId {
    let node = from.node(id);
    let value = match &node.value {
        Value::Array(items) => {
            let items: Vec<NodeId> = from.items(*items).iter().map(|item| copy_node(from, *item, to)).collect();
            to.add_list(items)
        }
        Value::Object(entries) => {
            let mut copies = Vec::new();
            for entry in from.entries(*entries) {
                let value = copy_node(from, entry.value, to);
                copies.push(Entry { value, ..entry.clone() });
            }
            to.add_object(copies)
        }
        scalar => scalar.clone(),
    };
    to.push(Node { span: node.span, style: node.style, value })
}
