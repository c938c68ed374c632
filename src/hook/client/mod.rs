//! The clients, and the format in which each of them reads the decision. `docs/agents.md` lists the versions.

mod claude;
mod codex;
mod copilot;
mod gemini;

use clap::ValueEnum;

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
    fn json(value: &serde_json::Value) -> Self {
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
            Self::Claude => claude::response(word, reason),
            Self::Codex => codex::response(reason),
            Self::Gemini => gemini::response(reason),
            Self::Copilot => copilot::response(word, reason, style),
        }
    }
}
