//! Rewrites a schema into the simplest equivalent form.
//!
//! Generators describe the same field in different forms: directly, as an `allOf` with one part (the OpenAPI 3.0 idiom to put
//! a description next to a `$ref`), or as an `anyOf` of a schema and null. Whatever can be written without `allOf`, `anyOf` and
//! `oneOf` is rewritten without them. Everything else stays as it is: the validator supports it, but [`super::derive`] finds no
//! fields in it. OpenAPI 3.0 keywords that JSON Schema 2020-12 lacks or defines differently are translated.

use serde_json::{Map, Value, json};

use crate::base::words::split_words;

/// Keywords whose value is a schema or a list of schemas.
const SUBSCHEMA_KEYWORDS: [&str; 12] =
    split_words("additionalProperties allOf anyOf contains else if items not oneOf prefixItems propertyNames then");

/// Keywords whose value is an object of schemas by name.
const NAMED_SUBSCHEMA_KEYWORDS: [&str; 2] = ["patternProperties", "properties"];

/// Keywords whose meaning depends on other keywords of the same schema object, so that they cannot be moved to another one.
const CONTEXT_KEYWORDS: [&str; 10] = split_words(
    "contains else if maxContains minContains patternProperties prefixItems then unevaluatedItems \
     unevaluatedProperties",
);

/// Keywords that do not constrain values.
const ANNOTATIONS: [&str; 15] = split_words(
    "$comment $defs $id $schema default deprecated description discriminator example examples externalDocs readOnly \
     title writeOnly xml",
);

/// Whether a keyword does not constrain values.
pub(super) fn is_annotation(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-")
}

/// Returns the simplest form of a schema.
pub(super) fn normalize(schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let mut schema = Map::new();
    for (keyword, value) in keywords {
        schema.insert(keyword.clone(), normalize_subschemas(keyword, value));
    }
    translate_exclusive_limits(&mut schema);
    for keyword in ["allOf", "anyOf", "oneOf"] {
        if let Some(inlined) = inline_parts(&schema, keyword) {
            schema = inlined;
        }
    }
    // OpenAPI 3.0. In 3.1, as in JSON Schema, null is a type.
    if schema.remove("nullable") == Some(true.into()) {
        let schema = Value::Object(schema);
        return allow_null(&schema).unwrap_or_else(|| json!({ "anyOf": [schema, { "type": "null" }] }));
    }
    Value::Object(schema)
}

fn normalize_subschemas(keyword: &str, value: &Value) -> Value {
    match value {
        Value::Array(items) if SUBSCHEMA_KEYWORDS.contains(&keyword) => items.iter().map(normalize).collect(),
        Value::Object(_) if SUBSCHEMA_KEYWORDS.contains(&keyword) => normalize(value),
        Value::Object(fields) if NAMED_SUBSCHEMA_KEYWORDS.contains(&keyword) => {
            fields.iter().map(|(name, field)| (name.clone(), normalize(field))).collect()
        }
        other => other.clone(),
    }
}

/// In OpenAPI 3.0, `exclusiveMinimum: true` excludes the value of `minimum`; in JSON Schema, `exclusiveMinimum` is the limit.
fn translate_exclusive_limits(schema: &mut Map<String, Value>) {
    for (exclusive, inclusive) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        let Some(is_exclusive) = schema.get(exclusive).and_then(Value::as_bool) else { continue };
        schema.remove(exclusive);
        if is_exclusive && let Some(limit) = schema.remove(inclusive) {
            schema.insert(exclusive.into(), limit);
        }
    }
}

/// Returns a schema with the parts of its `allOf`, `anyOf` or `oneOf` merged into it, if that has the same meaning.
fn inline_parts(schema: &Map<String, Value>, keyword: &str) -> Option<Map<String, Value>> {
    let parts = schema.get(keyword)?.as_array()?;
    let parts = if keyword == "allOf" { parts.clone() } else { vec![single_alternative(parts)?] };
    let mut merged = schema.clone();
    merged.remove(keyword);
    for part in parts.iter().rev() {
        merged = merge(merged, part)?;
    }
    Some(merged)
}

/// Returns the only part of an `anyOf` or `oneOf` that is not null. If there is a part for null, the result allows null.
fn single_alternative(parts: &[Value]) -> Option<Value> {
    let (nulls, others): (Vec<&Value>, Vec<&Value>) = parts.iter().partition(|part| is_null_schema(part));
    let [other] = others[..] else { return None };
    if nulls.is_empty() { Some(other.clone()) } else { allow_null(other) }
}

fn is_null_schema(schema: &Value) -> bool {
    schema["type"] == "null" || schema["enum"] == json!([null]) || schema.get("const") == Some(&Value::Null)
}

/// Returns a schema that also allows null; `None` if a keyword other than `type` and `enum` may forbid it.
fn allow_null(schema: &Value) -> Option<Value> {
    const OBSTACLES: [&str; 6] = ["allOf", "anyOf", "oneOf", "not", "if", "const"];
    let mut schema = schema.as_object()?.clone();
    if OBSTACLES.iter().any(|keyword| schema.contains_key(*keyword)) {
        return None;
    }
    if let Some(type_name) = schema.get_mut("type").filter(|types| types.is_string()) {
        *type_name = json!([type_name.take()]);
    }
    for (keyword, null) in [("type", "null".into()), ("enum", Value::Null)] {
        if let Some(Value::Array(choices)) = schema.get_mut(keyword)
            && !choices.contains(&null)
        {
            choices.push(null);
        }
    }
    Some(schema.into())
}

/// Returns a schema with the constraints of both; `None` if it cannot be written without `allOf`. Annotations of `own` win.
fn merge(mut own: Map<String, Value>, part: &Value) -> Option<Map<String, Value>> {
    let part = match part {
        Value::Object(part) => part,
        // `true` allows everything, so it adds no constraint. `false` allows nothing.
        other => return if *other == true { Some(own) } else { None },
    };
    if CONTEXT_KEYWORDS.iter().any(|keyword| own.contains_key(*keyword) || part.contains_key(*keyword)) {
        return None;
    }
    for (keyword, other_value) in part {
        let merged = match own.remove(keyword) {
            None => other_value.clone(),
            Some(own_value) if own_value == *other_value || is_annotation(keyword) => own_value,
            Some(own_value) => merge_keyword(keyword, own_value, other_value)?,
        };
        own.insert(keyword.clone(), merged);
    }
    Some(own)
}

/// Merges two different values of a keyword that constrains values.
fn merge_keyword(keyword: &str, own: Value, other: &Value) -> Option<Value> {
    match (keyword, own) {
        // Strictly, two closed objects forbid each other's fields. RevCent's document combines two of them with `allOf` and
        // means one closed object with the fields of both.
        ("properties", Value::Object(own)) => merge_properties(own, other.as_object()?),
        ("additionalProperties", Value::Bool(own)) => Some((own && other.as_bool()?).into()),
        ("required", Value::Array(mut names)) => {
            for name in other.as_array()? {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
            Some(names.into())
        }
        ("type", own) => {
            let other_types = to_list(other);
            let mut common = to_list(&own);
            common.retain(|name| other_types.contains(name));
            match &common[..] {
                [] => None,
                [name] => Some(name.clone()),
                _ => Some(common.into()),
            }
        }
        _ => None,
    }
}

fn to_list(types: &Value) -> Vec<Value> {
    types.as_array().cloned().unwrap_or_else(|| vec![types.clone()])
}

fn merge_properties(mut own: Map<String, Value>, other: &Map<String, Value>) -> Option<Value> {
    for (name, other_field) in other {
        let field = match own.remove(name) {
            None => other_field.clone(),
            Some(own_field) if own_field == *other_field => own_field,
            Some(own_field) => match merge(own_field.as_object()?.clone(), other_field) {
                Some(field) => field.into(),
                None => json!({ "allOf": [own_field, other_field] }),
            },
        };
        own.insert(name.clone(), field);
    }
    Some(own.into())
}

#[cfg(test)]
mod tests {
    use crate::schema::openapi::normalize::*;

    #[test]
    fn combined_schemas_are_inlined_where_the_meaning_stays_the_same() {
        let object =
            json!({ "type": "object", "properties": { "a": { "type": "string" } }, "additionalProperties": false });
        let object_with = |changes: &[(&str, Value)]| {
            let mut object = object.clone();
            for (keyword, value) in changes {
                object[*keyword] = value.clone();
            }
            object
        };
        let nullable = object_with(&[("type", json!(["object", "null"]))]);
        let cases = [
            (json!({ "allOf": [object], "description": "D" }), object_with(&[("description", "D".into())])),
            (json!({ "oneOf": [object] }), object.clone()),
            (json!({ "anyOf": [object, { "type": "null" }] }), nullable.clone()),
            (json!({ "oneOf": [{ "enum": [null] }, { "allOf": [object] }] }), nullable.clone()),
            (json!({ "allOf": [object], "nullable": true }), nullable.clone()),
            (json!({ "type": "object", "anyOf": [object, { "type": "null" }] }), object.clone()),
            (
                json!({ "allOf": [object, { "properties": { "a": { "maxLength": 3 }, "b": {} }, "required": ["a"] }] }),
                object_with(&[
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
        for (schema, expected) in cases {
            assert_eq!(normalize(&schema), expected, "{schema}");
            // A field may have the name of a keyword.
            let nested = |field: &Value| json!({ "items": { "properties": { "allOf": field } } });
            assert_eq!(normalize(&nested(&schema)), nested(&expected), "{schema}");
        }
    }

    #[test]
    fn combined_schemas_stay_where_inlining_would_change_the_meaning() {
        for schema in [
            json!({ "anyOf": [{ "type": "string" }, { "type": "number" }] }),
            json!({ "allOf": [{ "pattern": "a" }, { "pattern": "b" }] }),
            json!({ "allOf": [{ "type": "string" }], "type": "number" }),
            json!({ "allOf": [{ "if": {}, "then": {} }], "else": false }),
            json!({ "properties": { "nullable": true, "exclusiveMinimum": true } }),
            json!({ "enum": [{ "allOf": [{}] }], "nullable": false })["enum"].clone(),
        ] {
            assert_eq!(normalize(&schema), schema);
        }
    }
}
