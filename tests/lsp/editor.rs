//! A scripted editor: it sends messages to `portal-lint lsp` and records what it receives.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the callers build parameters with `json!`, and a reference at each call would be noise"
)]

use crate::support::json::{self, array, text};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value as Json, json};

/// See the module documentation.
pub struct Editor {
    child: Child,
    input: Option<ChildStdin>,
    /// Messages that are sent together before the next response is waited for.
    unsent: String,
    output: BufReader<ChildStdout>,
    /// The ID of the last request.
    last_id: i64,
    /// The last diagnostics of each URI.
    pub published: BTreeMap<String, Json>,
    /// All messages from the server except responses.
    pub received: Vec<Json>,
    /// The result of `initialize`.
    pub initialize_result: Json,
    /// The results with which the editor answers requests of the server, by method; `null` for all others.
    pub answers: BTreeMap<String, Json>,
}

/// The capabilities of a current editor.
pub fn all_capabilities() -> Json {
    json!({
        "general": { "positionEncodings": ["utf-16"] },
        "workspace": {
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create", "rename", "delete"] },
            "didChangeWatchedFiles": { "dynamicRegistration": true },
        },
        "textDocument": {
            "codeAction": { "disabledSupport": true, "isPreferredSupport": true },
            "hover": { "contentFormat": ["markdown", "plaintext"] },
            "publishDiagnostics": { "relatedInformation": true, "versionSupport": true },
        },
    })
}

/// The URI of a file, as editors write it.
pub fn uri(path: &Path) -> String {
    portal_lint::render::uri::path_to_uri(path.to_str().expect("text"))
}

impl Editor {
    /// Starts the program without sending anything.
    pub fn spawn(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_portal-lint"))
            .args(["lsp", "--stdio"])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        Self {
            child,
            input,
            unsent: String::new(),
            output,
            last_id: 0,
            published: BTreeMap::new(),
            received: Vec::new(),
            initialize_result: Json::Null,
            answers: BTreeMap::new(),
        }
    }

    /// An initialized editor with these capabilities and an open folder.
    pub fn with_capabilities(folder: &Path, capabilities: &Json) -> Self {
        Self::with_folders(&[folder], capabilities)
    }

    /// An initialized editor with several open folders.
    pub fn with_folders(folders: &[&Path], capabilities: &Json) -> Self {
        let mut editor = Self::spawn(folders[0]);
        let folders: Vec<Json> = folders.iter().map(|folder| workspace_folder(folder)).collect();
        let params =
            json!({ "processId": null, "rootUri": null, "workspaceFolders": folders, "capabilities": capabilities });
        editor.initialize_result = editor.request("initialize", params)["result"].clone();
        editor.notify("initialized", json!({}));
        editor
    }

    /// An initialized editor with all capabilities.
    pub fn new(folder: &Path) -> Self {
        Self::with_capabilities(folder, &all_capabilities())
    }

    /// Sends text that need not be a message.
    pub fn send_raw(&mut self, text: &str) {
        self.unsent.push_str(text);
    }

    pub fn send(&mut self, message: &Json) {
        let message = message.to_string();
        self.send_raw(&format!("Content-Length: {}\r\n\r\n{message}", message.len()));
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.unsent);
        if let Some(input) = &mut self.input {
            // Writing fails if the server has ended. The tests check its exit code instead.
            let _ = input.write_all(text.as_bytes()).and_then(|()| input.flush());
        }
    }

    pub fn notify(&mut self, method: &str, params: Json) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and returns the response.
    pub fn request(&mut self, method: &str, params: Json) -> Json {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        self.wait_for_response(&json!(id))
    }

    /// Reads messages up to the response to a request.
    pub fn wait_for_response(&mut self, id: &Json) -> Json {
        loop {
            let message = self.read().expect("a response");
            if message.get("method").is_none() && message["id"] == *id {
                return message;
            }
            self.record(message);
        }
    }

    fn record(&mut self, message: Json) {
        if let (Some(method), Some(id)) = (message["method"].as_str(), message.get("id")) {
            let result = self.answers.get(method).cloned().unwrap_or_default();
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
        }
        if message["method"] == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            self.published.insert(params["uri"].as_str().expect("a URI").to_owned(), params.clone());
        }
        self.received.push(message);
    }

    fn read(&mut self) -> Option<Json> {
        self.flush();
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line).expect("a header") == 0 {
                return None;
            }
            match line.trim().split_once(": ") {
                Some(("Content-Length", value)) => length = value.parse().expect("a length"),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).expect("a body");
        Some(serde_json::from_slice(&body).expect("JSON"))
    }

    /// Waits until the server has handled all messages: it answers requests in order.
    pub fn wait_until_idle(&mut self) {
        self.request("textDocument/hover", position("untitled:none", 0, 0));
    }

    pub fn open(&mut self, uri: &str, language: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Opens a file of a folder as it is on disk.
    pub fn open_file(&mut self, path: &Path) -> String {
        let uri = uri(path);
        self.open(&uri, "json", &std::fs::read_to_string(path).expect("a file"));
        uri
    }

    pub fn change(&mut self, uri: &str, version: u32, changes: Json) {
        let document = json!({ "uri": uri, "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    pub fn close(&mut self, uri: &str) {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }

    /// The diagnostics of a document, after all messages were handled.
    pub fn diagnostics(&mut self, uri: &str) -> Vec<Json> {
        self.wait_until_idle();
        let published = self
            .published
            .get(uri)
            .unwrap_or_else(|| panic!("no diagnostics were published for {uri}: {:?}", self.published.keys()));
        array(&published["diagnostics"]).to_vec()
    }

    /// The codes of the diagnostics of a document.
    pub fn codes(&mut self, uri: &str) -> Vec<String> {
        self.diagnostics(uri).iter().map(|diagnostic| text(&diagnostic["code"]).to_owned()).collect()
    }

    /// The code actions for a range, of all kinds or of those in `only`.
    pub fn actions(&mut self, uri: &str, range: &Json, only: Option<&[&str]>) -> Vec<Json> {
        let context = json!({ "diagnostics": [], "only": only });
        let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": context });
        array(&self.request("textDocument/codeAction", params)["result"]).to_vec()
    }

    /// The parameters of the requests and notifications with this method that were received so far.
    pub fn received_params(&self, method: &str) -> Vec<Json> {
        let messages = self.received.iter().filter(|message| message["method"] == method);
        messages.map(|message| message["params"].clone()).collect()
    }

    /// The text of the hover at a position; empty if there is none.
    pub fn hover(&mut self, uri: &str, line: u32, character: u32) -> String {
        let response = self.request("textDocument/hover", position(uri, line, character));
        response["result"]["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    /// Closes the pipe. Returns the exit code and the text on standard error.
    pub fn disconnect(mut self) -> (i32, String) {
        self.flush();
        drop(self.input.take());
        while let Some(message) = self.read() {
            self.record(message);
        }
        let mut err = String::new();
        self.child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("text");
        (self.child.wait().expect("it ends").code().expect("it was not killed"), err)
    }

    /// Keeps the pipe open until the server ends. Returns the exit code.
    pub fn wait_for_exit(mut self) -> i32 {
        while self.read().is_some() {}
        self.child.wait().expect("it ends").code().expect("it was not killed")
    }

    /// Ends the session as LSP requires.
    pub fn shut_down(mut self) {
        assert_eq!(self.request("shutdown", Json::Null)["result"], Json::Null);
        self.notify("exit", Json::Null);
        assert_eq!(self.disconnect(), (0, String::new()));
    }
}

impl Drop for Editor {
    /// Ends the server, also after a failed test.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder, as in `workspaceFolders`.
pub fn workspace_folder(folder: &Path) -> Json {
    json!({ "uri": uri(folder), "name": "folder" })
}

/// The error code of a response.
pub fn error_code(response: &Json) -> i64 {
    response["error"]["code"].as_i64().unwrap_or_else(|| panic!("no error: {response}"))
}

pub fn position(uri: &str, line: u32, character: u32) -> Json {
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}

pub fn range(start: [u32; 2], end: [u32; 2]) -> Json {
    let to_json = |[line, character]: [u32; 2]| json!({ "line": line, "character": character });
    json!({ "start": to_json(start), "end": to_json(end) })
}

/// Applies a workspace edit of one document, whose positions are in UTF-16, to the document's text.
pub fn apply_edit(text: &str, edit: &Json) -> String {
    let mut units: Vec<u16> = text.encode_utf16().collect();
    let mut replacements = Vec::new();
    for edit in text_edits(edit) {
        let start = find_unit(&units, &edit["range"]["start"]);
        let end = find_unit(&units, &edit["range"]["end"]);
        replacements.push((start, end, json::text(&edit["newText"])));
    }
    replacements.sort_unstable();
    // From the end to the start, so that the positions of the other edits stay valid.
    for (start, end, new_text) in replacements.into_iter().rev() {
        units.splice(start..end, new_text.encode_utf16());
    }
    String::from_utf16(&units).expect("text")
}

/// The text edits in a workspace edit, in the form `documentChanges` or in the older form `changes`.
fn text_edits(edit: &Json) -> Vec<&Json> {
    if let Some(changes) = edit["documentChanges"].as_array() {
        return changes.iter().filter_map(|change| change["edits"].as_array()).flatten().collect();
    }
    edit["changes"].as_object().expect("changes").values().flat_map(array).collect()
}

/// The index of the UTF-16 unit at a position.
fn find_unit(units: &[u16], position: &Json) -> usize {
    let mut index = 0;
    for _ in 0..position["line"].as_u64().expect("a line") {
        index += units[index..].iter().position(|unit| *unit == u16::from(b'\n')).expect("a line") + 1;
    }
    index + usize::try_from(position["character"].as_u64().expect("a character")).expect("a number")
}
