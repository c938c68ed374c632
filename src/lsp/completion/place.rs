//! Finds what the token at the cursor is: a key of an object, or a value.
//!
//! While a user types, the text is rarely valid. The parser continues after errors, so this module replaces the token by a marker, once
//! as a key and once as a value, and searches the tree for the marker.

use crate::base::file::Inclusion;
use crate::base::source::{Format, Source};
use crate::lsp::completion::token::Token;
use crate::lsp::request_context::RequestContext;
use crate::model::portal::{Body, NotAPortal, unwrap_bodies};
use crate::schema::{EmbeddedSchema, PortalKind};
use crate::syntax::pointer::join;
use crate::syntax::{Document, Entry, Limits, NodeId, Parsed, Value, parse};

const MARKER: &str = "completion-marker";

/// What a token is in its object or list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Key,
    Value,
}

/// See the module documentation.
#[derive(Debug)]
pub(super) struct Place {
    /// The schema of the body or file.
    pub schema: EmbeddedSchema,
    /// The JSON Pointer in the body. For a key, that of its object; for a value, that of the value itself.
    pub pointer: String,
    pub role: Role,
    /// The keys of the object, or the strings of the list.
    pub siblings: Vec<String>,
}

/// The place of a token. `None` if it is neither in a portal nor in the settings, or if it is in a comment or in a longer text.
pub(super) fn find_place(context: &RequestContext<'_>, token: &Token) -> Option<Place> {
    let source = &context.document.source;
    let text = source.text();
    let (before, after) = (text.get(..token.span.range().start)?, text.get(token.span.range().end..)?);
    let mut best: Option<(usize, Place)> = None;
    for replacement in replacements(token) {
        let changed = Source::new(source.name(), [before, &replacement, after].concat(), source.format());
        let (errors, place) = if context.document.is_settings() {
            find_in_settings(&changed)
        } else {
            find_in_portals(context, &changed)?
        };
        // If the marker is the wrong kind of token, it causes more errors.
        if let Some(place) = place
            && best.as_ref().is_none_or(|(least_errors, _)| errors < *least_errors)
        {
            best = Some((errors, place));
        }
    }
    best.map(|(_, place)| place)
}

/// The texts to try in place of the token. If several cause the same number of errors, the first one wins.
fn replacements(token: &Token) -> Vec<String> {
    let quoted = match token.quote {
        Some(quote) => format!("{quote}{MARKER}{quote}"),
        None => format!("\"{MARKER}\""),
    };
    let plain = MARKER.to_owned();
    let yaml_key = format!("{MARKER}: ");
    match token.format {
        Format::Yaml if token.quote.is_some() && token.starts_line && !token.is_complete_key => {
            vec![format!("{quoted}: "), quoted]
        }
        Format::Yaml if token.quote.is_some() => vec![quoted],
        Format::Yaml if token.is_complete_key => vec![plain],
        Format::Yaml if token.starts_line => vec![yaml_key, plain],
        Format::Yaml => vec![plain, yaml_key],
        Format::Toml if token.quote.is_some() || token.is_complete_key => vec![quoted],
        Format::Toml => vec![format!("{MARKER} = 0"), quoted],
        // The JSON parser accepts a key without a value.
        _ => vec![quoted],
    }
}

/// The place of the marker in the settings, and the number of syntax errors.
fn find_in_settings(source: &Source) -> (usize, Option<Place>) {
    let parsed = parse(source, &Limits::default());
    let document = parsed.documents.first();
    let place = document.and_then(|document| find_marker(document, document.root()?, "", EmbeddedSchema::Settings));
    (parsed.errors.len(), place)
}

/// The place of the marker in a file with portals, and the number of syntax errors. `None` if the file is not checked.
fn find_in_portals(context: &RequestContext<'_>, source: &Source) -> Option<(usize, Option<Place>)> {
    let input = context.analysis.input_of_uri(context.uri)?;
    let limits = context.analysis.settings.project(input).limits;
    let parsed = parse(source, &limits);
    let mut place = None;
    for body in unwrap_bodies(source, &parsed, &limits, None).bodies {
        // The positions in the text of a string are not those of the file.
        if place.is_none()
            && !body.place().is_text
            && let Some(kind) = kind_of_body(&body, &parsed, input.inclusion)
        {
            let root = body.root(&parsed);
            place = root.node_id().and_then(|id| find_marker(root.document(), id, "", kind.into()));
        }
    }
    Some((parsed.errors.len(), place))
}

/// The kind of a body that may still be incomplete. `None` if it is not a portal.
fn kind_of_body(body: &Body, parsed: &Parsed<'_>, inclusion: Inclusion) -> Option<PortalKind> {
    match body.detect_kind(parsed) {
        Some(Ok(kind)) if inclusion == Inclusion::ByName || body.is_recognizable(parsed) => Some(kind),
        // The name of the file states that it will be a portal.
        Some(Err(NotAPortal::OtherObject | NotAPortal::Nothing)) if inclusion == Inclusion::ByName => {
            Some(PortalKind::Create)
        }
        _ => None,
    }
}

/// Searches for the marker in a node. The depth limit of the parser bounds the recursion.
fn find_marker(document: &Document<'_>, id: NodeId, pointer: &str, schema: EmbeddedSchema) -> Option<Place> {
    match &document.node(id).value {
        // The entries of a merge key are found where they are written.
        Value::Object(entries) => {
            let entries: Vec<&Entry<'_>> = document.entries(*entries).iter().filter(|entry| !entry.merged).collect();
            find_marker_in_object(document, &entries, pointer, schema)
        }
        Value::Array(items) => find_marker_in_list(document, document.items(*items), pointer, schema),
        // An alias is not resolved, because its target is found through the target's own parent.
        _ => None,
    }
}

fn find_marker_in_object(
    document: &Document<'_>,
    entries: &[&Entry<'_>],
    pointer: &str,
    schema: EmbeddedSchema,
) -> Option<Place> {
    for entry in entries {
        if entry.key == MARKER {
            let siblings = entries.iter().map(|entry| entry.key.to_string()).collect();
            return Some(Place { schema, pointer: pointer.to_owned(), role: Role::Key, siblings });
        }
        let entry_pointer = join(pointer, &entry.key);
        if string_value(document, entry.value) == Some(MARKER) {
            return Some(Place { schema, pointer: entry_pointer, role: Role::Value, siblings: Vec::new() });
        }
        if let Some(place) = find_marker(document, entry.value, &entry_pointer, schema) {
            return Some(place);
        }
    }
    None
}

fn find_marker_in_list(
    document: &Document<'_>,
    items: &[NodeId],
    pointer: &str,
    schema: EmbeddedSchema,
) -> Option<Place> {
    for (index, item) in items.iter().enumerate() {
        let item_pointer = join(pointer, &index.to_string());
        if string_value(document, *item) == Some(MARKER) {
            let strings = items.iter().filter_map(|item| string_value(document, *item));
            let siblings = strings.map(str::to_owned).collect();
            return Some(Place { schema, pointer: item_pointer, role: Role::Value, siblings });
        }
        if let Some(place) = find_marker(document, *item, &item_pointer, schema) {
            return Some(place);
        }
    }
    None
}

fn string_value<'d>(document: &'d Document<'_>, id: NodeId) -> Option<&'d str> {
    match &document.node(id).value {
        Value::String(text) => Some(text),
        _ => None,
    }
}
