//! Recognizes CreateCustomerPortal and EditCustomerPortal in the name of a tool and in its arguments.

use crate::base::words::{split_into_words, split_words};
use crate::hook::body::{contains_portal, has_container, is_file_text, is_writing_request};
use crate::hook::vocabulary::{
    LOOKUP_WORDS, MAX_NAME_LENGTH, decode_ascii_escapes, first_operation, is_operation_argument,
    lowercase_letters_and_digits,
};
use crate::model::portal::{has_portal_field, operation_in, operation_kind};
use crate::schema::{PortalKind, all_field_names};
use crate::syntax::cursor::Cursor;

/// Arguments that name an operation next to any object that may be its body. Tools that read files or search have them, too.
const LABEL_ARGUMENTS: [&str; 11] =
    ["name", "type", "id", "toolid", "path", "route", "url", "uri", "query", "resource", "cmd"];

/// Arguments with code that is run.
const CODE_ARGUMENTS: [&str; 19] = split_words(
    "code script snippet expression mutation graphql gql javascript js jscode typescript ts python py pythoncode \
     program source sourcecode src",
);

/// Arguments with code that is run if it is a mutation of GraphQL.
const QUERY_ARGUMENTS: [&str; 2] = ["query", "document"];

/// Where an argument that names the operation may have the name, if it is an object. The names of arguments are further places.
const NAME_FIELDS: [&str; 2] = ["name", "id"];

/// An operation that the arguments of a tool name.
pub(super) struct NamedOperation<'d> {
    pub kind: PortalKind,
    /// The key of the argument that names it.
    pub argument: &'d str,
}

/// The operation that the arguments in an object name. With `ignores_labels`, only an argument for operations counts: an issue may
/// have an operation as its title.
pub(super) fn find_operation<'d>(object: &Cursor<'d>, ignores_labels: bool) -> Option<NamedOperation<'d>> {
    // All arguments may name operations, so the search for bodies is not repeated for each of them.
    let mut neighbors = None;
    for child in object.children() {
        let Some(kind) = names_in(&child).find_map(named_operation) else { continue };
        let is_operation = is_operation_argument(child.key());
        if is_operation
            || (!ignores_labels && neighbors.get_or_insert_with(|| Neighbors::of(object)).may_be_body_for(&child))
        {
            return Some(NamedOperation { kind, argument: child.key() });
        }
    }
    None
}

/// The arguments in an object that may be the body of the operation that another one names.
struct Neighbors {
    /// Whether the object itself has fields of a portal.
    is_portal: bool,
    /// The number of arguments that contain a portal.
    portals: usize,
    /// Whether an argument may be a body without fields of a portal, or says that a body is sent.
    may_send_body: bool,
}

impl Neighbors {
    fn of(object: &Cursor<'_>) -> Self {
        Self {
            is_portal: has_portal_field(*object),
            portals: object.children().filter(is_argument_with_portal).count(),
            may_send_body: has_container(object) || is_writing_request(object),
        }
    }

    /// Whether one of them may be the body of the operation that `label` names.
    fn may_be_body_for(&self, label: &Cursor<'_>) -> bool {
        let is_label = LABEL_ARGUMENTS.contains(&lowercase_letters_and_digits(label.key()).as_str());
        let is_own_field = all_field_names().contains(label.key());
        (is_label && self.may_send_body)
            || (self.is_portal && !is_own_field)
            || self.portals > usize::from(is_argument_with_portal(label))
    }
}

fn is_argument_with_portal(argument: &Cursor<'_>) -> bool {
    !is_file_text(argument) && contains_portal(argument)
}

/// The texts of an argument that may name an operation.
fn names_in<'d>(argument: &Cursor<'d>) -> impl Iterator<Item = &'d str> + use<'d> {
    let is_name = |field: &Cursor<'_>| {
        let key = lowercase_letters_and_digits(field.key());
        NAME_FIELDS.contains(&key.as_str()) || is_operation_argument(field.key())
    };
    let parts = argument.children().filter(is_name).chain(argument.items());
    argument.text().into_iter().chain(parts.filter_map(|part| part.text()))
}

/// The operation that code in one of the arguments calls. The text of a file, which is next to its path, is not run.
pub(super) fn find_operation_in_code(object: &Cursor<'_>) -> Option<PortalKind> {
    if names_file(object) {
        return None;
    }
    object.children().find_map(|child| {
        let argument = lowercase_letters_and_digits(child.key());
        let text = child.text()?;
        let is_mutation = || QUERY_ARGUMENTS.contains(&argument.as_str()) && text.trim_start().starts_with("mutation");
        let is_code = CODE_ARGUMENTS.contains(&argument.as_str()) || is_mutation();
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

/// The kind of body of the operation that a text names. The text may have a prefix, the method of HTTP, a query and a version
/// (`POST /v2/CreateCustomerPortal?trace=1`, `CreateCustomerPortal:latest`, `CreateCustomerPortal v2`), but it is not a sentence or a
/// command that contains the name.
pub(super) fn named_operation(text: &str) -> Option<PortalKind> {
    if text.len() > MAX_NAME_LENGTH {
        return None;
    }
    let text = decode_ascii_escapes(text, "%");
    let text = text.trim();
    let text = match text.char_indices().find(|(end, c)| "?:(@".contains(*c) && operation_kind(&text[..*end]).is_some())
    {
        Some((end, _)) => &text[..end],
        None => text,
    };
    let is_version = |word: &str| {
        word.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.len() <= 4)
    };
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

/// The operation that a tool is.
pub(super) fn operation_of_tool(name: &str) -> Option<ToolOperation> {
    let letters = lowercase_letters_and_digits(name);
    let is_described =
        |word: &str| ["create", "edit"].iter().any(|verb| letters.contains(&format!("{word}{verb}customerportal")));
    match operation_kind(name) {
        Some(kind) if !LOOKUP_WORDS.into_iter().any(is_described) => Some(ToolOperation::Certain(kind)),
        kind => {
            kind.or_else(|| operation_in(name)).or_else(|| verb_next_to_portal(&letters)).map(ToolOperation::Possible)
        }
    }
}

/// The operation that the letters of a name mean, such as `updatecustomerportal` and `customerportalscreate`.
fn verb_next_to_portal(letters: &str) -> Option<PortalKind> {
    let is_named = |verb: &str| {
        let names = ["customerportal", "customerportals"];
        names
            .iter()
            .any(|noun| letters.ends_with(&format!("{verb}{noun}")) || letters.ends_with(&format!("{noun}{verb}")))
    };
    first_operation(is_named)
}

/// What the name of a tool says about its operation.
pub(super) enum ToolOperation {
    /// It is this operation.
    Certain(PortalKind),
    /// It is this operation or another one with a similar name: `describeCreateCustomerPortal`, `CreateCustomerPortalSession`,
    /// `update_customer_portal`.
    Possible(PortalKind),
}
