//! Keeps results small: lists are filled in the order of their importance until the limit is reached.

use serde_json::{Map, Value as Json};

/// The number of bytes of a result. Larger ones are refused by clients or shown to the model only in part.
const MAX_RESULT: usize = 24_000;

/// The bytes of what is around the JSON of a result.
const ENVELOPE: usize = 400;

/// The number of bytes that a value adds to a result: once as JSON, and once as JSON text.
fn cost(value: &Json) -> usize {
    let text = value.to_string();
    let escaped = Json::from(text.as_str()).to_string();
    text.len() + escaped.len()
}

/// The number of bytes of the response with these fields.
pub(super) fn response_length(fields: &Map<String, Json>) -> usize {
    ENVELOPE + cost(&Json::Object(fields.clone()))
}

/// Adds the lists to `fields`, as far as they fit, and the number of entries that are left out as `truncated`. The first lists are
/// the most important.
pub(super) fn add_lists(fields: &mut Map<String, Json>, lists: Vec<(&'static str, Vec<Json>)>) {
    for (name, _) in &lists {
        fields.insert((*name).to_owned(), Json::Array(Vec::new()));
    }
    let mut used = response_length(fields);
    let mut omitted = 0;
    for (name, entries) in lists {
        let mut fitting = Vec::new();
        for entry in entries {
            used += cost(&entry);
            if used > MAX_RESULT {
                omitted += 1;
            } else {
                fitting.push(entry);
            }
        }
        fields.insert(name.to_owned(), Json::Array(fitting));
    }
    let before = fields.get("truncated").and_then(Json::as_u64).unwrap_or_default();
    fields.insert("truncated".to_owned(), (before + omitted).into());
}

/// Adds a text, if it fits next to what `fields` contains. Returns whether it does.
pub(super) fn add_text(fields: &mut Map<String, Json>, name: &str, text: String) -> bool {
    let text = Json::from(text);
    if response_length(fields) + cost(&text) > MAX_RESULT {
        return false;
    }
    fields.insert(name.to_owned(), text);
    true
}
