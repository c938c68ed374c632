//! Claude Code: `hookSpecificOutput.permissionDecision` is `deny` or `ask`. The reason of a denial is sent to the model.

use serde_json::{Value, json};

use super::Response;

pub(super) fn response(decision: &str, reason: &str) -> Response {
    Response::json(&output(decision, reason))
}

/// The output that Codex and VS Code accept as well.
pub(super) fn output(decision: &str, reason: &str) -> Value {
    json!({
        "hookSpecificOutput": {
            "hookEventName": "PreToolUse",
            "permissionDecision": decision,
            "permissionDecisionReason": reason,
        }
    })
}
