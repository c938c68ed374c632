//! The language server survives every sequence of messages. The input is JSON texts, one in each line; each gets its header.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use portal_lint::fuzzing::serve_lsp;

const START: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}
{"jsonrpc":"2.0","method":"initialized","params":{}}"#;

fuzz_target!(|text: &str| {
    let mut session = Vec::new();
    for message in START.lines().chain(text.lines()) {
        session.extend_from_slice(format!("Content-Length: {}\r\n\r\n{message}", message.len()).as_bytes());
    }
    // A message that is not LSP ends the session with an error.
    let _ = serve_lsp(Cursor::new(session), &mut Vec::new());
});
