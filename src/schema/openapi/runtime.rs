//! A schema of a user-provided OpenAPI document, compiled at run time.

use jsonschema::{Draft, ErrorIterator, Validator};
use serde_json::Value as Json;

/// A compiled schema.
#[derive(Debug)]
pub(in crate::schema) struct RuntimeSchema {
    json: Json,
    validator: Validator,
    /// The names in all `required` lists of the schema.
    required: Vec<String>,
}

impl RuntimeSchema {
    /// Compiles a schema. The error continues a sentence that starts with the name of the document.
    pub(in crate::schema) fn compile(name: &str, json: Json) -> Result<Self, String> {
        let validator = match jsonschema::options().with_draft(Draft::Draft202012).build(&json) {
            Ok(validator) => validator,
            Err(error) => {
                // The schema is the instance here: `build` validates it against the meta-schema.
                let cause = match error.instance_path().as_str() {
                    "" => String::new(),
                    pointer => format!(" because of `{pointer}`"),
                };
                return Err(format!("its schema for {name} cannot be used{cause}"));
            }
        };
        let mut required = Vec::new();
        collect_required_names(&json, &mut required);
        Ok(Self { json, validator, required })
    }

    pub(in crate::schema) fn json(&self) -> &Json {
        &self.json
    }

    /// The violations of this schema in a document.
    pub(in crate::schema) fn iter_errors<'i>(&'i self, instance: &'i Json) -> ErrorIterator<'i> {
        self.validator.iter_errors(instance)
    }

    /// The part of the schema at a JSON Pointer.
    pub(in crate::schema) fn subschema(&self, pointer: &str) -> Option<&Json> {
        self.json.pointer(pointer)
    }

    /// The name of a field, borrowed from this schema, if any object of the schema requires the field.
    pub(in crate::schema) fn required_name(&self, name: &str) -> Option<&str> {
        self.required.iter().map(String::as_str).find(|known| *known == name)
    }
}

/// Adds the names in all `required` lists of a schema.
pub(in crate::schema) fn collect_required_names(schema: &Json, names: &mut Vec<String>) {
    match schema {
        Json::Object(map) => {
            if let Some(Json::Array(required)) = map.get("required") {
                names.extend(required.iter().filter_map(Json::as_str).map(str::to_owned));
            }
            for value in map.values() {
                collect_required_names(value, names);
            }
        }
        Json::Array(items) => {
            for item in items {
                collect_required_names(item, names);
            }
        }
        _ => {}
    }
}
