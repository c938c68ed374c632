//! Recognizes the names of CreateCustomerPortal and EditCustomerPortal in the arguments of a tool.

use crate::hook::body::has_container;
use crate::model::portal::operation_kind;
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;

/// Arguments that name an operation, in lower case and without separators.
const OPERATION_ARGUMENTS: [&str; 19] = [
    "operation",
    "operationid",
    "operationname",
    "operationtype",
    "op",
    "method",
    "methodname",
    "endpoint",
    "tool",
    "toolname",
    "function",
    "functionname",
    "action",
    "actionname",
    "command",
    "api",
    "apimethod",
    "apioperation",
    "call",
];

/// Arguments that name an operation only next to an object that is its body: tools that read files or search have them, too.
const LABEL_ARGUMENTS: [&str; 11] =
    ["name", "type", "id", "toolid", "path", "route", "url", "uri", "query", "resource", "cmd"];

/// Where an argument that names the operation may have the name, if it is an object.
const NAME_FIELDS: [&str; 4] = ["name", "id", "operation", "operationId"];

/// The name of an operation is not longer, with the prefixes that clients add.
const MAX_NAME_LENGTH: usize = 256;

/// The argument of an object that names an operation, and the kind of its body.
pub(super) fn find_operation<'d>(object: &Cursor<'d>) -> Option<(&'d str, PortalKind)> {
    for child in object.children() {
        let argument: String = child.key().chars().filter(char::is_ascii_alphanumeric).collect();
        let argument = argument.to_ascii_lowercase();
        let is_operation = OPERATION_ARGUMENTS.contains(&argument.as_str());
        let is_label = LABEL_ARGUMENTS.contains(&argument.as_str()) && has_container(object);
        if !is_operation && !is_label {
            continue;
        }
        let names = NAME_FIELDS.map(|field| child.field(field).text());
        if let Some(kind) = names.into_iter().chain([child.text()]).flatten().find_map(named_operation) {
            return Some((child.key(), kind));
        }
    }
    None
}

/// The kind of body of the operation that a text names. The text may have a prefix and the method of HTTP
/// (`POST /v2/CreateCustomerPortal`), but it is not a sentence or a command that contains the name.
pub(super) fn named_operation(text: &str) -> Option<PortalKind> {
    let text = text.trim();
    if text.len() > MAX_NAME_LENGTH {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[..] {
        [name] => operation_kind(name),
        ["GET" | "POST" | "PUT" | "PATCH", path] => operation_kind(path),
        // "Create Customer Portal"
        [_, _, _] if text.chars().all(|c| c.is_ascii_alphabetic() || c == ' ') => operation_kind(text),
        _ => None,
    }
}
