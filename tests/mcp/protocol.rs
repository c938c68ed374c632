//! The methods, in sessions and stateless.

use serde_json::{Value as Json, json};

use super::client::Client;
use crate::support::program::create_folder;

const VERSION_KEY: &str = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES_KEY: &str = "io.modelcontextprotocol/clientCapabilities";

fn start() -> (Client, tempfile::TempDir) {
    let folder = create_folder(&[]);
    (Client::start(folder.path()), folder)
}

fn stateless(version: &str) -> Json {
    json!({ "_meta": { VERSION_KEY: version, CAPABILITIES_KEY: {} } })
}

#[test]
fn initialize_selects_the_requested_version_or_the_latest() {
    for (requested, selected) in [
        ("2024-11-05", "2024-11-05"),
        ("2025-03-26", "2025-03-26"),
        ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"),
        ("2026-07-28", "2025-11-25"),
        ("1.0", "2025-11-25"),
    ] {
        let (mut client, _folder) = start();
        let result = client.request("initialize", &json!({ "protocolVersion": requested, "capabilities": {} }));
        let result = &result["result"];
        assert_eq!(result["protocolVersion"], selected);
        assert_eq!(result["capabilities"], json!({ "tools": {} }));
        assert_eq!(result["serverInfo"]["name"], "portal-lint");
        assert_eq!(client.request("tools/list", &json!({}))["result"]["tools"].as_array().map(Vec::len), Some(4));
        client.assert_alive();
        assert_eq!(client.close(), Some(0));
    }
}

#[test]
fn stateless_requests_need_no_session() {
    let (mut client, _folder) = start();
    let discovered = client.request("server/discover", &stateless("2026-07-28"));
    let discovered = &discovered["result"];
    assert_eq!(discovered["supportedVersions"], json!(["2026-07-28"]));
    assert_eq!(discovered["capabilities"], json!({ "tools": {} }));
    let listed = client.request("tools/list", &stateless("2026-07-28"));
    for result in [discovered, &listed["result"]] {
        assert_eq!((&result["resultType"], &result["cacheScope"]), (&"complete".into(), &"public".into()));
        assert!(result["ttlMs"].is_u64());
    }
    let mut params = stateless("2026-07-28");
    params["name"] = "explain_rule".into();
    params["arguments"] = json!({ "rule": "RCP012" });
    let called = client.request("tools/call", &params);
    assert_eq!(called["result"]["resultType"], "complete");
    assert_eq!(called["result"]["structuredContent"]["code"], "RCP012");
    // Both kinds work in one process.
    client.request("initialize", &json!({ "protocolVersion": "2025-11-25" }));
    client.assert_alive();
    assert_eq!(client.request("server/discover", &stateless("2026-07-28"))["result"]["resultType"], "complete");
}

#[test]
fn errors_have_the_codes_that_the_revisions_define() {
    let (mut client, _folder) = start();
    let code =
        |client: &mut Client, method: &str, params: Json| client.request(method, &params)["error"]["code"].clone();
    // Neither a session nor a version in `_meta`.
    assert_eq!(code(&mut client, "tools/list", json!({})), -32602);
    assert_eq!(code(&mut client, "server/discover", json!({})), -32602);
    assert_eq!(code(&mut client, "tools/list", json!({ "_meta": { VERSION_KEY: "2026-07-28" } })), -32602);
    assert_eq!(code(&mut client, "tools/list", json!({ "_meta": { VERSION_KEY: 1, CAPABILITIES_KEY: {} } })), -32602);
    for method in ["ping", "initialize", "logging/setLevel", "resources/list"] {
        assert_eq!(code(&mut client, method, stateless("2026-07-28")), -32601, "{method}");
    }
    for version in ["2025-11-25", "2099-01-01", ""] {
        let error = client.request("tools/list", &stateless(version))["error"].clone();
        assert_eq!(error["code"], -32022);
        assert_eq!(error["data"], json!({ "supported": ["2026-07-28"], "requested": version }));
    }
    // The version of the client is shortened and escaped.
    let error = client.request("tools/list", &stateless(&format!("\u{202e}{}", "x".repeat(1_000))))["error"].clone();
    assert_eq!(error["data"]["requested"], format!("\\u{{202e}}{}…", "x".repeat(119)));
    assert_eq!(code(&mut client, "initialize", json!({})), -32602);
    client.request("initialize", &json!({ "protocolVersion": "2025-06-18" }));
    assert_eq!(code(&mut client, "server/discover", json!({})), -32601);
    assert_eq!(code(&mut client, "prompts/list", json!({})), -32601);
    assert_eq!(code(&mut client, "tools/list", json!({ "cursor": "x" })), -32602);
    assert_eq!(code(&mut client, "tools/call", json!({ "name": "write_file" })), -32602);
    assert_eq!(code(&mut client, "tools/call", json!({})), -32602);
    assert_eq!(code(&mut client, "tools/call", json!({ "name": "explain_rule", "arguments": [] })), -32602);
    client.assert_alive();
}

#[test]
fn a_line_may_be_a_list_of_messages_in_one_version_only() {
    let ping = |id: u32| json!({ "jsonrpc": "2.0", "id": id, "method": "ping" });
    let folder = create_folder(&[]);
    let mut client = Client::start_session(folder.path(), "2025-03-26");
    let notification = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    client.send(&json!([ping(7), notification, [ping(8)], ping(9)]));
    let responses = client.receive();
    let ids: Vec<&Json> = responses.as_array().expect("a list").iter().map(|response| &response["id"]).collect();
    assert_eq!(ids, [&json!(7), &Json::Null, &json!(9)]);
    assert_eq!(responses[1]["error"]["code"], -32600);
    // Without a request in it, there is no response.
    client.send(&json!([notification]));
    client.assert_alive();
    client.send(&json!([]));
    assert_eq!(client.receive()["error"]["code"], -32600);
    let mut client = Client::start_session(folder.path(), "2025-06-18");
    client.send(&json!([ping(7)]));
    assert_eq!(client.receive()["error"]["code"], -32600);
}

#[test]
fn a_call_in_a_list_has_the_result_of_the_same_call_alone() {
    let folder = create_folder(&[]);
    let mut client = Client::start_session(folder.path(), "2025-03-26");
    let mut calls = Vec::new();
    // The keys are not sorted, one of them is written twice, and `ü` is escaped in one of the bodies.
    let body = r#"{"name": "Ü", "enabled": "yes",  "enabled": 1, "tracking_domain": "TODO", "a": 1, "b": 2}"#;
    let escaped = r#"{"zzz": 1, "name": "\u00fc", "customer_permissions": {"x": true}, "recaptcha": {}}"#;
    for (tool, arguments) in [
        ("check_portal", format!(r#"{{"limit": 2, "offset": 1, "body": {body}}}"#)),
        ("check_portal", format!(r#"{{"body": {escaped}, "offset": 3}}"#)),
        ("preflight_portal", format!(r#"{{"body": {escaped}, "kind": "create"}}"#)),
        ("fix_portal", format!(r#"{{"body": {body}, "return_body": true}}"#)),
        ("fix_portal", r#"{"path": "missing.json"}"#.to_owned()),
        ("explain_rule", r#"{"rule": "RCP012"}"#.to_owned()),
    ] {
        let id = calls.len();
        calls.push(format!(
            r#"{{"params": {{"arguments": {arguments}, "name": "{tool}"}}, "jsonrpc": "2.0", "id": {id}, "method": "tools/call"}}"#
        ));
    }
    client.send_bytes(format!(" [{}]\n", calls.join(" , ")).as_bytes());
    let together = client.receive();
    for (index, call) in calls.iter().enumerate() {
        client.send_bytes(format!("{call}\n").as_bytes());
        assert_eq!(together[index], client.receive(), "{call}");
    }
    assert!(together[3].to_string().contains("RCP205"), "{}", together[3]);
}

#[test]
fn a_cancelled_request_has_no_response() {
    let folder = create_folder(&[]);
    let mut client = Client::start_session(folder.path(), "2025-11-25");
    // While the first request is handled, the others arrive.
    let slow = json!({ "name": "check_portal", "arguments": { "body": "a: 1\n".repeat(50_000) } });
    let mut lines = String::new();
    for message in [
        json!({ "jsonrpc": "2.0", "id": "slow", "method": "tools/call", "params": slow }),
        json!({ "jsonrpc": "2.0", "id": "cancelled", "method": "ping" }),
        json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": "cancelled" } }),
        json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": "unknown" } }),
        json!({ "jsonrpc": "2.0", "id": "last", "method": "ping" }),
    ] {
        lines.push_str(&message.to_string());
        lines.push('\n');
    }
    client.send_bytes(lines.as_bytes());
    assert_eq!(client.receive()["id"], "slow");
    assert_eq!(client.receive()["id"], "last");
    assert_eq!(client.close(), Some(0));
}
