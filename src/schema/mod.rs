//! The embedded schemas: what they say of a document, and which rule owns the place.
//!
//! Validation is done by code that the `jsonschema` crate generates at build time, so nothing is compiled at start-up.
//! The crate's own words stop here: a [`Violation`] is a place and a [`Fault`], and the rule that owns it finds the
//! words. Where the schemas come from stands in [`mod@derive`].

pub mod derive;
mod project;
mod shape;

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value as Json;

use crate::diagnostic::Code;
use crate::document::slot::Slot;
use crate::document::{Document, NodeId, Value, pointer};

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
                pub struct $schema;
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

/// What is wrong with the value of a field, as far as a schema can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Required and not there.
    Missing,
    /// Another type than this one.
    Type(&'static str),
    /// A text of another length than this; in characters.
    Length(u64),
    /// A field that the body does not have.
    Unknown,
    /// Anything else.
    Other,
}

/// A place where the document breaks its schema.
#[derive(Clone, Copy, Debug)]
pub struct Violation<'d> {
    /// Where.
    pub slot: Slot<'d>,
    /// How.
    pub fault: Fault,
    /// The rule that says so.
    pub owner: Code,
}

/// What there is to say about a document's keys and types.
#[derive(Debug, Default)]
pub struct Verdict<'d> {
    /// All places where it breaks the schema of its kind; at most one for a place. What could not be read, and what
    /// may stand in a part that could not be read, is no violation.
    pub violations: Vec<Violation<'d>>,
    /// It is written like one before it with which nothing was wrong: no violation, and no key twice.
    pub is_template: bool,
}

/// Holds a document against the schema of its kind.
pub fn judge<'d>(document: &'d Document<'d>, kind: Kind) -> Verdict<'d> {
    let Some(root) = document.root() else { return Verdict::default() };
    if shape::is_known_clean(document, root, kind) {
        return Verdict { violations: Vec::new(), is_template: true };
    }
    let violations = violations(document, root, kind.into());
    if violations.is_empty() && !document.repeats_a_key() {
        shape::remember_clean(document, root, kind);
    }
    Verdict { violations, is_template: false }
}

/// Where a file of the linter's own breaks its schema.
pub fn judge_own<'d>(document: &'d Document<'d>, schema: Schema) -> Vec<Violation<'d>> {
    document.root().map(|root| violations(document, root, schema)).unwrap_or_default()
}

fn violations<'d>(document: &'d Document<'d>, root: NodeId, schema: Schema) -> Vec<Violation<'d>> {
    let instance = project::project(document, root);
    let top = Slot::root(document);
    let mut found: Vec<Violation<'d>> = Vec::new();
    let mut take = |error: &jsonschema::ValidationError<'_>| {
        let holder = walk(top, error.instance_path().as_str());
        for (slot, fault) in faults(holder, error.kind()) {
            let said = fault != Fault::Unknown && found.iter().any(|other| other.slot.is_same(&slot));
            // In a text with holes a field may be the rest of another, and a value may be in a hole.
            let hole = slot.is_partial() && (fault == Fault::Unknown || matches!(slot.value(), Some(Value::Null)));
            // The length of what a variable stands for is not known here.
            let variable = matches!(fault, Fault::Length(_)) && slot.known_text().is_none();
            if !said && !hole && !variable && !slot.is_broken() && (slot.is_there() || slot.is_missing()) {
                found.push(Violation { slot, fault, owner: owner(schema, &slot, fault) });
            }
        }
    };
    schema.each_error(&instance, &mut take);
    found
}

fn faults<'d>(slot: Slot<'d>, kind: &ValidationErrorKind) -> Vec<(Slot<'d>, Fault)> {
    match kind {
        ValidationErrorKind::Required { property } => {
            property.as_str().and_then(required).map(|name| (slot.at(name), Fault::Missing)).into_iter().collect()
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            // Of a key that is there twice, the last; and in one go, however many there are.
            let mut names: HashSet<&str> = unexpected.iter().map(String::as_str).collect();
            let children: Vec<Slot<'d>> = slot.children().collect();
            children
                .into_iter()
                .zip(slot.entries())
                .rev()
                .filter(|(_, entry)| names.remove(entry.key.as_ref()))
                .map(|(child, _)| (child, Fault::Unknown))
                .collect()
        }
        ValidationErrorKind::Type { kind: TypeKind::Single(wanted) } => {
            vec![(slot, Fault::Type(type_word(&wanted.to_string())))]
        }
        ValidationErrorKind::MinLength { limit } | ValidationErrorKind::MaxLength { limit } => {
            vec![(slot, Fault::Length(*limit))]
        }
        _ => vec![(slot, Fault::Other)],
    }
}

/// The fields some schema requires: a missing one has no name in the document that could be borrowed.
fn required(name: &str) -> Option<&'static str> {
    const REQUIRED: [&str; 18] = [
        "name",
        "tracking_domain",
        "recaptcha",
        "site_key",
        "secret_key",
        "smtp_profile",
        "customer_emails",
        "customer_account_confirm_email",
        "customer_account_password_reset",
        "from",
        "customer_portal_id",
        "id",
        "version",
        "pulled",
        "results",
        "rule",
        "files",
        "severity",
    ];
    REQUIRED.into_iter().find(|known| *known == name)
}

/// A type as a person calls it.
fn type_word(json: &str) -> &'static str {
    match json {
        "string" => "text",
        "boolean" => "`true` or `false`",
        "integer" => "a whole number",
        "number" => "a number",
        "array" => "a list",
        "object" => "an object",
        _ => "null",
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

fn walk<'d>(top: Slot<'d>, path: &str) -> Slot<'d> {
    pointer::steps(path).fold(top, |slot, step| match slot.value() {
        Some(Value::Array(_)) => slot.item(step.parse().unwrap_or(usize::MAX)),
        _ => child(slot, &step),
    })
}

fn child<'d>(slot: Slot<'d>, name: &str) -> Slot<'d> {
    match slot.entries().iter().rev().find(|entry| entry.key == name) {
        Some(entry) => slot.at(&entry.key),
        None => slot.at(""),
    }
}

/// Who speaks for a place: RULES.md, "Who owns a place".
fn owner(schema: Schema, slot: &Slot<'_>, fault: Fault) -> Code {
    if matches!(schema, Schema::Account | Schema::Settings) {
        return Code(914);
    }
    if fault == Fault::Unknown {
        return Code(24);
    }
    let keys: Vec<&str> = slot.keys().collect();
    Code(match keys[..] {
        ["name"] => 1,
        ["tracking_domain"] | ["tracking_domain", "id"] => 2,
        ["smtp_profile"] | ["smtp_profile", "id"] => 5,
        ["recaptcha"] => 6,
        ["recaptcha", "site_key"] => 7,
        ["recaptcha", "secret_key"] => 8,
        ["customer_emails"] | ["customer_emails", "customer_account_confirm_email"] => 9,
        ["customer_emails", "customer_account_password_reset"] => 10,
        ["customer_emails", _, "from"] => 11,
        ["customer_emails", "customer_account_confirm_email", "html"] => 12,
        ["customer_emails", "customer_account_password_reset", "html"] => 13,
        ["customer_filters", _] | ["customer_filters", _, "id"] => 18,
        ["create_non_existing_customer_campaign"] | ["create_non_existing_customer_campaign", "id"] => 21,
        _ => 100,
    })
}

/// The names of the fields an object may have: the object at the keys `path` in the body of a kind.
pub fn fields(kind: Kind, path: &[&str]) -> Vec<&'static str> {
    fields_of(kind.into(), path)
}

/// The same for any schema.
pub fn fields_of(schema: Schema, path: &[&str]) -> Vec<&'static str> {
    let mut schema = parsed(schema);
    for key in path {
        let Some(next) = schema.pointer("/items/properties").or_else(|| schema.get("properties")) else {
            return Vec::new();
        };
        schema = &next[*key];
    }
    let properties = schema.pointer("/items/properties").or_else(|| schema.get("properties"));
    properties.and_then(Json::as_object).map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
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
