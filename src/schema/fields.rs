//! The names and descriptions of fields, read from the JSON of a schema.

use std::collections::HashSet;
use std::sync::OnceLock;

use serde_json::{Map, Value as Json};

use crate::schema::PortalKind;
use crate::schema::embedded::{EmbeddedSchema, parsed_schema};
use crate::syntax::pointer;

/// The fields of an object in a body, according to the embedded schema of the body's kind. `path` contains the keys that lead
/// from the top level to the object, without the indices of lists.
pub fn field_names(kind: PortalKind, path: &[&str]) -> Vec<&'static str> {
    field_names_in(kind.into(), path)
}

/// The fields of an object according to an embedded schema; see [`field_names`].
pub fn field_names_in(schema: EmbeddedSchema, path: &[&str]) -> Vec<&'static str> {
    field_names_at(parsed_schema(schema), path)
}

/// The fields of an object according to the JSON of a schema; see [`field_names`].
pub(super) fn field_names_at<'s>(mut schema: &'s Json, path: &[&str]) -> Vec<&'s str> {
    for key in path {
        let Some(field) = properties(schema).and_then(|properties| properties.get(*key)) else { return Vec::new() };
        schema = field;
    }
    properties(schema).into_iter().flat_map(Map::keys).map(String::as_str).collect()
}

/// The fields of an object, or of the objects in a list.
fn properties(schema: &Json) -> Option<&Map<String, Json>> {
    schema.pointer("/items/properties").or_else(|| schema.get("properties"))?.as_object()
}

/// Removes everything that an embedded schema does not describe from a value, at any depth. `pointer` points to the part of the schema
/// that describes the value. Returns the names of the fields that the schema has and whose values it does not describe.
pub fn retain_described(schema: EmbeddedSchema, pointer: &str, value: &mut Json) -> Vec<&'static str> {
    let root = parsed_schema(schema);
    let mut removed = Vec::new();
    if let Some(part) = root.pointer(pointer) {
        retain_described_in(root, part, value, &mut removed);
    }
    removed
}

/// Returns `false` if the schema does not describe the value itself, which the caller then has to remove.
fn retain_described_in(
    root: &'static Json,
    mut schema: &'static Json,
    value: &mut Json,
    removed: &mut Vec<&'static str>,
) -> bool {
    if let Some(reference) = schema.get("$ref").and_then(Json::as_str)
        && let Some(target) = root.pointer(reference.trim_start_matches('#'))
    {
        schema = target;
    }
    let fields = schema.get("properties").and_then(Json::as_object);
    match (value, fields, schema.get("items")) {
        (Json::Object(object), Some(fields), _) => {
            object.retain(|key, value| {
                let Some((name, field)) = fields.get_key_value(key) else { return false };
                let is_described = retain_described_in(root, field, value, removed);
                if !is_described {
                    removed.push(name);
                }
                is_described
            });
            true
        }
        // One item of another type shows that the whole list is not the one that the schema describes.
        (Json::Array(items), _, Some(item)) => {
            items.iter_mut().all(|value| retain_described_in(root, item, value, removed))
        }
        (Json::Null, ..) => true,
        (Json::Object(_) | Json::Array(_), ..) => false,
        (_, fields, items) => fields.is_none() && items.is_none(),
    }
}

/// The names of all fields of all kinds of bodies, at any depth.
pub fn all_field_names() -> &'static HashSet<&'static str> {
    static NAMES: OnceLock<HashSet<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names = HashSet::new();
        for schema in [EmbeddedSchema::Create, EmbeddedSchema::Edit, EmbeddedSchema::Export] {
            collect_field_names(parsed_schema(schema), &mut names);
        }
        names
    })
}

fn collect_field_names<'s>(schema: &'s Json, names: &mut HashSet<&'s str>) {
    if let Some(properties) = schema.get("properties").and_then(Json::as_object) {
        for (name, property) in properties {
            names.insert(name);
            collect_field_names(property, names);
        }
    }
    if let Some(items) = schema.get("items") {
        collect_field_names(items, names);
    }
}

/// The part of a schema that describes the value at a JSON Pointer of a document; `None` if the schema does not have the field.
fn field_schema(schema: EmbeddedSchema, pointer: &str) -> Option<&'static Json> {
    let mut field = parsed_schema(schema);
    for step in pointer::steps(pointer) {
        let is_index = step.bytes().all(|byte| byte.is_ascii_digit());
        field = match (field.get("items"), field.get("properties")) {
            (Some(item), _) if is_index => item,
            (_, Some(properties)) => properties.get(&step)?,
            // Any key is allowed, as in the table of severities.
            _ => field.get("additionalProperties")?,
        };
    }
    Some(field)
}

/// The description of the field at a JSON Pointer of a document; `None` if the schema does not have the field or has no description
/// of it.
pub fn field_description(schema: EmbeddedSchema, pointer: &str) -> Option<&'static str> {
    field_schema(schema, pointer)?.get("description")?.as_str()
}

/// A field that an object may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownField {
    /// The key.
    pub name: &'static str,
    /// Whether the schema requires it.
    pub is_required: bool,
    /// Whether its value is an object or a list.
    pub is_container: bool,
}

/// The fields that the object at a JSON Pointer may have.
pub fn known_fields(schema: EmbeddedSchema, pointer: &str) -> Vec<KnownField> {
    let Some(object) = field_schema(schema, pointer) else { return Vec::new() };
    let required = object.get("required").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut fields = Vec::new();
    for (name, field) in object.get("properties").and_then(Json::as_object).into_iter().flatten() {
        fields.push(KnownField {
            name,
            is_required: required.iter().any(|required| required == name),
            is_container: matches!(field["type"].as_str(), Some("object" | "array")),
        });
    }
    fields
}

/// All values that the field at a JSON Pointer may have; empty if the schema does not list them.
pub fn known_values(schema: EmbeddedSchema, pointer: &str) -> &'static [Json] {
    static BOOLEANS: [Json; 2] = [Json::Bool(false), Json::Bool(true)];
    match field_schema(schema, pointer) {
        Some(field) if field["type"] == "boolean" => &BOOLEANS,
        Some(field) => field["enum"].as_array().map(Vec::as_slice).unwrap_or_default(),
        None => &[],
    }
}
