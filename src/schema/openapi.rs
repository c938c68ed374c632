//! An OpenAPI document as somebody downloaded it: its operations by their names, and parts of it with the references followed.
//!
//! Nothing is fetched, and nothing but what leads to an operation is read: a document is as large as its service.

use serde_json::{Map, Value as Json};

use crate::base::source::{Format, Source};
use crate::schema::to_json::whole;
use crate::syntax::{Limits, parse};

/// A document.
#[derive(Debug)]
pub struct OpenApi(Json);

/// One operation of it.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'o> {
    /// As the document writes it.
    pub path: &'o str,
    /// `get`, `post`.
    pub method: &'o str,
    /// All that is said about it.
    pub told: &'o Json,
}

impl OpenApi {
    /// Reads a text: YAML where the name of the file says so, else JSON.
    ///
    /// # Errors
    ///
    /// When it is no such document, as the end of a sentence that starts with its name.
    pub fn read(name: &str, text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        let document = match Format::of_name(name) {
            Some(Format::Yaml) => of_yaml(text)?,
            _ => serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"))?,
        };
        match document.get("paths") {
            Some(Json::Object(_)) => Ok(Self(document)),
            Some(_) => Err("it is no OpenAPI document: its `paths` are no object".into()),
            None => Err("it is no OpenAPI document: it has no `paths`".into()),
        }
    }

    /// All operations with a name.
    pub fn operations(&self) -> impl Iterator<Item = (&str, Operation<'_>)> {
        let paths = self.0["paths"].as_object().into_iter().flatten();
        let methods = paths.filter_map(|(path, methods)| Some((path, self.referred(methods).as_object()?)));
        methods.flat_map(|(path, methods)| {
            methods.iter().filter_map(move |(method, told)| {
                Some((told.get("operationId")?.as_str()?, Operation { path, method, told }))
            })
        })
    }

    /// The operation of a name.
    pub fn operation(&self, name: &str) -> Option<Operation<'_>> {
        self.operations().find(|(own, _)| *own == name).map(|(_, operation)| operation)
    }

    fn referred<'o>(&'o self, part: &'o Json) -> &'o Json {
        let reference = part.get("$ref").and_then(Json::as_str);
        reference.and_then(|reference| self.target(reference)).unwrap_or(part)
    }

    fn target(&self, reference: &str) -> Option<&Json> {
        self.0.pointer(reference.strip_prefix('#')?)
    }

    /// A part of the document with what its references lead to in their places. What leads back into itself may be anything
    /// from there on.
    ///
    /// # Errors
    ///
    /// When a reference leads nowhere, or when there is no end to it.
    pub fn unfolded(&self, part: &Json) -> Result<Json, String> {
        Unfolding { document: self, under_way: Vec::new(), left: MAX_DOCUMENT_BYTES }.part(part, false, 0)
    }
}

/// More, or more levels, no operation has: in bytes of text, where a value without any counts as [`VALUE`].
const MAX_DOCUMENT_BYTES: usize = 4 << 20;
const VALUE: usize = 20;
const DEEPEST: usize = 100;

struct Unfolding<'o> {
    document: &'o OpenApi,
    /// The references that led here.
    under_way: Vec<String>,
    /// So much may come yet.
    left: usize,
}

impl Unfolding<'_> {
    /// `are_names`: its keys are names that somebody gave, not words of the schema.
    fn part(&mut self, part: &Json, are_names: bool, depth: usize) -> Result<Json, String> {
        self.count(part)?;
        if depth > DEEPEST {
            return Err("its references lead too deep".into());
        }
        match part {
            Json::Array(items) => items.iter().map(|item| self.part(item, false, depth + 1)).collect(),
            Json::Object(map) => match map.get("$ref") {
                Some(Json::String(reference)) if !are_names => self.referred(reference, map, depth),
                _ => self.fields(map, are_names, depth).map(Json::Object),
            },
            other => Ok(other.clone()),
        }
    }

    /// Takes a value into account, without what is in it.
    fn count(&mut self, value: &Json) -> Result<(), String> {
        let text = match value {
            Json::String(text) => text.len(),
            Json::Object(map) => map.keys().map(String::len).sum(),
            _ => 0,
        };
        self.left = self.left.checked_sub(VALUE + text).ok_or("its references lead to too much")?;
        Ok(())
    }

    /// A value as it is, whatever is in it.
    fn sample(&mut self, value: &Json) -> Result<Json, String> {
        self.count(value)?;
        match value {
            Json::Array(items) => items.iter().map(|item| self.sample(item)).collect(),
            Json::Object(map) => map
                .iter()
                .map(|(key, value)| Ok((key.clone(), self.sample(value)?)))
                .collect::<Result<_, _>>()
                .map(Json::Object),
            other => Ok(other.clone()),
        }
    }

    fn fields(&mut self, map: &Map<String, Json>, are_names: bool, depth: usize) -> Result<Map<String, Json>, String> {
        let field = |(key, value): (&String, &Json)| {
            let is_sample = matches!(&**key, "example" | "examples" | "default" | "const" | "enum");
            let value = if is_sample && !are_names {
                self.sample(value)?
            } else {
                let name_theirs = matches!(&**key, "properties" | "patternProperties") && !are_names;
                self.part(value, name_theirs, depth + 1)?
            };
            Ok((key.clone(), value))
        };
        map.iter().map(field).collect()
    }

    /// What stands beside a reference counts more than what it leads to: often it is a description.
    fn referred(&mut self, reference: &str, map: &Map<String, Json>, depth: usize) -> Result<Json, String> {
        if self.under_way.iter().any(|other| other == reference) {
            return Ok(Json::Object(Map::new()));
        }
        let target =
            self.document.target(reference).ok_or_else(|| format!("its `$ref` `{reference}` leads nowhere"))?;
        self.under_way.push(reference.to_owned());
        let mut target = self.part(target, false, depth + 1)?;
        self.under_way.pop();
        if let Some(fields) = target.as_object_mut() {
            let beside: Map<String, Json> =
                map.iter().filter(|(key, _)| *key != "$ref").map(|(key, value)| (key.clone(), value.clone())).collect();
            fields.extend(self.fields(&beside, false, depth)?);
        }
        Ok(target)
    }
}

/// By our own reader of YAML, which says no more here than where it stopped.
fn of_yaml(text: &str) -> Result<Json, String> {
    let limits = Limits { nodes: 800_000, ..Limits::default() };
    let source = Source::new("openapi", text, Format::Yaml);
    let parsed = parse(&source, &limits);
    if let Some(error) = parsed.errors.first() {
        return Err(format!("it cannot be read as YAML from line {} on", source.position(error.span.start).line));
    }
    let document = parsed.documents.first().and_then(|document| Some(whole(document, document.root()?)));
    document.ok_or_else(|| "there is nothing in it".into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(components: &Json) -> OpenApi {
        OpenApi(json!({ "paths": {}, "components": components }))
    }

    fn to(name: &str) -> Json {
        json!({ "$ref": format!("#/components/{name}") })
    }

    #[test]
    fn references_are_followed_and_what_stands_beside_them_counts() {
        let document = document(&json!({ "id": { "type": "string", "description": "An id." }, "shop": to("id") }));
        let part = json!({ "properties": { "a": to("shop"), "$ref": { "type": "number" } }, "example": to("nowhere") });
        let mut wanted = part.clone();
        wanted["properties"]["a"] = json!({ "type": "string", "description": "An id." });
        assert_eq!(document.unfolded(&part), Ok(wanted));
        let beside = json!({ "$ref": "#/components/id", "description": "The shop." });
        assert_eq!(document.unfolded(&beside), Ok(json!({ "type": "string", "description": "The shop." })));
    }

    #[test]
    fn what_leads_back_into_itself_ends() {
        let document =
            document(&json!({ "a": { "properties": { "b": to("b"), "c": { "type": "string" } } }, "b": to("a") }));
        let unfolded = document.unfolded(&to("a")).unwrap();
        assert_eq!(unfolded, json!({ "properties": { "b": {}, "c": { "type": "string" } } }));
    }

    #[test]
    fn what_leads_nowhere_or_to_too_much_is_refused() {
        let many: Map<String, Json> = (0..40)
            .map(|at| (format!("a{at}"), json!([to(&format!("a{}", at + 1)), to(&format!("a{}", at + 1))])))
            .collect();
        let document = document(&many.into());
        for part in [to("a0"), to("missing"), json!({ "$ref": "other.json#/a" })] {
            assert!(document.unfolded(&part).is_err(), "{part}");
        }
    }
}
