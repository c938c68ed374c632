//! Which words around a portal mean a call that is checked, and which tools are left alone.

use super::{CLIENTS, create_project, decision, input_with_body, run_hook};
use serde_json::{Value as Json, json};

const ID: &str = "exD0myCXTaMte0mTOOY3";

/// A body with a mistake. It has enough typical fields to be recognized as a portal in any call.
fn bad_portal() -> Json {
    json!({ "name": "x", "enabled": "yes", "recaptcha": {}, "customer_emails": {}, "tracking_domain": ID })
}

#[test]
fn calls_that_send_a_portal_are_checked_however_they_are_written() {
    let project = create_project();
    let bad = bad_portal();
    let text = bad.to_string();
    let edit = json!({ "customer_portal_id": ID, "enabled": "yes" });
    for (tool, arguments) in [
        // Tools of RevCent's server.
        ("mcp__revcent__create_portal", bad.clone()),
        ("mcp_revcent_portals", json!({ "action": "create", "body": bad })),
        ("revcent-update_portal", json!({ "id": ID, "enabled": "yes" })),
        ("mcp__revcent__edit", edit.clone()),
        ("mcp__revcent__call", bad.clone()),
        ("mcp__revcent__call", json!({ "params": text })),
        // The words are in several arguments or parts of a path.
        ("run", json!({ "resource": "portals", "namespace": "customer", "action": "create", "body": bad })),
        ("run", json!({ "path": ["v2", "customer", "portals"], "method": "POST", "body": bad })),
        ("run", json!({ "endpoint": "/customers/portals", "method": "POST", "body": bad })),
        ("run", json!({ "operation": "update", "target": "portals", "data": edit })),
        ("run", json!({ "instructions": "Please call CreateCustomerPortal with this body", "body": bad })),
        // Requests of HTTP.
        (
            "fetch",
            json!({ "url": "https://api.example.com/customer_portals", "init": { "method": "POST", "body": text } }),
        ),
        ("http", json!({ "method": "POST", "path": "/v2/customer_portals", "content": text })),
        ("http", json!({ "http_method": "post", "path": "/v2/customer_portals", "content": text })),
        ("http", json!({ "verb": "Post", "path": "/v2/customer_portals", "content": text })),
        ("http", json!({ "path": "/v2/Create%43ustomerPortal", "payload": bad })),
        ("http", json!({ "method": "POST", "path": "/v2/customer%2Dportals", "payload": bad })),
        // Code.
        ("run", json!({ "gql": "mutation { createCustomerPortal(input: {enabled: true}) { id } }" })),
        ("run", json!({ "snippet": "client.createCustomerPortal({})" })),
        ("run", json!({ "jsCode": "return client.EditCustomerPortal(body)" })),
    ] {
        for client in CLIENTS {
            let output = run_hook(project.path(), client, &[], &input_with_body(tool, &arguments, project.path()));
            assert_eq!(decision(&output), "deny", "{client} {tool} {arguments}");
        }
    }
}

#[test]
fn other_tools_are_left_alone() {
    let project = create_project();
    let bad = bad_portal();
    let text = bad.to_string();
    for (tool, arguments) in [
        ("mcp__revcent__GetCustomerPortal", json!({ "customer_portal_id": ID })),
        ("mcp__revcent__DeleteCustomerPortal", json!({ "customer_portal_id": ID })),
        ("mcp__revcent__search_operations", json!({ "query": "CreateCustomerPortal" })),
        ("mcp__revcent__update_customer", json!({ "customer_id": ID, "customer_portal_id": ID, "enabled": true })),
        ("mcp__revcent__create_campaign", json!({ "name": "x", "enabled": true, "description": "for the portal" })),
        ("mcp__revcent__CreateSMTPProfile", json!({ "name": "x", "from": "a@b.c", "enabled": true })),
        ("mcp__stripe__create_customer_portal_session", json!({ "customer": "cus_1", "return_url": "x" })),
        ("mcp__azure__create_portal_dashboard", json!({ "name": "x", "enabled": true })),
        ("mcp__home__update_settings", json!({ "portal": "kids", "enabled": true })),
        ("mcp__lint__validate_portal", json!({ "body": bad })),
        ("mcp__json__format", json!({ "json": text })),
        ("mcp__json__diff", json!({ "left": bad, "right": bad })),
        ("Write", json!({ "file_path": "portals/a.json", "content": text })),
        ("Edit", json!({ "file_path": "portals/a.json", "old_string": "{}", "new_string": text })),
        ("MultiEdit", json!({ "file_path": "portals/a.json", "edits": [{ "old_string": "{}", "new_string": text }] })),
        ("str_replace_editor", json!({ "command": "create", "path": "portals/a.json", "file_text": text })),
        ("apply_patch", json!({ "input": format!("*** Add File: portals/a.json\n+{text}") })),
        ("Bash", json!({ "command": format!("echo '{text}' # CreateCustomerPortal") })),
        ("Task", json!({ "description": "Draft a portal", "prompt": format!("Draft CreateCustomerPortal: {text}") })),
        ("TodoWrite", json!({ "todos": [{ "content": "Call CreateCustomerPortal", "status": "pending" }] })),
        ("mcp__github__create_or_update_file", json!({ "path": "portals/a.json", "content": text, "message": "x" })),
        ("mcp__github__create_pull_request", json!({ "title": "Create the customer portal", "body": "See the file" })),
        (
            "mcp__memory__add_observations",
            json!({ "observations": [{ "entityName": "customer portal", "contents": [text] }] }),
        ),
        ("mcp__slack__post_message", json!({ "channel": "portals", "text": text })),
        ("mcp__playwright__browser_click", json!({ "element": "Create customer portal button", "ref": "e1" })),
        ("mcp__db__query", json!({ "sql": "insert into portals values ('CreateCustomerPortal')" })),
    ] {
        for client in CLIENTS {
            let output = run_hook(project.path(), client, &[], &input_with_body(tool, &arguments, project.path()));
            assert_eq!(decision(&output), "pass", "{client} {tool} {arguments}");
        }
    }
}
