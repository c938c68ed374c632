//! Finds the body in the arguments of a call. It is the arguments themselves, one of them, or JSON text in one of them.

use std::collections::HashSet;

use crate::base::source::{Format, Source};
use crate::base::steps::count_steps;
use crate::base::words::split_words;
use crate::hook::portal_id::{find_id, id_in_argument, is_only_id};
use crate::model::portal::{has_portal_field, is_portal_object};
use crate::schema::{PortalKind, field_names};
use crate::syntax::cursor::Cursor;
use crate::syntax::embedded::looks_like_json;
use crate::syntax::json;

/// Arguments that usually contain a body, the most likely first.
const BODY_ARGUMENTS: [&str; 22] = split_words(
    "customer_portal portal body request_body requestBody arguments args parameters params input payload data \
     changes updates request json content inputs options calls operations requests",
);

/// Why the body of a call cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyProblem {
    /// There is none.
    Missing,
    /// It is neither an object nor JSON text.
    NotAnObject,
    /// Two arguments may be the body.
    Several,
    /// It is nested too deep.
    TooDeep,
    /// The call is in code.
    Code,
}

/// What a body is for.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub operation: PortalKind,
    /// The ID of the portal to edit, if it is outside the body.
    pub id: Option<&'a str>,
}

/// Finds the body in a value, and returns its text. `operation_keys` are the keys of the arguments that name the operation; they are not
/// part of the body. `depth` is the number of levels that may be searched.
pub(super) fn find_body(
    source: &Source,
    value: &Cursor<'_>,
    target: Target<'_>,
    operation_keys: &[&str],
    depth: usize,
) -> Result<String, BodyProblem> {
    if depth == 0 {
        return Err(BodyProblem::TooDeep);
    }
    if let Some(text) = value.text() {
        return find_body_in_text(source, text, target, depth);
    }
    if value.items().next().is_some() {
        return find_body_in_list(source, value, target, depth);
    }
    if !value.is_object() {
        return Err(if value.node().is_some() { BodyProblem::NotAnObject } else { BodyProblem::Missing });
    }
    let names_operation = !operation_keys.is_empty();
    // If the object does not name the operation, it may be the arguments of the operation itself, where an unknown field is a mistake.
    let is_wrapper =
        target.operation == PortalKind::Edit && is_edit_wrapper(value) && (names_operation || has_body_argument(value));
    if has_portal_field(*value) && !is_wrapper {
        return Ok(body_of_portal(source, value, target, operation_keys));
    }
    let arguments: Vec<Cursor<'_>> =
        value.children().filter(|child| !operation_keys.contains(&child.key()) && !is_only_id(child)).collect();
    let portals: Vec<&Cursor<'_>> = arguments.iter().filter(|argument| contains_portal(argument)).collect();
    if portals.len() > 1 {
        return Err(BodyProblem::Several);
    }
    let bodies: Vec<&Cursor<'_>> = arguments.iter().filter(|argument| is_body_value(argument)).collect();
    let by_name = BODY_ARGUMENTS.iter().find_map(|name| bodies.iter().find(|body| body.key() == *name));
    let only_one = bodies.first().filter(|_| names_operation && bodies.len() == 1);
    match portals.first().or(by_name).or(only_one) {
        Some(argument) => {
            let target = Target { id: find_id(value).or(target.id), ..target };
            find_body(source, argument, target, &[], depth - 1)
        }
        None if names_operation && arguments.is_empty() => Err(BodyProblem::Missing),
        None => Ok(body_of_portal(source, value, target, operation_keys)),
    }
}

fn find_body_in_text(source: &Source, text: &str, target: Target<'_>, depth: usize) -> Result<String, BodyProblem> {
    if !looks_like_json(text) {
        return Err(BodyProblem::NotAnObject);
    }
    let inner = Source::new(source.name(), text, Format::Json);
    let parsed = json::parse_strict(inner.text());
    match parsed.documents.first() {
        Some(document) if parsed.errors.is_empty() => {
            find_body(&inner, &Cursor::root(document), target, &[], depth - 1)
        }
        // The check reports what is wrong with the text.
        _ => Ok(text.to_owned()),
    }
}

/// Finds the body in a list: the only item, or the only one that contains a portal.
fn find_body_in_list(
    source: &Source,
    list: &Cursor<'_>,
    target: Target<'_>,
    depth: usize,
) -> Result<String, BodyProblem> {
    let items: Vec<Cursor<'_>> = list.items().map(|item| named_value(item).unwrap_or(item)).collect();
    let portals: Vec<Cursor<'_>> = items.iter().copied().filter(contains_portal).collect();
    match (&portals[..], &items[..]) {
        ([body], _) | ([], [body]) => find_body(source, body, target, &[], depth - 1),
        ([], _) => Err(BodyProblem::NotAnObject),
        _ => Err(BodyProblem::Several),
    }
}

/// The value of a parameter: `{"name": "body", "value": {…}}`.
fn named_value(parameter: Cursor<'_>) -> Option<Cursor<'_>> {
    let is_parameter = parameter.field("name").text().is_some() && parameter.has_field("value");
    is_parameter.then(|| parameter.field("value"))
}

/// The text of a portal without the arguments in `operation_keys`, and with the ID of the portal to edit.
pub(super) fn body_of_portal(
    source: &Source,
    portal: &Cursor<'_>,
    target: Target<'_>,
    operation_keys: &[&str],
) -> String {
    let needs_id = target.operation == PortalKind::Edit && !portal.has_field("customer_portal_id");
    let id = target.id.filter(|_| needs_id);
    if operation_keys.is_empty() && id.is_none() {
        return source.slice(portal.span()).to_owned();
    }
    let operation_keys: HashSet<&&str> = operation_keys.iter().collect();
    let mut fields = Vec::new();
    if let Some(id) = id {
        fields.push(format!("\"customer_portal_id\": {}", serde_json::Value::from(id)));
    }
    for child in portal.children() {
        count_steps(1);
        let is_field = !operation_keys.contains(&child.key()) && (id.is_none() || id_in_argument(&child) != id);
        if is_field && let Some(key) = child.key_span() {
            fields.push(format!("{}: {}", source.slice(key), source.slice(child.span())));
        }
    }
    format!("{{{}}}", fields.join(", "))
}

/// Whether an object consists of the ID of a portal and an object with the changes: `{"customer_portal_id": "…", "changes": {…}}`.
pub(super) fn is_edit_wrapper(object: &Cursor<'_>) -> bool {
    object.has_field("customer_portal_id")
        && count_portal_fields(object) == 1
        && object.children().any(|child| contains_portal(&child) || (is_body_argument(&child) && is_body_value(&child)))
}

fn is_body_argument(argument: &Cursor<'_>) -> bool {
    BODY_ARGUMENTS.contains(&argument.key())
}

/// The number of an object's fields that portals have and most other objects do not have.
pub(super) fn count_portal_fields(object: &Cursor<'_>) -> usize {
    let fields = field_names(PortalKind::Edit, &[]);
    object
        .children()
        .filter(|child| !["name", "description"].contains(&child.key()) && fields.contains(&child.key()))
        .count()
}

/// Whether the arguments of a tool are a portal, contain one at any depth, or are a request of HTTP that writes.
pub(super) fn may_send_portal(arguments: &Cursor<'_>) -> bool {
    let mut pending = vec![*arguments];
    while let Some(value) = pending.pop() {
        count_steps(1);
        if has_portal_field(value) || is_text_with_portal(&value) {
            return true;
        }
        pending.extend(value.children().chain(value.items()));
    }
    is_writing_request(arguments)
}

/// Whether one of the arguments is a method of HTTP that sends a body. In lower case, it is also an ordinary word, so its key must name it.
pub(super) fn is_writing_request(arguments: &Cursor<'_>) -> bool {
    arguments.children().any(|child| {
        let method = child.text().unwrap_or_default();
        let key = child.key().to_ascii_lowercase();
        let is_named = key.ends_with("method") || key.ends_with("verb");
        matches!(method, "POST" | "PUT" | "PATCH")
            || (is_named && ["post", "put", "patch"].iter().any(|name| method.eq_ignore_ascii_case(name)))
    })
}

/// Whether an object is a portal beyond doubt, whatever is around it: it has several typical fields with values of the right types,
/// or it is an edit without other fields.
pub(super) fn is_certain_portal(object: &Cursor<'_>) -> bool {
    let fields = field_names(PortalKind::Edit, &[]);
    let has_id_and_changes = object.has_field("customer_portal_id") && object.entries().len() > 1;
    is_portal_object(*object) || (has_id_and_changes && object.children().all(|child| fields.contains(&child.key())))
}

/// Whether a value is a portal, a list with one, or JSON text with one. An item of a list may be a parameter with a name.
pub(super) fn contains_portal(value: &Cursor<'_>) -> bool {
    count_steps(1);
    has_portal_field(*value)
        || value.items().any(|item| contains_portal(&named_value(item).unwrap_or(item)))
        || is_text_with_portal(value)
}

fn is_text_with_portal(value: &Cursor<'_>) -> bool {
    let Some(text) = value.text().filter(|text| looks_like_json(text)) else { return false };
    count_steps(text.len());
    let parsed = json::parse_strict(text);
    parsed.documents.first().is_some_and(|document| contains_portal(&Cursor::root(document)))
}

/// Whether one of the arguments usually contains a body, and its value may be one.
pub(super) fn has_body_argument(object: &Cursor<'_>) -> bool {
    object.children().any(|child| is_body_argument(&child) && (is_body_value(&child) || child.is_list()))
}

/// Whether a value may be a body: an object, or JSON text in an argument that may contain one.
pub(super) fn is_body_value(value: &Cursor<'_>) -> bool {
    value.is_object() || is_json_text(value, true)
}

/// Whether a value is JSON text that may be a call or a body, and not the content of a file. With `needs_body_argument`, the key must be
/// one that usually contains a body.
pub(super) fn is_json_text(value: &Cursor<'_>, needs_body_argument: bool) -> bool {
    !is_file_text(value) && (!needs_body_argument || is_body_argument(value)) && is_any_json_text(value)
}

/// Whether a value is JSON text, also as the content of a file.
pub(super) fn is_any_json_text(value: &Cursor<'_>) -> bool {
    value.text().is_some_and(looks_like_json)
}

/// Whether a value may be the content of a file that the tool writes, or a part of it.
pub(super) fn is_file_text(value: &Cursor<'_>) -> bool {
    ["content", "old_string", "new_string", "old_str", "new_str"].contains(&value.key()) && value.text().is_some()
}
