//! Validates a document against a schema and locates each violation in the document.

use std::collections::{HashMap, HashSet};

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value as Json;

use crate::base::steps::count_steps;
use crate::base::words::split_words;
use crate::schema::PortalKind;
use crate::schema::describe::describe_json_type;
use crate::schema::embedded::EmbeddedSchema;
use crate::schema::openapi::runtime::RuntimeSchema;
use crate::schema::to_json::{to_json, to_truncated_json};
use crate::syntax::cursor::{Cursor, FieldIndex};
use crate::syntax::{Document, Value, pointer};

/// How a value violates its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViolationKind<'d> {
    /// A required field is missing.
    Missing,
    /// The value does not have this type, such as "a list".
    Type(&'static str),
    /// The text does not have exactly this number of characters.
    Length(u64),
    /// The text has fewer characters than this.
    TooShort(u64),
    /// The text has more characters than this.
    TooLong(u64),
    /// The value is not one of these.
    NotOneOf(&'d [Json]),
    /// The schema does not have this field.
    Unknown,
    /// Any other constraint.
    Other,
}

/// A location in a document that violates the schema.
#[derive(Clone, Copy, Debug)]
pub struct Violation<'d> {
    /// The value, or the field that is missing.
    pub cursor: Cursor<'d>,
    /// The constraint that is violated.
    pub kind: ViolationKind<'d>,
}

/// Validates a document against the schema of a user-provided OpenAPI document if there is one, else against the embedded
/// schema of its kind. Returns at most one violation for each location. Values that could not be read, and fields that may be in a part
/// that could not be read, are not violations.
pub(super) fn validate_body<'d>(
    root: &Cursor<'d>,
    kind: PortalKind,
    runtime_schema: Option<&'d RuntimeSchema>,
) -> Vec<Violation<'d>> {
    find_violations(root, kind.into(), runtime_schema)
}

/// Validates one of portal-lint's own files: the settings or an account snapshot.
pub fn validate_own_file<'d>(document: &'d Document<'d>, schema: EmbeddedSchema) -> Vec<Violation<'d>> {
    find_violations(&Cursor::root(document), schema, None)
}

fn find_violations<'d>(
    root: &Cursor<'d>,
    schema: EmbeddedSchema,
    runtime_schema: Option<&'d RuntimeSchema>,
) -> Vec<Violation<'d>> {
    let Some(node) = root.node_id() else { return Vec::new() };
    let instance;
    let errors = if let Some(runtime_schema) = runtime_schema {
        instance = to_json(root.document(), node);
        runtime_schema.iter_errors(&instance)
    } else {
        instance = to_truncated_json(root.document(), node);
        schema.iter_errors(&instance)
    };
    let mut resolver = PointerResolver { root: *root, indices: HashMap::new() };
    let mut reported_pointers = HashSet::new();
    let mut violations: Vec<Violation<'d>> = Vec::new();
    for error in errors {
        count_steps(1);
        let cursor = resolver.resolve(error.instance_path().as_str());
        for violation in to_violations(cursor, &error, runtime_schema) {
            if !is_certain(&violation, runtime_schema.is_some()) {
                continue;
            }
            // No other constraint applies to an unknown field, so it needs no pointer to compare.
            if violation.kind == ViolationKind::Unknown || reported_pointers.insert(violation.cursor.pointer()) {
                violations.push(violation);
            }
        }
    }
    violations
}

/// Whether a violation is certain, although parts of the document could not be read and variables have no values yet.
fn is_certain(violation: &Violation<'_>, is_runtime_schema: bool) -> bool {
    let Violation { cursor, kind } = violation;
    if cursor.is_broken() || !(cursor.is_present() || cursor.is_missing()) {
        return false;
    }
    // Next to a part that could not be read, an unknown field may be the end of another one, and null may stand for a value
    // that could not be read.
    if cursor.is_partial() && (*kind == ViolationKind::Unknown || matches!(cursor.value(), Some(Value::Null))) {
        return false;
    }
    let is_variable = cursor.text().is_some() && cursor.literal_text().is_none();
    !(is_variable && depends_on_text(*kind, is_runtime_schema))
}

/// Whether a constraint depends on the characters of a text, which are unknown for a variable such as `${NAME}`.
fn depends_on_text(kind: ViolationKind<'_>, is_runtime_schema: bool) -> bool {
    match kind {
        ViolationKind::Length(_) | ViolationKind::TooShort(_) | ViolationKind::TooLong(_) => true,
        // The embedded schemas have no `enum` or `pattern` for texts in which variables are allowed.
        ViolationKind::NotOneOf(_) | ViolationKind::Other => is_runtime_schema,
        ViolationKind::Missing | ViolationKind::Type(_) | ViolationKind::Unknown => false,
    }
}

/// Converts an error of the validator. `cursor` points at the instance of the error.
fn to_violations<'d>(
    cursor: Cursor<'d>,
    error: &ValidationError<'_>,
    runtime_schema: Option<&'d RuntimeSchema>,
) -> Vec<Violation<'d>> {
    let kind = match error.kind() {
        ValidationErrorKind::Required { property } => {
            let Some(name) = property.as_str() else { return Vec::new() };
            let name = required_field_name(name).or_else(|| runtime_schema?.required_name(name));
            let Some(name) = name else { return Vec::new() };
            return vec![Violation { cursor: cursor.field(name), kind: ViolationKind::Missing }];
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => return unknown_fields(cursor, unexpected),
        ValidationErrorKind::Type { kind: TypeKind::Single(expected) } => {
            ViolationKind::Type(describe_json_type(&expected.to_string()))
        }
        ValidationErrorKind::MinLength { limit } | ValidationErrorKind::MaxLength { limit }
            if is_exact_length(*limit, error, runtime_schema) =>
        {
            ViolationKind::Length(*limit)
        }
        ValidationErrorKind::MinLength { limit } => ViolationKind::TooShort(*limit),
        ValidationErrorKind::MaxLength { limit } => ViolationKind::TooLong(*limit),
        ValidationErrorKind::Enum { .. } => {
            // The error owns its list of choices, but a violation borrows from the schema.
            let choices = runtime_schema.and_then(|schema| schema.subschema(error.schema_path().as_str())?.as_array());
            match choices {
                Some(choices) if !choices.is_empty() => ViolationKind::NotOneOf(choices),
                _ => ViolationKind::Other,
            }
        }
        _ => ViolationKind::Other,
    };
    vec![Violation { cursor, kind }]
}

/// The fields of an object that its schema does not have, from the last to the first.
fn unknown_fields<'d>(object: Cursor<'d>, names: &[String]) -> Vec<Violation<'d>> {
    // A set, because an object may have thousands of unknown fields.
    let mut names: HashSet<&str> = names.iter().map(String::as_str).collect();
    let children: Vec<Cursor<'d>> = object.children().collect();
    let mut violations = Vec::new();
    for (child, entry) in children.into_iter().zip(object.entries()).rev() {
        // Removing the name reports only the last of duplicate keys, which is the one that counts.
        if names.remove(entry.key.as_ref()) {
            violations.push(Violation { cursor: child, kind: ViolationKind::Unknown });
        }
    }
    violations
}

/// Whether the schema of a text allows exactly one length. The embedded schemas limit only IDs, to exactly 20 characters.
fn is_exact_length(limit: u64, error: &ValidationError<'_>, runtime_schema: Option<&RuntimeSchema>) -> bool {
    let Some(runtime_schema) = runtime_schema else { return true };
    let text_schema = runtime_schema.subschema(pointer::parent(error.schema_path().as_str()));
    let Some(text_schema) = text_schema else { return false };
    text_schema["minLength"] == limit && text_schema["maxLength"] == limit
}

/// A static copy of the name of a field that an embedded schema requires. The cursor at a missing field borrows the field's name,
/// which is not in the document, and the validator's error does not live long enough.
pub(super) fn required_field_name(name: &str) -> Option<&'static str> {
    const REQUIRED: [&str; 18] = split_words(
        "name tracking_domain recaptcha site_key secret_key smtp_profile customer_emails \
         customer_account_confirm_email customer_account_password_reset from customer_portal_id id version pulled \
         results rule files severity",
    );
    REQUIRED.into_iter().find(|known| *known == name)
}

/// Finds the values at JSON Pointers. It keeps an index of the fields of each object, because one object can have thousands of
/// violations.
struct PointerResolver<'d> {
    root: Cursor<'d>,
    /// The objects and lists on the way to the values, by their JSON Pointers.
    indices: HashMap<String, FieldIndex<'d>>,
}

impl<'d> PointerResolver<'d> {
    /// The value at a JSON Pointer. A pointer to no value gives a cursor at a missing field.
    fn resolve(&mut self, pointer: &str) -> Cursor<'d> {
        let Some(step) = pointer::last_step(pointer) else { return self.root };
        let parent = pointer::parent(pointer);
        if !self.indices.contains_key(parent) {
            let index = FieldIndex::new(self.resolve(parent));
            self.indices.insert(parent.to_owned(), index);
        }
        let parent = &self.indices[parent];
        if parent.object.is_list() {
            return parent.object.item(step.parse().unwrap_or(usize::MAX));
        }
        parent.find(&step).unwrap_or(parent.object.field(""))
    }
}
