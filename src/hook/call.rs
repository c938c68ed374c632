//! Finds the calls of CreateCustomerPortal and EditCustomerPortal in the arguments of a tool: the tool itself is the operation, or
//! an argument of a generic tool names it.

use crate::base::source::{Format, Source};
use crate::hook::body::{BodyProblem, find_body, is_body_value, is_json_text, may_have_body};
use crate::hook::input::HookInput;
use crate::hook::operation::{find_operation, named_operation};
use crate::model::portal::{operation_in, operation_kind};
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Limits, json};

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
    let mut finder = CallFinder { ignores_missing_bodies: is_lookup(tool_name), calls: Vec::new() };
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
    /// Whether an object that names an operation and has no body is no call: the tool only describes operations, or the object is in
    /// the arguments of a call that was found.
    ignores_missing_bodies: bool,
    calls: Vec<Call>,
}

impl CallFinder {
    fn add(&mut self, operation: PortalKind, body: Result<String, BodyProblem>) {
        if !(self.ignores_missing_bodies && body == Err(BodyProblem::Missing)) {
            self.calls.push(Call { operation, body });
        }
    }

    /// Searches a value for calls. `depth` is the number of levels that remain.
    fn search(&mut self, source: &Source, value: &Cursor<'_>, depth: usize) {
        if depth == 0 {
            // A call that is not found must not pass.
            if let Some(operation) = operation_in(source.slice(value.span())) {
                self.add(operation, Err(BodyProblem::TooDeep));
            }
            return;
        }
        let ignored_missing_bodies = self.ignores_missing_bodies;
        if let Some((key, operation)) = find_operation(value) {
            // `describe_operation({"operation": "CreateCustomerPortal", "format": "json"})` sends nothing.
            if !self.ignores_missing_bodies || may_have_body(value) {
                self.add(operation, find_body(source, value, Some(key), depth));
            }
            // There may be a list of further calls next to the body.
            self.ignores_missing_bodies = true;
        }
        for child in value.children().chain(value.items()) {
            match named_operation(child.key()) {
                Some(operation) if !child.is_item() && is_body_value(&child) => {
                    self.add(operation, find_body(source, &child, None, depth - 1));
                }
                _ if child.is_container() => self.search(source, &child, depth - 1),
                _ if is_json_text(&child) => self.search_text(source, &child, depth - 1),
                _ => {}
            }
        }
        self.ignores_missing_bodies = ignored_missing_bodies;
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
