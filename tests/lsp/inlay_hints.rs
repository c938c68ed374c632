//! The account's names next to the IDs of a portal.

use std::fs;

use serde_json::{Value as Json, json};

use super::editor::{Editor, all_capabilities, range, uri};
use super::find_position;
use crate::support::json::{self, array, number};
use crate::support::program::{clean_body, create_folder};
use crate::support::repository;

fn hints(editor: &mut Editor, uri: &str, range: &Json) -> Json {
    let params = json!({ "textDocument": { "uri": uri }, "range": range });
    editor.request("textDocument/inlayHint", params)["result"].clone()
}

/// The label of each hint, after the text of the document in front of it.
fn labels(text: &str, hints: &Json) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut labels = Vec::new();
    for hint in array(hints) {
        let [line, end] = ["line", "character"]
            .map(|field| usize::try_from(number(&hint["position"][field])).expect("a small number"));
        let units: Vec<u16> = lines[line].encode_utf16().collect();
        let before = String::from_utf16(&units[..end]).expect("text");
        labels.push(format!("{} {}", before.trim_start(), json::text(&hint["label"])));
    }
    labels
}

#[test]
fn each_id_has_the_name_of_its_object() {
    let account = fs::read_to_string(repository("fixtures/account.json")).expect("a snapshot");
    let text = clean_body();
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a portal");
    let folder = create_folder(&[
        ("portal-lint.toml", "account = \"account.json\"\n"),
        ("account.json", &account),
        ("a.portal.json", &text),
        ("b.portal.yaml", &yaml),
    ]);
    let mut capabilities = all_capabilities();
    capabilities["workspace"]["inlayHint"] = json!({ "refreshSupport": true });
    let mut editor = Editor::with_capabilities(folder.path(), &capabilities);
    assert_eq!(editor.initialize_result["capabilities"]["inlayHintProvider"], true);
    let a = editor.open_file(&folder.path().join("a.portal.json"));
    let all = range([0, 0], [9999, 0]);
    let found = hints(&mut editor, &a, &all);
    assert_eq!(
        labels(&text, &found),
        [
            "\"tracking_domain\": \"Kq7ZpW2mVx9LcT4bRn8D\" \"Acme main site\"",
            "\"smtp_profile\": \"h3NfY6sJw1GtE5uQaB0C\" \"Acme support mailbox\"",
            "\"campaign\": [\"P9dRk2XyM5vHs8LqT1Fz\" \"Acme subscriptions\"",
        ]
    );
    let b = uri(&folder.path().join("b.portal.yaml"));
    editor.open(&b, "yaml", &yaml);
    let found = hints(&mut editor, &b, &all);
    assert!(labels(&yaml, &found).iter().any(|label| label.contains("\"Acme ")), "{found}");
    // Only the visible lines.
    let [line, _] = find_position(&text, "P9dRk2XyM5vHs8LqT1Fz");
    assert_eq!(hints(&mut editor, &a, &range([line, 0], [line + 1, 0])).as_array().map(Vec::len), Some(1));
    assert_eq!(hints(&mut editor, &a, &range([9999, 0], [9999, 9999])), json!([]));
    assert_eq!(hints(&mut editor, "untitled:nobody", &all), Json::Null);
    // A new snapshot has other names.
    let path = folder.path().join("account.json");
    fs::write(&path, account.replace("Acme subscriptions", "Acme clubs")).expect("a snapshot");
    editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri(&path), "type": 2 }] }));
    assert!(hints(&mut editor, &a, &all).to_string().contains("Acme clubs"));
    assert_eq!(editor.received_params("workspace/inlayHint/refresh").len(), 1);
    editor.shut_down();
}

#[test]
fn without_a_snapshot_and_in_other_files_there_are_no_hints() {
    let account = fs::read_to_string(repository("fixtures/account.json")).expect("a snapshot");
    let folder = create_folder(&[
        ("own/portal-lint.toml", "account = \"account.json\"\n"),
        ("own/account.json", &account),
        ("own/ids.json", "[\"P9dRk2XyM5vHs8LqT1Fz\"]"),
        ("other/a.portal.json", &clean_body()),
    ]);
    let mut editor = Editor::new(folder.path());
    for name in ["own/ids.json", "own/account.json", "other/a.portal.json"] {
        let uri = editor.open_file(&folder.path().join(name));
        let found = hints(&mut editor, &uri, &range([0, 0], [9999, 0]));
        assert!(found.is_null() || found == json!([]), "{name}: {found}");
    }
    editor.shut_down();
}
