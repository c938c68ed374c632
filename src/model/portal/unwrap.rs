//! Finds the portals of a file, including those in wrappers: an MCP tool call, a JSON-RPC request, a list of calls, an object
//! around the portal, JSON text in a string, or a fenced block of Markdown.
//!
//! This is the only step between the tree and the portals. The rules receive each portal as if it were a document of its own, so
//! they do not depend on wrappers.

use std::sync::Arc;

use crate::base::diagnostic::Location;
use crate::base::source::{Format, Source, Span};
use crate::base::steps::count_steps;
use crate::model::portal::body::{Body, Wrapper, to_file_span};
use crate::model::portal::detect::{NotAPortal, has_portal_field, is_portal_object, text_may_be_portal};
use crate::schema::PortalKind;
use crate::syntax::cursor::Cursor;
use crate::syntax::embedded::{EmbeddedText, looks_like_json};
use crate::syntax::markdown::find_blocks;
use crate::syntax::variables::{Variables, filled_spans};
use crate::syntax::{Limits, Parsed, SyntaxError, pointer};

/// The number of wrappers around a portal that are opened.
pub const MAX_WRAPPERS: usize = 8;

/// The values of a file that are checked as portals or reported as other values, and the errors in the texts that contain them.
#[derive(Debug, Default)]
pub(crate) struct Unwrapped {
    pub bodies: Vec<Body>,
    pub errors: Vec<SyntaxError>,
    /// The texts in strings and fenced blocks that were parsed.
    pub texts: Vec<Arc<EmbeddedText>>,
    /// The bytes of the file where variables in these texts were filled in.
    pub filled_spans: Vec<Span>,
}

/// Finds the bodies of a file. A document without a wrapper is a body itself. `variables` are filled in in the texts of strings and
/// fenced blocks.
pub(crate) fn unwrap_bodies(
    source: &Source,
    parsed: &Parsed<'_>,
    limits: &Limits,
    variables: Option<&Variables>,
) -> Unwrapped {
    let mut unwrapper = Unwrapper { file: source, limits, variables, unwrapped: Unwrapped::default() };
    for (index, document) in parsed.documents.iter().enumerate() {
        unwrapper.visit(Cursor::root(document), &BodyPath { document: index, ..BodyPath::default() });
    }
    if source.format() == Format::Markdown {
        for block in find_blocks(source.text()) {
            let wrapper = Wrapper { span: block.fence, depth: 1, ..Wrapper::default() };
            let path = BodyPath { wrapper: Some(wrapper), ..BodyPath::default() };
            unwrapper.visit_text(EmbeddedText::in_markdown(source, &block, limits), path);
        }
        unwrapper.remove_blocks_without_portal();
    }
    unwrapper.unwrapped
}

struct Unwrapper<'f> {
    file: &'f Source,
    limits: &'f Limits,
    variables: Option<&'f Variables>,
    unwrapped: Unwrapped,
}

/// The texts and wrappers that lead to a value.
#[derive(Clone, Default)]
struct BodyPath {
    texts: Vec<Arc<EmbeddedText>>,
    document: usize,
    wrapper: Option<Wrapper>,
}

impl BodyPath {
    fn is_too_deep(&self) -> bool {
        self.wrapper.as_ref().is_some_and(|wrapper| wrapper.depth > MAX_WRAPPERS)
    }

    /// The path to a value in the value at this path. `operation` is the kind of portal that the wrapper's operation takes.
    fn child(&self, value: &Cursor<'_>, operation: Option<PortalKind>) -> Self {
        let mut wrapper = self.wrapper.clone().unwrap_or_default();
        wrapper.depth += 1;
        wrapper.operation = operation.or(wrapper.operation);
        if let Some(key) = value.key_span() {
            wrapper.span = to_file_span(&self.texts, key);
            let separator = if wrapper.path.is_empty() { "" } else { "." };
            wrapper.path = format!("{}{separator}{}", wrapper.path, value.key());
        } else {
            wrapper.span = to_file_span(&self.texts, opening_bracket(value));
            wrapper.path = format!("{}[{}]", wrapper.path, value.index());
        }
        if !wrapper.place.is_text {
            let step = if value.is_item() { value.index().to_string() } else { value.key().to_owned() };
            wrapper.place.pointer = pointer::join(&wrapper.place.pointer, &step);
        }
        Self { texts: self.texts.clone(), document: self.document, wrapper: Some(wrapper) }
    }
}

impl Unwrapper<'_> {
    fn visit(&mut self, value: Cursor<'_>, path: &BodyPath) {
        if path.is_too_deep() {
            return self.add(&value, path, Some(NotAPortal::TooManyWrappers));
        }
        if value.text().is_some()
            && let Some(node) = value.node()
            && let Some(text) =
                EmbeddedText::in_string(path.texts.last().map_or(self.file, |text| &text.source), node, self.limits)
        {
            let mut path = path.clone();
            let wrapper = path.wrapper.get_or_insert_default();
            // The string in `{"arguments": "…"}` is part of a wrapper that is already counted.
            if value.parent().is_none() {
                wrapper.span = to_file_span(&path.texts, value.span());
                wrapper.depth += 1;
            }
            return self.visit_text(text, path);
        }
        if value.items().any(|item| is_wrapper(&item) || item.text().is_some_and(is_call_text)) {
            for item in value.items() {
                self.visit(item, &path.child(&item, None));
            }
            return;
        }
        match find_wrapped(&value) {
            None => self.add(&value, path, None),
            Some(Ok((inner, operation))) => self.visit(inner, &path.child(&inner, operation)),
            Some(Err((place, error))) => {
                let mut path = path.child(&place, None);
                if let (Some(wrapper), NotAPortal::OtherOperation(_)) = (&mut path.wrapper, &error) {
                    wrapper.span = to_file_span(&path.texts, place.span());
                }
                self.add(&place, &path, Some(error));
            }
        }
    }

    fn visit_text(&mut self, mut text: EmbeddedText, mut path: BodyPath) {
        if let Some(variables) = self.variables {
            text.fill_variables(variables);
        }
        let text = Arc::new(text);
        path.texts.push(Arc::clone(&text));
        self.unwrapped.texts.push(Arc::clone(&text));
        for span in filled_spans(&text.parsed) {
            self.unwrapped.filled_spans.push(to_file_span(&path.texts, span));
        }
        if let Some(wrapper) = &mut path.wrapper {
            wrapper.place.is_text = self.file.format() != Format::Markdown || path.texts.len() > 1;
        }
        for error in &text.parsed.errors {
            self.unwrapped.errors.push(SyntaxError {
                span: to_file_span(&path.texts, error.span),
                related: error.related.map(|related| to_file_span(&path.texts, related)),
                problem: error.problem.clone(),
            });
        }
        // Parsing stops at a limit, and findings about a text without its rest would be wrong.
        if text.parsed.errors.iter().any(SyntaxError::is_limit) {
            return;
        }
        for (index, document) in text.parsed.documents.iter().enumerate() {
            path.document = index;
            self.visit(Cursor::root(document), &path);
        }
    }

    fn add(&mut self, value: &Cursor<'_>, path: &BodyPath, error: Option<NotAPortal>) {
        // If there is no value, nothing could be read. That is reported as a syntax error.
        let Some(node) = value.node_id() else { return };
        let BodyPath { texts, document, wrapper } = path.clone();
        self.unwrapped.bodies.push(Body { texts, document, node, wrapper, error });
    }

    /// Removes the blocks of Markdown that contain no portal, such as commands, if another block contains one.
    fn remove_blocks_without_portal(&mut self) {
        if self.unwrapped.bodies.iter().any(is_portal_in_block) {
            self.unwrapped.bodies.retain(is_portal_in_block);
        }
    }
}

/// Whether a body in a block of Markdown is a portal, or is in a wrapper that should contain one.
fn is_portal_in_block(body: &Body) -> bool {
    // The body is in a text of its own, so the tree of the file is not needed.
    body.error.is_some() || matches!(body.detect_kind(&Parsed::default()), Some(Ok(_)))
}

/// The bytes to report for a value as a whole.
fn opening_bracket(value: &Cursor<'_>) -> Span {
    let span = value.span();
    Span { start: span.start, end: span.end.min(span.start + 1) }
}

fn is_wrapper(value: &Cursor<'_>) -> bool {
    find_wrapped(value).is_some()
}

/// The value that a wrapper contains, with the kind of portal that its operation takes; or the part of the wrapper that is wrong, and why.
type Wrapped<'d> = Result<(Cursor<'d>, Option<PortalKind>), (Cursor<'d>, NotAPortal)>;

/// Opens an object that is a wrapper around a portal. `None` for a portal and for every other object.
fn find_wrapped<'d>(object: &Cursor<'d>) -> Option<Wrapped<'d>> {
    if !object.is_object() || has_portal_field(*object) {
        return None;
    }
    let method = object.field("method");
    if object.has_field("params") && (object.has_field("jsonrpc") || method.is_present()) {
        return Some(open_request(object, &method));
    }
    let name = object.field("name");
    let operation = name.text().and_then(operation_kind);
    let is_tool_use = object.field("type").text() == Some("tool_use") && object.has_field("input");
    let is_call = name.text().is_some() && (object.has_field("arguments") || is_tool_use);
    if is_call || operation.is_some() {
        return Some(open_call(object, &name, operation));
    }
    // OpenAI's form of a call, and the list of calls in a message.
    for key in ["function", "tool_calls"] {
        let inner = object.field(key);
        if is_wrapper(&inner) || inner.items().any(|item| is_wrapper(&item)) {
            return Some(Ok((inner, None)));
        }
    }
    match &find_candidates(object, &["customer_portal", "portal"])[..] {
        [] => None,
        [inner] => Some(Ok((*inner, None))),
        [_, second, ..] => Some(Err((*second, NotAPortal::TwoBodies))),
    }
}

/// Opens a JSON-RPC request. `params` is the call.
fn open_request<'d>(object: &Cursor<'d>, method: &Cursor<'d>) -> Wrapped<'d> {
    let params = object.field("params");
    match method.text() {
        Some("tools/call") | None if is_wrapper(&params) => Ok((params, None)),
        Some("tools/call") | None => Err((params, NotAPortal::NoOperation)),
        Some(name) => match operation_kind(name) {
            Some(kind) => Ok((params, Some(kind))),
            None => Err((*method, NotAPortal::OtherOperation(name.to_owned()))),
        },
    }
}

/// Opens a call of a tool.
fn open_call<'d>(object: &Cursor<'d>, name: &Cursor<'d>, operation: Option<PortalKind>) -> Wrapped<'d> {
    let Some(kind) = operation else {
        return Err((*name, NotAPortal::OtherOperation(name.text().unwrap_or_default().to_owned())));
    };
    let arguments = object.field("arguments");
    match &find_candidates(object, &["arguments", "input", "customer_portal", "portal"])[..] {
        [] if arguments.is_present() => Err((arguments, NotAPortal::BadArguments)),
        [] => Err((*name, NotAPortal::NoBody)),
        [inner] => Ok((*inner, Some(kind))),
        [_, second, ..] => Err((*second, NotAPortal::TwoBodies)),
    }
}

/// The values of these keys that may be or contain a portal. A key that occurs twice has two values.
fn find_candidates<'d>(object: &Cursor<'d>, keys: &[&str]) -> Vec<Cursor<'d>> {
    let mut values: Vec<Cursor<'d>> = object.children().collect();
    values.retain(|value| keys.contains(&value.key()) && may_contain_portal(value));
    values
}

fn may_contain_portal(value: &Cursor<'_>) -> bool {
    value.is_container() || value.text().is_some_and(looks_like_json)
}

/// The operations that take a portal as their body, in lower case and without separators.
const OPERATIONS: [(&str, PortalKind); 2] =
    [("createcustomerportal", PortalKind::Create), ("editcustomerportal", PortalKind::Edit)];

/// The kind of portal that an operation takes as its body. Clients add prefixes to the names of tools
/// (`mcp__revcent__CreateCustomerPortal`) or suffixes (`CreateCustomerPortalV2`), or write them in another case.
pub(crate) fn operation_kind(name: &str) -> Option<PortalKind> {
    const SUFFIXES: [&str; 5] = ["request", "call", "tool", "v", "s"];
    let letters = lowercase_letters(name);
    let stem = SUFFIXES.iter().find_map(|suffix| letters.strip_suffix(suffix)).unwrap_or(&letters);
    OPERATIONS.iter().find(|(operation, _)| stem.ends_with(operation)).map(|(_, kind)| *kind)
}

/// The kind of portal that an operation takes. Its name may be anywhere in the text, in any spelling. If the text names both
/// operations, CreateCustomerPortal counts.
pub(crate) fn operation_in(text: &str) -> Option<PortalKind> {
    let letters = lowercase_letters(text);
    OPERATIONS.iter().find(|(operation, _)| letters.contains(operation)).map(|(_, kind)| *kind)
}

/// The name of the operation that takes this kind of portal as its body.
pub(crate) fn operation_name(kind: PortalKind) -> &'static str {
    match kind {
        PortalKind::Create | PortalKind::Export => "CreateCustomerPortal",
        PortalKind::Edit => "EditCustomerPortal",
    }
}

fn lowercase_letters(text: &str) -> String {
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    letters.to_ascii_lowercase()
}

/// Whether a text seems to be JSON with a portal or with a call of an operation that takes one.
fn is_call_text(text: &str) -> bool {
    looks_like_json(text) && (text.contains("CustomerPortal") || text_may_be_portal(text, true))
}

/// Finds a portal inside a value that is not a portal. Strings are searched, too. The pointer of the location starts at the value.
pub(crate) fn find_portal_inside(value: Cursor<'_>) -> Option<Location> {
    // Pointers are built only for the portal: a long key with many children would need a lot of memory otherwise.
    // Each visited value has the index of its parent.
    let mut visited = vec![(0, value)];
    let mut pending = vec![0];
    while let Some(index) = pending.pop() {
        count_steps(1);
        let value = visited[index].1;
        if index > 0 && (is_portal_object(value) || value.text().is_some_and(is_portal_text)) {
            return Some(Location {
                pointer: pointer_to(&visited, index),
                span: value.key_span().unwrap_or(opening_bracket(&value)),
            });
        }
        let first = visited.len();
        visited.extend(value.children().chain(value.items()).map(|child| (index, child)));
        // The last pending value is visited next, so the first child must be the last one.
        pending.extend((first..visited.len()).rev());
    }
    None
}

/// The JSON Pointer from the first of the visited values to the one with this index.
fn pointer_to(visited: &[(usize, Cursor<'_>)], index: usize) -> String {
    let mut keys = Vec::new();
    let mut current = index;
    while current > 0 {
        let (parent, value) = visited[current];
        keys.push(if value.key_span().is_some() { value.key().to_owned() } else { value.index().to_string() });
        current = parent;
    }
    keys.iter().rev().fold(String::new(), |path, key| pointer::join(&path, key))
}

/// Whether a text seems to be JSON with a portal.
fn is_portal_text(text: &str) -> bool {
    looks_like_json(text) && text_may_be_portal(text, false)
}
