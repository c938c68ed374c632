//! Pull diagnostics (the editor requests them), and workspace folders.

use std::fs;

use serde_json::{Value as Json, json};

use super::clean_with_name;
use super::editor::{Editor, all_capabilities, error_code, uri, workspace_folder};
use crate::support::json::{array, text};
use crate::support::program::{clean_body, create_folder};

/// The capabilities of an editor that pulls diagnostics.
fn pull_capabilities() -> Json {
    let mut capabilities = all_capabilities();
    capabilities["textDocument"]["diagnostic"] = json!({ "relatedDocumentSupport": true });
    capabilities["workspace"]["diagnostics"] = json!({ "refreshSupport": true });
    capabilities
}

fn body_with_unknown_field() -> String {
    clean_body().replace("\"name\"", "\"nmae\"")
}

/// A portal that can be in the same project as [`clean_body`] without a finding about both.
fn second_portal() -> String {
    let body = clean_with_name("Acme Rewards").replace("P9dRk2XyM5vHs8LqT1Fz", "P9dRk2XyM5vHs8LqT1Fb");
    body.replace("Manage Your Acme Subscription", "B")
}

/// The report on a document.
fn pull(editor: &mut Editor, uri: &str, previous: Option<&str>) -> Json {
    let params = json!({ "textDocument": { "uri": uri }, "previousResultId": previous });
    editor.request("textDocument/diagnostic", params)["result"].clone()
}

/// The URI, the kind and the codes of each item of a report on the workspace. Updates the IDs of the previous results.
fn pull_workspace(editor: &mut Editor, previous: &mut Json) -> Vec<(String, String, Vec<String>)> {
    let params = json!({ "previousResultIds": previous });
    let response = editor.request("workspace/diagnostic", params);
    let items = array(&response["result"]["items"]);
    *previous = items.iter().map(|item| json!({ "uri": item["uri"], "value": item["resultId"] })).collect();
    items.iter().map(|item| (text(&item["uri"]).to_owned(), text(&item["kind"]).to_owned(), codes(item))).collect()
}

/// The codes in a report on a document. A report of the kind "unchanged" has none.
fn codes(report: &Json) -> Vec<String> {
    let diagnostics = report["items"].as_array().into_iter().flatten();
    diagnostics.map(|diagnostic| text(&diagnostic["code"]).to_owned()).collect()
}

#[test]
fn an_editor_that_pulls_gets_reports_and_no_notifications() {
    let folder = create_folder(&[("a.portal.json", &body_with_unknown_field()), ("package.json", "{}")]);
    let mut editor = Editor::with_capabilities(folder.path(), &pull_capabilities());
    let provider = &editor.initialize_result["capabilities"]["diagnosticProvider"];
    assert_eq!((&provider["interFileDependencies"], &provider["workspaceDiagnostics"]), (&json!(true), &json!(true)));
    let a = editor.open_file(&folder.path().join("a.portal.json"));
    let first = pull(&mut editor, &a, None);
    assert_eq!((&first["kind"], codes(&first)), (&json!("full"), vec!["RCP024".to_owned()]));
    let result_id = first["resultId"].as_str().expect("a result ID");
    let second = pull(&mut editor, &a, Some(result_id));
    assert_eq!(second, json!({ "kind": "unchanged", "resultId": result_id }));
    editor.change(&a, 2, json!([{ "text": clean_body() }]));
    let third = pull(&mut editor, &a, Some(result_id));
    assert_eq!((&third["kind"], codes(&third)), (&json!("full"), vec![]));
    // An outdated or invalid ID never counts as the current one.
    assert_eq!(pull(&mut editor, &a, Some("x"))["kind"], "full");
    // A document that the editor has not opened yet is read from disk.
    editor.close(&a);
    assert_eq!(codes(&pull(&mut editor, &a, None)), ["RCP024"]);
    assert_eq!(codes(&pull(&mut editor, &uri(&folder.path().join("package.json")), None)), [""; 0]);
    for unknown in ["file:///nowhere/a.portal.json", "untitled:b", "%", ""] {
        let params = json!({ "textDocument": { "uri": unknown } });
        assert_eq!(error_code(&editor.request("textDocument/diagnostic", params)), -32602, "{unknown}");
    }
    assert!(editor.published.is_empty(), "{:?}", editor.published);
    editor.shut_down();
}

#[test]
fn a_report_contains_the_findings_of_settings_that_are_not_open() {
    let folder =
        create_folder(&[("portal-lint.toml", "[severity]\nRCP016 = \"of\"\n"), ("a.portal.json", &clean_body())]);
    let root = folder.path().canonicalize().expect("a folder");
    let settings = uri(&root.join("portal-lint.toml"));
    let mut editor = Editor::with_capabilities(&root, &pull_capabilities());
    let a = editor.open_file(&root.join("a.portal.json"));
    let report = pull(&mut editor, &a, None);
    assert_eq!(codes(&report["relatedDocuments"][&settings]), ["RCP914"], "{report}");
    // After the settings are corrected, an empty list replaces the finding, even if the document's own list is unchanged.
    fs::write(root.join("portal-lint.toml"), "").expect("settings");
    editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": settings, "type": 2 }] }));
    let report = pull(&mut editor, &a, report["resultId"].as_str());
    assert_eq!(report["kind"], "unchanged");
    assert_eq!(report["relatedDocuments"][&settings]["items"], json!([]), "{report}");
    assert_eq!(editor.received_params("workspace/diagnostic/refresh").len(), 1);
    editor.shut_down();
}

#[test]
fn a_change_that_affects_another_document_asks_the_editor_to_pull_again() {
    let folder = create_folder(&[
        ("portal-lint.toml", ""),
        ("a.portal.json", &clean_body()),
        ("b.portal.json", &second_portal()),
    ]);
    let mut editor = Editor::with_capabilities(folder.path(), &pull_capabilities());
    let [a, b] = ["a.portal.json", "b.portal.json"].map(|name| editor.open_file(&folder.path().join(name)));
    assert_eq!((codes(&pull(&mut editor, &a, None)), codes(&pull(&mut editor, &b, None))), (vec![], vec![]));
    editor.change(&a, 2, json!([{ "text": clean_body().replace("\"enabled\"", "\"enabeld\"") }]));
    assert!(!codes(&pull(&mut editor, &a, None)).is_empty());
    let refreshes = |editor: &Editor| editor.received_params("workspace/diagnostic/refresh").len();
    assert_eq!(refreshes(&editor), 0, "only the changed document is affected");
    editor.change(&a, 3, json!([{ "text": clean_with_name("Acme Rewards") }]));
    assert_eq!(codes(&pull(&mut editor, &a, None)), ["RCP001"]);
    assert_eq!(refreshes(&editor), 1);
    assert_eq!(codes(&pull(&mut editor, &b, None)), ["RCP001"]);
    // In the file on disk, the portal still has its old name.
    editor.close(&a);
    editor.wait_until_idle();
    assert_eq!(refreshes(&editor), 2);
    assert_eq!(codes(&pull(&mut editor, &b, None)), [""; 0]);
    editor.shut_down();
}

#[test]
fn a_workspace_report_covers_the_closed_files_of_all_folders() {
    let unknown_field = body_with_unknown_field();
    let first = create_folder(&[
        ("project/portal-lint.toml", "exclude = [\"old\"]\n[severity]\nRCP016 = \"of\"\n"),
        ("project/a.portal.json", &unknown_field),
        ("project/b.portal.json", &second_portal()),
        ("project/old/c.portal.json", "{}"),
        ("alone.portal.json", &clean_body()),
        ("same.portal.json", &clean_body()),
    ]);
    let second = create_folder(&[("d.portal.json", &unknown_field)]);
    let third = create_folder(&[("e.portal.json", &unknown_field)]);
    let [first, second, third] =
        [&first, &second, &third].map(|folder| folder.path().canonicalize().expect("a folder"));
    let mut editor = Editor::with_folders(&[&first, &second], &pull_capabilities());
    let folders = &editor.initialize_result["capabilities"]["workspace"]["workspaceFolders"];
    assert_eq!(*folders, json!({ "supported": true, "changeNotifications": true }));
    let [a, settings] = ["project/a.portal.json", "project/portal-lint.toml"].map(|name| uri(&first.join(name)));
    let [d, e] = [uri(&second.join("d.portal.json")), uri(&third.join("e.portal.json"))];
    let item = |uri: &str, kind: &str, codes: &[&str]| {
        (uri.to_owned(), kind.to_owned(), codes.iter().map(|code| (*code).to_owned()).collect::<Vec<String>>())
    };
    let sorted = |mut items: Vec<_>| {
        items.sort();
        items
    };
    let mut previous = json!([]);
    let items = sorted(pull_workspace(&mut editor, &mut previous));
    let full = [item(&a, "full", &["RCP024"]), item(&settings, "full", &["RCP914"]), item(&d, "full", &["RCP024"])];
    assert_eq!(items, sorted(full.to_vec()));
    let unchanged = [&a, &settings, &d].map(|uri| item(uri, "unchanged", &[]));
    assert_eq!(sorted(pull_workspace(&mut editor, &mut previous)), sorted(unchanged.to_vec()));
    // An open document counts instead of its file, and with its version.
    editor.open(&a, "json", &clean_with_name("Acme Rewards"));
    let items = pull_workspace(&mut editor, &mut previous);
    assert!(items.contains(&item(&a, "full", &["RCP001"])), "{items:?}");
    let b = uri(&first.join("project/b.portal.json"));
    assert!(items.contains(&item(&b, "full", &["RCP001"])), "{items:?}");
    // A deleted file, and a file in a removed folder, gets an empty list once.
    editor.close(&a);
    fs::remove_file(first.join("project/a.portal.json")).expect("a file");
    let [removed, added] = [&second, &third].map(|folder| vec![workspace_folder(folder)]);
    let change = json!({ "event": { "added": added, "removed": removed } });
    editor.notify("workspace/didChangeWorkspaceFolders", change);
    let items = pull_workspace(&mut editor, &mut previous);
    for expected in [item(&a, "full", &[]), item(&b, "full", &[]), item(&d, "full", &[]), item(&e, "full", &["RCP024"])]
    {
        assert!(items.contains(&expected), "{expected:?} in {items:?}");
    }
    for invalid in [json!(null), json!({ "event": 1 }), json!({ "event": { "added": [1], "removed": [] } })] {
        editor.notify("workspace/didChangeWorkspaceFolders", invalid);
    }
    let items = pull_workspace(&mut editor, &mut previous);
    assert!(items.iter().all(|(_, kind, _)| kind == "unchanged"), "{items:?}");
    assert_eq!(editor.received_params("window/logMessage").len(), 3);
    editor.shut_down();
}

#[test]
fn without_file_notifications_each_workspace_report_reads_the_disk() {
    let folder = create_folder(&[("a.portal.json", &clean_body())]);
    let mut editor = Editor::with_capabilities(folder.path(), &json!({ "textDocument": { "diagnostic": {} } }));
    let mut previous = json!([]);
    assert_eq!(pull_workspace(&mut editor, &mut previous), []);
    fs::write(folder.path().join("a.portal.json"), body_with_unknown_field()).expect("a file");
    assert_eq!(pull_workspace(&mut editor, &mut previous)[0].2, ["RCP024"]);
    // This editor cannot be asked to pull again.
    editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    editor.wait_until_idle();
    assert!(editor.received.iter().all(|message| message.get("id").is_none()), "{:?}", editor.received);
    editor.shut_down();
}
