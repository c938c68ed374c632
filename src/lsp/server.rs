//! A session with an editor: which message may come when, and who answers it.

use crate::rules::wording;
use std::io::{self, Write};

use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::base::source::Encoding;
use crate::lsp::actions;
use crate::lsp::client_capabilities::Client;
use crate::lsp::hover;
use crate::lsp::queue::Inbox;
use crate::lsp::state::State;
use crate::lsp::transport;
use crate::lsp::transport::Incoming;
use crate::settings::project::NAME;

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The editor has not said who it is.
    New,
    /// At work.
    Open,
    /// The editor said that it would go.
    Shut,
}

/// See the module.
pub struct Session<'o> {
    inbox: Inbox,
    out: &'o mut dyn Write,
    stage: Stage,
    client: Client,
    desk: State,
}

/// The answer to a question, or why there is none.
type Answer = Result<Json, (ErrorCode, String)>;

impl<'o> Session<'o> {
    /// Nothing was said yet.
    pub fn new(inbox: Inbox, out: &'o mut dyn Write) -> Self {
        Self { inbox, out, stage: Stage::New, client: Client::default(), desk: State::default() }
    }

    /// Until the editor goes.
    ///
    /// # Errors
    ///
    /// As [`crate::lsp::serve`].
    pub fn run(&mut self) -> io::Result<()> {
        loop {
            // While there is more to come, what is found now would be out of date when it is read.
            if self.inbox.is_empty() {
                self.refresh()?;
            }
            match self.inbox.next().map_err(unread)? {
                None => return Ok(()),
                Some(Incoming::Malformed(code, message)) => transport::write_error(code, &message, self.out)?,
                Some(Incoming::Message(Message::Request(request))) => self.answer(request)?,
                // Of what was asked of the editor, nothing hangs on the answer.
                Some(Incoming::Message(Message::Response(_))) => {}
                Some(Incoming::Message(Message::Notification(said))) if said.method == "exit" => return Ok(()),
                Some(Incoming::Message(Message::Notification(said))) => self.on_notification(said)?,
            }
        }
    }

    /// What the protocol wants to know of how it ended.
    pub fn exit_code(&self) -> u8 {
        u8::from(self.stage != Stage::Shut)
    }

    fn send(&mut self, message: impl Into<Message>) -> io::Result<()> {
        transport::write(&message.into(), self.out)
    }

    fn notify(&mut self, method: &str, params: impl Serialize) -> io::Result<()> {
        self.send(Notification::new(method.to_owned(), params))
    }

    /// Tells the editor what is new.
    fn refresh(&mut self) -> io::Result<()> {
        let news = self.desk.refresh(self.client.encoding);
        news.into_iter().try_for_each(|news| self.notify("textDocument/publishDiagnostics", news))
    }

    fn answer(&mut self, request: Request) -> io::Result<()> {
        let id = request.id.clone();
        let answer = if self.inbox.cancels(&id) {
            Err((ErrorCode::RequestCanceled, "taken back".to_owned()))
        } else {
            self.answer_to(request)?
        };
        self.send(match answer {
            Ok(result) => Response::new_ok(id, result),
            Err((code, message)) => Response::new_err(id, code as i32, message),
        })
    }

    fn answer_to(&mut self, request: Request) -> io::Result<Answer> {
        let refuse = |code, why: &str| Ok(Err((code, why.to_owned())));
        match (self.stage, request.method.as_str()) {
            (Stage::New, "initialize") => return Ok(self.initialize(&request.params)),
            (Stage::New, _) => return refuse(ErrorCode::ServerNotInitialized, "`initialize` comes first"),
            (Stage::Shut, _) => return refuse(ErrorCode::InvalidRequest, "behind `shutdown` comes `exit`"),
            (Stage::Open, "initialize") => return refuse(ErrorCode::InvalidRequest, "`initialize` was there before"),
            (Stage::Open, "shutdown") => {
                self.stage = Stage::Shut;
                return Ok(Ok(Json::Null));
            }
            (Stage::Open, _) => {}
        }
        // What is answered is about the text as it is now.
        self.refresh()?;
        Ok(match request.method.as_str() {
            "textDocument/codeAction" => asked(request, |params: lsp::CodeActionParams| {
                let uri = &params.text_document.uri.0;
                self.desk.asked(uri, &self.client).map(|asked| actions::actions(&asked, &params))
            }),
            "textDocument/hover" => asked(request, |params: lsp::HoverParams| {
                let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
                self.desk.asked(&text_document.uri.0, &self.client).and_then(|asked| hover::hover(&asked, position))
            }),
            method => Err((ErrorCode::MethodNotFound, format!("{} is not offered", wording::quote(method)))),
        })
    }

    fn initialize(&mut self, params: &Json) -> Answer {
        self.client = Client::of(params);
        if let Some(process) = self.client.process {
            self.inbox.watch(process);
        }
        self.stage = Stage::Open;
        to_json(capabilities(self.client.encoding))
    }

    fn on_notification(&mut self, said: Notification) -> io::Result<()> {
        if self.stage != Stage::Open {
            return Ok(());
        }
        let Notification { method, params } = said;
        let (desk, encoding) = (&mut self.desk, self.client.encoding);
        let heard = match method.as_str() {
            "initialized" => return self.watch(),
            "textDocument/didOpen" => {
                read(params).map(|params: lsp::DidOpenTextDocumentParams| desk.open(params.text_document))
            }
            "textDocument/didChange" => desk.change(&params, encoding),
            "textDocument/didSave" => {
                read(params).map(|params: lsp::DidSaveTextDocumentParams| desk.mark_dirty(&params.text_document.uri.0))
            }
            "textDocument/didClose" => {
                read(params).map(|params: lsp::DidCloseTextDocumentParams| desk.close(&params.text_document.uri.0))
            }
            "workspace/didChangeWatchedFiles" => {
                desk.reload();
                Some(())
            }
            _ => Some(()),
        };
        if heard.is_some() {
            return Ok(());
        }
        // What is in it is not shown: it may be the text of a file.
        let message = format!("portal-lint cannot read a `{method}`, and leaves it out");
        self.notify("window/logMessage", lsp::LogMessageParams { kind: lsp::MessageType::Warning, message })
    }

    /// Asks to be told when a file changes that is not open: settings, snapshots, and what portals are compared with.
    fn watch(&mut self) -> io::Result<()> {
        if !self.client.watches_files {
            return Ok(());
        }
        let watcher = |pattern: String| lsp::FileSystemWatcher { glob_pattern: pattern.into(), kind: None };
        let patterns = [NAME, "*.{json,jsonc,yaml,yml}", ".gitignore"];
        let watchers = patterns.map(|pattern| watcher(format!("**/{pattern}"))).to_vec();
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

/// That reading failed is said here: an error of the system does not say what it is about.
fn unread(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::InvalidData || crate::lsp::is_gone(&error) {
        return error;
    }
    io::Error::new(io::ErrorKind::InvalidData, format!("the input cannot be read: {error}"))
}

fn capabilities(encoding: Encoding) -> lsp::InitializeResult {
    let sync = lsp::TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(lsp::TextDocumentSyncKind::Incremental),
        save: Some(lsp::SaveOptions { include_text: Some(false) }.into()),
        ..lsp::TextDocumentSyncOptions::default()
    };
    let actions =
        lsp::CodeActionOptions { code_action_kinds: Some(actions::kinds()), ..lsp::CodeActionOptions::default() };
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

fn read<P: DeserializeOwned>(params: Json) -> Option<P> {
    serde_json::from_value(params).ok()
}

/// Answers a question whose parameters can be read; `None` is the protocol's `null`.
fn asked<P: DeserializeOwned, A: Serialize>(request: Request, answer: impl FnOnce(P) -> Option<A>) -> Answer {
    match read(request.params) {
        Some(params) => to_json(answer(params)),
        None => Err((ErrorCode::InvalidParams, "the parameters are not what the protocol says".to_owned())),
    }
}

fn to_json(value: impl Serialize) -> Answer {
    serde_json::to_value(value).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}
