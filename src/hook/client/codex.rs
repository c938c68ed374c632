//! Codex: the exit code 2 stops the call, and the reason is read from standard error. Codex cannot ask.

use super::{Response, claude};

pub(super) fn response(reason: &str) -> Response {
    Response { stderr: format!("{reason}\n"), exit_code: 2, ..claude::response("deny", reason) }
}
