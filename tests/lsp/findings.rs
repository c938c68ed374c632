//! The diagnostics of open documents, and when they are published.

use std::fs;

use serde_json::{Value as Json, json};

use super::editor::{Editor, range, uri};
use super::{clean_with_name, find_position, title};
use crate::support::program::{clean_body, create_folder};
use crate::support::repository;

#[test]
fn changes_are_checked_and_closed_documents_have_no_diagnostics() {
    let folder = create_folder(&[("a.portal.json", &clean_body())]);
    let mut editor = Editor::new(folder.path());
    let uri = editor.open_file(&folder.path().join("a.portal.json"));
    assert_eq!(editor.codes(&uri), [""; 0]);
    let [line, character] = find_position(&clean_body(), "false");
    let false_range = range([line, character], [line, character + 5]);
    editor.change(
        &uri,
        2,
        json!([{ "range": false_range, "text": "1" }, { "range": range([line, character], [line, character]), "text": "1" }]),
    );
    let found = editor.diagnostics(&uri);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(editor.published[&uri]["version"], 2);
    assert_eq!(
        found[0],
        json!({
            "range": range([line, character], [line, character + 2]),
            "severity": 1,
            "code": "RCP100",
            "codeDescription": { "href": "https://github.com/portal-lint/portal-lint/blob/main/rules/RCP100.md" },
            "source": "portal-lint",
            "message": "`enabled` must be `true` or `false`, not a number\nhelp: use `true` or `false`",
            "data": { "name": "wrong-type", "pointer": "/enabled", "fix": null },
        })
    );
    // Positions after the end, and a range that ends before it starts, are clamped.
    editor.change(&uri, 3, json!([{ "range": range([0, 0], [9999, 9999]), "text": "x" }, { "range": range([7, 7], [0, 0]), "text": "😀" }]));
    editor.change(&uri, 4, json!([{ "range": range([0, 2], [0, 1]), "text": "y" }, { "text": clean_body() }]));
    assert_eq!(editor.codes(&uri), [""; 0]);
    editor.change(&uri, 5, json!([{ "text": clean_body().replace("\"name\"", "\"nmae\"") }]));
    assert_eq!(editor.codes(&uri), ["RCP024"]);
    editor.close(&uri);
    assert_eq!(editor.codes(&uri), [""; 0]);
    editor.shut_down();
}

#[test]
fn excluded_files_and_other_files_get_an_empty_list() {
    let files = [
        ("package.json", "{\"name\": 1,}"),
        ("drafts/a.portal.json", "{}"),
        ("ignored/a.portal.json", "{}"),
        ("portal-lint.toml", "exclude = [\"drafts\"]\n"),
        (".gitignore", "ignored\n"),
        (".git/HEAD", "x"),
        ("a.portal.json", "{}"),
    ];
    let folder = create_folder(&files);
    let mut editor = Editor::new(folder.path());
    for (name, findings) in
        [("package.json", 0), ("drafts/a.portal.json", 0), ("ignored/a.portal.json", 0), ("a.portal.json", 1)]
    {
        let uri = editor.open_file(&folder.path().join(name));
        assert_eq!(editor.codes(&uri).len().min(1), findings, "{name}");
        assert_eq!(editor.actions(&uri, &range([0, 0], [9, 0]), None), [json!(null); 0], "{name}");
    }
    editor.shut_down();
}

#[test]
fn an_unsaved_document_is_classified_by_its_content() {
    let folder = create_folder(&[]);
    let mut editor = Editor::new(folder.path());
    let body = clean_body().replace("\"name\"", "\"nmae\"");
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a portal");
    for (uri, language, text, codes) in [
        ("untitled:Untitled-1", "json", body.as_str(), vec!["RCP024"]),
        ("untitled:Untitled-2", "jsonc", &format!("// so\n{body}"), vec!["RCP024"]),
        ("untitled:Untitled-3", "yaml", &yaml.replace("enabled:", "enabeld:"), vec!["RCP024"]),
        ("untitled:Untitled-4", "plaintext", &body, vec!["RCP024"]),
        ("vscode-vfs://github/a/x%20y.json", "json", &body, vec!["RCP024"]),
        ("untitled:Untitled-5", "json", "{\"a\": 1}", vec![]),
        ("not a uri %", "json", "{", vec![]),
        ("", "", "", vec![]),
    ] {
        editor.open(uri, language, text);
        assert_eq!(editor.codes(uri), codes, "{uri}");
    }
    let titles = |editor: &mut Editor, uri| -> Vec<String> {
        let actions = editor.actions(uri, &range([0, 0], [99, 0]), None);
        actions.iter().map(|action| title(action).to_owned()).collect()
    };
    assert_eq!(titles(&mut editor, "untitled:Untitled-1"), ["rename `nmae` to `name` (may change the meaning)"]);
    assert_eq!(titles(&mut editor, "untitled:Untitled-3").len(), 2);
    editor.shut_down();
}

#[test]
fn an_unsaved_name_is_compared_with_the_other_files_of_the_project() {
    let files = [
        ("portal-lint.toml", ""),
        ("a ü.portal.json", &clean_with_name("Acme Subscription Portal A")),
        (
            "b.portal.json",
            &clean_with_name("Acme Rewards Desk B")
                .replace("P9dRk2XyM5vHs8LqT1Fz", "P9dRk2XyM5vHs8LqT1Fb")
                .replace("Manage Your Acme Subscription", "B"),
        ),
        (
            "c.portal.json",
            &clean_with_name("Acme Wholesale C")
                .replace("P9dRk2XyM5vHs8LqT1Fz", "P9dRk2XyM5vHs8LqT1Fc")
                .replace("Manage Your Acme Subscription", "C"),
        ),
    ];
    let folder = create_folder(&files);
    let mut editor = Editor::new(folder.path());
    let [a, b] = ["a ü.portal.json", "b.portal.json"].map(|name| editor.open_file(&folder.path().join(name)));
    assert_eq!((editor.codes(&a), editor.codes(&b)), (vec![], vec![]));
    // The other file is open, or only on disk.
    for (name, other) in [
        ("Acme Rewards Desk B", b.clone()),
        ("Acme Wholesale C", uri(&folder.path().canonicalize().expect("a folder").join("c.portal.json"))),
    ] {
        editor.change(&a, 2, json!([{ "text": clean_with_name(name) }]));
        let found = editor.diagnostics(&a);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(
            (&found[0]["code"], &found[0]["relatedInformation"][0]["location"]["uri"]),
            (&json!("RCP001"), &json!(other))
        );
        assert_eq!(
            found[0]["relatedInformation"][0]["location"]["range"]["start"],
            json!({ "line": 1, "character": 10 })
        );
        assert_eq!(editor.codes(&b).len(), usize::from(other == b));
    }
    editor.change(&a, 3, json!([{ "text": clean_with_name("Acme Subscription Portal A") }]));
    assert_eq!((editor.codes(&a), editor.codes(&b)), (vec![], vec![]));
    // After closing, the file on disk counts again.
    editor.change(&a, 4, json!([{ "text": clean_with_name("Acme Rewards Desk B") }]));
    assert_eq!(editor.codes(&b), ["RCP001"]);
    editor.close(&a);
    assert_eq!((editor.codes(&a), editor.codes(&b)), (vec![], vec![]));
    editor.shut_down();
}

#[test]
fn open_files_without_a_project_are_not_compared() {
    let folder = create_folder(&[("a.portal.json", &clean_body()), ("b.portal.json", &clean_body())]);
    let mut editor = Editor::new(folder.path());
    let both = ["a.portal.json", "b.portal.json"].map(|name| editor.open_file(&folder.path().join(name)));
    for uri in &both {
        assert_eq!(editor.codes(uri), [""; 0]);
    }
    editor.shut_down();
}

#[test]
fn changed_settings_apply_at_once_in_the_editor_and_on_disk() {
    let body = clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let folder = create_folder(&[("portal-lint.toml", ""), ("a.portal.json", &body)]);
    let path = folder.path().canonicalize().expect("a folder").join("portal-lint.toml");
    let mut editor = Editor::new(folder.path());
    let portal = editor.open_file(&folder.path().join("a.portal.json"));
    assert_eq!(editor.codes(&portal), ["RCP016"]);
    let registration =
        editor.received.iter().find(|message| message["method"] == "client/registerCapability").expect("a request");
    assert!(registration["params"].to_string().contains("**/portal-lint.toml"), "{registration}");
    let id = registration["id"].clone();
    editor.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null }));
    // Settings that change on disk.
    let reload = |editor: &mut Editor, text: &str| {
        fs::write(&path, text).expect("settings");
        editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri(&path), "type": 2 }] }));
    };
    reload(&mut editor, "[severity]\nRCP016 = \"off\"\n");
    assert_eq!(editor.codes(&portal), [""; 0]);
    // Findings in settings that are not open are published, too, and removed.
    reload(&mut editor, "[severity]\nRCP016 = \"of\"\n");
    assert_eq!((editor.codes(&portal), editor.codes(&uri(&path))), (vec!["RCP016".into()], vec!["RCP914".into()]));
    reload(&mut editor, "");
    assert_eq!(editor.codes(&uri(&path)), [""; 0]);
    // Settings that change in the editor.
    let settings = uri(&path);
    editor.open(&settings, "toml", "[severity]\nself-cancel = \"advice\"\n");
    assert_eq!(editor.diagnostics(&portal)[0]["severity"], 3);
    let allow = |file: &str, reason: &str| {
        format!("[[allow]]\nrule = \"self-cancel\"\nfiles = [\"{file}\"]\nreason = \"{reason}\"\n")
    };
    for (version, text, portal_codes, settings_codes) in [
        (2, allow("a.portal.json", "VIPs"), vec![], vec![]),
        (3, allow("a.portal.json", " "), vec!["RCP016"], vec!["RCP910"]),
        (4, allow("b.portal.json", "VIPs"), vec!["RCP016"], vec!["RCP912"]),
        (5, "[severity]\nRCP016 = \"of\"\n".to_owned(), vec!["RCP016"], vec!["RCP914"]),
        (6, "[[allow\n".to_owned(), vec!["RCP016"], vec!["RCP901"]),
    ] {
        editor.change(&settings, version, json!([{ "text": text }]));
        assert_eq!(
            (editor.codes(&portal), editor.codes(&settings)),
            (
                portal_codes.into_iter().map(str::to_owned).collect(),
                settings_codes.into_iter().map(str::to_owned).collect()
            ),
            "{text}"
        );
        if version == 4 {
            assert_eq!(editor.diagnostics(&settings)[0]["tags"], json!([1]));
        }
    }
    editor.close(&settings);
    assert_eq!((editor.codes(&portal), editor.codes(&settings)), (vec!["RCP016".into()], vec![]));
    // Settings that exist only in the editor.
    fs::remove_file(&path).expect("settings");
    editor.open(&settings, "toml", "[severity]\nself-cancel = \"off\"\n");
    assert_eq!(editor.codes(&portal), [""; 0]);
    editor.shut_down();
}

#[test]
fn unused_suppressions_are_reported_if_only_the_settings_are_open() {
    let body = clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let allow = |rule: &str| format!("[[allow]]\nrule = \"{rule}\"\nfiles = [\"*.json\"]\nreason = \"agreed\"\n");
    let settings = allow("self-cancel") + &allow("vague-name");
    let folder = create_folder(&[("portal-lint.toml", &settings), ("a.portal.json", &body)]);
    let mut editor = Editor::new(folder.path());
    let uri = editor.open_file(&folder.path().join("portal-lint.toml"));
    let found = editor.diagnostics(&uri);
    assert_eq!((found.len(), &found[0]["code"], &found[0]["range"]["start"]["line"]), (1, &json!("RCP912"), &json!(5)));
    assert_eq!(editor.published.len(), 1, "files that are not open have no diagnostics");
    editor.shut_down();
}

#[test]
fn changes_of_the_account_snapshot_apply_at_once() {
    let account = fs::read_to_string(repository("fixtures/account.json")).expect("a snapshot");
    let account = account.replacen("2026", "2099", 1);
    let settings = "account = \"account.json\"\n";
    let folder =
        create_folder(&[("portal-lint.toml", settings), ("account.json", &account), ("a.portal.json", &clean_body())]);
    let mut editor = Editor::new(folder.path());
    let portal = editor.open_file(&folder.path().join("a.portal.json"));
    let before = editor.codes(&portal);
    assert!(!before.contains(&"RCP301".to_owned()), "{before:?}");
    let snapshot = editor.open_file(&folder.path().join("account.json"));
    editor.change(&snapshot, 2, json!([{ "text": account.replace("Kq7ZpW2mVx9LcT4bRn8D", "Kq7ZpW2mVx9LcT4bRn8E") }]));
    let after = editor.codes(&portal);
    assert!(after.contains(&"RCP301".to_owned()), "{after:?}");
    editor.change(&snapshot, 3, json!([{ "text": "{\"version\": 1, \"pulled\": 7}" }]));
    assert_eq!(editor.codes(&snapshot), ["RCP914"]);
    editor.shut_down();
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_of_the_project_are_not_followed() {
    let body = clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let outside = create_folder(&[("b.portal.json", &clean_body()), ("portal-lint.toml", "")]);
    let inside =
        create_folder(&[("own/a.portal.json", &body), ("own/portal-lint.toml", ""), ("linked/c.portal.json", &body)]);
    let links = [("/", "own/root"), ("..", "own/up"), ("/proc", "own/proc"), (".", "own/self")];
    for (target, name) in links {
        std::os::unix::fs::symlink(target, inside.path().join(name)).expect("a link");
    }
    std::os::unix::fs::symlink(outside.path(), inside.path().join("own/vendor")).expect("a link");
    let settings = outside.path().join("portal-lint.toml");
    std::os::unix::fs::symlink(&settings, inside.path().join("linked/portal-lint.toml")).expect("a link");
    let mut editor = Editor::new(inside.path());
    // The portal outside the project has the same name, which would be a finding.
    let own = editor.open_file(&inside.path().join("own/a.portal.json"));
    assert_eq!(editor.codes(&own), ["RCP016"]);
    // A suppression is offered for the project's own settings, and not for those of another project.
    let all = range([0, 0], [99, 0]);
    let offers = |actions: Vec<Json>| actions.iter().filter(|action| action.to_string().contains("[[allow]]")).count();
    assert_eq!(offers(editor.actions(&own, &all, None)), 1);
    let linked = editor.open_file(&inside.path().join("linked/c.portal.json"));
    assert_eq!(editor.codes(&linked), ["RCP016"]);
    assert_eq!(offers(editor.actions(&linked, &all, None)), 0);
    editor.shut_down();
}
