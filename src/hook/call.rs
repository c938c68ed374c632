//! Finds the calls of CreateCustomerPortal and EditCustomerPortal in the arguments of a tool: the tool itself is the operation, an
//! argument of a generic tool names it, or words on the way to a portal do.

use crate::agent::own_tools::own_tool;
use crate::base::source::{Format, Source};
use crate::hook::body::{
    BodyProblem, Target, body_of_portal, contains_portal, find_body, is_any_json_text, is_body_value, is_json_text,
    is_writing_request, may_send_portal,
};
use crate::hook::input::HookInput;
use crate::hook::mention::{Mention, label_keys};
use crate::hook::operation::{
    ToolOperation, find_operation, find_operation_in_code, named_operation, names_file, operation_of_tool,
};
use crate::hook::portal_id::{id_in_argument, is_id};
use crate::hook::vocabulary::{is_lookup, sends_no_portal, writes_other_object};
use crate::model::portal::operation_in;
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;
use crate::syntax::json;

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
    let mut finder = CallFinder::default();
    let arguments = input.tool_input();
    for tool_name in input.tool_names() {
        if !is_own_call(tool_name, arguments) {
            finder.find_in_tool(input, tool_name, arguments);
        }
    }
    finder.calls
}

/// Whether a call is one of the own MCP server, which sends nothing. The server accepts no other arguments than its own.
fn is_own_call(tool_name: &str, arguments: Option<Cursor<'_>>) -> bool {
    let Some(tool) = own_tool(tool_name) else { return false };
    let Some(arguments) = arguments.filter(Cursor::is_object) else { return true };
    arguments.children().all(|child| tool.arguments.contains(&child.key()))
}

#[derive(Default)]
struct CallFinder {
    /// Whether an object that names an operation and has no body is no call: the tool only describes operations, or the object is in
    /// the arguments of a call that was found.
    ignores_missing_bodies: bool,
    /// Whether only texts next to each other name an operation, not the name of the tool and the keys of its arguments.
    ignores_names: bool,
    /// Whether the tool writes something else than a portal, so that its texts are about anything.
    writes_other_object: bool,
    calls: Vec<Call>,
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
        let target = match (operation_of_tool(tool_name), arguments) {
            (Some(ToolOperation::Certain(operation)), None) => return self.add(operation, Err(BodyProblem::Missing)),
            (Some(ToolOperation::Certain(operation)), _) => Some(Target { operation, id: None }),
            (Some(ToolOperation::Possible(operation)), Some(arguments)) if may_send_portal(&arguments) => {
                // `update_customer_portal({"id": "…", "enabled": true})`
                Some(Target { operation, id: arguments.children().find_map(|argument| id_in_argument(&argument)) })
            }
            _ => None,
        };
        let Some(arguments) = arguments else { return };
        // `create_customer_portals({"portals": [{…}, {…}]})`
        let mut problem = None;
        if let Some(target) = target {
            let body = find_body(&input.source, &arguments, target, &[], MAX_DEPTH);
            if body.is_ok() || !tool_name.ends_with('s') {
                return self.add(target.operation, body);
            }
            problem = Some((target.operation, body));
        }
        let found = self.calls.len();
        let mention = if self.ignores_names { Mention::default() } else { Mention::in_tool_name(tool_name) };
        if arguments.text().is_some() {
            // Copilot passes all arguments as one text.
            self.search_text(&input.source, &arguments, MAX_DEPTH, mention);
        } else {
            self.search(&input.source, &arguments, MAX_DEPTH, mention);
        }
        if let Some((operation, body)) = problem.filter(|_| self.calls.len() == found) {
            self.add(operation, body);
        }
    }

    /// Searches a value for calls. `depth` is the number of levels that remain, and `outer` is what the words around the value mean.
    fn search<'d>(&mut self, source: &Source, value: &Cursor<'d>, depth: usize, outer: Mention<'d>) {
        let mut mention = if self.writes_other_object { outer } else { outer.with_texts(value) };
        if depth == 0 {
            // A call that is not found must not pass.
            if let Some(operation) = operation_in(source.slice(value.span())).or_else(|| mention.operation_below(value))
            {
                self.add(operation, Err(BodyProblem::TooDeep));
            }
            return;
        }
        if mention.is_exact() && may_send_portal(value) {
            mention.require_portal();
        }
        let ignored_missing_bodies = self.ignores_missing_bodies;
        let is_request = is_writing_request(value);
        if let Some(operation) = find_operation(value, self.writes_other_object) {
            // `describe_operation({"operation": "CreateCustomerPortal", "format": "json"})` sends nothing.
            if !self.ignores_missing_bodies || may_send_portal(value) {
                let target = Target { operation: operation.kind, id: mention.id };
                self.add(operation.kind, find_body(source, value, target, &[operation.argument], depth));
            }
            // There may be a list of further calls next to the body.
            self.ignores_missing_bodies = true;
            mention = Mention::default();
        } else if let Some(operation) =
            mention.operation_of(value).or_else(|| self.operation_of_certain_portal(&mention, value))
        {
            let target = Target { operation, id: mention.id };
            self.add(operation, Ok(body_of_portal(source, value, target, &label_keys(value))));
            mention = Mention::default();
        } else if let Some(operation) = find_operation_in_code(value).filter(|_| !self.ignores_missing_bodies) {
            self.add(operation, Err(BodyProblem::Code));
        } else if self.ignores_names && !self.writes_other_object && !is_request {
            mention = Mention::default().with_texts(value);
        }
        self.search_positional_arguments(source, value, depth);
        let is_about_file = names_file(value) && !is_request;
        for child in value.children().chain(value.items()) {
            let mention = if self.ignores_names || child.is_item() { mention } else { mention.with_key(child.key()) };
            match named_operation(child.key()) {
                Some(operation) if !child.is_item() && is_body_value(&child) => {
                    let target = Target { operation, id: mention.id };
                    self.add(operation, find_body(source, &child, target, &[], depth - 1));
                }
                _ if child.is_container() => self.search(source, &child, depth - 1, mention),
                _ if is_json_text(&child, is_about_file) || (is_request && is_any_json_text(&child)) => {
                    self.search_text(source, &child, depth - 1, mention);
                }
                _ => {}
            }
        }
        self.ignores_missing_bodies = ignored_missing_bodies;
    }

    /// The operation that takes a value as its body, if the value is a portal beyond doubt and the tool may send one.
    fn operation_of_certain_portal(&self, mention: &Mention<'_>, value: &Cursor<'_>) -> Option<PortalKind> {
        if self.ignores_names { None } else { mention.operation_of_certain_portal(value) }
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
    fn search_text(&mut self, source: &Source, value: &Cursor<'_>, depth: usize, outer: Mention<'_>) {
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
