//! Limits the size of results: lists are filled in the order of their importance until the limit is reached.

use serde_json::{Map, Value as Json};

use crate::base::sanitize::escape_in_json;
use crate::mcp::short_findings::Lists;

/// The maximum number of bytes of a result. Clients refuse larger results, or show only a part of them to the model.
const MAX_RESULT_BYTES: usize = 24_000;

/// The maximum number of bytes of a response without its fields.
const ENVELOPE_BYTES: usize = 400;

/// The number of bytes that a value adds to a result, which contains it twice: as JSON, and as a string of JSON text.
fn encoded_length(value: &Json) -> usize {
    let text = escape_in_json(&value.to_string());
    let escaped = Json::from(text.as_str()).to_string();
    text.len() + escaped.len()
}

/// The number of bytes of the response with these fields.
pub(super) fn response_length(fields: &Map<String, Json>) -> usize {
    ENVELOPE_BYTES + encoded_length(&Json::Object(fields.clone()))
}

/// Adds the lists to `fields`, the most important first, as far as they fit. Adds the number of entries that are left out to
/// `truncated`.
pub(super) fn add_lists(fields: &mut Map<String, Json>, lists: Lists) {
    for (name, _) in &lists {
        fields.insert((*name).to_owned(), Json::Array(Vec::new()));
    }
    let mut used_bytes = response_length(fields);
    let mut omitted = 0;
    for (name, entries) in lists {
        let mut fitting = Vec::new();
        for entry in entries {
            // The length of an entry that does not fit is added, too, so that all entries after it are left out as well.
            used_bytes += encoded_length(&entry);
            if used_bytes > MAX_RESULT_BYTES {
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
    if response_length(fields) + encoded_length(&text) > MAX_RESULT_BYTES {
        return false;
    }
    fields.insert(name.to_owned(), text);
    true
}
