//! An editor that does what it is told: it writes messages to `portal-lint lsp` and keeps what comes back.

#![expect(clippy::needless_pass_by_value, reason = "what is said is written where it is said, and not kept")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value as Json, json};

/// See the module.
pub struct Editor {
    child: Child,
    input: Option<ChildStdin>,
    /// What is said at once before the next answer is waited for.
    unsent: String,
    output: BufReader<ChildStdout>,
    asked: i64,
    /// The last diagnostics of each URI.
    pub published: BTreeMap<String, Json>,
    /// All else that came unasked.
    pub heard: Vec<Json>,
    /// What the server answered to `initialize`.
    pub server: Json,
}

/// What the newest editors can do.
pub fn able() -> Json {
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
    /// The program, and not a word yet.
    pub fn silent(folder: &Path) -> Self {
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
            asked: 0,
            published: BTreeMap::new(),
            heard: Vec::new(),
            server: Json::Null,
        }
    }

    /// An editor that can do this, with a folder open.
    pub fn with(folder: &Path, capabilities: &Json) -> Self {
        let mut editor = Self::silent(folder);
        let folders = [json!({ "uri": uri(folder), "name": "folder" })];
        let params =
            json!({ "processId": null, "rootUri": null, "workspaceFolders": folders, "capabilities": capabilities });
        editor.server = editor.ask("initialize", params)["result"].clone();
        editor.say("initialized", json!({}));
        editor
    }

    /// An editor that can do everything.
    pub fn new(folder: &Path) -> Self {
        Self::with(folder, &able())
    }

    /// Whatever it is.
    pub fn raw(&mut self, text: &str) {
        self.unsent.push_str(text);
    }

    pub fn send(&mut self, message: &Json) {
        let message = message.to_string();
        self.raw(&format!("Content-Length: {}\r\n\r\n{message}", message.len()));
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.unsent);
        if let Some(input) = &mut self.input {
            // A server that is gone is looked at elsewhere.
            let _ = input.write_all(text.as_bytes()).and_then(|()| input.flush());
        }
    }

    pub fn say(&mut self, method: &str, params: Json) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// A question, and the whole answer.
    pub fn ask(&mut self, method: &str, params: Json) -> Json {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        self.answer(&json!(id))
    }

    /// Reads up to the answer of a question.
    pub fn answer(&mut self, id: &Json) -> Json {
        loop {
            let message = self.read().expect("an answer");
            if message.get("method").is_none() && message["id"] == *id {
                return message;
            }
            self.keep(message);
        }
    }

    fn keep(&mut self, message: Json) {
        if message["method"] == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            self.published.insert(params["uri"].as_str().expect("a URI").to_owned(), params.clone());
        }
        self.heard.push(message);
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

    /// Waits until all that was said has been looked at: a question is answered behind that.
    pub fn settle(&mut self) {
        self.ask("textDocument/hover", position("untitled:none", 0, 0));
    }

    pub fn open(&mut self, uri: &str, language: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.say("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Opens a file of a folder as it is on disk.
    pub fn open_file(&mut self, path: &Path) -> String {
        let uri = uri(path);
        self.open(&uri, "json", &std::fs::read_to_string(path).expect("a file"));
        uri
    }

    pub fn change(&mut self, uri: &str, version: u32, changes: Json) {
        let document = json!({ "uri": uri, "version": version });
        self.say("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    pub fn close(&mut self, uri: &str) {
        self.say("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }

    /// The diagnostics of a text, when all has been looked at.
    pub fn diagnostics(&mut self, uri: &str) -> Vec<Json> {
        self.settle();
        let published =
            self.published.get(uri).unwrap_or_else(|| panic!("nothing was said of {uri}: {:?}", self.published.keys()));
        published["diagnostics"].as_array().expect("a list").clone()
    }

    /// The codes of the diagnostics of a text.
    pub fn codes(&mut self, uri: &str) -> Vec<String> {
        self.diagnostics(uri).iter().map(|one| one["code"].as_str().expect("a code").to_owned()).collect()
    }

    /// The actions for a range; `only`: the kinds that are wanted.
    pub fn actions(&mut self, uri: &str, range: &Json, only: Option<&[&str]>) -> Vec<Json> {
        let context = json!({ "diagnostics": [], "only": only });
        let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": context });
        self.ask("textDocument/codeAction", params)["result"].as_array().expect("a list").clone()
    }

    /// What is shown of a place; empty when it is nothing.
    pub fn hover(&mut self, uri: &str, line: u32, character: u32) -> String {
        let answer = self.ask("textDocument/hover", position(uri, line, character));
        answer["result"]["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    /// Nothing more is said; answers with the exit code and what stands on standard error.
    pub fn leave(mut self) -> (i32, String) {
        self.flush();
        drop(self.input.take());
        while let Some(message) = self.read() {
            self.keep(message);
        }
        let mut err = String::new();
        self.child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("text");
        (self.child.wait().expect("it ends").code().expect("it was not killed"), err)
    }

    /// Says nothing, and keeps the pipe open; answers with the exit code.
    pub fn stay_silent(mut self) -> i32 {
        while self.read().is_some() {}
        self.child.wait().expect("it ends").code().expect("it was not killed")
    }

    /// As an editor should.
    pub fn quit(mut self) {
        assert_eq!(self.ask("shutdown", Json::Null)["result"], Json::Null);
        self.say("exit", Json::Null);
        assert_eq!(self.leave(), (0, String::new()));
    }
}

impl Drop for Editor {
    /// A test that failed leaves no server behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn position(uri: &str, line: u32, character: u32) -> Json {
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}

pub fn range(start: [u32; 2], end: [u32; 2]) -> Json {
    let place = |[line, character]: [u32; 2]| json!({ "line": line, "character": character });
    json!({ "start": place(start), "end": place(end) })
}

/// A text after the edits of an action, counted in UTF-16; one document only.
pub fn applied(text: &str, edit: &Json) -> String {
    let edits = edit["documentChanges"]
        .as_array()
        .map(|changes| changes.iter().flat_map(|change| change["edits"].as_array().cloned().unwrap_or_default()));
    let edits: Vec<Json> = match edits {
        Some(edits) => edits.collect(),
        None => edit["changes"]
            .as_object()
            .expect("changes")
            .values()
            .flat_map(|one| one.as_array().cloned().expect("edits"))
            .collect(),
    };
    let mut units: Vec<u16> = text.encode_utf16().collect();
    let at = |units: &[u16], place: &Json| {
        let line = place["line"].as_u64().expect("a line");
        let start =
            (0..line).fold(0, |at, _| at + units[at..].iter().position(|unit| *unit == 10).expect("a line") + 1);
        start + usize::try_from(place["character"].as_u64().expect("a character")).expect("a number")
    };
    let mut edits: Vec<(usize, usize, String)> = edits
        .iter()
        .map(|one| {
            let [start, end] = ["start", "end"].map(|end| at(&units, &one["range"][end]));
            (start, end, one["newText"].as_str().expect("text").to_owned())
        })
        .collect();
    edits.sort();
    for (start, end, new) in edits.into_iter().rev() {
        units.splice(start..end, new.encode_utf16());
    }
    String::from_utf16(&units).expect("text")
}
