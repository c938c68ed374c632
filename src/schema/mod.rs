//! The embedded schemas: what they say of a document, and which rule owns the place.
//!
//! Validation is done by code that the `jsonschema` crate generates at build time, so nothing is compiled at start-up; only a
//! document that somebody gives ([`runtime`]) is. The crate's own words stop here: a [`Violation`] is a place and a [`ViolationKind`], and
//! the rule that owns it finds the words. Where the schemas come from stands in [`mod@derive`].

mod assumptions;
pub(crate) mod derive;
mod normalize;
pub(crate) mod openapi;
pub(crate) mod runtime;
mod shape;
mod to_json;
mod validate;

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use serde_json::Value as Json;

use crate::syntax::{Value, pointer};

pub use runtime::Schemas;
pub use validate::{Validation, Violation, ViolationKind, judge_own};

/// What a body is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A request to CreateCustomerPortal.
    Create,
    /// A request to EditCustomerPortal; what it leaves out stays as it is.
    Edit,
    /// A response of GetCustomerPortal.
    Export,
}

impl Kind {
    /// As in `--kind` and in the report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Export => "export",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        [Self::Create, Self::Edit, Self::Export].into_iter().find(|kind| kind.word() == word).ok_or(())
    }
}

/// The schemas that are compiled in, by the name `portal-lint schema` takes.
pub const EMBEDDED: [(&str, &str); 8] = [
    ("account", include_str!("../../schemas/account.schema.json")),
    ("create", include_str!("../../schemas/create.schema.json")),
    ("edit", include_str!("../../schemas/edit.schema.json")),
    ("export", include_str!("../../schemas/export.schema.json")),
    ("preflight", include_str!("../../schemas/preflight.schema.json")),
    ("report", include_str!("../../schemas/report.schema.json")),
    ("rule", include_str!("../../schemas/rule.schema.json")),
    ("settings", include_str!("../../schemas/settings.schema.json")),
];

/// The text of an embedded schema.
pub fn text(name: &str) -> Option<&'static str> {
    EMBEDDED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// What is done with each error of a validator.
type Take<'a> = dyn FnMut(&jsonschema::ValidationError<'_>) + 'a;

/// `Create "create" "schemas/create.schema.json";` makes the validator.
macro_rules! schemas {
    ($($schema:ident $name:literal $path:tt;)+) => {
        /// A schema that documents are held against; all of them are [`EMBEDDED`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Schema {
            $(#[doc = $name] $schema,)+
        }

        impl Schema {
            /// The name `portal-lint schema` takes.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$schema => $name,)+
                }
            }

            fn each_error(self, instance: &Json, take: &mut Take<'_>) {
                match self {
                    $(Self::$schema => validators::$schema::iter_errors(instance).for_each(|error| take(&error)),)+
                }
            }
        }

        mod validators {
            $(
                #[jsonschema::validator(
                    path = $path,
                    draft = Draft202012,
                    methods = { is_valid = false, validate = false, iter_errors = true }
                )]
                pub(super) struct $schema;
            )+
        }
    };
}

schemas! {
    Create "create" "schemas/create.schema.json";
    Edit "edit" "schemas/edit.schema.json";
    Export "export" "schemas/export.schema.json";
    Account "account" "schemas/account.schema.json";
    Settings "settings" "schemas/settings.schema.json";
}

impl From<Kind> for Schema {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Create => Self::Create,
            Kind::Edit => Self::Edit,
            Kind::Export => Self::Export,
        }
    }
}

/// What a value is, as a person calls it.
pub fn found_word(value: &Value<'_>) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(true) => "`true`",
        Value::Bool(false) => "`false`",
        Value::Number(_) => "a number",
        Value::String(text) if text.trim().is_empty() => "an empty text",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
        Value::Alias(_) | Value::Broken => "unreadable",
    }
}

/// The names of the fields an object may have: the object at the keys `path` in the body of a kind, as is embedded.
pub fn fields(kind: Kind, path: &[&str]) -> Vec<&'static str> {
    fields_of(kind.into(), path)
}

/// The same for any schema that is embedded.
pub fn fields_of(schema: Schema, path: &[&str]) -> Vec<&'static str> {
    fields_in(parsed(schema), path)
}

fn fields_in<'s>(mut schema: &'s Json, path: &[&str]) -> Vec<&'s str> {
    for key in path {
        let Some(next) = schema.pointer("/items/properties").or_else(|| schema.get("properties")) else {
            return Vec::new();
        };
        schema = &next[*key];
    }
    let properties = schema.pointer("/items/properties").or_else(|| schema.get("properties"));
    properties.and_then(Json::as_object).map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
}

/// The names of all fields that a body of any kind may have, at any depth.
pub fn field_names() -> &'static HashSet<&'static str> {
    static NAMES: OnceLock<HashSet<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names = HashSet::new();
        for schema in [Schema::Create, Schema::Edit, Schema::Export] {
            collect_field_names(parsed(schema), &mut names);
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

/// What a schema says that a field is, by the field's JSON Pointer; `None` for what it does not know.
pub fn description(schema: Schema, pointer: &str) -> Option<&'static str> {
    let field = pointer::steps(pointer).try_fold(parsed(schema), |at, step| {
        let item = at.get("items").filter(|_| step.bytes().all(|byte| byte.is_ascii_digit()));
        item.or_else(|| at.get("properties")?.get(&step))
    });
    field?.get("description")?.as_str()
}

/// Read only when a field is unknown: a clean run never parses a schema.
fn parsed(schema: Schema) -> &'static Json {
    static SCHEMAS: [OnceLock<Json>; EMBEDDED.len()] = [const { OnceLock::new() }; EMBEDDED.len()];
    SCHEMAS[schema as usize]
        .get_or_init(|| text(schema.name()).and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Json::Null))
}

#[cfg(test)]
mod tests;
