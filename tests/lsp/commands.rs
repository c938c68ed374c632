//! `workspace/executeCommand` and `codeAction/resolve`.

use serde_json::{Value as Json, json};

use super::editor::{Editor, all_capabilities, apply_edit, error_code, range};
use super::title;
use crate::support::json;
use crate::support::program::{clean_body, create_folder};

fn execute(editor: &mut Editor, command: &str, arguments: &Json) -> Json {
    editor.request("workspace/executeCommand", json!({ "command": command, "arguments": arguments }))
}

/// An editor that applies edits, and asks for them when an action is chosen.
fn full_capabilities() -> Json {
    let mut capabilities = all_capabilities();
    capabilities["workspace"]["applyEdit"] = json!(true);
    capabilities["textDocument"]["codeAction"]["dataSupport"] = json!(true);
    capabilities["textDocument"]["codeAction"]["resolveSupport"] = json!({ "properties": ["edit"] });
    capabilities
}

fn body_with_two_safe_fixes() -> String {
    clean_body()
        .replace("\"enabled\": false", "\"enabled\": \"false\"")
        .replace("\"subscription_cancel\": false", "\"subscription_cancel\": \"false\"")
}

#[test]
fn a_command_makes_all_safe_fixes() {
    let text = body_with_two_safe_fixes();
    let folder = create_folder(&[("a.portal.json", &text)]);
    let mut editor = Editor::with_capabilities(folder.path(), &full_capabilities());
    editor.answers.insert("workspace/applyEdit".into(), json!({ "applied": true }));
    assert_eq!(
        editor.initialize_result["capabilities"]["executeCommandProvider"]["commands"],
        json!(["portal-lint.fixAll", "portal-lint.allow"])
    );
    let uri = editor.open_file(&folder.path().join("a.portal.json"));
    let response = execute(&mut editor, "portal-lint.fixAll", &json!([{ "uri": uri, "version": 1 }]));
    assert_eq!(response["result"], Json::Null);
    let sent = editor.received_params("workspace/applyEdit");
    assert_eq!((sent.len(), &sent[0]["label"]), (1, &json!("portal-lint.fixAll")));
    let fixed = apply_edit(&text, &sent[0]["edit"]);
    assert_eq!(fixed, clean_body());
    // Without a fix, nothing is sent.
    editor.change(&uri, 2, json!([{ "text": fixed }]));
    assert_eq!(execute(&mut editor, "portal-lint.fixAll", &json!([{ "uri": uri }]))["result"], Json::Null);
    assert_eq!(editor.received_params("workspace/applyEdit").len(), 1);
    assert!(editor.received_params("window/showMessage").is_empty());
    editor.shut_down();
}

#[test]
fn a_command_allows_a_finding_with_its_reason() {
    let text = clean_body()
        .replace("\"subscription_cancel\": false", "\"subscription_cancel\": true")
        .replace("\"name\"", "\"nmae\"")
        .replace("\"enabled\"", "\"enabeld\"");
    let folder = create_folder(&[("a.portal.jsonc", &text)]);
    let mut editor = Editor::with_capabilities(folder.path(), &full_capabilities());
    let uri = editor.open_file(&folder.path().join("a.portal.jsonc"));
    let [cancel, name] = ["/customer_permissions/subscription_cancel", "/nmae"];
    for (rule, pointer, reason, comment) in [
        (
            "self-cancel",
            None,
            Some("agreed with support"),
            "    // portal-lint: allow self-cancel -- agreed with support",
        ),
        ("RCP016", Some(cancel), None, "    // portal-lint: allow self-cancel --"),
        ("unknown-field", Some(name), Some(" old "), "  // portal-lint: allow unknown-field -- old"),
    ] {
        let mut argument = json!({ "uri": uri, "rule": rule, "pointer": pointer });
        if let Some(reason) = reason {
            argument["reason"] = json!(reason);
        }
        let response = execute(&mut editor, "portal-lint.allow", &json!([argument]));
        assert_eq!(response["result"], Json::Null, "{response}");
        let sent = editor.received_params("workspace/applyEdit");
        let after = apply_edit(&text, &sent.last().expect("an edit")["edit"]);
        assert!(after.lines().any(|line| line == comment), "{after}");
    }
    // The editor did not answer that it applied the edits, so the user is told.
    editor.wait_until_idle();
    assert_eq!(
        editor.received_params("window/showMessage")[0]["message"],
        "The editor did not apply the edit: it gave no reason"
    );
    editor.answers.insert("workspace/applyEdit".into(), json!({ "applied": false, "failureReason": "read\nonly" }));
    execute(&mut editor, "portal-lint.allow", &json!([{ "uri": uri, "rule": "self-cancel" }]));
    editor.wait_until_idle();
    let shown = editor.received_params("window/showMessage");
    let message = json::text(&shown.last().expect("a message")["message"]);
    assert!(message.contains("read") && !message.contains('\n'), "{message}");
    let sent = editor.received_params("workspace/applyEdit").len();
    for (command, arguments, code) in [
        ("portal-lint.allow", json!([{ "uri": uri, "rule": "unknown-field" }]), -32602),
        ("portal-lint.allow", json!([{ "uri": uri, "rule": "unknown-field", "pointer": "/x" }]), -32803),
        ("portal-lint.allow", json!([{ "uri": uri, "rule": "self-cancle" }]), -32602),
        ("portal-lint.allow", json!([{ "uri": uri, "rule": "V16" }]), -32602),
        ("portal-lint.allow", json!([{ "uri": uri, "rule": "self-cancel", "reason": "a\nb" }]), -32602),
        ("portal-lint.allow", json!([{ "uri": uri, "rule": 7 }]), -32602),
        ("portal-lint.allow", json!([{ "uri": uri }]), -32602),
        ("portal-lint.fixAll", json!([{ "uri": uri, "version": 0 }]), -32801),
        ("portal-lint.fixAll", json!([{ "uri": "untitled:x" }]), -32602),
        ("portal-lint.fixAll", json!([uri]), -32602),
        ("portal-lint.fixAll", json!([]), -32602),
        ("portal-lint.fixAll", json!([{ "uri": uri }, 1]), -32602),
        ("portal-lint.fixAll", json!(null), -32602),
        ("rm", json!([{ "uri": uri }]), -32602),
    ] {
        let response = execute(&mut editor, command, &arguments);
        assert_eq!(error_code(&response), code, "{command} {arguments}: {response}");
    }
    assert_eq!(editor.received_params("workspace/applyEdit").len(), sent);
    editor.shut_down();
}

#[test]
fn an_editor_without_apply_edit_cannot_run_commands() {
    let folder = create_folder(&[]);
    let mut editor = Editor::new(folder.path());
    editor.open("untitled:a", "json", &body_with_two_safe_fixes());
    let response = execute(&mut editor, "portal-lint.fixAll", &json!([{ "uri": "untitled:a" }]));
    assert_eq!(error_code(&response), -32803);
    editor.shut_down();
}

#[test]
fn the_edit_of_an_action_is_computed_when_the_action_is_chosen() {
    let text = body_with_two_safe_fixes();
    let folder = create_folder(&[]);
    let mut editor = Editor::with_capabilities(folder.path(), &full_capabilities());
    assert_eq!(editor.initialize_result["capabilities"]["codeActionProvider"]["resolveProvider"], true);
    editor.open("untitled:a", "json", &text);
    let whole = range([0, 0], [9999, 0]);
    for only in ["source.fixAll", "source.fixAll.portal-lint", "quickfix"] {
        let actions = editor.actions("untitled:a", &whole, Some(&[only]));
        let action = actions.iter().find(|action| title(action) == "apply all 2 safe fixes in this file").expect("it");
        assert_eq!(action.get("edit"), None);
        let resolved = editor.request("codeAction/resolve", action.clone())["result"].clone();
        assert_eq!(apply_edit(&text, &resolved["edit"]), clean_body());
        assert_eq!((&resolved["title"], &resolved["kind"]), (&action["title"], &action["kind"]));
        // Resolving it again changes nothing.
        assert_eq!(editor.request("codeAction/resolve", resolved.clone())["result"], resolved);
    }
    let stale = editor.actions("untitled:a", &whole, Some(&["source.fixAll"]))[0].clone();
    editor.change("untitled:a", 2, json!([{ "text": text }]));
    let mut unknown = stale.clone();
    unknown["data"]["uri"] = json!("untitled:nobody");
    for (action, code) in [
        (stale, -32801),
        (unknown, -32602),
        (json!({ "title": "x", "data": { "uri": 1 } }), -32602),
        (json!({ "title": "x", "data": null }), -32602),
        (json!({ "title": "x" }), -32602),
        (json!({}), -32602),
    ] {
        assert_eq!(error_code(&editor.request("codeAction/resolve", action.clone())), code, "{action}");
    }
    // A fix with a secret is refused.
    let secret = "canary-secret-do-not-use-0123456789-ABCD";
    let body = clean_body()
        .replace("\"${RECAPTCHA_SECRET_KEY}\"", &format!("[\"{secret}\"]"))
        .replace("\"enabled\": false", "\"enabled\": \"false\"");
    editor.change("untitled:a", 3, json!([{ "text": body }]));
    for action in editor.actions("untitled:a", &whole, Some(&["source.fixAll"])) {
        let resolved = editor.request("codeAction/resolve", action);
        assert!(!resolved.to_string().contains(secret), "{resolved}");
    }
    editor.shut_down();
}
