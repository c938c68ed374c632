//! The progress of the first analysis of a large project.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::editor::{Editor, all_capabilities};
use crate::support::program::{clean_body, create_folder};

/// A project with 600 files, of which one is a portal.
fn large_project() -> TempDir {
    let names: Vec<String> = (0..600).map(|number| format!("data/{number}.json")).collect();
    let body = clean_body();
    let mut files = vec![("portal-lint.toml", ""), ("a.portal.json", body.as_str())];
    files.extend(names.iter().map(|name| (name.as_str(), "{}")));
    create_folder(&files)
}

/// The kinds of the progress that was reported for a token.
fn kinds(editor: &Editor, token: &Json) -> Vec<Json> {
    let all = editor.received_params("$/progress");
    all.iter().filter(|params| params["token"] == *token).map(|params| params["value"]["kind"].clone()).collect()
}

#[test]
fn the_first_analysis_of_a_large_project_is_reported_once() {
    let folder = large_project();
    let mut capabilities = all_capabilities();
    capabilities["window"] = json!({ "workDoneProgress": true });
    let mut editor = Editor::with_capabilities(folder.path(), &capabilities);
    let uri = editor.open_file(&folder.path().join("a.portal.json"));
    assert_eq!(editor.codes(&uri), [""; 0]);
    let created = editor.received_params("window/workDoneProgress/create");
    assert_eq!(created.len(), 1);
    assert_eq!(kinds(&editor, &created[0]["token"]), ["begin", "end"]);
    let begin = &editor.received_params("$/progress")[0]["value"];
    assert_eq!((&begin["title"], &begin["message"]), (&json!("portal-lint"), &json!("checking 601 files")));
    editor.change(&uri, 2, json!([{ "text": clean_body().replace("\"name\"", "\"nmae\"") }]));
    assert_eq!(editor.codes(&uri), ["RCP024"]);
    assert_eq!(editor.received_params("window/workDoneProgress/create").len(), 1);
    editor.shut_down();
}

#[test]
fn an_editor_that_accepts_no_progress_gets_none_unless_it_sends_a_token() {
    let folder = large_project();
    let mut editor = Editor::with_capabilities(folder.path(), &json!({ "textDocument": { "diagnostic": {} } }));
    let uri = editor.open_file(&folder.path().join("a.portal.json"));
    let params = json!({ "textDocument": { "uri": uri }, "workDoneToken": 7 });
    assert_eq!(editor.request("textDocument/diagnostic", params)["result"]["items"], json!([]));
    assert_eq!(kinds(&editor, &json!(7)), ["begin", "end"]);
    let params = json!({ "previousResultIds": [], "workDoneToken": "w" });
    assert!(editor.request("workspace/diagnostic", params)["result"]["items"].is_array());
    assert_eq!(kinds(&editor, &json!("w")), ["begin", "end"]);
    assert!(editor.received_params("window/workDoneProgress/create").is_empty());
    editor.shut_down();
}

#[test]
fn a_small_project_has_no_progress() {
    let folder = create_folder(&[("portal-lint.toml", ""), ("a.portal.json", &clean_body())]);
    let mut capabilities = all_capabilities();
    capabilities["window"] = json!({ "workDoneProgress": true });
    let mut editor = Editor::with_capabilities(folder.path(), &capabilities);
    let uri = editor.open_file(&folder.path().join("a.portal.json"));
    assert_eq!(editor.codes(&uri), [""; 0]);
    assert!(editor.received_params("window/workDoneProgress/create").is_empty());
    editor.shut_down();
}
