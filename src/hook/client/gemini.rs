//! Gemini CLI: `decision` is `deny`, and `reason` is sent to the model. Gemini CLI cannot ask.

use serde_json::json;

use super::Response;

pub(super) fn response(reason: &str) -> Response {
    Response::json(&json!({ "decision": "deny", "reason": reason }))
}
