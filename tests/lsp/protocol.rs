//! The rules of the protocol, and editors that violate them.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::editor::{Editor, all_capabilities, error_code, position, range};
use crate::support::program::{clean_body, create_folder};

#[test]
fn unexpected_and_unknown_messages_are_refused_and_the_session_continues() {
    let folder = create_folder(&[]);
    let mut editor = Editor::spawn(folder.path());
    assert_eq!(error_code(&editor.request("textDocument/hover", position("untitled:a", 0, 0))), -32002);
    editor.notify("textDocument/didOpen", json!({}));
    assert_eq!(editor.request("initialize", json!({ "capabilities": all_capabilities() }))["error"], Json::Null);
    assert_eq!(error_code(&editor.request("initialize", json!({ "capabilities": {} }))), -32600);
    editor.notify("$/setTrace", json!({ "value": "verbose" }));
    editor.notify("no/such/thing", json!(7));
    for method in ["textDocument/formatting", "x", ""] {
        assert_eq!(error_code(&editor.request(method, json!({}))), -32601, "{method}");
    }
    for params in [json!(null), json!([]), json!({ "textDocument": 1 }), json!({ "position": {} })] {
        for method in [
            "textDocument/hover",
            "textDocument/codeAction",
            "textDocument/completion",
            "textDocument/inlayHint",
            "textDocument/diagnostic",
            "workspace/diagnostic",
            "workspace/executeCommand",
            "codeAction/resolve",
        ] {
            assert_eq!(error_code(&editor.request(method, params.clone())), -32602, "{method} {params}");
        }
    }
    editor.notify("textDocument/didOpen", json!({ "textDocument": { "uri": 1, "text": "canary" } }));
    editor.notify(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": "untitled:nobody", "version": 1 }, "contentChanges": [] }),
    );
    editor.wait_until_idle();
    let logged: Vec<&Json> =
        editor.received.iter().filter(|message| message["method"] == "window/logMessage").collect();
    assert_eq!(logged.len(), 1, "{logged:?}");
    assert_eq!(logged[0]["params"]["message"], "portal-lint ignored a `textDocument/didOpen` that it could not read");
    assert_eq!(editor.request("shutdown", Json::Null)["result"], Json::Null);
    assert_eq!(error_code(&editor.request("textDocument/hover", position("untitled:a", 0, 0))), -32600);
    assert_eq!(error_code(&editor.request("shutdown", Json::Null)), -32600);
    editor.notify("exit", Json::Null);
    assert_eq!(editor.disconnect(), (0, String::new()));
}

#[test]
fn malformed_messages_get_an_error_and_the_session_continues() {
    let folder = create_folder(&[]);
    let mut editor = Editor::new(folder.path());
    for (body, expected) in [
        ("{\"jsonrpc\":", -32700),
        ("\u{1}", -32700),
        ("[]", -32600),
        ("7", -32600),
        ("{\"id\": 1}", -32600),
        ("{\"id\": 4294967296, \"method\": \"shutdown\"}", -32600),
    ] {
        editor.send_raw(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        assert_eq!(error_code(&editor.wait_for_response(&Json::Null)), expected, "{body}");
    }
    editor.send_raw(&format!("Content-Length: 100000\r\n\r\n{}", "[".repeat(100_000)));
    assert_eq!(error_code(&editor.wait_for_response(&Json::Null)), -32700);
    editor.open("untitled:a", "json", &clean_body().replace("\"name\"", "\"nmae\""));
    assert_eq!(editor.codes("untitled:a"), ["RCP024"]);
    // Half of a surrogate pair, which a text in UTF-16 can contain.
    let text =
        json!(clean_body().replace("Acme Outfitters subscribers", "HALF")).to_string().replace("HALF", r"\ud83d");
    let document = format!(r#"{{"uri":"untitled:b","languageId":"json","version":1,"text":{text}}}"#);
    let body = format!(r#"{{"method":"textDocument/didOpen","params":{{"textDocument":{document}}}}}"#);
    editor.send_raw(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    assert_eq!(editor.codes("untitled:b"), [""; 0]);
    editor.shut_down();
}

/// One step of a test.
type Step<'s> = &'s dyn Fn(&mut Editor);

#[test]
fn after_an_invalid_change_a_document_is_ignored_until_its_full_text_is_sent() {
    let folder = create_folder(&[]);
    let mut editor = Editor::new(folder.path());
    let text_with_finding = clean_body().replace("\"name\"", "\"nmae\"");
    let start = json!({ "line": 0, "character": 0 });
    let insert = json!({ "range": { "start": start, "end": start }, "rangeLength": -1, "text": " " });
    let mut version = 1;
    for change in [
        json!({ "range": { "start": { "line": 0 }, "end": start }, "text": "" }),
        json!({ "range": { "start": start, "end": { "line": -1, "character": 0 } }, "text": "" }),
        json!({ "range": [], "text": "{}" }),
        json!({ "range": { "start": start, "end": start } }),
        json!(7),
    ] {
        editor.open("untitled:a", "json", &text_with_finding);
        // `rangeLength` is deprecated and ignored.
        editor.change("untitled:a", version + 1, json!([insert]));
        assert_eq!(editor.codes("untitled:a"), ["RCP024"], "{change}");
        editor.change("untitled:a", version + 2, json!([insert, change]));
        assert_eq!(editor.codes("untitled:a"), [""; 0], "{change}");
        let params = json!({ "textDocument": { "uri": "untitled:a" }, "range": range([0, 0], [99, 0]), "context": { "diagnostics": [] } });
        assert_eq!(editor.request("textDocument/codeAction", params)["result"], Json::Null);
        // An incremental change does not restore the full text.
        editor.change("untitled:a", version + 3, json!([insert]));
        assert_eq!(editor.codes("untitled:a"), [""; 0], "{change}");
        editor.change("untitled:a", version + 4, json!([change, { "text": text_with_finding }, insert]));
        assert_eq!(editor.codes("untitled:a"), ["RCP024"], "{change}");
        assert_eq!(editor.published["untitled:a"]["version"], version + 4);
        editor.change("untitled:a", version + 5, json!([change]));
        version += 5;
    }
    editor.wait_until_idle();
    let warning = "portal-lint ignored a `textDocument/didChange` that it could not read";
    assert_eq!(editor.received.iter().filter(|message| message["params"]["message"] == warning).count(), 10);
    editor.shut_down();
}

#[test]
fn the_exit_code_is_0_only_after_shutdown() {
    let folder = create_folder(&[]);
    let exit = |editor: &mut Editor| editor.notify("exit", Json::Null);
    let shutdown = |editor: &mut Editor| assert_eq!(editor.request("shutdown", Json::Null)["result"], Json::Null);
    let open = |editor: &mut Editor| editor.open("untitled:a", "json", "{");
    let nothing = |_: &mut Editor| {};
    let cases: [(&str, [Step<'_>; 2], i32); 5] = [
        ("exit without shutdown", [&exit, &nothing], 1),
        ("shutdown, then exit", [&shutdown, &exit], 0),
        ("disconnect", [&nothing, &nothing], 1),
        ("disconnect during an analysis", [&open, &nothing], 1),
        ("shutdown, then disconnect", [&shutdown, &nothing], 0),
    ];
    for (name, steps, expected) in cases {
        let mut editor = Editor::new(folder.path());
        for step in steps {
            step(&mut editor);
        }
        assert_eq!(editor.disconnect(), (expected, String::new()), "{name}");
    }
    let mut uninitialized = Editor::spawn(folder.path());
    uninitialized.notify("exit", Json::Null);
    assert_eq!(uninitialized.disconnect(), (1, String::new()));
}

#[test]
fn an_invalid_header_ends_the_session_with_an_error() {
    let folder = create_folder(&[]);
    for (text, expected) in [
        ("Content-Length: 99999999999\r\n\r\n{}", "the message has 99999999999 bytes"),
        ("Content-Length: 4294967296\r\n\r\n{}", "the message has 4294967296 bytes"),
        ("Content-Length: x\r\n\r\n{}", "the `Content-Length` header is not a number"),
        ("hello\n", "expected a header of the language server protocol"),
        ("X: y\r\n\r\n", "the `Content-Length` header is missing"),
    ] {
        let mut editor = Editor::new(folder.path());
        editor.send_raw(text);
        let (code, err) = editor.disconnect();
        assert!(code == 2 && err.contains(expected) && err.lines().count() == 1, "{text:?}: {code} {err}");
    }
    // An incomplete message means that the editor disconnected.
    let mut editor = Editor::new(folder.path());
    editor.send_raw("Content-Length: 50\r\n\r\n{}");
    assert_eq!(editor.disconnect(), (1, String::new()));
}

#[test]
fn a_canceled_request_gets_one_response() {
    let folder = create_folder(&[]);
    let mut editor = Editor::new(folder.path());
    let request = |id: Json| json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/hover", "params": position("untitled:a", 0, 0) });
    let cancel = |id: Json| json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": id } });
    editor.open("untitled:a", "json", &clean_body());
    for message in [request(json!("a")), request(json!(77)), cancel(json!(77)), cancel(json!(null)), cancel(json!({}))]
    {
        editor.send(&message);
    }
    editor.send(&request(json!("b")));
    assert!(editor.wait_for_response(&json!("a")).get("result").is_some());
    let canceled = editor.wait_for_response(&json!(77));
    // The server may handle the request before it reads the cancellation. A unit test in `src/lsp/queue.rs` excludes that.
    assert!(canceled.get("result").is_some() || error_code(&canceled) == -32800, "{canceled}");
    assert!(editor.wait_for_response(&json!("b")).get("result").is_some());
    editor.shut_down();
}

#[test]
fn quick_changes_are_not_checked_one_by_one() {
    const CHANGES: u32 = 400;
    let folder = create_folder(&[]);
    let mut editor = Editor::new(folder.path());
    editor.open("untitled:a", "json", &clean_body());
    editor.wait_until_idle();
    let published = editor.received.len();
    for version in 2..=CHANGES {
        let name = if version % 2 == 0 { "nmae" } else { "name" };
        let text = clean_body().replace("\"name\"", &format!("\"{name}\""));
        editor.change("untitled:a", version, json!([{ "text": text }]));
    }
    assert_eq!(editor.codes("untitled:a"), ["RCP024"]);
    assert_eq!(editor.published["untitled:a"]["version"], CHANGES);
    let notifications = editor.received.len() - published;
    assert!(notifications < 200, "{notifications} for {CHANGES} changes");
    editor.shut_down();
}

/// Linux can open a folder as a file, but reading it fails.
#[cfg(target_os = "linux")]
#[test]
fn a_read_error_ends_the_session_with_an_error() {
    let root = std::fs::File::open("/").expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_portal-lint")).arg("lsp").stdin(root).output().expect("it starts");
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && err.contains("the input cannot be read: "), "{err}");
}

/// The server finds the editor's process in `/proc`.
#[cfg(target_os = "linux")]
#[test]
fn the_server_ends_with_the_editor_even_if_the_pipe_stays_open() {
    let folder = create_folder(&[]);
    let mut editor_process = Command::new("sleep").arg("1000").stdin(Stdio::null()).spawn().expect("a process");
    let mut editor = Editor::spawn(folder.path());
    editor.request("initialize", json!({ "processId": editor_process.id(), "capabilities": {} }));
    editor_process.kill().expect("it can be ended");
    editor_process.wait().expect("it ends");
    let start = Instant::now();
    assert_eq!(editor.wait_for_exit(), 1);
    assert!(start.elapsed() < Duration::from_secs(20));
}
