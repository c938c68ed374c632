//! The fields that an edit changes, with their values before and after.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use crate::base::source::Source;
use crate::model::comparison::{Certainty, FieldDifference, compare_with_account, is_secret_field};
use crate::model::edited_portal::EditedPortal;
use crate::model::omitted_fields::OmittedField;
use crate::model::portal::{FilterKind, Portal};
use crate::model::request_json::RequestValue;
use crate::model::secrets::{Secrets, mask_all, mask_public_key};
use crate::schema::cursor_to_json;
use crate::syntax::Document;
use crate::syntax::cursor::Cursor;

/// A field that an edit changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The JSON Pointer of the field.
    pub pointer: String,
    /// The value in the account, `null` for a field that is not set; `None` if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Json>,
    /// The value in the edit.
    pub new: Json,
    /// The names in the account of the IDs in both values.
    #[serde(skip)]
    pub names: BTreeMap<String, String>,
    /// Whether it removes the last filter, so that all customers can access the portal.
    #[serde(skip)]
    pub opens_portal: bool,
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
    /// Describes a difference. `source` is the text of the file.
    pub(crate) fn new(difference: &FieldDifference<'_>, source: &Source) -> Self {
        let FieldDifference { own, account, certainty } = difference;
        let is_known = matches!(certainty, Certainty::Different | Certainty::Variable);
        let is_secret = is_secret_field(own);
        let new = if own.is_from_variable() {
            source.slice(own.span()).trim_matches(['"', '\'']).into()
        } else {
            // The name of a variable is not a secret.
            to_json(own, is_secret && own.variable().is_none())
        };
        let old = is_known.then(|| to_json(account, is_secret));
        Self { pointer: own.pointer(), old, new, names: BTreeMap::new(), opens_portal: false }
    }

    /// Describes the removal of a value that only the account has. `new` is the value that removes it.
    pub(crate) fn removal(field: &OmittedField<'_>, new: &RequestValue) -> Self {
        let old = Some(cursor_to_json(&field.account).unwrap_or_default());
        let new = serde_json::to_value(new).unwrap_or_default();
        Self { pointer: field.pointer(), old, new, names: BTreeMap::new(), opens_portal: false }
    }

    /// Masks the secrets in both values.
    pub(crate) fn mask_texts(&mut self, secrets: &[&Secrets]) {
        let is_public_key = self.pointer == "/recaptcha/site_key";
        if let Some(old) = &mut self.old {
            mask_json(old, secrets, is_public_key);
        }
        mask_json(&mut self.new, secrets, is_public_key);
        self.pointer = mask_all(std::mem::take(&mut self.pointer), secrets);
    }
}

/// Converts a value, or returns a mask for a secret.
fn to_json(value: &Cursor<'_>, is_secret: bool) -> Json {
    let json = cursor_to_json(value).unwrap_or_default();
    if is_secret && !json.is_null() { Json::from("********") } else { json }
}

fn mask_json(value: &mut Json, secrets: &[&Secrets], is_public_key: bool) {
    match value {
        Json::String(text) if is_public_key => *text = mask_public_key(std::mem::take(text), secrets),
        Json::String(text) => *text = mask_all(std::mem::take(text), secrets),
        Json::Array(items) => items.iter_mut().for_each(|item| mask_json(item, secrets, is_public_key)),
        Json::Object(fields) => fields.values_mut().for_each(|field| mask_json(field, secrets, is_public_key)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// Marks the changes that remove the last filter. `after` is the portal after the edit.
pub(crate) fn mark_removal_of_filters(changes: &mut [Change], after: &Document<'_>) {
    let filters = Cursor::root(after).field("customer_filters");
    for kind in [FilterKind::Campaign, FilterKind::Shop] {
        let list = filters.field(kind.field());
        if !list.is_list() || list.items().len() > 0 {
            return;
        }
    }
    for change in changes.iter_mut().filter(|change| change.pointer.starts_with("/customer_filters/")) {
        change.opens_portal = true;
    }
}

/// Returns the fields of an edit whose values differ, or may differ, from those of the portal that it changes, in the order of the
/// edit. Secrets are masked by their names only.
pub(crate) fn find_changes(edit: &Portal<'_>, edited: &EditedPortal, source: &Source) -> Vec<Change> {
    let differences = compare_with_account(&edit.root, &Cursor::root(&edited.document));
    differences.iter().map(|difference| Change::new(difference, source)).collect()
}
