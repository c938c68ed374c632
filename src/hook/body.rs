//! Finds the body in the arguments of a call. It is the arguments themselves, one of them, or JSON text in one of them.

use crate::base::source::{Format, Source};
use crate::model::portal::has_portal_field;
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;
use crate::syntax::embedded::looks_like_json;
use crate::syntax::{Limits, json};

/// Arguments that contain a body, the most likely first.
const BODY_ARGUMENTS: [&str; 20] = [
    "customer_portal",
    "portal",
    "body",
    "request_body",
    "requestBody",
    "arguments",
    "args",
    "parameters",
    "params",
    "input",
    "payload",
    "data",
    "request",
    "json",
    "content",
    "inputs",
    "options",
    "calls",
    "operations",
    "requests",
];

/// Why the body of a call cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyProblem {
    /// There is none.
    Missing,
    /// It is neither an object nor JSON text.
    NotAnObject,
    /// Two arguments may be the body.
    Several,
    /// It is below too many other values.
    TooDeep,
    /// The call is in code.
    Code,
}

/// Finds the body in a value, and returns its text. `operation` are the keys of the arguments that name the operation. `depth` is the
/// number of levels that remain.
pub(super) fn find_body(
    source: &Source,
    value: &Cursor<'_>,
    operation: &[&str],
    depth: usize,
) -> Result<String, BodyProblem> {
    if depth == 0 {
        return Err(BodyProblem::TooDeep);
    }
    if let Some(text) = value.text() {
        return find_body_in_text(source, text, depth);
    }
    if !value.is_object() {
        return Err(if value.node().is_some() { BodyProblem::NotAnObject } else { BodyProblem::Missing });
    }
    if has_portal_field(*value) {
        return Ok(text_without(source, value, operation));
    }
    let others: Vec<Cursor<'_>> = value.children().filter(|child| !operation.contains(&child.key())).collect();
    let portals: Vec<&Cursor<'_>> = others.iter().filter(|child| contains_portal(child)).collect();
    if portals.len() > 1 {
        return Err(BodyProblem::Several);
    }
    let containers: Vec<&Cursor<'_>> = others.iter().filter(|child| is_body_value(child)).collect();
    let by_name = BODY_ARGUMENTS.iter().find_map(|name| containers.iter().find(|container| container.key() == *name));
    let only = containers.first().filter(|_| !operation.is_empty() && containers.len() == 1);
    match portals.first().or(by_name).or(only) {
        Some(container) => find_body(source, container, &[], depth - 1),
        None if operation.is_empty() => Ok(source.slice(value.span()).to_owned()),
        None if others.is_empty() => Err(BodyProblem::Missing),
        None => Ok(text_without(source, value, operation)),
    }
}

fn find_body_in_text(source: &Source, text: &str, depth: usize) -> Result<String, BodyProblem> {
    if !looks_like_json(text) {
        return Err(BodyProblem::NotAnObject);
    }
    let inner = Source::new(source.name(), text, Format::Json);
    let parsed = json::parse(inner.text(), json::Dialect::Strict, &Limits::MAX);
    match parsed.documents.first() {
        Some(document) if parsed.errors.is_empty() => find_body(&inner, &Cursor::root(document), &[], depth - 1),
        // The check reports what is wrong with the text.
        _ => Ok(text.to_owned()),
    }
}

/// The text of an object without the arguments that name the operation.
fn text_without(source: &Source, object: &Cursor<'_>, operation: &[&str]) -> String {
    if operation.is_empty() {
        return source.slice(object.span()).to_owned();
    }
    let mut fields = Vec::new();
    for child in object.children() {
        if !operation.contains(&child.key())
            && let Some(key) = child.key_span()
        {
            fields.push(format!("{}: {}", source.slice(key), source.slice(child.span())));
        }
    }
    format!("{{{}}}", fields.join(", "))
}

/// The text of a portal without the arguments next to its fields that name the operation. `id` is the ID of the portal to edit, if it is
/// somewhere else in the arguments.
pub(super) fn body_of_portal(
    source: &Source,
    portal: &Cursor<'_>,
    operation: PortalKind,
    labels: &[&str],
    id: Option<&str>,
) -> String {
    let text = text_without(source, portal, labels);
    match id.filter(|_| operation == PortalKind::Edit && !portal.has_field("customer_portal_id")) {
        Some(id) => text.replacen('{', &format!("{{\"customer_portal_id\": \"{id}\", "), 1),
        None => text,
    }
}

/// Whether the arguments of a tool are a portal or contain one at any depth, or are a request that writes.
pub(super) fn may_send_portal(arguments: &Cursor<'_>) -> bool {
    let mut pending = vec![*arguments];
    while let Some(value) = pending.pop() {
        if contains_portal(&value) {
            return true;
        }
        pending.extend(value.children().chain(value.items()));
    }
    is_writing_request(arguments)
}

/// Whether one of the arguments is a method of HTTP that sends a body.
pub(super) fn is_writing_request(arguments: &Cursor<'_>) -> bool {
    arguments.children().any(|child| matches!(child.text(), Some("POST" | "PUT" | "PATCH")))
}

/// Whether a value is a portal, a list with one, or JSON text with one.
pub(super) fn contains_portal(value: &Cursor<'_>) -> bool {
    let is_portal = |value: Cursor<'_>| has_portal_field(value) || value.items().any(has_portal_field);
    is_portal(*value)
        || value.text().filter(|text| looks_like_json(text)).is_some_and(|text| {
            let parsed = json::parse(text, json::Dialect::Strict, &Limits::MAX);
            parsed.documents.first().is_some_and(|document| is_portal(Cursor::root(document)))
        })
}

/// Whether one of the arguments may be a body.
pub(super) fn has_container(object: &Cursor<'_>) -> bool {
    object.children().any(|child| is_body_value(&child) && BODY_ARGUMENTS.contains(&child.key()))
}

/// Whether a value may be a body: an object, or JSON text in an argument that may contain one.
pub(super) fn is_body_value(value: &Cursor<'_>) -> bool {
    value.is_object() || is_json_text(value, true)
}

/// Whether a value is JSON text that may be a call or a body. In the arguments of a tool that writes a file (`is_about_file`), only some
/// texts are.
pub(super) fn is_json_text(value: &Cursor<'_>, is_about_file: bool) -> bool {
    let may_be_body = !is_file_text(value) && (!is_about_file || BODY_ARGUMENTS.contains(&value.key()));
    may_be_body && value.text().is_some_and(looks_like_json)
}

/// Whether a value may be the content of a file that the tool writes.
pub(super) fn is_file_text(value: &Cursor<'_>) -> bool {
    value.key() == "content" && value.text().is_some()
}
