//! Shows in the editor that the first analysis of a large project is running (`$/progress`).

use std::io;
use std::time::Duration;

use gen_lsp_types as lsp;

use crate::lsp::client_capabilities::ClientCapabilities;
use crate::lsp::connection::Connection;

/// The minimum number of files of a large project. A smaller project is checked before an editor could show anything.
const LARGE_PROJECT: usize = 500;

/// How long to wait until the editor has accepted a token. An editor that takes longer gets no progress.
const CREATION_TIMEOUT: Duration = Duration::from_secs(1);

/// Reports the progress of the analyses that a message needs.
pub(super) struct ProgressReporter<'s, 'o> {
    pub connection: &'s mut Connection<'o>,
    pub client: &'s ClientCapabilities,
    /// The token that came with the request. It can be used once.
    pub request_token: Option<lsp::ProgressToken>,
}

impl ProgressReporter<'_, '_> {
    /// Whether an analysis of this many files should be reported.
    pub(super) fn is_large(file_count: usize) -> bool {
        file_count >= LARGE_PROJECT
    }

    /// Runs an analysis and reports when it begins and ends.
    ///
    /// # Errors
    ///
    /// If writing to the editor fails.
    pub(super) fn run<T>(&mut self, file_count: usize, analyze: impl FnOnce() -> T) -> io::Result<T> {
        let token = match self.request_token.take() {
            Some(token) => Some(token),
            None => self.create_token()?,
        };
        let Some(token) = token else { return Ok(analyze()) };
        let begin = lsp::WorkDoneProgressBegin {
            title: "portal-lint".into(),
            message: Some(format!("checking {file_count} files")),
            ..lsp::WorkDoneProgressBegin::default()
        };
        self.notify(&token, serde_json::to_value(begin)?)?;
        let result = analyze();
        self.notify(&token, serde_json::to_value(lsp::WorkDoneProgressEnd::default())?)?;
        Ok(result)
    }

    /// Creates a token and asks the editor to accept it, which LSP requires before the token is used.
    fn create_token(&mut self) -> io::Result<Option<lsp::ProgressToken>> {
        if !self.client.creates_progress {
            return Ok(None);
        }
        let token = lsp::ProgressToken::String(self.connection.new_token());
        let params = lsp::WorkDoneProgressCreateParams { token: token.clone() };
        let id = self.connection.request("window/workDoneProgress/create", params)?;
        let response = self.connection.wait_for_response(&id, CREATION_TIMEOUT);
        Ok(response.filter(|response| response.response_result.is_ok()).map(|_| token))
    }

    fn notify(&mut self, token: &lsp::ProgressToken, value: serde_json::Value) -> io::Result<()> {
        self.connection.notify("$/progress", lsp::ProgressParams { token: token.clone(), value })
    }
}
