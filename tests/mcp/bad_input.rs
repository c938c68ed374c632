//! Lines that are no messages: each gets the error that the protocol defines, and the server keeps running.

use serde_json::{Value as Json, json};

use super::client::Client;
use crate::support::program::create_folder;

#[test]
fn each_bad_line_gets_an_error_and_the_server_keeps_running() {
    let folder = create_folder(&[]);
    let mut client = Client::start_session(folder.path(), "2025-11-25");
    let long = [b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"", &vec![b'x'; 10 << 20][..], b"\"}"].concat();
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    for (line, code) in [
        (&b"hello"[..], -32700),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"", -32700),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi", -32700),
        (b"\xff\xfe\x00\x01", -32700),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xc3\x28\"}", -32700),
        (&deep, -32700),
        (&long, -32600),
        (b"[[]]", -32600),
        (b"[]", -32600),
        (b"17", -32600),
        (b"null", -32600),
        (b"\"ping\"", -32600),
        (b"{}", -32600),
        (b"{\"id\":1,\"method\":\"ping\"}", -32600),
        (b"{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", -32600),
        (b"{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", -32600),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", -32600),
        (b"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}", -32600),
        (b"{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"ping\"}", -32600),
        (b"{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"ping\"}", -32600),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", -32600),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1}", -32600),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}", -32602),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":null}", -32602),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"no/such\"}", -32601),
    ] {
        client.send_bytes(line);
        client.send_bytes(b"\n");
        let response = client.receive();
        let shown = String::from_utf8_lossy(&line[..line.len().min(80)]);
        assert_eq!(response["error"]["code"], code, "{shown}");
        // The schemas allow a text, an integer, or no ID.
        assert!(response.get("id").is_none_or(|id| id.is_string() || id.is_u64()), "{shown}");
        client.assert_alive();
    }
    // Valid JSON with a number or a depth that cannot be read is no parse error, and the response names the request.
    let nested = format!("{}{}", "[".repeat(126), "]".repeat(126));
    for value in ["1e400", &nested] {
        let line = format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":\"a1\",\"method\":\"tools/call\",\"params\":{{\"name\":\"check_portal\",\
             \"arguments\":{{\"body\":{{\"name\":{value}}}}}}}}}\n"
        );
        client.send_bytes(line.as_bytes());
        let response = client.receive();
        assert_eq!((&response["id"], &response["error"]["code"]), (&json!("a1"), &json!(-32602)), "{response}");
    }
    // Neither notifications nor responses are answered, whatever is in them.
    for line in [
        &b"{\"jsonrpc\":\"2.0\",\"method\":\"no/such\"}\n"[..],
        b"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":[]}}\n",
        b"{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}\n",
        b"{\"jsonrpc\":\"2.0\",\"id\":5,\"error\":{\"code\":1,\"message\":\"\"}}\n",
        b"\n  \r\n",
    ] {
        client.send_bytes(line);
        client.assert_alive();
    }
    assert_eq!(client.close(), Some(0));
}

#[test]
fn the_server_ends_at_the_end_of_the_input() {
    let folder = create_folder(&[]);
    assert_eq!(Client::start(folder.path()).close(), Some(0));
    // A last line without a line break is a message, too.
    let mut client = Client::start(folder.path());
    client.send_bytes(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}");
    assert_eq!(client.close(), Some(0));
}

#[test]
fn wrong_arguments_are_errors_of_the_tool() {
    let folder = create_folder(&[("a.json", "{}")]);
    let mut client = Client::start_session(folder.path(), "2025-11-25");
    for (tool, arguments) in [
        ("preflight_portal", json!({})),
        ("preflight_portal", json!({ "body": {}, "path": "a.json" })),
        ("preflight_portal", json!({ "body": [] })),
        ("preflight_portal", json!({ "body": 7 })),
        ("preflight_portal", json!({ "path": {} })),
        ("preflight_portal", json!({ "body": {}, "kind": "portal" })),
        ("preflight_portal", json!({ "body": {}, "kind": 1 })),
        ("preflight_portal", json!({ "body": {}, "online": true })),
        ("check_portal", json!({ "body": {}, "limit": -1 })),
        ("check_portal", json!({ "body": {}, "offset": "1" })),
        ("fix_portal", json!({ "body": {}, "unsafe": "yes" })),
        ("fix_portal", json!({ "body": {}, "return_body": 1 })),
        ("explain_rule", json!({})),
        ("explain_rule", json!({ "rule": "RCP999" })),
        ("explain_rule", json!({ "rule": "RCP0" })),
        ("explain_rule", json!({ "rule": 12 })),
    ] {
        assert!(!client.call_error(tool, &arguments).is_empty(), "{tool} {arguments}");
    }
    // Numbers of any size are valid in JSON.
    for number in ["1000000000000000000000000000000", "-1000000000000000000000000000000", "1e30", "0.5", "1000001"] {
        let arguments: Json = serde_json::from_str(&format!("{{\"body\": {{}}, \"limit\": {number}}}")).expect("JSON");
        let message = client.call_error("check_portal", &arguments);
        assert_eq!(message, "`limit` and `offset` must be integers from 0 to 1000000");
    }
    // A lone surrogate is valid in JSON.
    client.send_bytes(
        b"{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"tools/call\",\"params\":{\"name\":\"check_portal\",\
          \"arguments\":{\"body\":{\"name\":\"\\ud800\"}}}}\n",
    );
    assert_eq!(client.receive()["id"], 77);
    client.assert_alive();
}
