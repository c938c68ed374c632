//! Replaces the references (`$ref`) in a part of an OpenAPI document by their targets.

use serde_json::{Map, Value as Json};

/// The maximum size of a resolved part in bytes, as counted by [`Resolver::charge`]. Without a limit, a small document whose
/// references double at each level ("billion laughs") would fill the memory.
const MAX_RESOLVED_BYTES: usize = 4 << 20;

/// The size that [`Resolver::charge`] assumes for a value, besides the bytes of its text.
const BYTES_PER_VALUE: usize = 20;

/// The maximum number of levels of a resolved part.
const MAX_DEPTH: usize = 100;

/// Returns a part of a document with its references resolved. A reference that leads back into itself becomes `{}`, which
/// allows any value.
///
/// # Errors
///
/// If a reference has no target in the document, or if the result is too large or too deep. The error continues a sentence
/// that starts with the name of the document.
pub(super) fn resolve_refs(document: &Json, part: &Json) -> Result<Json, String> {
    Resolver { document, active: Vec::new(), remaining_bytes: MAX_RESOLVED_BYTES }.resolve(part, Keys::Keywords, 0)
}

/// The kind of the keys of an object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// Keywords of OpenAPI or JSON Schema.
    Keywords,
    /// Names that the author of the document chose, as in `properties`. `$ref` may be the name of a field.
    Names,
}

struct Resolver<'o> {
    document: &'o Json,
    /// The references whose targets contain the current value.
    active: Vec<String>,
    remaining_bytes: usize,
}

impl Resolver<'_> {
    fn resolve(&mut self, value: &Json, keys: Keys, depth: usize) -> Result<Json, String> {
        self.charge(value)?;
        if depth > MAX_DEPTH {
            return Err("its references are nested too deeply".into());
        }
        match value {
            Json::Array(items) => items.iter().map(|item| self.resolve(item, Keys::Keywords, depth + 1)).collect(),
            Json::Object(map) => match map.get("$ref") {
                Some(Json::String(reference)) if keys == Keys::Keywords => self.resolve_ref(reference, map, depth),
                _ => Ok(Json::Object(self.resolve_fields(map, keys, depth)?)),
            },
            other => Ok(other.clone()),
        }
    }

    fn resolve_ref(&mut self, reference: &str, map: &Map<String, Json>, depth: usize) -> Result<Json, String> {
        if self.active.iter().any(|active| active == reference) {
            return Ok(Json::Object(Map::new()));
        }
        let target = reference.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer));
        let target = target.ok_or_else(|| format!("its `$ref` `{reference}` has no target in the document"))?;
        self.active.push(reference.to_owned());
        let mut resolved = self.resolve(target, Keys::Keywords, depth + 1)?;
        self.active.pop();
        if let Some(fields) = resolved.as_object_mut() {
            // Keywords next to a reference (mostly a description) replace those of its target.
            let mut siblings = map.clone();
            siblings.retain(|key, _| key != "$ref");
            fields.extend(self.resolve_fields(&siblings, Keys::Keywords, depth)?);
        }
        Ok(resolved)
    }

    fn resolve_fields(
        &mut self,
        map: &Map<String, Json>,
        keys: Keys,
        depth: usize,
    ) -> Result<Map<String, Json>, String> {
        let mut fields = Map::new();
        for (key, value) in map {
            let keyword = if keys == Keys::Keywords { key.as_str() } else { "" };
            let value = match keyword {
                // These contain values and not schemas: a `$ref` in an example is part of the example.
                "example" | "examples" | "default" | "const" | "enum" => self.copy(value)?,
                "properties" | "patternProperties" => self.resolve(value, Keys::Names, depth + 1)?,
                _ => self.resolve(value, Keys::Keywords, depth + 1)?,
            };
            fields.insert(key.clone(), value);
        }
        Ok(fields)
    }

    /// Copies a value without resolving references.
    fn copy(&mut self, value: &Json) -> Result<Json, String> {
        self.charge(value)?;
        match value {
            Json::Array(items) => items.iter().map(|item| self.copy(item)).collect(),
            Json::Object(map) => {
                let mut fields = Map::new();
                for (key, value) in map {
                    fields.insert(key.clone(), self.copy(value)?);
                }
                Ok(Json::Object(fields))
            }
            other => Ok(other.clone()),
        }
    }

    /// Subtracts the size of a value, without the values it contains, from the remaining bytes.
    fn charge(&mut self, value: &Json) -> Result<(), String> {
        let text_len = match value {
            Json::String(text) => text.len(),
            Json::Object(map) => map.keys().map(String::len).sum(),
            _ => 0,
        };
        let remaining = self.remaining_bytes.checked_sub(BYTES_PER_VALUE + text_len);
        self.remaining_bytes = remaining.ok_or("its references expand to too large a document")?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::schema::openapi::resolve_refs::*;

    fn document(components: &Json) -> Json {
        json!({ "paths": {}, "components": components })
    }

    fn ref_to(component: &str) -> Json {
        json!({ "$ref": format!("#/components/{component}") })
    }

    #[test]
    fn references_are_resolved_and_their_siblings_replace_keywords_of_the_target() {
        let document = document(&json!({ "id": { "type": "string", "description": "An id." }, "shop": ref_to("id") }));
        let part = json!({
            "properties": { "a": ref_to("shop"), "$ref": { "type": "number" } },
            "example": ref_to("nowhere"),
        });
        let mut expected = part.clone();
        expected["properties"]["a"] = json!({ "type": "string", "description": "An id." });
        assert_eq!(resolve_refs(&document, &part), Ok(expected));
        let with_sibling = json!({ "$ref": "#/components/id", "description": "The shop." });
        let expected = json!({ "type": "string", "description": "The shop." });
        assert_eq!(resolve_refs(&document, &with_sibling), Ok(expected));
    }

    #[test]
    fn a_recursive_reference_becomes_an_empty_schema() {
        let recursive = json!({ "properties": { "b": ref_to("b"), "c": { "type": "string" } } });
        let document = document(&json!({ "a": recursive, "b": ref_to("a") }));
        let resolved = resolve_refs(&document, &ref_to("a")).unwrap();
        assert_eq!(resolved, json!({ "properties": { "b": {}, "c": { "type": "string" } } }));
    }

    #[test]
    fn references_without_a_target_and_exploding_references_are_errors() {
        let mut doubling = Map::new();
        for level in 0..40 {
            let next = ref_to(&format!("a{}", level + 1));
            doubling.insert(format!("a{level}"), json!([next, next]));
        }
        let document = document(&doubling.into());
        for part in [ref_to("a0"), ref_to("missing"), json!({ "$ref": "other.json#/a" })] {
            assert!(resolve_refs(&document, &part).is_err(), "{part}");
        }
    }
}
