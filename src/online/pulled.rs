//! What was pulled from the account, as the text of a snapshot: sorted, without secrets, the same for the same account.
//!
//! What RevCent answers is taken as it comes, but for what would make the snapshot wrong: a value of another type than
//! expected is left out, and then nothing is known of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::account::Kind;
use crate::body::body;
use crate::date::Date;
use crate::document::Document;
use crate::portal::ID_LENGTH;
use crate::secrets::says_secret;

/// One thing of the account, as RevCent returns it.
pub type Object = Map<String, Value>;

/// Things of one kind.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// By their ids.
    pub things: BTreeMap<String, Object>,
    /// Ids that the account says it does not have.
    pub absent: BTreeSet<String>,
    /// Whether there are no others.
    pub is_whole: bool,
}

impl List {
    /// Takes a thing as it was returned; what more is known of it is laid over what was known. False when it is none: it
    /// has no id.
    pub fn add(&mut self, value: Value) -> bool {
        let Value::Object(mut object) = value else { return false };
        let Some(id) = id(&object).map(str::to_owned) else { return false };
        clean(&mut object);
        self.things.entry(id).or_default().append(&mut object);
        true
    }

    /// Takes a list, a page, or a list of pages.
    fn add_all(&mut self, value: Value) {
        match value {
            Value::Array(items) => items.into_iter().for_each(|item| self.add_all(item)),
            Value::Object(mut page) if page.get("results").is_some_and(Value::is_array) => {
                self.add_all(page.remove("results").unwrap_or_default());
            }
            thing => drop(self.add(thing)),
        }
    }
}

/// Its id, if it has one of the form that ids have.
fn id(object: &Object) -> Option<&str> {
    object.get("id").and_then(Value::as_str).filter(|id| id.chars().count() == ID_LENGTH)
}

/// All that was pulled; a kind that nothing is known of is not in it.
#[derive(Clone, Debug, Default)]
pub struct Pulled(pub BTreeMap<Kind, List>);

/// In the order of the file.
#[derive(Serialize)]
struct Snapshot {
    version: u8,
    pulled: String,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    partial: BTreeSet<&'static str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    absent: BTreeMap<&'static str, BTreeSet<String>>,
    #[serde(flatten)]
    lists: BTreeMap<&'static str, Value>,
}

impl Pulled {
    /// The list of a kind, which is known from now on.
    pub fn list(&mut self, kind: Kind) -> &mut List {
        self.0.entry(kind).or_default()
    }

    /// Takes over what an older snapshot knew of a kind and nobody told anew; from then on nobody knows whether that is all.
    /// False when there was nothing.
    pub fn keep(&mut self, kind: Kind, mut older: List) -> bool {
        if let Some(fresh) = self.0.get(&kind) {
            older.things.retain(|id, _| !fresh.things.contains_key(id) && !fresh.absent.contains(id));
        }
        if older.things.is_empty() {
            return false;
        }
        let fresh = self.list(kind);
        fresh.things.append(&mut older.things);
        fresh.is_whole = false;
        true
    }

    /// The snapshot. `profiles` are those of an older one: nobody but people knows them.
    pub fn text(&self, today: Date, profiles: Option<Value>) -> String {
        let known = || self.0.iter().map(|(kind, list)| (kind.field(), list));
        let sorted = |list: &List| list.things.values().cloned().map(Value::Object).collect();
        let profiles = profiles.map(|profiles| (Kind::SmtpProfile.field(), profiles));
        let snapshot = Snapshot {
            version: 1,
            pulled: today.to_string(),
            partial: known().filter(|(_, list)| !list.is_whole).map(|(field, _)| field).collect(),
            absent: known()
                .filter(|(_, list)| !list.absent.is_empty())
                .map(|(field, list)| (field, list.absent.clone()))
                .collect(),
            lists: known().map(|(field, list)| (field, sorted(list))).chain(profiles).collect(),
        };
        // Keys are text, and memory can be written to.
        serde_json::to_string_pretty(&snapshot).unwrap_or_default() + "\n"
    }
}

/// What an older snapshot holds.
#[derive(Debug, Default)]
pub struct Older {
    /// Its SMTP profiles, as they are written there; without secrets.
    pub profiles: Option<Value>,
    /// The things of its other lists, in whatever form these are.
    pub lists: Vec<(Kind, List)>,
}

/// Reads an older snapshot; `None` when it holds something that cannot be written again.
pub fn older(snapshot: &Document<'_>) -> Option<Older> {
    let text = body(snapshot, &|name| Some(format!("${{{name}}}"))).ok()?;
    let mut snapshot: Object = serde_json::from_str(&text).ok()?;
    let mut profiles = snapshot.remove(Kind::SmtpProfile.field());
    profiles.iter_mut().for_each(without_secrets);
    let lists = Kind::ALL.into_iter().filter_map(|kind| {
        let mut list = List::default();
        list.add_all(snapshot.remove(kind.field())?);
        Some((kind, list))
    });
    Some(Older { profiles, lists: lists.collect() })
}

/// Leaves out the envelope, secrets, and what a snapshot cannot hold.
fn clean(object: &mut Object) {
    const ENVELOPE: [&str; 4] = ["api_call_id", "api_call_unix", "code", "result"];
    object.retain(|key, value| match key.as_str() {
        "name" | "domain_name" => value.is_string(),
        "dns" | "ssl" => value.get("status").is_none_or(Value::is_string) && value.is_object(),
        key => !ENVELOPE.contains(&key),
    });
    object.iter_mut().for_each(|(key, value)| {
        if key == "recaptcha"
            && let Value::Object(recaptcha) = value
        {
            recaptcha.retain(|key, _| key == "site_key");
        }
    });
    object.retain(|key, _| !says_secret(key));
    object.values_mut().for_each(without_secrets);
    object.sort_keys();
}

fn without_secrets(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|key, _| !says_secret(key));
            object.values_mut().for_each(without_secrets);
            object.sort_keys();
        }
        Value::Array(items) => items.iter_mut().for_each(without_secrets),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_snapshot_is_sorted_and_holds_neither_secrets_nor_what_differs_from_call_to_call() {
        let mut pulled = Pulled::default();
        let portal = json!({
            "id": "b".repeat(20), "name": "B", "code": 1, "api_call_id": "x", "api_call_unix": 7,
            "recaptcha": { "site_key": "s", "secret_key": "canary", "other": "canary" },
            "deep": [{ "api_key": "canary", "kept": true }], "smtp_password": "canary",
        });
        let list = pulled.list(Kind::Portal);
        assert!(list.add(portal) && list.add(json!({ "name": "A", "id": "a".repeat(20) })));
        assert!(!list.add(json!({ "id": "short" })) && !list.add(json!(1)));
        list.is_whole = true;
        let text = pulled.text("2026-11-22".parse().unwrap(), None);
        assert!(!text.contains("canary") && !text.contains("api_call"), "{text}");
        assert!(text.contains("\"kept\"") && !text.contains("partial"), "{text}");
        assert!(text.find("aaaa").unwrap() < text.find("bbbb").unwrap());
    }

    #[test]
    fn a_value_of_another_type_is_not_taken_over() {
        let mut list = List::default();
        let id = "a".repeat(20);
        assert!(list.add(json!({ "id": id, "name": 1, "dns": "ready", "ssl": { "status": 2 }, "domain_name": ["x"] })));
        assert_eq!(Value::from(list.things[&id].clone()), json!({ "id": id }));
    }
}
