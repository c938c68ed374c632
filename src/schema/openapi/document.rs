//! Parses an OpenAPI document that the user downloaded, and finds its operations by name.
//!
//! A document describes a whole service, so references are resolved only in the operations that are needed.

use serde_json::Value as Json;

use crate::base::source::{Format, Source};
use crate::schema::openapi::resolve_refs::resolve_refs;
use crate::schema::to_json::to_json;
use crate::syntax::{Limits, parse};

/// An OpenAPI document; its references are not resolved.
#[derive(Debug)]
pub struct OpenApi(Json);

/// An operation of a document.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'o> {
    /// The path in the document, such as `/customer_portals/{id}`.
    pub path: &'o str,
    /// The HTTP method in lower case: `get`, `post`.
    pub method: &'o str,
    /// The Operation Object (OpenAPI 3.1, 4.8.10).
    pub object: &'o Json,
}

impl OpenApi {
    /// Parses the text of a document: YAML if the file name has an extension of YAML, else JSON.
    ///
    /// # Errors
    ///
    /// If the text is not an OpenAPI document. The error continues a sentence that starts with the name of the document.
    pub fn parse(name: &str, text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        let document = match Format::from_file_name(name) {
            Some(Format::Yaml) => parse_yaml(text)?,
            _ => serde_json::from_str(text).map_err(|error| format!("it is not valid JSON: {error}"))?,
        };
        match document.get("paths") {
            Some(Json::Object(_)) => Ok(Self(document)),
            Some(_) => Err("it is not an OpenAPI document: its `paths` is not an object".into()),
            None => Err("it is not an OpenAPI document: it has no `paths`".into()),
        }
    }

    /// The operations that have an `operationId`, each with this ID.
    pub fn operations(&self) -> impl Iterator<Item = (&str, Operation<'_>)> {
        let mut operations = Vec::new();
        for (path, item) in self.0["paths"].as_object().into_iter().flatten() {
            // A Path Item Object may be a reference itself (OpenAPI 3.1, 4.8.9).
            for (method, object) in self.resolve_once(item).as_object().into_iter().flatten() {
                if let Some(name) = object.get("operationId").and_then(Json::as_str) {
                    operations.push((name, Operation { path, method, object }));
                }
            }
        }
        operations.into_iter()
    }

    /// The operation with this name, with all its references resolved.
    ///
    /// # Errors
    ///
    /// See [`resolve_refs`].
    pub(in crate::schema) fn resolved_operation(&self, name: &str) -> Result<Option<Json>, String> {
        match self.operations().find(|(known, _)| *known == name) {
            Some((_, operation)) => resolve_refs(&self.0, operation.object).map(Some),
            None => Ok(None),
        }
    }

    /// The target of a reference, or any other value itself. References inside the target are not resolved.
    fn resolve_once<'o>(&'o self, value: &'o Json) -> &'o Json {
        let Some(reference) = value.get("$ref").and_then(Json::as_str) else { return value };
        let target = reference.strip_prefix('#').and_then(|pointer| self.0.pointer(pointer));
        target.unwrap_or(value)
    }
}

/// Parses YAML with portal-lint's own parser. Only the line of an error is reported, because the parser guesses causes that are
/// common in portals.
fn parse_yaml(text: &str) -> Result<Json, String> {
    /// Higher than the default, which is meant for portals: the document of a whole service has far more values.
    const MAX_NODES: usize = 800_000;
    let limits = Limits { nodes: MAX_NODES, ..Limits::default() };
    let source = Source::new("openapi", text, Format::Yaml);
    let parsed = parse(&source, &limits);
    if let Some(error) = parsed.errors.first() {
        return Err(format!("it is not valid YAML at line {}", source.position(error.span.start).line));
    }
    match parsed.documents.first().and_then(|document| Some((document, document.root()?))) {
        Some((document, root)) => Ok(to_json(document, root)),
        None => Err("it is empty".into()),
    }
}
