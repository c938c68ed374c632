//! The fields that an edit changes, with their values before and after.

use serde_json::Value as Json;

use crate::base::source::Source;
use crate::model::edited_portal::{EditedPortal, PORTAL_ID};
use crate::model::portal::Portal;
use crate::model::secrets::is_secret_name;
use crate::schema::cursor_to_json;
use crate::syntax::cursor::Cursor;

/// A field that an edit changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The JSON Pointer of the field.
    pub pointer: String,
    /// The value in the account, `null` for a field that is not set; `None` if it is not known.
    pub old: Option<Json>,
    /// The value in the edit.
    pub new: Json,
}

/// What an edit does to a portal that the account's data contains.
#[derive(Clone, Debug)]
pub struct EditSummary {
    /// The fields that it changes, in the order of the edit.
    pub changes: Vec<Change>,
    /// Whether the rules checked every field of the portal after the edit, and not only what the edit changes: the edit enables the
    /// portal, and the account's data contains the whole portal.
    pub is_whole_portal_checked: bool,
}

impl Change {
    /// Masks the texts in both values.
    pub(crate) fn mask_texts(&mut self, mask: &dyn Fn(String) -> String) {
        self.pointer = mask(std::mem::take(&mut self.pointer));
        self.old.iter_mut().for_each(|old| mask_texts_of(old, mask));
        mask_texts_of(&mut self.new, mask);
    }
}

fn mask_texts_of(value: &mut Json, mask: &dyn Fn(String) -> String) {
    match value {
        Json::String(text) => *text = mask(std::mem::take(text)),
        Json::Array(items) => items.iter_mut().for_each(|item| mask_texts_of(item, mask)),
        Json::Object(fields) => fields.values_mut().for_each(|field| mask_texts_of(field, mask)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// Returns the fields of an edit whose values differ from those of the portal that it changes, in the order of the edit. Secrets
/// are masked by their names only.
pub(crate) fn find_changes(edit: &Portal<'_>, edited: &EditedPortal, source: &Source) -> Vec<Change> {
    let mut finder = ChangeFinder { source, changes: Vec::new() };
    finder.compare_objects(&edit.root, &Cursor::root(&edited.document), false);
    finder.changes
}

struct ChangeFinder<'s> {
    source: &'s Source,
    changes: Vec<Change>,
}

impl ChangeFinder<'_> {
    fn compare_objects(&mut self, edit: &Cursor<'_>, current: &Cursor<'_>, is_recaptcha: bool) {
        for (entry, field) in edit.entries().iter().zip(edit.children()) {
            let current_field = current.field(&entry.key);
            if matches!(&*entry.key, PORTAL_ID | "$schema") {
                continue;
            }
            if field.is_object() {
                self.compare_objects(&field, &current_field, &*entry.key == "recaptcha");
                continue;
            }
            let is_secret = is_secret_name(&entry.key) || (is_recaptcha && entry.key != "site_key");
            self.compare_values(&field, &current_field, is_secret);
        }
    }

    fn compare_values(&mut self, field: &Cursor<'_>, current: &Cursor<'_>, is_secret: bool) {
        let is_unknown = current.is_broken() || (current.is_partial() && !current.is_present());
        let old = if is_unknown { None } else { Some(cursor_to_json(current).unwrap_or_default()) };
        let new = cursor_to_json(field).unwrap_or_default();
        if old.as_ref().is_some_and(|old| is_equal(old, &new)) {
            return;
        }
        let mask = |value: Json| if is_secret && !is_empty(&value) { Json::from("********") } else { value };
        let new = if field.is_from_variable() {
            self.source.slice(field.span()).trim_matches(['"', '\'']).into()
        } else {
            mask(new)
        };
        self.changes.push(Change { pointer: field.pointer(), old: old.map(mask), new });
    }
}

/// Whether two values are equal. The order of lists does not matter, because they contain ids or email addresses.
fn is_equal(old: &Json, new: &Json) -> bool {
    match (old, new) {
        (Json::Array(old), Json::Array(new)) => {
            old.len() == new.len()
                && old.iter().all(|item| new.contains(item))
                && new.iter().all(|item| old.contains(item))
        }
        _ => old == new || (is_empty(old) && is_empty(new)),
    }
}

/// `null`, an empty text and an empty list all mean that nothing is set.
fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        _ => false,
    }
}
