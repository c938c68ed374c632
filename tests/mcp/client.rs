//! A client that starts the server, and sends and receives lines.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value as Json, json};

pub(crate) struct Client {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next_id: u32,
}

impl Client {
    /// Starts the server in a folder.
    pub(crate) fn start(folder: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_portal-lint"))
            .arg("mcp")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let input = process.stdin.take().expect("a pipe");
        let output = BufReader::new(process.stdout.take().expect("a pipe"));
        Self { process, input, output, next_id: 1 }
    }

    /// Starts the server and a session of this version.
    pub(crate) fn start_session(folder: &Path, version: &str) -> Self {
        let mut client = Self::start(folder);
        let params =
            json!({ "protocolVersion": version, "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
        client.request("initialize", &params);
        client.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        client
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        self.input.write_all(bytes).expect("the server reads");
        self.input.flush().expect("the server reads");
    }

    pub(crate) fn send(&mut self, message: &Json) {
        self.send_bytes(format!("{message}\n").as_bytes());
    }

    pub(crate) fn receive(&mut self) -> Json {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// Sends a request and returns the whole response.
    pub(crate) fn request(&mut self, method: &str, params: &Json) -> Json {
        let id = self.next_id;
        self.next_id += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        let response = self.receive();
        assert_eq!((&response["jsonrpc"], &response["id"]), (&"2.0".into(), &id.into()), "{response}");
        response
    }

    /// Calls a tool and returns its result.
    pub(crate) fn call_tool(&mut self, name: &str, arguments: &Json) -> Json {
        let mut response = self.request("tools/call", &json!({ "name": name, "arguments": arguments }));
        response["result"].take()
    }

    /// Calls a tool and returns the content of a result that is not an error.
    pub(crate) fn call(&mut self, name: &str, arguments: &Json) -> Json {
        let mut result = self.call_tool(name, arguments);
        assert_eq!(result.get("isError"), None, "{result}");
        let text = result["content"][0]["text"].as_str().expect("a text");
        assert_eq!(text, result["structuredContent"].to_string());
        result["structuredContent"].take()
    }

    /// Calls a tool and returns the message of its error.
    pub(crate) fn call_error(&mut self, name: &str, arguments: &Json) -> String {
        let result = self.call_tool(name, arguments);
        assert_eq!(result["isError"], true, "{result}");
        result["structuredContent"]["error"].as_str().expect("a message").to_owned()
    }

    /// Checks that the server still answers.
    pub(crate) fn assert_alive(&mut self) {
        assert_eq!(self.request("ping", &json!({}))["result"], json!({}));
    }

    /// Closes the input and returns the exit code.
    pub(crate) fn close(self) -> Option<i32> {
        let Self { mut process, input, .. } = self;
        drop(input);
        process.wait().expect("the server ends").code()
    }
}
