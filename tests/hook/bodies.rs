//! Where the body of a call and the ID of an edit may be.

use std::fs;

use super::{complete_body, create_project, input_with_body, run_hook};
use crate::support::program::stdout;
use crate::support::repository;
use serde_json::{Value as Json, json};

/// Calls that edit the portal with this ID.
fn edits(id: &str, changes: &Json) -> Vec<(&'static str, Json)> {
    let path = format!("/customer_portals/{id}");
    let mut calls = vec![
        ("update_record", json!({ "resource": "customer_portal", "id": id, "changes": changes })),
        ("update_record", json!({ "resource": "customer_portal", "customer_portal_id": id, "changes": changes })),
        ("request", json!({ "method": "PUT", "url": format!("https://api.example.com{path}"), "json": changes })),
        ("request", json!({ "operation": "EditCustomerPortal", "customer_portal_id": id, "body": changes })),
        (
            "request",
            json!({ "operation": "EditCustomerPortal", "customer_portal_id": id, "body": changes.to_string() }),
        ),
        ("request", json!({ "operation": "EditCustomerPortal", "id": id, "data": changes })),
        ("request", json!({ "operation": "EditCustomerPortal", "path": path, "body": changes })),
        ("request", json!({ "operation": "EditCustomerPortal", "params": { "id": id }, "body": changes })),
        (
            "request",
            json!({ "operation": "EditCustomerPortal", "params": { "customer_portal_id": id }, "body": changes }),
        ),
        ("request", json!(["EditCustomerPortal", id, changes])),
        ("request", json!({ "arguments": ["EditCustomerPortal", id, changes] })),
        ("update_customer_portal", json!({ "id": id, "portal": changes })),
    ];
    for key in ["data", "params", "changes", "customer_portal"] {
        calls.push(("EditCustomerPortal", json!({ "customer_portal_id": id, key: changes })));
    }
    calls
}

#[test]
fn the_id_of_an_edit_may_be_next_to_the_changes_or_in_the_path() {
    const ID: &str = "exD0myCXTaMte0mTOOY3";
    const UNKNOWN_ID: &str = "Zb4Nf8QwR2sXk6LmT0Vy";
    let project = create_project();
    let account = fs::read_to_string(repository("fixtures/account.json")).expect("the snapshot");
    fs::write(project.path().join("revcent-account.json"), account).expect("the snapshot");
    let good = json!({ "display_name": "Your Acme Account" });
    for (id, changes, problem) in [
        (ID, &good, None),
        (ID, &json!({ "name": "Acme Account" }), None),
        (ID, &json!({ "enabled": "yes" }), Some("RCP100 at /enabled")),
        (UNKNOWN_ID, &good, Some("RCP310 at /customer_portal_id")),
    ] {
        for (tool, call) in edits(id, changes) {
            let output =
                stdout(&run_hook(project.path(), "claude", &[], &input_with_body(tool, &call, project.path())));
            match problem {
                None => assert_eq!(output, "", "{tool} {call}"),
                Some(problem) => assert!(output.contains(problem), "{tool} {call}: {output}"),
            }
        }
    }
}

#[test]
fn the_body_may_be_in_a_list_or_in_a_parameter_with_a_name() {
    let project = create_project();
    let good = complete_body();
    let mut bad = good.clone();
    bad["enabled"] = "yes".into();
    for body in [&good, &bad] {
        let text = body.to_string();
        for (tool, call) in [
            ("request", json!({ "operation": "CreateCustomerPortal", "arguments": [body] })),
            ("request", json!({ "operation": "CreateCustomerPortal", "arguments": [text] })),
            ("request", json!({ "name": "CreateCustomerPortal", "arguments": [text] })),
            (
                "request",
                json!({ "operation": "CreateCustomerPortal", "parameters": [{ "name": "body", "value": body }] }),
            ),
            (
                "request",
                json!({ "operation": "CreateCustomerPortal", "parameters": [{ "name": "dry_run", "value": true }, { "name": "body", "value": text }] }),
            ),
            ("create_customer_portal", json!({ "customer_portal": [body] })),
            ("CreateCustomerPortal", json!({ "args": [body] })),
        ] {
            let output =
                stdout(&run_hook(project.path(), "claude", &[], &input_with_body(tool, &call, project.path())));
            if body == &good {
                assert_eq!(output, "", "{tool} {call}");
            } else {
                assert!(output.contains("RCP100 at /enabled"), "{tool} {call}: {output}");
            }
        }
    }
}

#[test]
fn tools_that_write_files_issues_and_notes_are_not_checked() {
    let project = create_project();
    let text = r#"{"name": "x", "enabled": true}"#;
    for (tool, call, is_checked) in [
        ("Edit", json!({ "file_path": "a.md", "old_string": "CreateCustomerPortal", "new_string": text }), false),
        ("replace", json!({ "old_string": "CreateCustomerPortal", "new_string": text }), false),
        ("mcp__linear__create_comment", json!({ "title": "CreateCustomerPortal", "body": text }), false),
        ("memory_store", json!({ "key": "CreateCustomerPortal", "value": text }), false),
        ("call", json!({ "key": "CreateCustomerPortal", "value": text }), true),
        ("send_message", json!({ "operation": "CreateCustomerPortal", "body": text }), true),
    ] {
        let output = run_hook(project.path(), "claude", &[], &input_with_body(tool, &call, project.path()));
        assert_eq!(!output.stdout.is_empty(), is_checked, "{tool} {call}");
    }
}

#[test]
fn code_that_calls_the_operation_is_denied() {
    let project = create_project();
    for (code, is_call) in [
        ("client['CreateCustomerPortal']({ name: 'x' })", true),
        ("client.CreateCustomerPortal?.({})", true),
        ("CreateCustomerPortal.call(client, x)", true),
        ("getattr(client, 'create_customer_portal')(name='x')", true),
        ("console.log('CreateCustomerPortal')", false),
        ("operations['CreateCustomerPortal'].description", false),
    ] {
        let input = input_with_body("run", &json!({ "code": code }), project.path());
        let output = stdout(&run_hook(project.path(), "claude", &[], &input));
        assert_eq!(output.contains("because code calls it"), is_call, "{code}: {output}");
    }
}
