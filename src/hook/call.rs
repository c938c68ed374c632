//! Finds the calls of CreateCustomerPortal and EditCustomerPortal in the input of the hook: the tool is the operation, an argument of a
//! generic tool names it, or words around a portal mean it.

use crate::agent::own_tools::own_tool;
use crate::base::source::{Format, Source};
use crate::hook::body::{
    BodyProblem, Target, body_of_portal, contains_portal, find_body, is_any_json_text, is_body_value, is_json_text,
    is_writing_request, may_send_portal,
};
use crate::hook::hints::{Hints, keys_of_operation};
use crate::hook::input::HookInput;
use crate::hook::operation::{
    ToolOperation, find_operation, find_operation_in_code, named_operation, names_file, operation_of_tool,
};
use crate::hook::portal_id::{id_in_argument, is_id};
use crate::hook::vocabulary::{is_lookup, sends_no_portal, writes_other_object};
use crate::model::portal::operation_in;
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;
use crate::syntax::json;

/// The number of levels of the arguments that are searched.
const MAX_DEPTH: usize = 6;

/// A call that is checked.
pub(super) struct Call {
    pub operation: PortalKind,
    /// The text of the body.
    pub body: Result<String, BodyProblem>,
}

/// Finds the calls in an input.
pub(super) fn find_calls(input: &HookInput) -> Vec<Call> {
    let mut finder = CallFinder::default();
    let arguments = input.tool_input();
    for tool_name in input.tool_names() {
        if !is_own_call(tool_name, arguments) {
            finder.find_in_tool(input, tool_name, arguments);
        }
    }
    finder.calls
}

/// Whether a tool is one of portal-lint's own MCP server, which sends nothing. With an argument that the server does not accept, it is the
/// tool of another server.
fn is_own_call(tool_name: &str, arguments: Option<Cursor<'_>>) -> bool {
    let Some(tool) = own_tool(tool_name) else { return false };
    let Some(arguments) = arguments.filter(Cursor::is_object) else { return true };
    arguments.children().all(|child| tool.arguments.contains(&child.key()))
}

#[derive(Default)]
struct CallFinder {
    /// Whether an object without a body that names an operation does not count: the tool only describes operations, or the object is in
    /// the arguments of a call that was found.
    ignores_missing_bodies: bool,
    /// Whether the words in the name of the tool and in keys do not count, because the tool sends no portal. The words in texts next to
    /// a portal still do.
    ignores_names: bool,
    /// Whether the tool writes something else than a portal, so that the words in its texts may be about anything.
    writes_other_object: bool,
    calls: Vec<Call>,
}

/// What the name of a tool and its arguments mean, if the tool is an operation.
fn target_of_tool<'d>(tool_name: &str, arguments: &Cursor<'d>) -> Option<Target<'d>> {
    match operation_of_tool(tool_name)? {
        ToolOperation::Certain(operation) => Some(Target { operation, id: None }),
        // `update_customer_portal({"id": "…", "enabled": true})`
        ToolOperation::Possible(operation) if may_send_portal(arguments) => {
            Some(Target { operation, id: arguments.children().find_map(|argument| id_in_argument(&argument)) })
        }
        ToolOperation::Possible(_) => None,
    }
}

impl CallFinder {
    fn add(&mut self, operation: PortalKind, body: Result<String, BodyProblem>) {
        if !(self.ignores_missing_bodies && body == Err(BodyProblem::Missing)) {
            self.calls.push(Call { operation, body });
        }
    }

    fn find_in_tool(&mut self, input: &HookInput, tool_name: &str, arguments: Option<Cursor<'_>>) {
        self.ignores_missing_bodies = is_lookup(tool_name);
        self.ignores_names = sends_no_portal(tool_name);
        self.writes_other_object = writes_other_object(tool_name);
        let Some(arguments) = arguments else {
            if let Some(ToolOperation::Certain(operation)) = operation_of_tool(tool_name) {
                self.add(operation, Err(BodyProblem::Missing));
            }
            return;
        };
        let Some(target) = target_of_tool(tool_name, &arguments) else {
            return self.search_arguments(input, tool_name, &arguments);
        };
        let body = find_body(&input.source, &arguments, target, &[], MAX_DEPTH);
        if body.is_err() && tool_name.ends_with('s') {
            // The tool may send several portals: `create_customer_portals({"portals": [{…}, {…}]})`.
            let calls_before = self.calls.len();
            self.search_arguments(input, tool_name, &arguments);
            if self.calls.len() > calls_before {
                return;
            }
        }
        self.add(target.operation, body);
    }

    /// Searches all arguments of a tool for calls.
    fn search_arguments(&mut self, input: &HookInput, tool_name: &str, arguments: &Cursor<'_>) {
        let hints = if self.ignores_names { Hints::default() } else { Hints::from_tool_name(tool_name) };
        if arguments.text().is_some() {
            // Copilot passes all arguments as one text.
            self.search_text(&input.source, arguments, MAX_DEPTH, hints);
        } else {
            self.search(&input.source, arguments, MAX_DEPTH, hints);
        }
    }

    /// Searches a value for calls. `depth` is the number of levels that may be searched, and `outer` are the hints around the value.
    fn search<'d>(&mut self, source: &Source, value: &Cursor<'d>, depth: usize, outer: Hints<'d>) {
        let mut hints = if self.writes_other_object { outer } else { outer.with_texts(value) };
        if depth == 0 {
            // A call that cannot be read must not pass.
            if let Some(operation) = operation_in(source.slice(value.span())).or_else(|| hints.operation_below(value)) {
                self.add(operation, Err(BodyProblem::TooDeep));
            }
            return;
        }
        if hints.is_exact() && may_send_portal(value) {
            // The body is the portal in the value, and not the value itself.
            hints.require_typical_fields();
        }
        let ignored_missing_bodies = self.ignores_missing_bodies;
        let hints = self.find_in_value(source, value, depth, hints);
        self.search_positional_arguments(source, value, depth);
        self.search_children(source, value, depth, hints);
        self.ignores_missing_bodies = ignored_missing_bodies;
    }

    /// Finds the call in a value, in one of three forms: an argument names the operation, the value is itself the body, or an argument
    /// contains code with the call. Returns the hints for the values inside: after a call was found, the words around it do not mean
    /// another one.
    fn find_in_value<'d>(&mut self, source: &Source, value: &Cursor<'d>, depth: usize, hints: Hints<'d>) -> Hints<'d> {
        if let Some(operation) = find_operation(value, self.writes_other_object) {
            // `describe_operation({"operation": "CreateCustomerPortal", "format": "json"})` sends nothing.
            if !self.ignores_missing_bodies || may_send_portal(value) {
                let target = Target { operation: operation.kind, id: hints.id };
                self.add(operation.kind, find_body(source, value, target, &[operation.argument], depth));
            }
            // There may be a list of further calls next to the body.
            self.ignores_missing_bodies = true;
            return Hints::default();
        }
        if let Some(operation) = self.operation_of_body(&hints, value) {
            let target = Target { operation, id: hints.id };
            self.add(operation, Ok(body_of_portal(source, value, target, &keys_of_operation(value))));
            return Hints::default();
        }
        if let Some(operation) = find_operation_in_code(value).filter(|_| !self.ignores_missing_bodies) {
            self.add(operation, Err(BodyProblem::Code));
            return hints;
        }
        // A tool that sends no portal can mention one in any argument. So words outside of an object are not about the object, unless it is
        // a request that writes.
        let keeps_outer_hints = !self.ignores_names || self.writes_other_object || is_writing_request(value);
        if keeps_outer_hints { hints } else { Hints::default().with_texts(value) }
    }

    /// The operation that takes a value as its body, by the words around it.
    fn operation_of_body(&self, hints: &Hints<'_>, value: &Cursor<'_>) -> Option<PortalKind> {
        let by_words = hints.operation_of(value);
        if by_words.is_none() && !self.ignores_names { hints.operation_of_certain_portal(value) } else { by_words }
    }

    /// Searches the values in an object or a list. A key may name an operation, too: `{"CreateCustomerPortal": {…}}`.
    fn search_children<'d>(&mut self, source: &Source, value: &Cursor<'d>, depth: usize, hints: Hints<'d>) {
        let is_request = is_writing_request(value);
        let is_about_file = names_file(value) && !is_request;
        for child in value.children().chain(value.items()) {
            let hints = if self.ignores_names || child.is_item() { hints } else { hints.with_key(child.key()) };
            match named_operation(child.key()) {
                Some(operation) if !child.is_item() && is_body_value(&child) => {
                    let target = Target { operation, id: hints.id };
                    self.add(operation, find_body(source, &child, target, &[], depth - 1));
                }
                _ if child.is_container() => self.search(source, &child, depth - 1, hints),
                _ if is_json_text(&child, is_about_file) || (is_request && is_any_json_text(&child)) => {
                    self.search_text(source, &child, depth - 1, hints);
                }
                _ => {}
            }
        }
    }

    /// Finds a call in a list: `["CreateCustomerPortal", {…}]`.
    fn search_positional_arguments(&mut self, source: &Source, list: &Cursor<'_>, depth: usize) {
        let Some(operation) = list.items().filter_map(|item| item.text()).find_map(named_operation) else { return };
        let id = list.items().filter_map(|item| item.text()).find(|text| is_id(text));
        for item in list.items().filter(contains_portal) {
            self.add(operation, find_body(source, &item, Target { operation, id }, &[], depth - 1));
        }
    }

    /// Searches a text that may be JSON.
    fn search_text(&mut self, source: &Source, value: &Cursor<'_>, depth: usize, outer: Hints<'_>) {
        let Some(text) = value.text() else { return };
        let inner = Source::new(source.name(), text, Format::Json);
        let parsed = json::parse_strict(inner.text());
        let Some(root) = parsed.documents.first().map(Cursor::root) else { return };
        if root.text().is_some() && depth > 0 {
            self.search_text(&inner, &root, depth - 1, outer);
        } else {
            self.search(&inner, &root, depth, outer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::steps::assert_linear;

    #[test]
    fn the_time_to_find_calls_grows_with_the_input() {
        let units = [
            r#""KEY": "CreateCustomerPortal", "#,
            r#""KEY": {"name": "CreateCustomerPortal"}, "#,
            r#""KEY": "{\"operation\": \"CreateCustomerPortal\"}", "#,
            r#""KEY": "create", "KEYx": "customer_portal", "#,
            r#""KEY": [["CreateCustomerPortal"]], "#,
        ];
        let ends =
            [r#""note": 1"#, r#""enabled": true"#, r#""body": {"enabled": true}"#, r#""customer_portal_id": "x""#];
        for unit in units {
            for end in ends {
                for tool in ["call", "get_help", "EditCustomerPortal"] {
                    let input = |len: usize| {
                        let arguments = (0..len / unit.len()).map(|index| unit.replace("KEY", &format!("k{index}")));
                        let arguments: String = arguments.collect();
                        format!(r#"{{"tool_name": "{tool}", "tool_input": {{{arguments}{end}}}}}"#)
                    };
                    let find = |text: &str| drop(find_calls(&HookInput::parse(text.as_bytes()).unwrap()));
                    assert_linear(&format!("{tool} {unit} {end}"), input, find);
                }
            }
        }
        let lists = |len: usize| {
            let (open, close) = ("[".repeat(len / 20), "]".repeat(len / 20));
            let texts = r#""{\"a\": 1}","#.repeat(len / 20);
            format!(r#"{{"tool_name": "create_customer_portal_2", "tool_input": {open}{texts}1{close}}}"#)
        };
        assert_linear("lists", lists, |text| drop(find_calls(&HookInput::parse(text.as_bytes()).unwrap())));
    }
}
