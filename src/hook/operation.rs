//! Recognizes CreateCustomerPortal and EditCustomerPortal in the name of a tool and in its arguments.

use crate::base::words::{split_into_words, split_words};
use crate::hook::body::{contains_portal, has_body_argument, is_file_text, is_writing_request};
use crate::hook::vocabulary::{
    LOOKUP_WORDS, MAX_NAME_LENGTH, decode_ascii_escapes, is_operation_argument, lowercase_letters_and_digits,
    operation_of_verbs,
};
use crate::model::portal::{has_portal_field, operation_in, operation_kind};
use crate::schema::{PortalKind, all_field_names};
use crate::syntax::cursor::Cursor;

/// Arguments in which a tool may name anything, also an operation. Tools that read files or search have them, too, so an operation counts
/// only next to a value that may be its body.
const LABEL_ARGUMENTS: [&str; 11] =
    ["name", "type", "id", "toolid", "path", "route", "url", "uri", "query", "resource", "cmd"];

/// Arguments with code that a tool runs.
const CODE_ARGUMENTS: [&str; 19] = split_words(
    "code script snippet expression mutation graphql gql javascript js jscode typescript ts python py pythoncode \
     program source sourcecode src",
);

/// Arguments with code that is run if it is a mutation of GraphQL.
const QUERY_ARGUMENTS: [&str; 2] = ["query", "document"];

/// The fields with the name of the operation, if the argument that names it is an object. The keys of [`is_operation_argument`] are
/// further ones.
const NAME_FIELDS: [&str; 2] = ["name", "id"];

/// An operation that the arguments of a tool name.
pub(super) struct NamedOperation<'d> {
    pub kind: PortalKind,
    /// The key of the argument that names it.
    pub argument: &'d str,
}

/// The operation that an argument in an object names. With `ignores_labels`, only an argument for operations counts, because an issue may
/// have an operation as its title.
pub(super) fn find_operation<'d>(object: &Cursor<'d>, ignores_labels: bool) -> Option<NamedOperation<'d>> {
    // Computed once: if each argument names an operation, repeating the search for bodies would take quadratic time.
    let mut neighbors = None;
    for child in object.children() {
        let Some(kind) = names_in_argument(&child).find_map(named_operation) else { continue };
        let is_certain = is_operation_argument(child.key());
        if is_certain
            || (!ignores_labels && neighbors.get_or_insert_with(|| Neighbors::find(object)).may_be_body_for(&child))
        {
            return Some(NamedOperation { kind, argument: child.key() });
        }
    }
    None
}

/// What in an object may be the body of the operation that one of its arguments names.
struct Neighbors {
    /// Whether the object itself has fields of a portal.
    is_portal: bool,
    /// The number of arguments that contain a portal.
    portals: usize,
    /// Whether an argument may be a body without fields of a portal, or is a method of HTTP that sends a body.
    may_send_body: bool,
}

impl Neighbors {
    fn find(object: &Cursor<'_>) -> Self {
        Self {
            is_portal: has_portal_field(*object),
            portals: object.children().filter(is_argument_with_portal).count(),
            may_send_body: has_body_argument(object) || is_writing_request(object),
        }
    }

    /// Whether one of them may be the body of the operation that `argument` names.
    fn may_be_body_for(&self, argument: &Cursor<'_>) -> bool {
        let is_label = LABEL_ARGUMENTS.contains(&lowercase_letters_and_digits(argument.key()).as_str());
        let is_field_of_portal = all_field_names().contains(argument.key());
        let other_portals = self.portals - usize::from(is_argument_with_portal(argument));
        (is_label && self.may_send_body) || (self.is_portal && !is_field_of_portal) || other_portals > 0
    }
}

fn is_argument_with_portal(argument: &Cursor<'_>) -> bool {
    !is_file_text(argument) && contains_portal(argument)
}

/// The texts of an argument that may name an operation.
fn names_in_argument<'d>(argument: &Cursor<'d>) -> impl Iterator<Item = &'d str> + use<'d> {
    let is_name = |field: &Cursor<'_>| {
        let key = lowercase_letters_and_digits(field.key());
        NAME_FIELDS.contains(&key.as_str()) || is_operation_argument(field.key())
    };
    let parts = argument.children().filter(is_name).chain(argument.items());
    argument.text().into_iter().chain(parts.filter_map(|part| part.text()))
}

/// The operation that code in one of the arguments calls. Code next to the path of a file is written to the file, and not run.
pub(super) fn find_operation_in_code(object: &Cursor<'_>) -> Option<PortalKind> {
    if names_file(object) {
        return None;
    }
    object.children().find_map(|child| {
        let key = lowercase_letters_and_digits(child.key());
        let text = child.text()?;
        let is_mutation = QUERY_ARGUMENTS.contains(&key.as_str()) && text.trim_start().starts_with("mutation");
        let is_code = is_mutation || CODE_ARGUMENTS.contains(&key.as_str());
        if is_code { called_operation(text) } else { None }
    })
}

/// Whether one of the arguments is the path of a file.
pub(super) fn names_file(object: &Cursor<'_>) -> bool {
    let is_file = |word: &String| ["path", "file", "filepath", "filename"].contains(&word.as_str());
    object.children().any(|child| split_into_words(child.key()).iter().any(is_file))
}

/// What may follow the name of a function that code calls, apart from quotes and spaces: `client["CreateCustomerPortal"](`.
const STARTS_OF_CALLS: [&str; 8] = ["(", ",", "](", ")(", "?.(", "]?.(", ".call(", ".apply("];

/// The first operation that code calls: `CreateCustomerPortal(` or `call("CreateCustomerPortal", `.
fn called_operation(code: &str) -> Option<PortalKind> {
    let is_part_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut rest = code;
    while let Some(start) = rest.find(is_part_of_name) {
        let length = rest[start..].find(|c| !is_part_of_name(c)).unwrap_or(rest.len() - start);
        let (name, after) = rest[start..].split_at(length);
        let next = after.trim_start_matches(['"', '\'', '`']).trim_start();
        if STARTS_OF_CALLS.iter().any(|start| next.starts_with(start))
            && let Some(kind) = operation_kind(name)
        {
            return Some(kind);
        }
        rest = after;
    }
    None
}

/// The operation that a text names. The name may have a prefix, a method of HTTP, a query, and a version
/// (`POST /v2/CreateCustomerPortal?trace=1`, `CreateCustomerPortal:latest`, `CreateCustomerPortal v2`), but a sentence or a command that
/// contains the name does not count.
pub(super) fn named_operation(text: &str) -> Option<PortalKind> {
    if text.len() > MAX_NAME_LENGTH {
        return None;
    }
    let text = decode_ascii_escapes(text, "%");
    let text = without_suffix(text.trim());
    let mut words: Vec<&str> = text.split_whitespace().collect();
    words.pop_if(|word| is_version(word));
    match words[..] {
        [name] => operation_kind(name),
        ["GET" | "POST" | "PUT" | "PATCH", path] => operation_kind(path),
        // "Create Customer Portal"
        [_, _, _] if text.chars().all(|c| c.is_ascii_alphabetic() || c == ' ') => operation_kind(text),
        _ => None,
    }
}

/// The name of an operation without a query, a version or arguments: `CreateCustomerPortal` for `CreateCustomerPortal?trace=1`.
fn without_suffix(name: &str) -> &str {
    for (end, _) in name.match_indices(['?', ':', '(', '@']) {
        if operation_kind(&name[..end]).is_some() {
            return &name[..end];
        }
    }
    name
}

/// Whether a word is a version, such as `v2` or `v2.1`.
fn is_version(word: &str) -> bool {
    word.strip_prefix('v').is_some_and(|number| number.len() <= 4 && number.starts_with(|c: char| c.is_ascii_digit()))
}

/// Finds the operation of a tool by the tool's name.
pub(super) fn operation_of_tool(name: &str) -> Option<ToolOperation> {
    let letters = lowercase_letters_and_digits(name);
    match operation_kind(name) {
        Some(kind) if !is_lookup_of_operation(&letters) => Some(ToolOperation::Certain(kind)),
        kind => {
            kind.or_else(|| operation_in(name)).or_else(|| verb_next_to_portal(&letters)).map(ToolOperation::Possible)
        }
    }
}

/// Whether the letters of a name contain a lookup of an operation, such as `describecreatecustomerportal`.
fn is_lookup_of_operation(letters: &str) -> bool {
    ["createcustomerportal", "editcustomerportal"].iter().any(|operation| {
        letters
            .match_indices(operation)
            .any(|(start, _)| LOOKUP_WORDS.iter().any(|word| letters[..start].ends_with(word)))
    })
}

/// The operation that the letters at the end of a name mean, such as `updatecustomerportal` and `customerportalscreate`.
fn verb_next_to_portal(letters: &str) -> Option<PortalKind> {
    operation_of_verbs(|verb| {
        let nouns = ["customerportal", "customerportals"];
        nouns
            .iter()
            .any(|noun| letters.ends_with(&format!("{verb}{noun}")) || letters.ends_with(&format!("{noun}{verb}")))
    })
}

/// What the name of a tool says about its operation.
pub(super) enum ToolOperation {
    /// The tool is this operation.
    Certain(PortalKind),
    /// The tool is this operation, or another one with a similar name: `update_customer_portal`, `describeCreateCustomerPortal`,
    /// `CreateCustomerPortalSession`.
    Possible(PortalKind),
}
