//! Code actions: fixes and suppressions, and the documents after their edits.

use std::fs;

use serde_json::{Value as Json, json};

use super::editor::{Editor, apply_edit, range, uri};
use super::{range_at, title};
use crate::support::json::array;
use crate::support::program::{clean_body, create_folder};
use crate::support::repository;

fn clean_yaml() -> String {
    fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a portal")
}

/// The range of a whole document.
fn whole_document() -> Json {
    range([0, 0], [9999, 0])
}

fn titles(actions: &[Json]) -> Vec<&str> {
    actions.iter().map(title).collect()
}

fn find_action<'a>(actions: &'a [Json], start: &str) -> &'a Json {
    let action = actions.iter().find(|action| title(action).starts_with(start));
    action.unwrap_or_else(|| panic!("no {start} among {:?}", titles(actions)))
}

#[test]
fn each_fix_is_an_action_and_one_action_makes_all_safe_fixes() {
    let text = clean_body()
        .replace("\"name\"", "\"nmae\"")
        .replace("code is: <strong>{{email_code}}", "ü😀: <strong>{{ email_code }}")
        .replace("\"enabled\": false", "\"enabled\": \"false\"");
    let folder = create_folder(&[("a.portal.json", &text)]);
    let mut editor = Editor::new(folder.path());
    let uri = editor.open_file(&folder.path().join("a.portal.json"));
    let near_miss = editor.actions(&uri, &range_at(&text, "{{ email_code"), None);
    assert_eq!(
        titles(&near_miss),
        [
            "replace it with `{{email_code}}`",
            "apply all 3 safe fixes in this file",
            "allow confirm-email-without-code in this file at /customer_emails/customer_account_confirm_email/html: write the reason in a new portal-lint.toml",
        ]
    );
    assert_eq!(near_miss[0]["kind"], "quickfix");
    assert_eq!(near_miss[0]["isPreferred"], true);
    assert_eq!(near_miss[0]["diagnostics"][0]["code"], "RCP012");
    assert_eq!(near_miss[0]["edit"]["documentChanges"][0]["textDocument"], json!({ "uri": uri, "version": 1 }));
    let fixed = text.replacen("{{ email_code }}", "{{email_code}}", 1);
    assert_eq!(apply_edit(&text, &near_miss[0]["edit"]), fixed);
    let safe = fixed.replacen("{{ email_code }}", "{{email_code}}", 1).replace("\"false\"", "false");
    assert_eq!(apply_edit(&text, &near_miss[1]["edit"]), safe);
    let unsafe_fix = editor.actions(&uri, &range_at(&text, "nmae"), Some(&["quickfix"]));
    let rename = find_action(&unsafe_fix, "rename");
    assert_eq!(
        (title(rename), &rename["isPreferred"]),
        ("rename `nmae` to `name` (may change the meaning)", &Json::Null)
    );
    assert_eq!(apply_edit(&text, &rename["edit"]), text.replace("\"nmae\"", "\"name\""));
    // Editors request source actions on save, or from a menu.
    for only in ["source", "source.fixAll", "source.fixAll.portal-lint"] {
        let actions = editor.actions(&uri, &range([0, 0], [0, 0]), Some(&[only]));
        assert_eq!(
            (titles(&actions), &actions[0]["kind"]),
            (vec!["apply all 3 safe fixes in this file"], &json!("source.fixAll.portal-lint"))
        );
        assert_eq!(apply_edit(&text, &actions[0]["edit"]), safe);
    }
    for only in ["refactor", "source.organizeImports", "source.fixAll.other", "quick"] {
        assert!(editor.actions(&uri, &whole_document(), Some(&[only])).is_empty(), "{only}");
    }
    // Actions are for the current version and the current findings.
    editor.change(&uri, 7, json!([{ "text": safe }]));
    assert!(editor.actions(&uri, &range_at(&safe, "{{email_code"), None).is_empty());
    let rename = editor.actions(&uri, &range_at(&safe, "nmae"), None);
    assert_eq!(rename[0]["edit"]["documentChanges"][0]["textDocument"]["version"], 7);
    editor.shut_down();
}

#[test]
fn without_document_changes_edits_have_no_version_and_create_no_files() {
    let text = clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": \"true\"");
    let folder = create_folder(&[("a.portal.json", &text)]);
    let mut editor = Editor::with_capabilities(folder.path(), &json!({}));
    let uri = editor.open_file(&folder.path().join("a.portal.json"));
    let actions = editor.actions(&uri, &whole_document(), None);
    assert_eq!(actions.len(), 1, "{actions:?}");
    assert_eq!(apply_edit(&text, &actions[0]["edit"]), text.replace("\"true\"", "true"));
    assert!(actions[0]["edit"]["changes"][&uri].is_array());
    editor.shut_down();
}

#[test]
fn in_yaml_and_jsonc_the_allow_action_inserts_a_comment_that_needs_a_reason() {
    let welcome = "<p>Welcome to the wholesale portal.</p>\n";
    let block = format!("{welcome}      <p><script>x</script>😀</p>\n");
    let jsonc = clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    // The comment is inserted above the line that starts with `next_line`.
    for (name, text, code, rule, next_line) in [
        (
            "a.yaml",
            clean_yaml().replace("subscription_cancel: false", "subscription_cancel: true"),
            "RCP016",
            "self-cancel",
            "  subscription_cancel: true",
        ),
        (
            "a.yaml",
            clean_yaml().replace("subscription_cancel: false", "subscription_cancel: true").replace('\n', "\r\n"),
            "RCP016",
            "self-cancel",
            "  subscription_cancel: true",
        ),
        ("a.yaml", clean_yaml().replacen(welcome, &block, 1), "RCP023", "unsafe-html", "    html: |"),
        ("a.jsonc", jsonc.clone(), "RCP016", "self-cancel", "    \"subscription_cancel\": true,"),
        ("a.jsonc", jsonc.replace('\n', " ").trim().to_owned(), "RCP016", "self-cancel", "{   \"name\""),
        (
            "a.yaml",
            format!("\u{feff}{}", clean_yaml().replacen("name:", "nmae:", 1)),
            "RCP024",
            "unknown-field",
            "nmae:",
        ),
    ] {
        let folder = create_folder(&[("portal-lint.toml", "include = ['*']"), (name, &text)]);
        let mut editor = Editor::new(folder.path());
        let uri = editor.open_file(&folder.path().join(name));
        let before = editor.codes(&uri);
        assert!(before.contains(&code.to_owned()), "{before:?} in {text}");
        let actions = editor.actions(&uri, &whole_document(), None);
        let allow = find_action(&actions, &format!("allow {rule} here"));
        assert_eq!(title(allow), format!("allow {rule} here: write the reason after `--`"));
        let after = apply_edit(&text, &allow["edit"]);
        let comment_start = if name == "a.yaml" { "#" } else { "//" };
        let indent = &next_line[..next_line.len() - next_line.trim_start().len()];
        let comment = format!("{indent}{comment_start} portal-lint: allow {rule} --");
        let lines: Vec<&str> = after.trim_start_matches('\u{feff}').lines().collect();
        let number =
            lines.iter().position(|line| *line == comment).unwrap_or_else(|| panic!("no {comment} in {after}"));
        assert!(lines[number + 1].starts_with(next_line), "{after}");
        assert_eq!(
            after.replacen(&format!("{comment}{}", if text.contains("\r\n") { "\r\n" } else { "\n" }), "", 1),
            text
        );
        // Without a reason, the comment suppresses nothing and is reported.
        editor.change(&uri, 2, json!([{ "text": after }]));
        let mut expected = [before.clone(), vec!["RCP910".to_owned()]].concat();
        expected.sort();
        let mut codes = editor.codes(&uri);
        codes.sort();
        assert_eq!(codes, expected, "{after}");
        // A second comment is not offered.
        let actions = editor.actions(&uri, &whole_document(), None);
        assert!(!titles(&actions).iter().any(|title| title.contains(&format!("allow {rule} "))), "{actions:?}");
        // With a reason, it suppresses the finding.
        editor.change(
            &uri,
            3,
            json!([{ "text": after.replacen(&comment, &format!("{comment} agreed with support"), 1) }]),
        );
        let codes = editor.codes(&uri);
        assert!(!codes.contains(&code.to_owned()) && !codes.contains(&"RCP910".to_owned()), "{codes:?}");
        editor.shut_down();
    }
}

#[test]
fn the_allow_action_does_not_allow_the_other_findings_of_a_line() {
    let text = r#"{"customer_portal_id": "exD0myCXTaMte0mTOOY3", "customer_permissions": {"trial_expire": true, "trial_cancel": true}}"#;
    let pointers = ["/customer_permissions/trial_expire", "/customer_permissions/trial_cancel"];
    for name in ["a.portal.jsonc", "a.portal.yaml"] {
        let folder = create_folder(&[("portal-lint.toml", ""), (name, text)]);
        let mut editor = Editor::new(folder.path());
        let uri = editor.open_file(&folder.path().join(name));
        let actions = editor.actions(&uri, &whole_document(), None);
        for pointer in pointers {
            let start = format!("allow self-service-trial in this file at {pointer}: write the reason in");
            let settings = apply_edit("", &find_action(&actions, &start)["edit"]);
            assert!(settings.contains(&format!("pointer = \"{pointer}\"\n")), "{settings}");
        }
        editor.shut_down();
    }
}

#[test]
fn in_strict_json_the_allow_action_appends_an_entry_to_the_settings() {
    let text = clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let entry = |name: &str| {
        format!(
            "[[allow]]\nrule = \"self-cancel\"\nfiles = [\"{name}\"]\npointer = \"/customer_permissions/subscription_cancel\"\nreason = \"\"\n"
        )
    };
    let plain = "portals/VIP ü.portal.json";
    for (name, pattern, settings, is_open, separator) in [
        (plain, plain, Some("# mine\ndays = {certificate = 7} # and so on\n"), false, "\n"),
        (plain, plain, Some("# mine\ndays = {certificate = 7} # and so on"), true, "\n\n"),
        (plain, plain, Some("[severity]\r\nRCP104 = \"off\"\r\n"), true, "\r\n"),
        (plain, plain, Some(""), false, ""),
        ("a[1]{2}.portal.json", "a[[]1[]][{]2[}].portal.json", Some(""), false, ""),
        (plain, plain, None, false, ""),
    ] {
        let mut files = vec![(name, text.as_str())];
        files.extend(settings.map(|settings| ("portal-lint.toml", settings)));
        let folder = create_folder(&files);
        let root = folder.path().canonicalize().expect("a folder");
        let settings_path = root.join("portal-lint.toml");
        // New settings are written to the root of the git repository.
        fs::create_dir(root.join(".git")).expect("a folder");
        let mut editor = Editor::new(&root);
        let portal = editor.open_file(&root.join(name));
        if is_open {
            editor.open(&uri(&settings_path), "toml", settings.expect("settings"));
        }
        let actions = editor.actions(&portal, &whole_document(), None);
        let allow = find_action(
            &actions,
            "allow self-cancel in this file at /customer_permissions/subscription_cancel: write the reason in",
        );
        let changes = array(&allow["edit"]["documentChanges"]);
        let edit = changes.last().expect("an edit");
        let version = if is_open { json!(1) } else { Json::Null };
        assert_eq!(edit["textDocument"], json!({ "uri": uri(&settings_path), "version": version }));
        assert_eq!(changes.len(), if settings.is_some() { 1 } else { 2 });
        if settings.is_none() {
            assert_eq!(
                changes[0],
                json!({ "kind": "create", "uri": uri(&settings_path), "options": { "ignoreIfExists": true } })
            );
        }
        let before = settings.unwrap_or_default();
        let after = apply_edit(before, &allow["edit"]);
        let newline = if before.contains("\r\n") { "\r\n" } else { "\n" };
        assert_eq!(after, format!("{before}{separator}{}", entry(pattern).replace('\n', newline)));
        // Without a reason, the entry suppresses nothing and is reported.
        for (reason, codes, settings_codes) in [("", vec!["RCP016"], vec!["RCP910"]), ("agreed", vec![], vec![])] {
            fs::write(&settings_path, after.replace("reason = \"\"", &format!("reason = \"{reason}\"")))
                .expect("settings");
            if is_open {
                editor.close(&uri(&settings_path));
            }
            editor.open(&uri(&settings_path), "toml", &fs::read_to_string(&settings_path).expect("settings"));
            assert_eq!(
                (editor.codes(&portal), editor.codes(&uri(&settings_path))),
                (
                    codes.into_iter().map(str::to_owned).collect(),
                    settings_codes.into_iter().map(str::to_owned).collect()
                ),
                "{after}"
            );
            editor.close(&uri(&settings_path));
        }
        editor.shut_down();
    }
}

#[test]
fn the_allow_action_renews_a_decision_that_has_expired() {
    let comment = "# portal-lint: allow self-cancel until 2020-01-01 -- agreed";
    let yaml = clean_yaml().replace("subscription_cancel: false", &format!("{comment}\n  subscription_cancel: true"));
    let json = clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let entry =
        "[[allow]]\nrule = \"self-cancel\"\nfiles = [\"a.portal.json\"]\nreason = \"agreed\"\nuntil = 2020-01-01\n";
    for (name, text, settings, is_comment) in
        [("a.portal.yaml", &yaml, "", true), ("a.portal.json", &json, entry, false)]
    {
        let folder = create_folder(&[("portal-lint.toml", settings), (name, text)]);
        let mut editor = Editor::new(folder.path());
        let uri = editor.open_file(&folder.path().join(name));
        let actions = editor.actions(&uri, &whole_document(), None);
        let renew = find_action(&actions, "renew the decision to allow self-cancel");
        let before = if is_comment { text } else { settings };
        let after =
            before.replace(" until 2020-01-01 -- agreed", " --").replace("reason = \"agreed\"", "reason = \"\"");
        assert_eq!(apply_edit(before, &renew["edit"]), after.replace("until = 2020-01-01\n", ""));
        editor.shut_down();
    }
}

#[test]
fn equal_actions_are_offered_once_and_different_ones_have_different_titles() {
    let repeated = clean_body().replace("{{email_code}}", "<script>x</script><script>y</script>{{email_code}}");
    let block = clean_yaml().replacen("<p>", "<p><script>x</script><script>y</script>", 1);
    for (name, text, offers) in [("a.json", repeated, 2), ("a.yaml", block, 1)] {
        let folder = create_folder(&[("portal-lint.toml", "include = ['*']"), (name, &text)]);
        let mut editor = Editor::new(folder.path());
        let uri = editor.open_file(&folder.path().join(name));
        let found = editor.codes(&uri).iter().filter(|code| *code == "RCP023").count();
        assert!(found > offers, "{found} in {name}");
        let actions = editor.actions(&uri, &whole_document(), Some(&["quickfix"]));
        let allow: Vec<&Json> =
            actions.iter().filter(|action| title(action).starts_with("allow unsafe-html")).collect();
        let mut titles: Vec<&str> = allow.iter().map(|action| title(action)).collect();
        titles.dedup();
        assert_eq!((allow.len(), titles.len()), (offers, offers), "{titles:?}");
        let diagnostics: usize = allow.iter().map(|action| array(&action["diagnostics"]).len()).sum();
        assert_eq!(diagnostics, found);
        editor.shut_down();
    }
}

#[test]
fn no_suppression_is_offered_if_it_would_have_no_effect() {
    let text = clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let broken = text.replace("\"enabled\": false", "\"enabled\": fals");
    for (settings, text) in [("allow = [", &text), ("allow = [{ rule = \"RCP104\" }]\n", &text), ("", &broken)] {
        let folder = create_folder(&[("portal-lint.toml", settings), ("a.portal.json", text)]);
        let mut editor = Editor::new(folder.path());
        let uri = editor.open_file(&folder.path().join("a.portal.json"));
        let found = editor.codes(&uri);
        let actions = editor.actions(&uri, &whole_document(), None);
        let offered = titles(&actions).iter().filter(|title| title.starts_with("allow")).count();
        assert_eq!(
            offered,
            found.iter().filter(|code| settings.is_empty() && *code < &"RCP9".to_owned()).count(),
            "{found:?} {settings}"
        );
        editor.shut_down();
    }
}

#[test]
fn no_message_contains_a_secret() {
    let secret = "canary-secret-do-not-use-0123456789-ABCD";
    let with_secret =
        clean_body().replace("${RECAPTCHA_SECRET_KEY}", secret).replace("\"enabled\": false", "\"enabled\": \"false\"");
    let misspelled_key = with_secret
        .replace("\"secret_key\"", "\"secert_key\"")
        .replace("{{email_code}}", &format!("{secret} {{{{ email_code }}}}"));
    let without_space = clean_yaml().replace("${RECAPTCHA_SECRET_KEY}", secret).replace("secret_key: ", "secret_key:");
    let broken = format!("{with_secret}}}");
    let secret_as_key = with_secret
        .replace(&format!("\"secret_key\": \"{secret}\""), &format!("\"{secret}\": {{\"secret_key\": \"{secret}\"}}"));
    let zero_width = with_secret.replace("0123456789", "01234\u{200b}56789");
    for (name, text) in [
        ("a.json", with_secret),
        ("b.json", misspelled_key),
        ("c.yaml", without_space),
        ("d.json", broken),
        ("e.json", secret_as_key),
        ("f.jsonc", zero_width),
    ] {
        let folder = create_folder(&[("portal-lint.toml", "include = ['*']"), (name, &text)]);
        let mut editor = Editor::new(folder.path());
        let uri = editor.open_file(&folder.path().join(name));
        let mut messages = vec![
            json!(editor.actions(&uri, &whole_document(), None)),
            json!(editor.actions(&uri, &whole_document(), Some(&["source"]))),
        ];
        let lines = u32::try_from(text.lines().count()).expect("a number");
        messages.extend(
            (0..lines)
                .flat_map(|line| [6, 20].map(|column| (line, column)))
                .map(|(line, column)| json!(editor.hover(&uri, line, column))),
        );
        messages.push(json!(editor.received));
        assert!(!json!(messages).to_string().contains("canary"), "{messages:#?}");
        assert!(!editor.codes(&uri).is_empty());
        editor.shut_down();
    }
}
