//! The result of a tool call. The text is the same JSON as the structured content: some clients show the model only one of them.

use serde_json::{Map, Value as Json, json};

use crate::base::sanitize::escape_in_json;

/// A result with these fields.
pub(super) fn success(fields: Map<String, Json>) -> Json {
    let content = Json::Object(fields);
    json!({ "content": [{ "type": "text", "text": escape_in_json(&content.to_string()) }], "structuredContent": content })
}

/// A result with the message that states what is wrong with the arguments.
pub(super) fn failure(message: &str) -> Json {
    let content = json!({ "error": message });
    let text = content.to_string();
    json!({ "content": [{ "type": "text", "text": text }], "structuredContent": content, "isError": true })
}
