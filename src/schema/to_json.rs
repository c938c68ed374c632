//! A document as the value the generated validators read.
//!
//! No schema of ours looks past the 20th character of a text, so longer texts are cut: a 5 MB html costs nothing here. What a
//! schema from elsewhere looks at nobody knows, so for it the value is whole.

use serde_json::{Map, Number, Value as Json};

use crate::syntax::{Document, NodeId, Value};

/// More characters than any length limit of the schemas.
pub(super) const ENOUGH: usize = 24;

/// As much as our schemas see.
pub(super) fn seen(document: &Document<'_>, id: NodeId) -> Json {
    project(document, id, ENOUGH)
}

/// All of it.
pub(super) fn whole(document: &Document<'_>, id: NodeId) -> Json {
    project(document, id, usize::MAX)
}

/// Aliases are followed; the parser has seen to it that this ends and does not explode. Of duplicate keys the last
/// counts. Recursion is bounded by the parser's depth limit.
fn project(document: &Document<'_>, id: NodeId, enough: usize) -> Json {
    match &document.resolve(id).value {
        Value::Null | Value::Alias(_) | Value::Broken => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(text) => Json::Number(number(text)),
        Value::String(text) => Json::String(match text.char_indices().nth(enough) {
            Some((end, _)) => text[..end].to_owned(),
            None => text.to_string(),
        }),
        Value::Array(items) => document.items(*items).iter().map(|&item| project(document, item, enough)).collect(),
        Value::Object(entries) => {
            let mut map = Map::new();
            for entry in document.entries(*entries) {
                map.insert(entry.key.to_string(), project(document, entry.value, enough));
            }
            Json::Object(map)
        }
    }
}

/// What is neither a whole number nor a float that JSON has (YAML's `.inf`, 1e400) is still a number.
fn number(text: &str) -> Number {
    if let Ok(whole) = text.parse::<i64>() {
        return whole.into();
    }
    text.parse().ok().and_then(Number::from_f64).unwrap_or_else(|| 0.into())
}
