//! Holding a document against a schema: each violation and its place.

use std::collections::HashSet;

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value as Json;

use crate::schema::runtime::RuntimeSchema;
use crate::schema::{Kind, Schema, shape, to_json};
use crate::syntax::cursor::Cursor;
use crate::syntax::{Document, NodeId, Value, pointer};

/// What is wrong with the value of a field, as far as a schema can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViolationKind<'d> {
    /// Required and not there.
    Missing,
    /// Another type than this one.
    Type(&'static str),
    /// A text of another length than this; in characters.
    Length(u64),
    /// A text with fewer characters than this.
    TooShort(u64),
    /// A text with more characters than this.
    TooLong(u64),
    /// Another value than these.
    NotOneOf(&'d [Json]),
    /// A field that the body does not have.
    Unknown,
    /// Anything else.
    Other,
}

/// A place where the document breaks its schema.
#[derive(Clone, Copy, Debug)]
pub struct Violation<'d> {
    /// Where.
    pub slot: Cursor<'d>,
    /// How.
    pub fault: ViolationKind<'d>,
}

/// What there is to say about a document's keys and types.
#[derive(Debug, Default)]
pub struct Validation<'d> {
    /// All places where it breaks the schema of its kind; at most one for a place. What could not be read, and what
    /// may stand in a part that could not be read, is no violation.
    pub violations: Vec<Violation<'d>>,
    /// It is written like one before it with which nothing was wrong, no violation and no key twice: the number of that one.
    pub template: Option<usize>,
}

/// Holds a document against the schema of its kind: the given one, else the embedded one.
pub(super) fn judge<'d>(document: &'d Document<'d>, kind: Kind, given: Option<&'d RuntimeSchema>) -> Validation<'d> {
    let Some(root) = document.root() else { return Validation::default() };
    if given.is_some() {
        // Of what such a schema looks at, a shape tells too little.
        return Validation { violations: violations(document, root, kind.into(), given), template: None };
    }
    let template = shape::known_clean(document, root, kind);
    if template.is_some() {
        return Validation { violations: Vec::new(), template };
    }
    let violations = violations(document, root, kind.into(), None);
    if violations.is_empty() && !document.has_duplicate_key() {
        shape::remember_clean(document, root, kind);
    }
    Validation { violations, template: None }
}

/// Where a file of the linter's own breaks its schema.
pub fn judge_own<'d>(document: &'d Document<'d>, schema: Schema) -> Vec<Violation<'d>> {
    document.root().map(|root| violations(document, root, schema, None)).unwrap_or_default()
}

fn violations<'d>(
    document: &'d Document<'d>,
    root: NodeId,
    schema: Schema,
    given: Option<&'d RuntimeSchema>,
) -> Vec<Violation<'d>> {
    let top = Cursor::root(document);
    let mut found: Vec<Violation<'d>> = Vec::new();
    let mut take = |error: &ValidationError<'_>| {
        let holder = walk(top, error.instance_path().as_str());
        for (slot, fault) in faults(holder, error, given) {
            let said = fault != ViolationKind::Unknown && found.iter().any(|other| other.slot.is_same_place(&slot));
            // In a text with holes a field may be the rest of another, and a value may be in a hole.
            let hole =
                slot.is_partial() && (fault == ViolationKind::Unknown || matches!(slot.value(), Some(Value::Null)));
            let variable =
                is_about_the_text(fault, given.is_some()) && slot.text().is_some() && slot.literal_text().is_none();
            if !said && !hole && !variable && !slot.is_broken() && (slot.is_present() || slot.is_missing()) {
                found.push(Violation { slot, fault });
            }
        }
    };
    match given {
        Some(given) => given.each_error(&to_json::whole(document, root), &mut take),
        None => schema.each_error(&to_json::seen(document, root), &mut take),
    }
    found
}

/// What a variable stands for is not known here, so nothing of it is: not its length, and of schemas that look further nothing
/// but that it is text.
fn is_about_the_text(fault: ViolationKind<'_>, is_given: bool) -> bool {
    match fault {
        ViolationKind::Length(_) | ViolationKind::TooShort(_) | ViolationKind::TooLong(_) => true,
        ViolationKind::NotOneOf(_) | ViolationKind::Other => is_given,
        ViolationKind::Missing | ViolationKind::Type(_) | ViolationKind::Unknown => false,
    }
}

fn faults<'d>(
    slot: Cursor<'d>,
    error: &ValidationError<'_>,
    given: Option<&'d RuntimeSchema>,
) -> Vec<(Cursor<'d>, ViolationKind<'d>)> {
    // What the given schema says there.
    let word = || given.and_then(|given| given.at(error.schema_path().as_str()));
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().and_then(|name| required(name).or_else(|| given?.required(name)));
            name.map(|name| (slot.field(name), ViolationKind::Missing)).into_iter().collect()
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            // Of a key that is there twice, the last; and in one go, however many there are.
            let mut names: HashSet<&str> = unexpected.iter().map(String::as_str).collect();
            let children: Vec<Cursor<'d>> = slot.children().collect();
            children
                .into_iter()
                .zip(slot.entries())
                .rev()
                .filter(|(_, entry)| names.remove(entry.key.as_ref()))
                .map(|(child, _)| (child, ViolationKind::Unknown))
                .collect()
        }
        ValidationErrorKind::Type { kind: TypeKind::Single(wanted) } => {
            vec![(slot, ViolationKind::Type(type_word(&wanted.to_string())))]
        }
        ValidationErrorKind::MinLength { limit } => vec![(slot, length(*limit, ViolationKind::TooShort, given, error))],
        ValidationErrorKind::MaxLength { limit } => vec![(slot, length(*limit, ViolationKind::TooLong, given, error))],
        ValidationErrorKind::Enum { .. } => {
            let choices = word().and_then(Json::as_array).filter(|choices| !choices.is_empty());
            vec![(slot, choices.map_or(ViolationKind::Other, |choices| ViolationKind::NotOneOf(choices)))]
        }
        _ => vec![(slot, ViolationKind::Other)],
    }
}

/// Embedded schemas limit no length but to one; given ones may.
fn length<'d>(
    limit: u64,
    fault: fn(u64) -> ViolationKind<'d>,
    given: Option<&RuntimeSchema>,
    error: &ValidationError<'_>,
) -> ViolationKind<'d> {
    let place = pointer::parent(error.schema_path().as_str());
    let limits = ["minLength", "maxLength"];
    let is_exact =
        |given: &RuntimeSchema| limits.iter().all(|word| given.at(place).is_some_and(|schema| schema[word] == limit));
    if given.is_none_or(is_exact) { ViolationKind::Length(limit) } else { fault(limit) }
}

/// The fields some schema requires: a missing one has no name in the document that could be borrowed.
pub(super) fn required(name: &str) -> Option<&'static str> {
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

fn walk<'d>(top: Cursor<'d>, path: &str) -> Cursor<'d> {
    pointer::steps(path).fold(top, |slot, step| match slot.value() {
        Some(Value::Array(_)) => slot.item(step.parse().unwrap_or(usize::MAX)),
        _ => child(slot, &step),
    })
}

fn child<'d>(slot: Cursor<'d>, name: &str) -> Cursor<'d> {
    match slot.entries().iter().rev().find(|entry| entry.key == name) {
        Some(entry) => slot.field(&entry.key),
        None => slot.field(""),
    }
}
