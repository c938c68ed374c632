//! The clients, and the format in which each of them reads the decision. `docs/agents.md` lists the versions.

use clap::ValueEnum;
use serde_json::{Value as Json, json};

use super::decision::Decision;
use super::input::InputStyle;

/// A client that runs the hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Client {
    /// Claude Code (`PreToolUse`)
    Claude,
    /// Codex (`PreToolUse`)
    Codex,
    /// Gemini CLI (`BeforeTool`)
    Gemini,
    /// Copilot (`preToolUse`) and VS Code (`PreToolUse`)
    Copilot,
}

/// What the hook prints, and its exit code. The default lets the call pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// One JSON object, or nothing.
    pub stdout: String,
    /// For clients that read the reason here.
    pub stderr: String,
    /// 0, unless the client documents another code.
    pub exit_code: u8,
}

impl Response {
    fn json(value: &Json) -> Self {
        Self { stdout: format!("{value}\n"), ..Self::default() }
    }
}

impl Client {
    /// Whether a hook can make the client ask the user.
    pub(super) fn can_ask(self) -> bool {
        matches!(self, Self::Claude | Self::Copilot)
    }

    /// The response with a decision, for an input with fields of this style.
    pub(super) fn response(self, decision: &Decision, style: InputStyle) -> Response {
        let (word, reason) = match decision {
            Decision::Pass => return Response::default(),
            Decision::Ask(reason) => ("ask", reason.as_str()),
            Decision::Deny(reason) => ("deny", reason.as_str()),
        };
        match self {
            Self::Claude => Response::json(&claude_output(word, reason)),
            // The exit code 2 stops the call, and the reason is read from standard error. Codex cannot ask.
            Self::Codex => {
                let output = Response::json(&claude_output("deny", reason));
                Response { stderr: format!("{reason}\n"), exit_code: 2, ..output }
            }
            // The reason is sent to the model. Gemini CLI cannot ask.
            Self::Gemini => Response::json(&json!({ "decision": "deny", "reason": reason })),
            Self::Copilot => Response::json(&copilot_output(word, reason, style)),
        }
    }
}

/// The output for Claude Code, which Codex and VS Code accept as well. The decision is `deny` or `ask`, and the reason of a denial is
/// sent to the model.
fn claude_output(decision: &str, reason: &str) -> Json {
    json!({
        "hookSpecificOutput": {
            "hookEventName": "PreToolUse",
            "permissionDecision": decision,
            "permissionDecisionReason": reason,
        }
    })
}

/// Copilot writes fields in camel case and reads `permissionDecision` at the top. VS Code runs the same hooks with fields in snake
/// case, and reads the output of Claude Code.
fn copilot_output(decision: &str, reason: &str, style: InputStyle) -> Json {
    let mut output = if style == InputStyle::CamelCase { json!({}) } else { claude_output(decision, reason) };
    if style != InputStyle::SnakeCase {
        output["permissionDecision"] = decision.into();
        output["permissionDecisionReason"] = reason.into();
    }
    output
}
