//! A schema in the one form that we look at, however a generator wrote it.
//!
//! The same field can be told plainly, in an `allOf` of one part (OpenAPI 3.0, to put a description beside a reference), or
//! as this or null. What can be said without `allOf`, `anyOf` and `oneOf` is said so here; the rest stays as it was, for the
//! validator. Words of OpenAPI 3.0 that JSON Schema has not are put into its own.

use serde_json::{Map, Value, json};

/// Words with a schema, or a list of schemas; and those with schemas under names.
const SCHEMAS: [&str; 12] = [
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "oneOf",
    "prefixItems",
    "propertyNames",
    "then",
];
const NAMED: [&str; 2] = ["patternProperties", "properties"];

/// Words that mean something else beside other words, so that they stay where they are.
const BOUND: [&str; 10] = [
    "contains",
    "else",
    "if",
    "maxContains",
    "minContains",
    "patternProperties",
    "prefixItems",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Words that allow and forbid nothing.
const REMARKS: [&str; 15] = [
    "$comment",
    "$defs",
    "$id",
    "$schema",
    "default",
    "deprecated",
    "description",
    "discriminator",
    "example",
    "examples",
    "externalDocs",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
];

/// Whether a word allows and forbids nothing.
pub(super) fn is_remark(word: &str) -> bool {
    REMARKS.contains(&word) || word.starts_with("x-")
}

/// The schema, in that form.
pub(super) fn normal(schema: &Value) -> Value {
    let Value::Object(schema) = schema else { return schema.clone() };
    let mut schema: Map<_, _> = schema.iter().map(|(word, value)| (word.clone(), below(word, value))).collect();
    exclusive(&mut schema);
    for word in ["allOf", "anyOf", "oneOf"] {
        if let Some(plain) = dissolved(&schema, word) {
            schema = plain;
        }
    }
    if schema.remove("nullable") == Some(true.into()) {
        let schema = Value::Object(schema);
        return or_null(&schema).unwrap_or_else(|| json!({ "anyOf": [schema, { "type": "null" }] }));
    }
    Value::Object(schema)
}

fn below(word: &str, value: &Value) -> Value {
    match value {
        Value::Array(items) if SCHEMAS.contains(&word) => items.iter().map(normal).collect(),
        Value::Object(_) if SCHEMAS.contains(&word) => normal(value),
        Value::Object(fields) if NAMED.contains(&word) => {
            fields.iter().map(|(name, field)| (name.clone(), normal(field))).collect()
        }
        other => other.clone(),
    }
}

/// In OpenAPI 3.0 these say of a limit that it is itself too much; in JSON Schema they are the limit.
fn exclusive(schema: &mut Map<String, Value>) {
    for (word, limit) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        let Some(is_exclusive) = schema.get(word).and_then(Value::as_bool) else { continue };
        schema.remove(word);
        if is_exclusive && let Some(limit) = schema.remove(limit) {
            schema.insert(word.into(), limit);
        }
    }
}

/// The schema with its parts in itself, where that says the same.
fn dissolved(schema: &Map<String, Value>, word: &str) -> Option<Map<String, Value>> {
    let parts = schema.get(word)?.as_array()?;
    let parts = if word == "allOf" { parts.clone() } else { vec![only(parts)?] };
    let mut own = schema.clone();
    own.remove(word);
    parts.iter().rev().try_fold(own, both)
}

/// The only one of the parts that is not null.
fn only(parts: &[Value]) -> Option<Value> {
    let is_null = |part: &&Value| {
        part["type"] == "null" || part["enum"] == json!([null]) || part.get("const") == Some(&Value::Null)
    };
    let (nulls, others): (Vec<_>, Vec<_>) = parts.iter().partition(is_null);
    let [other] = others[..] else { return None };
    if nulls.is_empty() { Some(other.clone()) } else { or_null(other) }
}

/// The schema that allows null as well.
fn or_null(schema: &Value) -> Option<Value> {
    let mut schema = schema.as_object()?.clone();
    if ["allOf", "anyOf", "oneOf", "not", "if", "const"].iter().any(|word| schema.contains_key(*word)) {
        return None;
    }
    if let Some(kind) = schema.get_mut("type").filter(|kind| kind.is_string()) {
        *kind = json!([kind.take()]);
    }
    for (word, null) in [("type", "null".into()), ("enum", Value::Null)] {
        if let Some(Value::Array(choices)) = schema.get_mut(word)
            && !choices.contains(&null)
        {
            choices.push(null);
        }
    }
    Some(schema.into())
}

/// What both say; the first one's remarks count more. Each of them may forbid the other's fields: in RevCent's own document
/// they do, and mean that there are no further ones.
fn both(mut own: Map<String, Value>, part: &Value) -> Option<Map<String, Value>> {
    let part = match part {
        Value::Object(part) => part,
        other => return (*other == true).then_some(own),
    };
    if BOUND.iter().any(|word| own.contains_key(*word) || part.contains_key(*word)) {
        return None;
    }
    for (word, theirs) in part {
        let said = match own.remove(word) {
            None => theirs.clone(),
            Some(ours) if ours == *theirs || is_remark(word) => ours,
            Some(ours) => said_twice(word, ours, theirs)?,
        };
        own.insert(word.clone(), said);
    }
    Some(own)
}

fn said_twice(word: &str, ours: Value, theirs: &Value) -> Option<Value> {
    match (word, ours) {
        ("properties", Value::Object(ours)) => fields(ours, theirs.as_object()?),
        ("required", Value::Array(mut ours)) => {
            let new: Vec<Value> = theirs.as_array()?.iter().filter(|name| !ours.contains(name)).cloned().collect();
            ours.extend(new);
            Some(ours.into())
        }
        ("type", ours) => {
            let list = |kind: &Value| kind.as_array().cloned().unwrap_or_else(|| vec![kind.clone()]);
            let theirs = list(theirs);
            let common: Vec<Value> = list(&ours).into_iter().filter(|kind| theirs.contains(kind)).collect();
            match &common[..] {
                [] => None,
                [one] => Some(one.clone()),
                _ => Some(common.into()),
            }
        }
        ("additionalProperties", Value::Bool(ours)) => Some((ours && theirs.as_bool()?).into()),
        _ => None,
    }
}

fn fields(mut ours: Map<String, Value>, theirs: &Map<String, Value>) -> Option<Value> {
    for (name, theirs) in theirs {
        let field = match ours.remove(name) {
            None => theirs.clone(),
            Some(own) if own == *theirs => own,
            Some(own) => match both(own.as_object()?.clone(), theirs) {
                Some(field) => field.into(),
                None => json!({ "allOf": [own, theirs] }),
            },
        };
        ours.insert(name.clone(), field);
    }
    Some(ours.into())
}

#[cfg(test)]
mod tests {
    use crate::schema::normalize::*;

    #[test]
    fn what_can_be_said_plainly_is() {
        let object =
            json!({ "type": "object", "properties": { "a": { "type": "string" } }, "additionalProperties": false });
        let with = |changes: &[(&str, Value)]| {
            let mut object = object.clone();
            for (word, value) in changes {
                object[*word] = value.clone();
            }
            object
        };
        let nullable = with(&[("type", json!(["object", "null"]))]);
        let cases = [
            (json!({ "allOf": [object], "description": "D" }), with(&[("description", "D".into())])),
            (json!({ "oneOf": [object] }), object.clone()),
            (json!({ "anyOf": [object, { "type": "null" }] }), nullable.clone()),
            (json!({ "oneOf": [{ "enum": [null] }, { "allOf": [object] }] }), nullable.clone()),
            (json!({ "allOf": [object], "nullable": true }), nullable.clone()),
            (json!({ "type": "object", "anyOf": [object, { "type": "null" }] }), object.clone()),
            (
                json!({ "allOf": [object, { "properties": { "a": { "maxLength": 3 }, "b": {} }, "required": ["a"] }] }),
                with(&[
                    ("properties", json!({ "a": { "type": "string", "maxLength": 3 }, "b": {} })),
                    ("required", json!(["a"])),
                ]),
            ),
            (
                json!({ "type": "string", "enum": ["a"], "nullable": true }),
                json!({ "type": ["string", "null"], "enum": ["a", null] }),
            ),
            (json!({ "minimum": 1, "exclusiveMinimum": true }), json!({ "exclusiveMinimum": 1 })),
            (json!({ "maximum": 1, "exclusiveMaximum": false }), json!({ "maximum": 1 })),
            (json!({ "nullable": true, "const": 1 }), json!({ "anyOf": [{ "const": 1 }, { "type": "null" }] })),
        ];
        for (schema, wanted) in cases {
            assert_eq!(normal(&schema), wanted, "{schema}");
            let below = |field: &Value| json!({ "items": { "properties": { "allOf": field } } });
            assert_eq!(normal(&below(&schema)), below(&wanted), "{schema}");
        }
    }

    #[test]
    fn what_cannot_be_said_plainly_stays() {
        for schema in [
            json!({ "anyOf": [{ "type": "string" }, { "type": "number" }] }),
            json!({ "allOf": [{ "pattern": "a" }, { "pattern": "b" }] }),
            json!({ "allOf": [{ "type": "string" }], "type": "number" }),
            json!({ "allOf": [{ "if": {}, "then": {} }], "else": false }),
            json!({ "properties": { "nullable": true, "exclusiveMinimum": true } }),
            json!({ "enum": [{ "allOf": [{}] }], "nullable": false })["enum"].clone(),
        ] {
            assert_eq!(normal(&schema), schema);
        }
    }
}
