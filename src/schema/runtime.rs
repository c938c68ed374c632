//! Schemas that are not compiled in: those of RevCent's OpenAPI document, as somebody gave it for a run.
//!
//! They are made from its operations as the embedded ones were made from the published one ([`mod@crate::schema::derive`]), and
//! compiled when they are given and only then.

use std::sync::Arc;

use jsonschema::{Draft, Validator};
use serde_json::Value as Json;

use crate::schema::derive::{Operations, derive};
use crate::schema::openapi::OpenApi;
use crate::schema::validate;
use crate::schema::validate::Validation;
use crate::schema::{Kind, Take, fields, fields_in};
use crate::syntax::Document;

/// What bodies are held against: the embedded schemas, or those that were given.
#[derive(Clone, Debug, Default)]
pub struct Schemas(Option<Arc<All>>);

/// One of each kind.
#[derive(Debug)]
struct All {
    create: RuntimeSchema,
    edit: RuntimeSchema,
    export: RuntimeSchema,
    /// The operations they were made from.
    from: Vec<&'static str>,
}

/// One of them.
#[derive(Debug)]
pub(super) struct RuntimeSchema {
    schema: Json,
    validator: Validator,
    /// The names of the fields that are required somewhere.
    required: Vec<String>,
}

impl Schemas {
    /// Those of a document.
    ///
    /// # Errors
    ///
    /// When it has none that can be used, as the end of a sentence that starts with its name.
    pub fn of(document: &OpenApi) -> Result<Self, String> {
        let names = ["GetCustomerPortal", "CreateCustomerPortal", "EditCustomerPortal"];
        let found = names.map(|name| document.operation(name).map(|operation| document.unfolded(operation.told)));
        let [get, create, edit] = found.map(Option::transpose);
        let (get, create, edit) = (get?.ok_or("it has no operation GetCustomerPortal")?, create?, edit?);
        let operations = Operations { get: &get, create: create.as_ref(), edit: edit.as_ref() };
        let from = operations.told();
        let [create, edit, export] = derive(operations)?.map(|(name, schema)| RuntimeSchema::of(name, schema));
        Ok(Self(Some(Arc::new(All { create: create?, edit: edit?, export: export?, from }))))
    }

    /// The operations that they were made from; of embedded ones, none.
    pub fn from(&self) -> &[&'static str] {
        self.0.as_ref().map_or(&[], |all| &all.from)
    }

    /// Holds a document against the schema of its kind.
    pub fn judge<'d>(&'d self, document: &'d Document<'d>, kind: Kind) -> Validation<'d> {
        validate::judge(document, kind, self.given(kind))
    }

    /// The names of the fields an object may have: the object at the keys `path` in the body of a kind.
    pub fn fields(&self, kind: Kind, path: &[&str]) -> Vec<&str> {
        match self.given(kind) {
            Some(given) => fields_in(&given.schema, path),
            None => fields(kind, path),
        }
    }

    /// What was given for a kind, as text.
    pub fn text(&self, kind: Kind) -> Option<String> {
        self.given(kind).map(|given| format!("{:#}", given.schema))
    }

    fn given(&self, kind: Kind) -> Option<&RuntimeSchema> {
        let all = self.0.as_deref()?;
        Some(match kind {
            Kind::Create => &all.create,
            Kind::Edit => &all.edit,
            Kind::Export => &all.export,
        })
    }
}

impl RuntimeSchema {
    fn of(name: &str, schema: Json) -> Result<Self, String> {
        let validator = jsonschema::options().with_draft(Draft::Draft202012).build(&schema);
        let validator = validator.map_err(|error| match error.instance_path().as_str() {
            "" => format!("its schema for {name} cannot be used"),
            place => format!("its schema for {name} cannot be used because of `{place}`"),
        })?;
        let mut required = Vec::new();
        names(&schema, &mut required);
        Ok(Self { schema, validator, required })
    }

    pub(super) fn each_error(&self, instance: &Json, take: &mut Take<'_>) {
        self.validator.iter_errors(instance).for_each(|error| take(&error));
    }

    /// What stands at a place of the schema.
    pub(super) fn at(&self, pointer: &str) -> Option<&Json> {
        self.schema.pointer(pointer)
    }

    /// A name that is required somewhere.
    pub(super) fn required(&self, name: &str) -> Option<&str> {
        self.required.iter().map(String::as_str).find(|known| *known == name)
    }
}

/// All names in lists of what is required.
fn names(schema: &Json, found: &mut Vec<String>) {
    match schema {
        Json::Object(map) => {
            let required = map.get("required").and_then(Json::as_array).into_iter().flatten();
            found.extend(required.filter_map(Json::as_str).map(str::to_owned));
            map.values().for_each(|below| names(below, found));
        }
        Json::Array(items) => items.iter().for_each(|below| names(below, found)),
        _ => {}
    }
}
