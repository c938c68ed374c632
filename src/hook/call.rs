//! Finds the calls of CreateCustomerPortal and EditCustomerPortal in the arguments of a tool: the tool itself is the operation, or
//! an argument of a generic tool names it.

use crate::base::source::{Format, Source};
use crate::hook::body::{BodyProblem, find_body, has_container, is_json_text};
use crate::hook::input::HookInput;
use crate::model::portal::{has_portal_field, operation_kind};
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Limits, json};

/// Arguments that name an operation, in lower case and without separators.
const OPERATION_ARGUMENTS: [&str; 18] = [
    "operation",
    "operationid",
    "operationname",
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

/// Arguments that name an operation only next to an object that is its body: other objects have them, too.
const LABEL_ARGUMENTS: [&str; 3] = ["name", "type", "id"];

/// Words in the names of tools that only describe operations.
const LOOKUP_WORDS: [&str; 14] = [
    "get",
    "describe",
    "search",
    "list",
    "find",
    "read",
    "fetch",
    "lookup",
    "explain",
    "help",
    "docs",
    "documentation",
    "schema",
    "info",
];

/// The tools of portal-lint's own MCP server, which send nothing.
const OWN_TOOLS: [&str; 4] = ["preflightportal", "checkportal", "fixportal", "explainrule"];

/// The depth to which arguments are searched.
const MAX_DEPTH: usize = 6;

/// The operation's name is a word, not a sentence that contains it.
const MAX_NAME_LENGTH: usize = 128;

/// A call that is checked.
pub(super) struct Call {
    pub operation: PortalKind,
    /// The text of the body.
    pub body: Result<String, BodyProblem>,
}

/// Finds the calls in the input of a hook.
pub(super) fn find_calls(input: &HookInput) -> Vec<Call> {
    let tool_name = input.tool_name().unwrap_or_default();
    if is_own_tool(tool_name) {
        return Vec::new();
    }
    let mut finder = CallFinder { is_lookup: is_lookup(tool_name), calls: Vec::new() };
    let arguments = input.tool_input();
    match (operation_kind(tool_name), arguments) {
        (Some(operation), Some(arguments)) => {
            finder.add(operation, find_body(&input.source, &arguments, None, MAX_DEPTH));
        }
        (Some(operation), None) => finder.add(operation, Err(BodyProblem::Missing)),
        // Copilot passes all arguments as one text.
        (None, Some(arguments)) if arguments.text().is_some() => {
            finder.search_text(&input.source, &arguments, MAX_DEPTH);
        }
        (None, Some(arguments)) => finder.search(&input.source, &arguments, MAX_DEPTH),
        (None, None) => {}
    }
    finder.calls
}

struct CallFinder {
    /// Whether the tool seems to describe operations.
    is_lookup: bool,
    calls: Vec<Call>,
}

impl CallFinder {
    fn add(&mut self, operation: PortalKind, body: Result<String, BodyProblem>) {
        // `describe_operation({"operation": "CreateCustomerPortal"})` sends nothing.
        if !(self.is_lookup && body == Err(BodyProblem::Missing)) {
            self.calls.push(Call { operation, body });
        }
    }

    /// Searches a value for calls. `depth` is the number of levels that remain.
    fn search(&mut self, source: &Source, value: &Cursor<'_>, depth: usize) {
        if depth == 0 || has_portal_field(*value) && find_operation(value).is_none() {
            return;
        }
        if let Some((key, operation)) = find_operation(value) {
            return self.add(operation, find_body(source, value, Some(key), depth));
        }
        for child in value.children().chain(value.items()) {
            if child.is_container() {
                self.search(source, &child, depth - 1);
            } else if is_json_text(&child) {
                self.search_text(source, &child, depth - 1);
            }
        }
    }

    /// Searches a text that may be JSON.
    fn search_text(&mut self, source: &Source, value: &Cursor<'_>, depth: usize) {
        let Some(text) = value.text() else { return };
        let inner = Source::new(source.name(), text, Format::Json);
        let parsed = json::parse(inner.text(), json::Dialect::Strict, &Limits::MAX);
        if let Some(document) = parsed.documents.first() {
            self.search(&inner, &Cursor::root(document), depth);
        }
    }
}

/// The argument of an object that names an operation, and the kind of its body.
fn find_operation<'d>(object: &Cursor<'d>) -> Option<(&'d str, PortalKind)> {
    for child in object.children() {
        let Some(kind) = child.text().filter(|text| is_name(text)).and_then(operation_kind) else { continue };
        let argument: String = child.key().chars().filter(char::is_ascii_alphanumeric).collect();
        let argument = argument.to_ascii_lowercase();
        let is_label = LABEL_ARGUMENTS.contains(&argument.as_str());
        if OPERATION_ARGUMENTS.contains(&argument.as_str()) || (is_label && has_container(object)) {
            return Some((child.key(), kind));
        }
    }
    None
}

fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/' | ' ');
    text.len() <= MAX_NAME_LENGTH && text.chars().all(is_part)
}

fn is_own_tool(tool_name: &str) -> bool {
    let letters: String = tool_name.chars().filter(char::is_ascii_alphabetic).collect();
    let letters = letters.to_ascii_lowercase();
    letters.contains("portallint") && OWN_TOOLS.iter().any(|tool| letters.ends_with(tool))
}

/// Whether one of the words of a tool's name says that it only describes operations.
fn is_lookup(tool_name: &str) -> bool {
    let mut words = String::new();
    for c in tool_name.chars() {
        if c.is_ascii_uppercase() || !c.is_ascii_alphabetic() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words.split(|c: char| !c.is_ascii_alphabetic()).any(|word| LOOKUP_WORDS.contains(&word))
}
