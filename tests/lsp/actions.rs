//! What an editor offers to do about what was found, and what comes of it.

use std::fs;

use serde_json::{Value as Json, json};

use super::editor::{Editor, applied, range, uri};
use super::support::program::{clean, folder};
use super::support::repository;
use super::{at, title};

fn yaml() -> String {
    fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body")
}

/// All of a text.
fn all() -> Json {
    range([0, 0], [9999, 0])
}

fn titles(actions: &[Json]) -> Vec<&str> {
    actions.iter().map(title).collect()
}

fn with_title<'a>(actions: &'a [Json], start: &str) -> &'a Json {
    let found = actions.iter().find(|action| title(action).starts_with(start));
    found.unwrap_or_else(|| panic!("no {start} among {:?}", titles(actions)))
}

#[test]
fn each_fix_is_an_action_and_all_safe_ones_are_one() {
    let text = clean()
        .replace("\"name\"", "\"nmae\"")
        .replace("code is: <strong>{{email_code}}", "ü😀: <strong>{{ email_code }}")
        .replace("\"enabled\": false", "\"enabled\": \"false\"");
    let folder = folder(&[("a.portal.json", &text)]);
    let mut editor = Editor::new(folder.path());
    let uri = editor.open_file(&folder.path().join("a.portal.json"));
    let near_miss = editor.actions(&uri, &at(&text, "{{ email_code"), None);
    assert_eq!(
        titles(&near_miss),
        [
            "write `{{email_code}}` in its place",
            "make all 3 safe fixes of this file",
            "allow confirm-email-code in this file at /customer_emails/customer_account_confirm_email/html: write the reason in a new portal-lint.toml",
        ]
    );
    assert_eq!(near_miss[0]["kind"], "quickfix");
    assert_eq!(near_miss[0]["isPreferred"], true);
    assert_eq!(near_miss[0]["diagnostics"][0]["code"], "RCP012");
    assert_eq!(near_miss[0]["edit"]["documentChanges"][0]["textDocument"], json!({ "uri": uri, "version": 1 }));
    let fixed = text.replacen("{{ email_code }}", "{{email_code}}", 1);
    assert_eq!(applied(&text, &near_miss[0]["edit"]), fixed);
    let safe = fixed.replacen("{{ email_code }}", "{{email_code}}", 1).replace("\"false\"", "false");
    assert_eq!(applied(&text, &near_miss[1]["edit"]), safe);
    let unsafe_fix = editor.actions(&uri, &at(&text, "nmae"), Some(&["quickfix"]));
    let rename = with_title(&unsafe_fix, "rename");
    assert_eq!(
        (title(rename), &rename["isPreferred"]),
        ("rename `nmae` to `name` (probably what was meant)", &Json::Null)
    );
    assert_eq!(applied(&text, &rename["edit"]), text.replace("\"nmae\"", "\"name\""));
    // On saving, from the menu of sources, and where something else is wanted.
    for only in ["source", "source.fixAll", "source.fixAll.portal-lint"] {
        let actions = editor.actions(&uri, &range([0, 0], [0, 0]), Some(&[only]));
        assert_eq!(
            (titles(&actions), &actions[0]["kind"]),
            (vec!["make all 3 safe fixes of this file"], &json!("source.fixAll.portal-lint"))
        );
        assert_eq!(applied(&text, &actions[0]["edit"]), safe);
    }
    for only in ["refactor", "source.organizeImports", "source.fixAll.other", "quick"] {
        assert!(editor.actions(&uri, &all(), Some(&[only])).is_empty(), "{only}");
    }
    // For the version that is there now, and for nothing that is right.
    editor.change(&uri, 7, json!([{ "text": safe }]));
    assert!(editor.actions(&uri, &at(&safe, "{{email_code"), None).is_empty());
    let rename = editor.actions(&uri, &at(&safe, "nmae"), None);
    assert_eq!(rename[0]["edit"]["documentChanges"][0]["textDocument"]["version"], 7);
    editor.quit();
}

#[test]
fn an_editor_that_knows_no_versions_gets_plain_changes_and_no_new_files() {
    let text = clean().replace("\"subscription_cancel\": false", "\"subscription_cancel\": \"true\"");
    let folder = folder(&[("a.portal.json", &text)]);
    let mut editor = Editor::with(folder.path(), &json!({}));
    let uri = editor.open_file(&folder.path().join("a.portal.json"));
    let actions = editor.actions(&uri, &all(), None);
    assert_eq!(actions.len(), 1, "{actions:?}");
    assert_eq!(applied(&text, &actions[0]["edit"]), text.replace("\"true\"", "true"));
    assert!(actions[0]["edit"]["changes"][&uri].is_array());
    editor.quit();
}

/// Texts in which something is found, what is allowed, and the line that comes above which other.
#[test]
fn in_a_text_with_comments_a_comment_allows_once_somebody_gave_a_reason() {
    let welcome = "<p>Welcome to the wholesale portal.</p>\n";
    let block = format!("{welcome}      <p><script>x</script>😀</p>\n");
    let jsonc = clean().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    for (name, text, code, rule, above) in [
        (
            "a.yaml",
            yaml().replace("subscription_cancel: false", "subscription_cancel: true"),
            "RCP016",
            "self-cancel",
            "  subscription_cancel: true",
        ),
        (
            "a.yaml",
            yaml().replace("subscription_cancel: false", "subscription_cancel: true").replace('\n', "\r\n"),
            "RCP016",
            "self-cancel",
            "  subscription_cancel: true",
        ),
        ("a.yaml", yaml().replacen(welcome, &block, 1), "RCP023", "customer-safe-html", "    html: |"),
        ("a.jsonc", jsonc.clone(), "RCP016", "self-cancel", "    \"subscription_cancel\": true,"),
        ("a.jsonc", jsonc.replace('\n', " ").trim().to_owned(), "RCP016", "self-cancel", "{   \"name\""),
        ("a.yaml", format!("\u{feff}{}", yaml().replacen("name:", "nmae:", 1)), "RCP024", "unknown-field", "nmae:"),
    ] {
        let folder = folder(&[("portal-lint.toml", "include = ['*']"), (name, &text)]);
        let mut editor = Editor::new(folder.path());
        let uri = editor.open_file(&folder.path().join(name));
        let before = editor.codes(&uri);
        assert!(before.contains(&code.to_owned()), "{before:?} in {text}");
        let actions = editor.actions(&uri, &all(), None);
        let allow = with_title(&actions, &format!("allow {rule} here"));
        assert_eq!(title(allow), format!("allow {rule} here: write the reason behind `--`"));
        let after = applied(&text, &allow["edit"]);
        let mark = if name == "a.yaml" { "#" } else { "//" };
        let indent = &above[..above.len() - above.trim_start().len()];
        let comment = format!("{indent}{mark} portal-lint: allow {rule} --");
        let lines: Vec<&str> = after.trim_start_matches('\u{feff}').lines().collect();
        let number =
            lines.iter().position(|line| *line == comment).unwrap_or_else(|| panic!("no {comment} in {after}"));
        assert!(lines[number + 1].starts_with(above), "{after}");
        assert_eq!(
            after.replacen(&format!("{comment}{}", if text.contains("\r\n") { "\r\n" } else { "\n" }), "", 1),
            text
        );
        // It silences nothing.
        editor.change(&uri, 2, json!([{ "text": after }]));
        let mut expected = [before.clone(), vec!["RCP910".to_owned()]].concat();
        expected.sort();
        let mut now = editor.codes(&uri);
        now.sort();
        assert_eq!(now, expected, "{after}");
        // Somebody gives a reason.
        editor.change(
            &uri,
            3,
            json!([{ "text": after.replacen(&comment, &format!("{comment} agreed with support"), 1) }]),
        );
        let now = editor.codes(&uri);
        assert!(!now.contains(&code.to_owned()) && !now.contains(&"RCP910".to_owned()), "{now:?}");
        editor.quit();
    }
}

#[test]
fn in_strict_json_the_settings_get_an_entry_and_stay_as_they_were_written() {
    let text = clean().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let entry = |name: &str| {
        format!(
            "[[allow]]\nrule = \"self-cancel\"\nfiles = [\"{name}\"]\npointer = \"/customer_permissions/subscription_cancel\"\nreason = \"\"\n"
        )
    };
    let plain = "portals/VIP ü.portal.json";
    for (name, pattern, settings, is_open, gap) in [
        (plain, plain, Some("# mine\ndays = {certificate = 7} # and so on\n"), false, "\n"),
        (plain, plain, Some("# mine\ndays = {certificate = 7} # and so on"), true, "\n\n"),
        (plain, plain, Some("[severity]\r\nRCP104 = \"off\"\r\n"), true, "\r\n"),
        (plain, plain, Some(""), false, ""),
        ("a[1]{2}.portal.json", "a[[]1[]][{]2[}].portal.json", Some(""), false, ""),
        (plain, plain, None, false, ""),
    ] {
        let mut files = vec![(name, text.as_str())];
        files.extend(settings.map(|settings| ("portal-lint.toml", settings)));
        let folder = folder(&files);
        let root = folder.path().canonicalize().expect("a folder");
        let own = root.join("portal-lint.toml");
        let mut editor = Editor::new(&root);
        let portal = editor.open_file(&root.join(name));
        if is_open {
            editor.open(&uri(&own), "toml", settings.expect("settings"));
        }
        let actions = editor.actions(&portal, &all(), None);
        let allow = with_title(
            &actions,
            "allow self-cancel in this file at /customer_permissions/subscription_cancel: write the reason in",
        );
        let changes = allow["edit"]["documentChanges"].as_array().expect("changes");
        let edit = changes.last().expect("an edit");
        let version = if is_open { json!(1) } else { Json::Null };
        assert_eq!(edit["textDocument"], json!({ "uri": uri(&own), "version": version }));
        assert_eq!(changes.len(), if settings.is_some() { 1 } else { 2 });
        if settings.is_none() {
            assert_eq!(
                changes[0],
                json!({ "kind": "create", "uri": uri(&own), "options": { "ignoreIfExists": true } })
            );
        }
        let before = settings.unwrap_or_default();
        let after = applied(before, &allow["edit"]);
        let newline = if before.contains("\r\n") { "\r\n" } else { "\n" };
        assert_eq!(after, format!("{before}{gap}{}", entry(pattern).replace('\n', newline)));
        // Nothing is silenced before somebody gives a reason.
        for (reason, codes, own_codes) in [("", vec!["RCP016"], vec!["RCP910"]), ("agreed", vec![], vec![])] {
            fs::write(&own, after.replace("reason = \"\"", &format!("reason = \"{reason}\""))).expect("settings");
            if is_open {
                editor.close(&uri(&own));
            }
            editor.open(&uri(&own), "toml", &fs::read_to_string(&own).expect("settings"));
            assert_eq!(
                (editor.codes(&portal), editor.codes(&uri(&own))),
                (codes.into_iter().map(str::to_owned).collect(), own_codes.into_iter().map(str::to_owned).collect()),
                "{after}"
            );
            editor.close(&uri(&own));
        }
        editor.quit();
    }
}

#[test]
fn equal_actions_are_offered_once_and_different_ones_have_different_titles() {
    let repeated = clean().replace("{{email_code}}", "<script>x</script><script>y</script>{{email_code}}");
    let block = yaml().replacen("<p>", "<p><script>x</script><script>y</script>", 1);
    for (name, text, offers) in [("a.json", repeated, 2), ("a.yaml", block, 1)] {
        let folder = folder(&[("portal-lint.toml", "include = ['*']"), (name, &text)]);
        let mut editor = Editor::new(folder.path());
        let uri = editor.open_file(&folder.path().join(name));
        let found = editor.codes(&uri).iter().filter(|code| *code == "RCP023").count();
        assert!(found > offers, "{found} in {name}");
        let actions = editor.actions(&uri, &all(), Some(&["quickfix"]));
        let allow: Vec<&Json> = actions.iter().filter(|one| title(one).starts_with("allow customer-safe")).collect();
        let mut titles: Vec<&str> = allow.iter().map(|one| title(one)).collect();
        titles.dedup();
        assert_eq!((allow.len(), titles.len()), (offers, offers), "{titles:?}");
        let about: usize = allow.iter().map(|one| one["diagnostics"].as_array().expect("a list").len()).sum();
        assert_eq!(about, found);
        editor.quit();
    }
}

#[test]
fn nothing_is_offered_where_a_decision_would_be_none() {
    let text = clean().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let broken = text.replace("\"enabled\": false", "\"enabled\": fals");
    for (settings, text) in [("allow = [", &text), ("allow = [{ rule = \"RCP104\" }]\n", &text), ("", &broken)] {
        let folder = folder(&[("portal-lint.toml", settings), ("a.portal.json", text)]);
        let mut editor = Editor::new(folder.path());
        let uri = editor.open_file(&folder.path().join("a.portal.json"));
        let found = editor.codes(&uri);
        let actions = editor.actions(&uri, &all(), None);
        let offered = titles(&actions).iter().filter(|title| title.starts_with("allow")).count();
        assert_eq!(
            offered,
            found.iter().filter(|code| settings.is_empty() && *code < &"RCP9".to_owned()).count(),
            "{found:?} {settings}"
        );
        editor.quit();
    }
}

#[test]
fn no_secret_is_in_anything_that_is_said() {
    let secret = "canary-secret-do-not-use-0123456789-ABCD";
    let written =
        clean().replace("${RECAPTCHA_SECRET_KEY}", secret).replace("\"enabled\": false", "\"enabled\": \"false\"");
    let slipped = written
        .replace("\"secret_key\"", "\"secert_key\"")
        .replace("{{email_code}}", &format!("{secret} {{{{ email_code }}}}"));
    let quoted = yaml().replace("${RECAPTCHA_SECRET_KEY}", secret).replace("secret_key: ", "secret_key:");
    let broken = format!("{written}}}");
    let key = written
        .replace(&format!("\"secret_key\": \"{secret}\""), &format!("\"{secret}\": {{\"secret_key\": \"{secret}\"}}"));
    let hidden = written.replace("0123456789", "01234\u{200b}56789");
    for (name, text) in [
        ("a.json", written),
        ("b.json", slipped),
        ("c.yaml", quoted),
        ("d.json", broken),
        ("e.json", key),
        ("f.jsonc", hidden),
    ] {
        let folder = folder(&[("portal-lint.toml", "include = ['*']"), (name, &text)]);
        let mut editor = Editor::new(folder.path());
        let uri = editor.open_file(&folder.path().join(name));
        let mut said =
            vec![json!(editor.actions(&uri, &all(), None)), json!(editor.actions(&uri, &all(), Some(&["source"])))];
        let lines = u32::try_from(text.lines().count()).expect("a number");
        said.extend(
            (0..lines)
                .flat_map(|line| [6, 20].map(|column| (line, column)))
                .map(|(line, column)| json!(editor.hover(&uri, line, column))),
        );
        said.push(json!(editor.heard));
        assert!(!json!(said).to_string().contains("canary"), "{said:#?}");
        assert!(!editor.codes(&uri).is_empty());
        editor.quit();
    }
}
