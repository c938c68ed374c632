//! Copilot writes fields in camel case and reads `permissionDecision` at the top. VS Code runs the same hooks with fields in snake
//! case, and reads the output of Claude Code.

use super::{Response, claude};
use crate::hook::input::InputStyle;

pub(super) fn response(decision: &str, reason: &str, style: InputStyle) -> Response {
    let mut output =
        if style == InputStyle::CamelCase { serde_json::json!({}) } else { claude::output(decision, reason) };
    if style != InputStyle::SnakeCase {
        output["permissionDecision"] = decision.into();
        output["permissionDecisionReason"] = reason.into();
    }
    Response::json(&output)
}
