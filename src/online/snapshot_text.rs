//! What was pulled from the account, as the text of a snapshot: sorted, without secrets, the same for the same account.
//!
//! What RevCent answers is taken as it comes, but for what would make the snapshot wrong: a value of another type than
//! expected is left out, and then nothing is known of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::base::date::Date;
use crate::model::account::Kind;
use crate::model::portal::ID_LENGTH;
use crate::model::request_json::body;
use crate::model::secrets::says_secret;
use crate::syntax::Document;
use crate::syntax::cursor::Cursor;

/// What stands around every answer.
pub const ENVELOPE: [&str; 4] = ["api_call_id", "api_call_unix", "code", "result"];

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
    /// Takes a thing; what more is known of it is laid over what was known. False when it is none: it has no id.
    fn add(&mut self, value: Value) -> bool {
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

    /// Takes an older thing over: what was told of it now is laid over what was known.
    fn merge_under(&mut self, id: &str, mut older: Object) {
        let object = self.things.entry(id.to_owned()).or_default();
        older.append(object);
        older.sort_keys();
        *object = older;
    }
}

/// Its id, if it has one of the form that ids have.
fn id(object: &Object) -> Option<&str> {
    object.get("id").and_then(Value::as_str).filter(|id| id.chars().count() == ID_LENGTH)
}

/// All that was pulled; a kind that nothing is known of is not in it.
#[derive(Clone, Debug, Default)]
pub struct AccountData(pub BTreeMap<Kind, List>);

/// In the order of the file.
#[derive(Serialize)]
struct Snapshot<'a> {
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

/// What became of a thing that was returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is in its list.
    Whole,
    /// So is it, but for a value that must not stand there.
    WithoutSecret,
    /// It is none: it has no id, or one that must not stand there.
    Not,
}

impl AccountData {
    /// The list of a kind, which is known from now on.
    pub fn list(&mut self, kind: Kind) -> &mut List {
        self.0.entry(kind).or_default()
    }

    /// Takes a thing as it was returned. What repeats a secret is left out and not covered: under stars two names would be
    /// the same, and the same two names would not.
    pub fn add(&mut self, kind: Kind, value: Value, is_secret: &dyn Fn(&str) -> bool) -> Added {
        let Value::Object(mut object) = value else { return Added::Not };
        // Of these nothing else is ever asked.
        if matches!(kind, Kind::Campaign | Kind::Shop) {
            object.retain(|key, _| matches!(key.as_str(), "id" | "name"));
        }
        clean(&mut object);
        let all = object.len();
        object.retain(|key, value| !is_secret(key) && !repeats(value, is_secret));
        let is_whole = object.len() == all;
        match self.list(kind).add(Value::Object(object)) {
            true if is_whole => Added::Whole,
            true => Added::WithoutSecret,
            false => Added::Not,
        }
    }

    /// Takes over what an older snapshot knew of a kind and nobody told anew; from then on nobody knows whether that is all.
    /// False when there was nothing.
    pub fn keep(&mut self, kind: Kind, mut older: List) -> bool {
        let fresh = self.0.get(&kind);
        older.things.retain(|id, _| !fresh.is_some_and(|fresh| fresh.absent.contains(id)));
        if older.things.is_empty() {
            return false;
        }
        let fresh = self.list(kind);
        older.things.into_iter().for_each(|(id, object)| fresh.merge_under(&id, object));
        fresh.is_whole = false;
        true
    }

    /// Takes over what an older snapshot knew of one thing that is still listed. False when there was nothing.
    pub fn keep_thing(&mut self, kind: Kind, id: &str, older: &mut List) -> bool {
        let Some(fresh) = self.0.get_mut(&kind).filter(|fresh| fresh.things.contains_key(id)) else { return false };
        let Some(object) = older.things.remove(id) else { return false };
        let is_more = object.keys().any(|key| !fresh.things[id].contains_key(key));
        fresh.merge_under(id, object);
        is_more
    }

    /// The snapshot, with what people wrote into the older one.
    pub fn text(&self, today: Date, by_hand: &ManualEntries) -> String {
        const PROFILES: &str = Kind::SmtpProfile.field();
        let known = || self.0.iter().map(|(kind, list)| (kind.field(), list));
        let sorted = |list: &List| list.things.values().cloned().map(Value::Object).collect();
        let partial = known().filter(|(_, list)| !list.is_whole).map(|(field, _)| field);
        let absent = known().filter(|(_, list)| !list.absent.is_empty());
        let absent = absent.map(|(field, list)| (field, list.absent.iter().cloned().collect()));
        let of_hand = |value: &Option<Value>| value.clone().map(|value| (PROFILES, value));
        let snapshot = Snapshot {
            schema: by_hand.schema.as_deref(),
            version: 1,
            pulled: today.to_string(),
            partial: partial.chain(by_hand.is_partial.then_some(PROFILES)).collect(),
            absent: absent.chain(of_hand(&by_hand.absent)).collect(),
            lists: known().map(|(field, list)| (field, sorted(list))).chain(of_hand(&by_hand.profiles)).collect(),
        };
        // Keys are text, and memory can be written to.
        serde_json::to_string_pretty(&snapshot).unwrap_or_default() + "\n"
    }
}

/// What only people write into a snapshot: the SMTP profiles, which nobody can be asked for. Without secrets.
#[derive(Debug, Default)]
pub struct ManualEntries {
    schema: Option<String>,
    /// As they are written there.
    pub profiles: Option<Value>,
    /// Whether there may be others, and the ids of which there are none.
    is_partial: bool,
    absent: Option<Value>,
}

/// What an older snapshot holds.
#[derive(Debug, Default)]
pub struct PreviousSnapshot {
    /// What stays as it is.
    pub by_hand: ManualEntries,
    /// The things of its other lists, in whatever form these are.
    pub lists: Vec<(Kind, List)>,
}

/// Reads an older snapshot; `None` when it holds something that cannot be written again.
pub fn older(snapshot: &Document<'_>) -> Option<PreviousSnapshot> {
    const PROFILES: &str = Kind::SmtpProfile.field();
    // What is submitted has no schema, so the body has none either.
    let schema = Cursor::root(snapshot).at("$schema").text().map(str::to_owned);
    let text = body(snapshot, &|name| Some(format!("${{{name}}}"))).ok()?;
    let mut snapshot: Object = serde_json::from_str(&text).ok()?;
    let mut profiles = snapshot.remove(PROFILES);
    profiles.iter_mut().for_each(without_secrets);
    let partial = snapshot.get("partial").and_then(Value::as_array);
    let by_hand = ManualEntries {
        schema,
        profiles,
        is_partial: partial.is_some_and(|fields| fields.iter().any(|field| field == PROFILES)),
        absent: snapshot.get("absent").and_then(|absent| absent.get(PROFILES)).cloned(),
    };
    let lists = Kind::ALL.into_iter().filter_map(|kind| {
        let mut list = List::default();
        list.add_all(snapshot.remove(kind.field())?);
        Some((kind, list))
    });
    Some(PreviousSnapshot { by_hand, lists: lists.collect() })
}

/// Whether a secret is in it.
fn repeats(value: &Value, is_secret: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is_secret(text),
        Value::Number(number) => is_secret(&number.to_string()),
        Value::Array(items) => items.iter().any(|item| repeats(item, is_secret)),
        Value::Object(object) => object.iter().any(|(key, value)| is_secret(key) || repeats(value, is_secret)),
        Value::Null | Value::Bool(_) => false,
    }
}

/// Leaves out the envelope, secrets, and what a snapshot cannot hold.
fn clean(object: &mut Object) {
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

    use crate::online::snapshot_text::*;

    #[test]
    fn a_snapshot_is_sorted_and_holds_neither_secrets_nor_what_differs_from_call_to_call() {
        let mut pulled = AccountData::default();
        let portal = json!({
            "id": "b".repeat(20), "name": "B", "code": 1, "api_call_id": "x", "api_call_unix": 7,
            "recaptcha": { "site_key": "s", "secret_key": "canary", "other": "canary" },
            "deep": [{ "api_key": "canary", "kept": true }], "smtp_password": "canary",
        });
        let mut add = |value| pulled.add(Kind::Portal, value, &|_| false);
        assert_eq!(add(portal), Added::Whole);
        assert_eq!(add(json!({ "name": "A", "id": "a".repeat(20) })), Added::Whole);
        assert_eq!((add(json!({ "id": "short" })), add(json!(1))), (Added::Not, Added::Not));
        pulled.list(Kind::Portal).is_whole = true;
        let text = pulled.text("2026-11-22".parse().unwrap(), &ManualEntries::default());
        assert!(!text.contains("canary") && !text.contains("api_call"), "{text}");
        assert!(text.contains("\"kept\"") && !text.contains("partial"), "{text}");
        assert!(text.find("aaaa").unwrap() < text.find("bbbb").unwrap());
    }

    #[test]
    fn what_repeats_a_secret_is_left_out_and_said() {
        let is_secret = |text: &str| text.contains("canary");
        let id = "a".repeat(20);
        for (value, left) in [
            (json!({ "id": id, "name": "x canary", "enabled": true }), json!({ "id": id, "enabled": true })),
            (json!({ "id": id, "a": [{ "note": "canary" }] }), json!({ "id": id })),
            (json!({ "id": id, "a": { "canary": 1 } }), json!({ "id": id })),
        ] {
            let mut pulled = AccountData::default();
            assert_eq!(pulled.add(Kind::Portal, value, &is_secret), Added::WithoutSecret);
            assert_eq!(Value::from(pulled.list(Kind::Portal).things[&id].clone()), left);
        }
        let mut pulled = AccountData::default();
        assert_eq!(pulled.add(Kind::Portal, json!({ "id": "canary-0123456789012" }), &is_secret), Added::Not);
        // A portal as it is returned: its own secret was never taken.
        let portal = json!({ "id": id, "recaptcha": { "secret_key": "canary" } });
        assert_eq!(pulled.add(Kind::Portal, portal, &is_secret), Added::Whole);
    }

    #[test]
    fn of_what_is_only_asked_for_by_its_id_nothing_else_is_kept() {
        let mut pulled = AccountData::default();
        let id = "a".repeat(20);
        let campaign = json!({ "id": id, "name": "A", "created_date_unix": 1, "note": "x" });
        pulled.add(Kind::Campaign, campaign, &|_| false);
        let kept = pulled.list(Kind::Campaign).things[&id].clone();
        assert_eq!(Value::from(kept), json!({ "id": id, "name": "A" }));
    }

    #[test]
    fn a_value_of_another_type_is_not_taken_over() {
        let mut list = List::default();
        let id = "a".repeat(20);
        assert!(list.add(json!({ "id": id, "name": 1, "dns": "ready", "ssl": { "status": 2 }, "domain_name": ["x"] })));
        assert_eq!(Value::from(list.things[&id].clone()), json!({ "id": id }));
    }
}
