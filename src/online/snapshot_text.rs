//! Converts the account's data to the text of a snapshot, which is sorted, without secrets, and identical for the same account.
//!
//! Of RevCent's objects, only the fields that the schemas describe are kept. A value of an unexpected type would make the snapshot
//! invalid, so it is removed, reported, and counts as unknown.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::base::date::Date;
use crate::model::account::ObjectKind;
use crate::model::portal::ID_LENGTH;
use crate::model::request_json::to_request_json;
use crate::model::secrets::{is_distinctive, is_secret_name};
use crate::schema::{EmbeddedSchema, retain_described};
use crate::syntax::Document;
use crate::syntax::cursor::Cursor;

/// The fields that RevCent adds to every response. They are not part of an object, and change with every call.
pub(crate) const ENVELOPE: [&str; 4] = ["api_call_id", "api_call_unix", "code", "result"];

/// One object of the account, as RevCent returns it.
pub(crate) type Object = Map<String, Value>;

/// The objects of one kind.
#[derive(Clone, Debug, Default)]
pub struct SnapshotList {
    /// The objects, by ID.
    pub objects: BTreeMap<String, Object>,
    /// IDs that the account does not have.
    pub absent: BTreeSet<String>,
    /// Whether the list contains all objects of the kind.
    pub is_complete: bool,
}

impl SnapshotList {
    /// Adds an object. If it is already known, its new fields replace the old ones. Returns false if it has no ID.
    fn add_object(&mut self, kind: ObjectKind, value: Value) -> bool {
        let Value::Object(mut object) = value else { return false };
        let Some(id) = object_id(&object).map(str::to_owned) else { return false };
        drop(normalize_object(kind, &mut object));
        self.objects.entry(id).or_default().append(&mut object);
        true
    }

    /// Adds an object, a list, a page, or a list of pages.
    fn add_all(&mut self, kind: ObjectKind, value: Value) {
        match value {
            Value::Array(items) => {
                for item in items {
                    self.add_all(kind, item);
                }
            }
            Value::Object(mut page) if page.get("results").is_some_and(Value::is_array) => {
                self.add_all(kind, page.remove("results").unwrap_or_default());
            }
            object => drop(self.add_object(kind, object)),
        }
    }

    /// Adds the fields of an older object that the current one does not have.
    fn merge_under(&mut self, id: &str, mut older: Object) {
        let current = self.objects.entry(id.to_owned()).or_default();
        // `append` replaces fields that exist, so the current ones win.
        older.append(current);
        older.sort_keys();
        *current = older;
    }
}

/// The object's ID, if it has the length of an ID.
fn object_id(object: &Object) -> Option<&str> {
    object.get("id").and_then(Value::as_str).filter(|id| id.chars().count() == ID_LENGTH)
}

/// The data of an account. A kind without any known data has no entry.
#[derive(Clone, Debug, Default)]
pub struct AccountData(pub BTreeMap<ObjectKind, SnapshotList>);

/// The fields in the order of the file.
#[derive(Serialize)]
struct SnapshotFile<'a> {
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    schema: Option<&'a str>,
    version: u8,
    pulled: String,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    partial: BTreeSet<&'static str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    absent: BTreeMap<&'static str, Value>,
    #[serde(flatten)]
    lists: BTreeMap<&'static str, Value>,
}

/// The result of [`AccountData::add_object`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// The object was added.
    Complete,
    /// The object was added without a field that contains a secret.
    WithoutSecret,
    /// The object was added without a documented field, because its value is not of the documented type.
    WithoutField(&'static str),
    /// It was not added: it has no ID, or one that contains a secret.
    Rejected,
}

impl AccountData {
    /// The list of a kind, which is created if it does not exist.
    pub fn list(&mut self, kind: ObjectKind) -> &mut SnapshotList {
        self.0.entry(kind).or_default()
    }

    /// Adds an object as RevCent returned it. Fields that contain a secret are removed and not masked, because masked names cannot be
    /// compared.
    pub fn add_object(&mut self, kind: ObjectKind, value: Value, is_secret: &dyn Fn(&str) -> bool) -> Added {
        let Value::Object(mut object) = value else { return Added::Rejected };
        let removed = normalize_object(kind, &mut object);
        let is_without_secret = remove_fields_with_secrets(&mut object, is_secret);
        if !self.list(kind).add_object(kind, Value::Object(object)) {
            return Added::Rejected;
        }
        match removed.first() {
            _ if is_without_secret => Added::WithoutSecret,
            Some(field) => Added::WithoutField(field),
            None => Added::Complete,
        }
    }

    /// Removes the fields of all objects that contain a secret, and objects whose ID does. Returns the kinds that have such objects.
    pub fn remove_secrets(&mut self, is_secret: &dyn Fn(&str) -> bool) -> Vec<ObjectKind> {
        let mut kinds = Vec::new();
        for (kind, list) in &mut self.0 {
            let object_count = list.objects.len();
            list.objects.retain(|id, _| !is_secret(id));
            let mut is_changed = list.objects.len() < object_count;
            for object in list.objects.values_mut() {
                is_changed |= remove_fields_with_secrets(object, is_secret);
            }
            if is_changed {
                list.is_complete = false;
                kinds.push(*kind);
            }
        }
        kinds
    }

    /// Adds the objects of a kind from an older snapshot. The list then counts as incomplete. Returns false if there were none.
    pub fn add_older_objects(&mut self, kind: ObjectKind, mut older: SnapshotList) -> bool {
        if let Some(current) = self.0.get(&kind) {
            older.objects.retain(|id, _| !current.absent.contains(id));
        }
        if older.objects.is_empty() {
            return false;
        }
        let current = self.list(kind);
        for (id, object) in older.objects {
            current.merge_under(&id, object);
        }
        current.is_complete = false;
        true
    }

    /// Adds the fields of an object from an older snapshot, if the object still exists. Returns false if none were added.
    pub fn add_older_fields(&mut self, kind: ObjectKind, id: &str, older: &mut SnapshotList) -> bool {
        let Some(list) = self.0.get_mut(&kind) else { return false };
        let Some(current) = list.objects.get(id) else { return false };
        let Some(object) = older.objects.remove(id) else { return false };
        let adds_fields = object.keys().any(|key| !current.contains_key(key));
        list.merge_under(id, object);
        adds_fields
    }

    /// The text of the snapshot, with the entries that users wrote into the older one.
    pub fn to_snapshot(&self, today: Date, manual_entries: &ManualEntries) -> String {
        const PROFILES: &str = ObjectKind::SmtpProfile.list_field();
        let mut file = SnapshotFile {
            schema: manual_entries.schema.as_deref(),
            version: 1,
            pulled: today.to_string(),
            partial: BTreeSet::new(),
            absent: BTreeMap::new(),
            lists: BTreeMap::new(),
        };
        for (kind, list) in &self.0 {
            if !list.is_complete {
                file.partial.insert(kind.list_field());
            }
            if !list.absent.is_empty() {
                file.absent.insert(kind.list_field(), list.absent.iter().cloned().collect());
            }
            file.lists.insert(kind.list_field(), list.objects.values().cloned().map(Value::Object).collect());
        }
        if manual_entries.is_partial {
            file.partial.insert(PROFILES);
        }
        if let Some(absent) = &manual_entries.absent {
            file.absent.insert(PROFILES, absent.clone());
        }
        if let Some(profiles) = &manual_entries.profiles {
            file.lists.insert(PROFILES, profiles.clone());
        }
        // Serialization cannot fail: all keys are strings, and the target is memory.
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }
}

/// The entries that users write into a snapshot by hand: the SMTP profiles, which the API does not return. Secrets are removed.
#[derive(Debug, Default)]
pub struct ManualEntries {
    schema: Option<String>,
    /// The value of `smtp_profiles`.
    pub profiles: Option<Value>,
    /// Whether `partial` names the SMTP profiles.
    is_partial: bool,
    absent: Option<Value>,
}

/// The content of an older snapshot.
#[derive(Debug, Default)]
pub(crate) struct PreviousSnapshot {
    /// The entries that are kept unchanged.
    pub manual_entries: ManualEntries,
    /// The objects of the other lists.
    pub lists: Vec<(ObjectKind, SnapshotList)>,
}

/// Reads an older snapshot. `None` if it cannot be converted to JSON.
pub(crate) fn parse_previous(snapshot: &Document<'_>) -> Option<PreviousSnapshot> {
    const PROFILES: &str = ObjectKind::SmtpProfile.list_field();
    // `to_request_json` removes `$schema`, because a submitted portal does not have one.
    let schema = Cursor::root(snapshot).field("$schema").text().map(str::to_owned);
    let text = to_request_json(&Cursor::root(snapshot), &|name| Some(format!("${{{name}}}"))).ok()?;
    let mut snapshot: Object = serde_json::from_str(&text).ok()?;
    let mut profiles = snapshot.remove(PROFILES);
    if let Some(profiles) = &mut profiles {
        remove_secrets(profiles);
    }
    let is_partial = match snapshot.get("partial") {
        Some(Value::Array(fields)) => fields.iter().any(|field| field == PROFILES),
        _ => false,
    };
    let absent = match snapshot.get("absent") {
        Some(absent) => absent.get(PROFILES).cloned(),
        None => None,
    };
    let manual_entries = ManualEntries { schema, profiles, is_partial, absent };
    let mut lists = Vec::new();
    for kind in ObjectKind::ALL {
        if let Some(value) = snapshot.remove(kind.list_field()) {
            let mut list = SnapshotList::default();
            list.add_all(kind, value);
            lists.push((kind, list));
        }
    }
    Some(PreviousSnapshot { manual_entries, lists })
}

/// Adds the values of keys whose names suggest a secret. A response can repeat them in another field.
pub(crate) fn collect_secrets(value: &Value, is_secret: bool, secrets: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                collect_secrets(value, is_secret || is_secret_name(key), secrets);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_secrets(item, is_secret, secrets)),
        Value::String(text) if is_secret && is_distinctive(text) => drop(secrets.insert(text.clone())),
        _ => {}
    }
}

/// Removes the fields that contain a secret. Returns whether there were any.
fn remove_fields_with_secrets(object: &mut Object, is_secret: &dyn Fn(&str) -> bool) -> bool {
    let field_count = object.len();
    object.retain(|key, value| !is_secret(key) && !contains_secret(value, is_secret));
    object.len() < field_count
}

/// Whether a key or value contains a secret.
fn contains_secret(value: &Value, is_secret: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is_secret(text),
        Value::Number(number) => is_secret(&number.to_string()),
        Value::Array(items) => items.iter().any(|item| contains_secret(item, is_secret)),
        Value::Object(object) => object.iter().any(|(key, value)| is_secret(key) || contains_secret(value, is_secret)),
        Value::Null | Value::Bool(_) => false,
    }
}

/// Sorts the keys, and keeps only the fields that the schemas describe, because any other field may be a secret. Removes the
/// envelope, secrets, and values of a type that a snapshot cannot contain. Returns the names of the described fields with such values.
fn normalize_object(kind: ObjectKind, object: &mut Object) -> Vec<&'static str> {
    let (schema, pointer) = match kind {
        ObjectKind::Portal => (EmbeddedSchema::Export, ""),
        ObjectKind::TrackingDomain => (EmbeddedSchema::Account, "/$defs/tracking_domain"),
        ObjectKind::SmtpProfile => (EmbeddedSchema::Account, "/$defs/smtp_profile"),
        ObjectKind::Campaign | ObjectKind::Shop => (EmbeddedSchema::Account, "/$defs/thing"),
    };
    object.retain(|key, _| key != "$schema" && !ENVELOPE.contains(&key.as_str()));
    let mut removed = Vec::new();
    for field in ["name", "domain_name", "dns", "ssl"] {
        let is_unexpected = |value: &Value| match field {
            "dns" | "ssl" => !value.is_object() || !value.get("status").is_none_or(Value::is_string),
            _ => !value.is_string(),
        };
        // A value that is null is omitted like a missing field, and nothing is lost.
        if object.get(field).is_some_and(is_unexpected) && object.remove(field) != Some(Value::Null) {
            removed.push(field);
        }
    }
    let mut value = Value::Object(std::mem::take(object));
    removed.extend(retain_described(schema, pointer, &mut value));
    remove_secrets(&mut value);
    if let Value::Object(described) = value {
        *object = described;
    }
    removed
}

fn remove_secrets(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|key, _| !is_secret_name(key));
            object.values_mut().for_each(remove_secrets);
            object.sort_keys();
        }
        Value::Array(items) => items.iter_mut().for_each(remove_secrets),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
