//! The protocol's rules, and editors that do not keep them.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::editor::{Editor, able, position, range};
use super::support::program::{clean, folder};

fn code(answer: &Json) -> i64 {
    answer["error"]["code"].as_i64().unwrap_or_else(|| panic!("no error: {answer}"))
}

#[test]
fn what_comes_at_the_wrong_time_or_is_not_known_is_refused_and_survived() {
    let folder = folder(&[]);
    let mut editor = Editor::silent(folder.path());
    assert_eq!(code(&editor.ask("textDocument/hover", position("untitled:a", 0, 0))), -32002);
    editor.say("textDocument/didOpen", json!({}));
    assert_eq!(editor.ask("initialize", json!({ "capabilities": able() }))["error"], Json::Null);
    assert_eq!(code(&editor.ask("initialize", json!({ "capabilities": {} }))), -32600);
    editor.say("$/setTrace", json!({ "value": "verbose" }));
    editor.say("no/such/thing", json!(7));
    for method in ["textDocument/completion", "workspace/executeCommand", "x", ""] {
        assert_eq!(code(&editor.ask(method, json!({}))), -32601, "{method}");
    }
    for params in [json!(null), json!([]), json!({ "textDocument": 1 }), json!({ "position": {} })] {
        assert_eq!(code(&editor.ask("textDocument/hover", params.clone())), -32602, "{params}");
        assert_eq!(code(&editor.ask("textDocument/codeAction", params)), -32602);
    }
    editor.say("textDocument/didOpen", json!({ "textDocument": { "uri": 1, "text": "canary" } }));
    editor.say(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": "untitled:nobody", "version": 1 }, "contentChanges": [] }),
    );
    editor.settle();
    let logged: Vec<&Json> = editor.heard.iter().filter(|one| one["method"] == "window/logMessage").collect();
    assert_eq!(logged.len(), 1, "{logged:?}");
    assert_eq!(logged[0]["params"]["message"], "portal-lint cannot read a `textDocument/didOpen`, and leaves it out");
    assert_eq!(editor.ask("shutdown", Json::Null)["result"], Json::Null);
    assert_eq!(code(&editor.ask("textDocument/hover", position("untitled:a", 0, 0))), -32600);
    assert_eq!(code(&editor.ask("shutdown", Json::Null)), -32600);
    editor.say("exit", Json::Null);
    assert_eq!(editor.leave(), (0, String::new()));
}

#[test]
fn what_is_no_message_is_answered_and_survived() {
    let folder = folder(&[]);
    let mut editor = Editor::new(folder.path());
    for (body, expected) in [
        ("{\"jsonrpc\":", -32700),
        ("\u{1}", -32700),
        ("[]", -32600),
        ("7", -32600),
        ("{\"id\": 1}", -32600),
        ("{\"id\": 4294967296, \"method\": \"shutdown\"}", -32600),
    ] {
        editor.raw(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        assert_eq!(code(&editor.answer(&Json::Null)), expected, "{body}");
    }
    editor.raw(&format!("Content-Length: 100000\r\n\r\n{}", "[".repeat(100_000)));
    assert_eq!(code(&editor.answer(&Json::Null)), -32700);
    editor.open("untitled:a", "json", &clean().replace("\"name\"", "\"nmae\""));
    assert_eq!(editor.codes("untitled:a"), ["RCP024"]);
    // Half an emoji, as it can stand in a text of UTF-16.
    let text = json!(clean().replace("Acme Outfitters subscribers", "HALF")).to_string().replace("HALF", r"\ud83d");
    let document = format!(r#"{{"uri":"untitled:b","languageId":"json","version":1,"text":{text}}}"#);
    let body = format!(r#"{{"method":"textDocument/didOpen","params":{{"textDocument":{document}}}}}"#);
    editor.raw(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    assert_eq!(editor.codes("untitled:b"), [""; 0]);
    editor.quit();
}

/// What an editor does.
type Step<'s> = &'s dyn Fn(&mut Editor);

#[test]
fn a_text_whose_changes_cannot_be_read_is_left_alone_until_all_of_it_comes() {
    let folder = folder(&[]);
    let mut editor = Editor::new(folder.path());
    let wrong = clean().replace("\"name\"", "\"nmae\"");
    let place = json!({ "line": 0, "character": 0 });
    let insert = json!({ "range": { "start": place, "end": place }, "rangeLength": -1, "text": " " });
    let mut version = 1;
    for change in [
        json!({ "range": { "start": { "line": 0 }, "end": place }, "text": "" }),
        json!({ "range": { "start": place, "end": { "line": -1, "character": 0 } }, "text": "" }),
        json!({ "range": [], "text": "{}" }),
        json!({ "range": { "start": place, "end": place } }),
        json!(7),
    ] {
        editor.open("untitled:a", "json", &wrong);
        // How long the range is, nobody has to say.
        editor.change("untitled:a", version + 1, json!([insert]));
        assert_eq!(editor.codes("untitled:a"), ["RCP024"], "{change}");
        editor.change("untitled:a", version + 2, json!([insert, change]));
        assert_eq!(editor.codes("untitled:a"), [""; 0], "{change}");
        let question = json!({ "textDocument": { "uri": "untitled:a" }, "range": range([0, 0], [99, 0]), "context": { "diagnostics": [] } });
        assert_eq!(editor.ask("textDocument/codeAction", question)["result"], Json::Null);
        // A part of what is not known is not known either.
        editor.change("untitled:a", version + 3, json!([insert]));
        assert_eq!(editor.codes("untitled:a"), [""; 0], "{change}");
        editor.change("untitled:a", version + 4, json!([change, { "text": wrong }, insert]));
        assert_eq!(editor.codes("untitled:a"), ["RCP024"], "{change}");
        assert_eq!(editor.published["untitled:a"]["version"], version + 4);
        editor.change("untitled:a", version + 5, json!([change]));
        version += 5;
    }
    editor.settle();
    let word = "portal-lint cannot read a `textDocument/didChange`, and leaves it out";
    assert_eq!(editor.heard.iter().filter(|one| one["params"]["message"] == word).count(), 10);
    editor.quit();
}

#[test]
fn the_exit_code_says_how_it_ended() {
    let folder = folder(&[]);
    let exit = |editor: &mut Editor| editor.say("exit", Json::Null);
    let shut = |editor: &mut Editor| assert_eq!(editor.ask("shutdown", Json::Null)["result"], Json::Null);
    let open = |editor: &mut Editor| editor.open("untitled:a", "json", "{");
    let nothing = |_: &mut Editor| {};
    let cases: [(&str, [Step<'_>; 2], i32); 5] = [
        ("exit without shutdown", [&exit, &nothing], 1),
        ("shutdown, then exit", [&shut, &exit], 0),
        ("gone without a word", [&nothing, &nothing], 1),
        ("gone in the middle of work", [&open, &nothing], 1),
        ("shutdown, then gone", [&shut, &nothing], 0),
    ];
    for (name, steps, expected) in cases {
        let mut editor = Editor::new(folder.path());
        for step in steps {
            step(&mut editor);
        }
        assert_eq!(editor.leave(), (expected, String::new()), "{name}");
    }
    let mut early = Editor::silent(folder.path());
    early.say("exit", Json::Null);
    assert_eq!(early.leave(), (1, String::new()));
}

#[test]
fn what_has_no_messages_in_it_ends_the_session_with_a_word() {
    let folder = folder(&[]);
    for (text, word) in [
        ("Content-Length: 99999999999\r\n\r\n{}", "a message of 99999999999 bytes was announced"),
        ("Content-Length: 4294967296\r\n\r\n{}", "a message of 4294967296 bytes was announced"),
        ("Content-Length: x\r\n\r\n{}", "the length in a header is no number"),
        ("hello\n", "what came in is no header"),
        ("X: y\r\n\r\n", "a header does not say how long its message is"),
    ] {
        let mut editor = Editor::new(folder.path());
        editor.raw(text);
        let (code, err) = editor.leave();
        assert!(code == 2 && err.contains(word) && err.lines().count() == 1, "{text:?}: {code} {err}");
    }
    // Cut off: the editor is gone.
    let mut editor = Editor::new(folder.path());
    editor.raw("Content-Length: 50\r\n\r\n{}");
    assert_eq!(editor.leave(), (1, String::new()));
}

#[test]
fn a_question_that_is_taken_back_gets_no_other_answer() {
    let folder = folder(&[]);
    let mut editor = Editor::new(folder.path());
    let question = |id: Json| json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/hover", "params": position("untitled:a", 0, 0) });
    let cancel = |id: Json| json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": id } });
    editor.open("untitled:a", "json", &clean());
    for message in
        [question(json!("a")), question(json!(77)), cancel(json!(77)), cancel(json!(null)), cancel(json!({}))]
    {
        editor.send(&message);
    }
    editor.send(&question(json!("b")));
    assert!(editor.answer(&json!("a")).get("result").is_some());
    let taken_back = editor.answer(&json!(77));
    // Which of the two it is hangs on how fast the pipe is; `src/lsp/inbox.rs` tests it without one.
    assert!(taken_back.get("result").is_some() || code(&taken_back) == -32800, "{taken_back}");
    assert!(editor.answer(&json!("b")).get("result").is_some());
    editor.quit();
}

#[test]
fn of_many_quick_changes_the_last_is_looked_at() {
    const CHANGES: u32 = 400;
    let folder = folder(&[]);
    let mut editor = Editor::new(folder.path());
    editor.open("untitled:a", "json", &clean());
    editor.settle();
    let published = editor.heard.len();
    for version in 2..=CHANGES {
        let name = if version % 2 == 0 { "nmae" } else { "name" };
        let text = clean().replace("\"name\"", &format!("\"{name}\""));
        editor.change("untitled:a", version, json!([{ "text": text }]));
    }
    assert_eq!(editor.codes("untitled:a"), ["RCP024"]);
    assert_eq!(editor.published["untitled:a"]["version"], CHANGES);
    let looks = editor.heard.len() - published;
    assert!(looks < 200, "{looks} of {CHANGES} were looked at");
    editor.quit();
}

/// Where a folder can be opened as a file.
#[cfg(target_os = "linux")]
#[test]
fn an_input_that_cannot_be_read_is_called_that() {
    let root = std::fs::File::open("/").expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_portal-lint")).arg("lsp").stdin(root).output().expect("it starts");
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && err.contains("the input cannot be read: "), "{err}");
}

/// Where processes can be seen.
#[cfg(target_os = "linux")]
#[test]
fn when_the_editor_dies_the_server_goes_even_if_somebody_holds_its_pipe() {
    let folder = folder(&[]);
    let mut other = Command::new("sleep").arg("1000").stdin(Stdio::null()).spawn().expect("a process");
    let mut editor = Editor::silent(folder.path());
    editor.ask("initialize", json!({ "processId": other.id(), "capabilities": {} }));
    other.kill().expect("it can be ended");
    other.wait().expect("it ends");
    let start = Instant::now();
    assert_eq!(editor.stay_silent(), 1);
    assert!(start.elapsed() < Duration::from_secs(20));
}
