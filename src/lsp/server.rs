//! The LSP session: checks that each message is allowed in the current stage, and dispatches it to its handler.

use std::io::{self, Write};

use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, Message, Notification, Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::base::sanitize::sanitize;
use crate::lsp::client_capabilities::ClientCapabilities;
use crate::lsp::connection::Connection;
use crate::lsp::progress::ProgressReporter;
use crate::lsp::queue::MessageQueue;
use crate::lsp::response::{RequestError, RequestResult, parse_params, to_json};
use crate::lsp::server_capabilities::initialize_result;
use crate::lsp::state::State;
use crate::lsp::transport::Incoming;
use crate::lsp::{actions, commands, completion, fix_all, hover, inlay_hints, pull_diagnostics, uri};
use crate::rules::wording;
use crate::settings::project::SETTINGS_FILE;

/// The request that makes the editor apply an edit.
const APPLY_EDIT: &str = "workspace/applyEdit";

/// The stage of the LSP lifecycle (LSP 3.17, "Lifecycle Messages").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Before `initialize`.
    Uninitialized,
    /// Between `initialize` and `shutdown`.
    Running,
    /// After `shutdown`.
    ShutDown,
}

/// The connection to one editor and what the server knows about it.
pub(super) struct Session<'o> {
    connection: Connection<'o>,
    stage: Stage,
    client: ClientCapabilities,
    state: State,
}

impl<'o> Session<'o> {
    pub(super) fn new(queue: MessageQueue, out: &'o mut dyn Write) -> Self {
        let connection = Connection::new(queue, out);
        Self { connection, stage: Stage::Uninitialized, client: ClientCapabilities::default(), state: State::default() }
    }

    /// Handles messages until `exit` or the end of the input.
    ///
    /// # Errors
    ///
    /// As [`crate::lsp::serve`].
    pub(super) fn run(&mut self) -> io::Result<()> {
        loop {
            // A waiting message may change a document, so that diagnostics published now would soon be out of date. An editor that
            // pulls diagnostics sends a request, perhaps with a token for the progress.
            if !self.client.pulls_diagnostics && self.connection.is_idle() {
                self.refresh(None)?;
            }
            match self.connection.next().map_err(describe_read_error)? {
                None => return Ok(()),
                Some(Incoming::Malformed(code, message)) => self.connection.respond_to_malformed(code, &message)?,
                Some(Incoming::Message(Message::Request(request))) => self.on_request(request)?,
                Some(Incoming::Message(Message::Response(response))) => self.on_response(&response)?,
                Some(Incoming::Message(Message::Notification(notification))) if notification.method == "exit" => {
                    return Ok(());
                }
                Some(Incoming::Message(Message::Notification(notification))) => self.on_notification(notification)?,
            }
        }
    }

    /// The exit code that LSP requires for `exit`: 0 after `shutdown`, else 1.
    pub(super) fn exit_code(&self) -> u8 {
        u8::from(self.stage != Stage::ShutDown)
    }

    /// Runs the analyses that may be out of date, and sends the changes to the editor. `token` is the progress token of a request.
    fn refresh(&mut self, token: Option<lsp::ProgressToken>) -> io::Result<()> {
        let Self { connection, client, state, .. } = self;
        let changes = state.refresh(&mut ProgressReporter { connection, client, request_token: token })?;
        if self.client.pulls_diagnostics {
            // After a change of a document, the editor asks for its diagnostics anyway.
            if changes.iter().any(|change| change.has_same_version) {
                self.request_refresh()?;
            }
            return Ok(());
        }
        for change in changes {
            self.connection.notify("textDocument/publishDiagnostics", self.state.publish_params(change.uri))?;
        }
        Ok(())
    }

    /// Asks the editor to pull the diagnostics again.
    fn request_refresh(&mut self) -> io::Result<()> {
        if self.client.pulls_diagnostics && self.client.refreshes_diagnostics {
            self.connection.request("workspace/diagnostic/refresh", Json::Null)?;
        }
        Ok(())
    }

    fn on_request(&mut self, request: Request) -> io::Result<()> {
        let id = request.id.clone();
        let result = if self.connection.is_canceled(&id) {
            Err(RequestError::new(ErrorCode::RequestCanceled, "canceled by the client"))
        } else {
            self.handle_request(request)?
        };
        self.connection.respond(match result {
            Ok(result) => Response::new_ok(id, result),
            Err(RequestError { code, message }) => Response::new_err(id, code as i32, message),
        })
    }

    /// Handles the response to a request of the server. Only a refused edit is reported, because the user requested it.
    fn on_response(&mut self, response: &Response) -> io::Result<()> {
        if !response.id.to_string().contains(APPLY_EDIT) {
            return Ok(());
        }
        let reason = match &response.response_result {
            Ok(result) if result["applied"] == true => return Ok(()),
            Ok(result) => result["failureReason"].as_str().unwrap_or("it gave no reason"),
            Err(error) => &error.message,
        };
        let message = format!("The editor did not apply the edit: {}", sanitize(reason));
        self.connection
            .notify("window/showMessage", lsp::ShowMessageParams { kind: lsp::MessageType::Warning, message })
    }

    fn handle_request(&mut self, request: Request) -> io::Result<RequestResult> {
        let (code, message) = match (self.stage, request.method.as_str()) {
            (Stage::Uninitialized, "initialize") => return Ok(self.initialize(&request.params)),
            (Stage::Uninitialized, _) => (ErrorCode::ServerNotInitialized, "expected `initialize` first"),
            (Stage::ShutDown, _) => (ErrorCode::InvalidRequest, "expected `exit` after `shutdown`"),
            (Stage::Running, "initialize") => (ErrorCode::InvalidRequest, "`initialize` was already received"),
            (Stage::Running, "shutdown") => {
                self.stage = Stage::ShutDown;
                return Ok(Ok(Json::Null));
            }
            (Stage::Running, _) => return self.handle_document_request(request),
        };
        Ok(Err(RequestError::new(code, message)))
    }

    /// Handles a request about documents.
    fn handle_document_request(&mut self, request: Request) -> io::Result<RequestResult> {
        let Request { method, params, .. } = request;
        let is_document_pull = method == "textDocument/diagnostic";
        let token = if is_document_pull { serde_json::from_value(params["workDoneToken"].clone()).ok() } else { None };
        // A response refers to positions in the current text: changes that came before the request have to be analyzed first.
        self.refresh(token)?;
        Ok(match method.as_str() {
            "textDocument/diagnostic" => respond_after(params, |params| self.document_diagnostics(&params))?,
            "workspace/diagnostic" => respond_after(params, |params| self.workspace_diagnostics(params))?,
            "workspace/executeCommand" => respond_after(params, |params| self.execute_command(params))?,
            "textDocument/codeAction" => respond_with(params, |params| Ok(self.code_actions(&params))),
            "codeAction/resolve" => respond_with(params, |action| fix_all::resolve(&self.state, &self.client, action)),
            "textDocument/hover" => respond_with(params, |params| Ok(self.hover(params))),
            "textDocument/completion" => respond_with(params, |params| Ok(self.completions(params))),
            "textDocument/inlayHint" => respond_with(params, |params| Ok(self.inlay_hints(&params))),
            method => {
                Err(RequestError::new(ErrorCode::MethodNotFound, format!("{} is not offered", wording::quote(method))))
            }
        })
    }

    fn document_diagnostics(&mut self, params: &lsp::DocumentDiagnosticParams) -> io::Result<RequestResult> {
        let Self { connection, client, state, .. } = self;
        if let Some(report) = pull_diagnostics::document_report(state, params, client.accepts_related_diagnostics) {
            return Ok(to_json(report));
        }
        // Editors also ask about files in tabs that they have not opened yet.
        let path = uri::to_path(&params.text_document.uri.0);
        if !path.is_some_and(|path| client.folders.iter().any(|folder| path.starts_with(folder))) {
            return Ok(Err(RequestError::not_open()));
        }
        let progress = &mut ProgressReporter { connection, client, request_token: None };
        state.check_closed_files(&client.folders, progress)?;
        Ok(to_json(pull_diagnostics::closed_file_report(state, params)))
    }

    fn workspace_diagnostics(&mut self, params: lsp::WorkspaceDiagnosticParams) -> io::Result<RequestResult> {
        let Self { connection, client, state, .. } = self;
        let request_token = params.work_done_progress_params.work_done_token;
        let progress = &mut ProgressReporter { connection, client, request_token };
        state.check_closed_files(&client.folders, progress)?;
        Ok(to_json(pull_diagnostics::workspace_report(state, &params.previous_result_ids)))
    }

    fn execute_command(&mut self, params: lsp::ExecuteCommandParams) -> io::Result<RequestResult> {
        match commands::edit_for_command(&self.state, &self.client, params) {
            Ok(Some(edit)) => {
                self.connection.request(APPLY_EDIT, edit)?;
                Ok(Ok(Json::Null))
            }
            Ok(None) => Ok(Ok(Json::Null)),
            Err(error) => Ok(Err(error)),
        }
    }

    fn code_actions(&self, params: &lsp::CodeActionParams) -> Option<Vec<lsp::CodeAction>> {
        let context = self.state.request_context(&params.text_document.uri.0, &self.client)?;
        Some(actions::code_actions(&context, params))
    }

    fn hover(&self, params: lsp::HoverParams) -> Option<lsp::Hover> {
        let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let context = self.state.request_context(&text_document.uri.0, &self.client)?;
        hover::hover(&context, position)
    }

    fn completions(&self, params: lsp::CompletionParams) -> Option<lsp::CompletionList> {
        let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let context = self.state.request_context(&text_document.uri.0, &self.client)?;
        completion::completions(&context, position)
    }

    fn inlay_hints(&self, params: &lsp::InlayHintParams) -> Option<Vec<lsp::InlayHint>> {
        let context = self.state.request_context(&params.text_document.uri.0, &self.client)?;
        Some(inlay_hints::inlay_hints(&context, params.range))
    }

    fn initialize(&mut self, params: &Json) -> RequestResult {
        self.client = ClientCapabilities::from_initialize_params(params);
        if let Some(process_id) = self.client.process_id {
            self.connection.watch_editor_process(process_id);
        }
        self.stage = Stage::Running;
        to_json(initialize_result(self.client.encoding))
    }

    fn on_notification(&mut self, notification: Notification) -> io::Result<()> {
        if self.stage != Stage::Running {
            return Ok(());
        }
        let Notification { method, params } = notification;
        let (state, encoding) = (&mut self.state, self.client.encoding);
        let handled = match method.as_str() {
            "initialized" => return self.register_file_watchers(),
            "textDocument/didOpen" => {
                parse_params(params).map(|params: lsp::DidOpenTextDocumentParams| state.open(params.text_document)).ok()
            }
            "textDocument/didChange" => state.change(&params, encoding),
            "textDocument/didSave" => parse_params(params)
                .map(|params: lsp::DidSaveTextDocumentParams| state.mark_dirty(&params.text_document.uri.0))
                .ok(),
            "textDocument/didClose" => parse_params(params)
                .map(|params: lsp::DidCloseTextDocumentParams| state.close(&params.text_document.uri.0))
                .ok(),
            "workspace/didChangeWorkspaceFolders" if self.client.change_folders(&params).is_some() => {
                return self.on_files_changed();
            }
            "workspace/didChangeWorkspaceFolders" => None,
            "workspace/didChangeWatchedFiles" => return self.on_files_changed(),
            _ => Some(()),
        };
        if handled.is_some() {
            // Closing a document may change the diagnostics of others, but an editor that pulls does not ask for them.
            let needs_refresh = self.client.pulls_diagnostics && method == "textDocument/didClose";
            return if needs_refresh { self.refresh(None) } else { Ok(()) };
        }
        // Do not log the parameters: they may contain the text of a file, and with it secrets.
        let message = format!("portal-lint ignored a `{method}` that it could not read");
        self.connection.notify("window/logMessage", lsp::LogMessageParams { kind: lsp::MessageType::Warning, message })
    }

    /// Handles a change of files on disk or of the workspace folders.
    fn on_files_changed(&mut self) -> io::Result<()> {
        self.state.invalidate_all();
        // The account snapshot may contain other names.
        if self.client.refreshes_inlay_hints {
            self.connection.request("workspace/inlayHint/refresh", Json::Null)?;
        }
        self.request_refresh()
    }

    /// Asks the editor to report changes of files that are not open but affect the result: settings files, account snapshots,
    /// the other portals of the project, and ignore files.
    fn register_file_watchers(&mut self) -> io::Result<()> {
        if !self.client.watches_files {
            return Ok(());
        }
        let mut watchers = Vec::new();
        for pattern in [SETTINGS_FILE, "*.{json,jsonc,yaml,yml}", ".gitignore"] {
            watchers.push(lsp::FileSystemWatcher { glob_pattern: format!("**/{pattern}").into(), kind: None });
        }
        let options = lsp::DidChangeWatchedFilesRegistrationOptions { watchers };
        let registration = lsp::Registration {
            id: "files".into(),
            method: "workspace/didChangeWatchedFiles".into(),
            register_options: to_json(options).ok(),
        };
        let params = lsp::RegistrationParams { registrations: vec![registration] };
        self.connection.request("client/registerCapability", params)?;
        Ok(())
    }
}

/// Adds to an error of the operating system that it is about the input.
fn describe_read_error(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::InvalidData || crate::lsp::is_disconnect(&error) {
        return error;
    }
    io::Error::new(io::ErrorKind::InvalidData, format!("the input cannot be read: {error}"))
}

/// Parses the parameters of a request and passes them to `handler`.
fn respond_with<P: DeserializeOwned, A: Serialize>(
    params: Json,
    handler: impl FnOnce(P) -> Result<A, RequestError>,
) -> RequestResult {
    to_json(handler(parse_params(params)?)?)
}

/// Like [`respond_with`], for a handler that sends other messages first.
fn respond_after<P: DeserializeOwned>(
    params: Json,
    handler: impl FnOnce(P) -> io::Result<RequestResult>,
) -> io::Result<RequestResult> {
    match parse_params(params) {
        Ok(params) => handler(params),
        Err(error) => Ok(Err(error)),
    }
}
