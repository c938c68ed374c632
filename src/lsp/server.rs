//! The LSP session: checks that each message is allowed in the current stage, and dispatches it to its handler.

use std::io::{self, Write};

use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::base::source::Encoding;
use crate::lsp::actions;
use crate::lsp::client_capabilities::ClientCapabilities;
use crate::lsp::hover;
use crate::lsp::queue::MessageQueue;
use crate::lsp::state::State;
use crate::lsp::transport::{self, Incoming};
use crate::rules::wording;
use crate::settings::project::SETTINGS_FILE;

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
    queue: MessageQueue,
    out: &'o mut dyn Write,
    stage: Stage,
    client: ClientCapabilities,
    state: State,
}

/// The `result` of a response, or its error code and message.
type RequestResult = Result<Json, (ErrorCode, String)>;

impl<'o> Session<'o> {
    pub(super) fn new(queue: MessageQueue, out: &'o mut dyn Write) -> Self {
        Self { queue, out, stage: Stage::Uninitialized, client: ClientCapabilities::default(), state: State::default() }
    }

    /// Handles messages until `exit` or the end of the input.
    ///
    /// # Errors
    ///
    /// As [`crate::lsp::serve`].
    pub(super) fn run(&mut self) -> io::Result<()> {
        loop {
            // A waiting message may change a document: diagnostics published before it would be out of date at once.
            if self.queue.is_empty() {
                self.publish_diagnostics()?;
            }
            match self.queue.next().map_err(describe_read_error)? {
                None => return Ok(()),
                Some(Incoming::Malformed(code, message)) => transport::write_error(code, &message, self.out)?,
                Some(Incoming::Message(Message::Request(request))) => self.on_request(request)?,
                // The only request the server sends is `client/registerCapability`; if it fails, nothing else changes.
                Some(Incoming::Message(Message::Response(_))) => {}
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

    fn send(&mut self, message: impl Into<Message>) -> io::Result<()> {
        transport::write(&message.into(), self.out)
    }

    fn notify(&mut self, method: &str, params: impl Serialize) -> io::Result<()> {
        self.send(Notification::new(method.to_owned(), params))
    }

    /// Analyzes what may be out of date, and publishes the diagnostics that changed.
    fn publish_diagnostics(&mut self) -> io::Result<()> {
        for params in self.state.refresh(self.client.encoding) {
            self.notify("textDocument/publishDiagnostics", params)?;
        }
        Ok(())
    }

    fn on_request(&mut self, request: Request) -> io::Result<()> {
        let id = request.id.clone();
        let result = if self.queue.is_canceled(&id) {
            Err((ErrorCode::RequestCanceled, "taken back".to_owned()))
        } else {
            self.handle_request(request)?
        };
        self.send(match result {
            Ok(result) => Response::new_ok(id, result),
            Err((code, message)) => Response::new_err(id, code as i32, message),
        })
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
        Ok(Err((code, message.to_owned())))
    }

    /// Handles a request about a document.
    fn handle_document_request(&mut self, request: Request) -> io::Result<RequestResult> {
        // A response refers to positions in the current text: changes that came before the request have to be analyzed first.
        self.publish_diagnostics()?;
        Ok(match request.method.as_str() {
            "textDocument/codeAction" => respond_with(request, |params| self.code_actions(&params)),
            "textDocument/hover" => respond_with(request, |params| self.hover(params)),
            method => Err((ErrorCode::MethodNotFound, format!("{} is not offered", wording::quote(method)))),
        })
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

    fn initialize(&mut self, params: &Json) -> RequestResult {
        self.client = ClientCapabilities::from_initialize_params(params);
        if let Some(process_id) = self.client.process_id {
            self.queue.watch_editor_process(process_id);
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
                parse_params(params).map(|params: lsp::DidOpenTextDocumentParams| state.open(params.text_document))
            }
            "textDocument/didChange" => state.change(&params, encoding),
            "textDocument/didSave" => parse_params(params)
                .map(|params: lsp::DidSaveTextDocumentParams| state.mark_dirty(&params.text_document.uri.0)),
            "textDocument/didClose" => parse_params(params)
                .map(|params: lsp::DidCloseTextDocumentParams| state.close(&params.text_document.uri.0)),
            "workspace/didChangeWatchedFiles" => {
                state.invalidate_all();
                Some(())
            }
            _ => Some(()),
        };
        if handled.is_some() {
            return Ok(());
        }
        // Do not log the parameters: they may contain the text of a file, and with it secrets.
        let message = format!("portal-lint cannot read a `{method}`, and leaves it out");
        self.notify("window/logMessage", lsp::LogMessageParams { kind: lsp::MessageType::Warning, message })
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
        let id = RequestId::from("watch".to_owned());
        self.send(Request::new(id, "client/registerCapability".to_owned(), params))
    }
}

/// Adds what failed to an error of the operating system, whose text does not mention the input.
fn describe_read_error(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::InvalidData || crate::lsp::is_disconnect(&error) {
        return error;
    }
    io::Error::new(io::ErrorKind::InvalidData, format!("the input cannot be read: {error}"))
}

fn initialize_result(encoding: Encoding) -> lsp::InitializeResult {
    let sync = lsp::TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(lsp::TextDocumentSyncKind::Incremental),
        save: Some(lsp::SaveOptions { include_text: Some(false) }.into()),
        ..lsp::TextDocumentSyncOptions::default()
    };
    let actions = lsp::CodeActionOptions {
        code_action_kinds: Some(actions::action_kinds()),
        ..lsp::CodeActionOptions::default()
    };
    let capabilities = lsp::ServerCapabilities {
        position_encoding: Some(match encoding {
            Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
            Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
            Encoding::Utf32 => lsp::PositionEncodingKind::UTF32,
        }),
        text_document_sync: Some(sync.into()),
        hover_provider: Some(true.into()),
        code_action_provider: Some(actions.into()),
        ..lsp::ServerCapabilities::default()
    };
    let version = Some(env!("CARGO_PKG_VERSION").into());
    let server_info = Some(lsp::ServerInfo { name: env!("CARGO_PKG_NAME").into(), version });
    lsp::InitializeResult { capabilities, server_info }
}

fn parse_params<P: DeserializeOwned>(params: Json) -> Option<P> {
    serde_json::from_value(params).ok()
}

/// Parses the parameters of a request and passes them to `handler`. `None` becomes `null`, which LSP uses for "no result".
fn respond_with<P: DeserializeOwned, A: Serialize>(
    request: Request,
    handler: impl FnOnce(P) -> Option<A>,
) -> RequestResult {
    match parse_params(request.params) {
        Some(params) => to_json(handler(params)),
        None => Err((ErrorCode::InvalidParams, "the parameters are not what the protocol says".to_owned())),
    }
}

fn to_json(value: impl Serialize) -> RequestResult {
    serde_json::to_value(value).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}
