//! Completions: which are offered where, and the document after one was chosen.

use std::fs;

use serde_json::{Value as Json, json};

use super::editor::{Editor, apply_edit, position, uri};
use super::find_position;
use crate::support::json::{self, number};
use crate::support::program::{clean_body, create_folder};
use crate::support::repository;

/// Marks the cursor in a text.
const CURSOR: &str = "<|>";

/// An editor with a project whose account is `fixtures/account.json`, and the URIs of its files.
struct Fixture {
    editor: Editor,
    folder: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Self {
        let account = fs::read_to_string(repository("fixtures/account.json")).expect("a snapshot");
        let more = "\"campaigns\": [{ \"id\": \"Ab3dEf6hIj9lMn2pQr5t\", \"name\": \"Acme \\\"VIP\\\" club\" }, ";
        let account = account.replacen("\"campaigns\": [", more, 1);
        let folder = create_folder(&[("portal-lint.toml", "account = \"account.json\"\n"), ("account.json", &account)]);
        let editor = Editor::new(folder.path());
        assert_eq!(editor.initialize_result["capabilities"]["completionProvider"]["triggerCharacters"], json!(["\""]));
        Self { editor, folder }
    }

    /// The completions at the cursor of a text, as the content of this file.
    fn complete(&mut self, name: &str, marked: &str) -> Vec<Json> {
        let uri = uri(&self.folder.path().join(name));
        let [line, character] = find_position(marked, CURSOR);
        let language = name.rsplit('.').next().expect("an extension");
        self.editor.open(&uri, language, &marked.replacen(CURSOR, "", 1));
        let result = self.editor.request("textDocument/completion", position(&uri, line, character))["result"].clone();
        self.editor.close(&uri);
        result["items"].as_array().cloned().unwrap_or_default()
    }

    /// The labels of the completions, in the order in which an editor shows them.
    fn labels(&mut self, name: &str, marked: &str) -> Vec<String> {
        let mut items = self.complete(name, marked);
        items.sort_by_key(|item| item["sortText"].as_str().unwrap_or_default().to_owned());
        items.iter().map(|item| json::text(&item["label"]).to_owned()).collect()
    }

    /// The text after choosing the item with this label.
    fn choose(&mut self, name: &str, marked: &str, label: &str) -> String {
        let items = self.complete(name, marked);
        let item = items.iter().find(|item| item["label"] == label);
        let item = item.unwrap_or_else(|| panic!("no {label} for {marked}: {items:?}"));
        let edit = &item["textEdit"];
        let text = marked.replacen(CURSOR, "", 1);
        // Editors offer an item as long as its filter text contains the text typed so far.
        let [line, column] = find_position(marked, CURSOR);
        let start = &edit["range"]["start"];
        assert_eq!(start["line"], line);
        let typed_start = usize::try_from(number(&start["character"])).expect("a small number");
        let line_text = text.lines().nth(usize::try_from(line).expect("a number")).unwrap_or_default();
        let units: Vec<u16> = line_text.encode_utf16().collect();
        let typed = &units[typed_start..usize::try_from(column).expect("a number")];
        let typed = String::from_utf16(typed).expect("text");
        let filter = json::text(&item["filterText"]).to_lowercase();
        assert!(filter.contains(&typed.to_lowercase()), "{typed:?} in {filter:?}");
        apply_edit(&text, &json!({ "changes": { "": [edit] } }))
    }
}

#[test]
fn fields_are_offered_where_they_belong() {
    let mut fixture = Fixture::new();
    let required = ["customer_emails", "name", "recaptcha", "smtp_profile", "tracking_domain"];
    for (name, marked) in [
        ("a.portal.json", "{ <|> }"),
        ("a.portal.json", "{\"<|>\"}"),
        ("a.portal.json", "{\n  \"enabled\": false,\n  \"na<|>\"\n}"),
        ("a.portal.json", "{\n  \"enabled\": false,\n  \"<|>\n}\n"),
        ("a.portal.json", "{\n  \"<|>\"\n  \"enabled\": false\n}"),
        ("a.portal.json", "{\n  \"enabled\": false,\n  na<|>\n}"),
        ("a.portal.jsonc", "{ // so\n  <|>\n  \"enabled\": false }"),
        ("a.portal.yaml", "<|>"),
        ("a.portal.yaml", "enabled: false\n<|>\n"),
        ("a.portal.yaml", "enabled: false\nna<|>\ncustomer_filters:\n  campaign: []\n"),
        ("a.portal.yaml", "customer_filters:\n  campaign: []\n<|>"),
        ("a.portal.yaml", "{ enabled: false, <|> }"),
        ("a.portal.yaml", "\"na<|>\"\n"),
        ("a.json", "{\"name\": \"CreateCustomerPortal\", \"arguments\": {\"enabled\": false, \"<|>\"}}"),
    ] {
        let labels = fixture.labels(name, marked);
        assert_eq!(labels.get(..5).unwrap_or_default(), required, "{marked}");
        assert!(!labels.contains(&"contact_modify".to_owned()) && !labels.contains(&"from".to_owned()), "{labels:?}");
        assert!(!labels.contains(&"customer_portal_id".to_owned()), "{labels:?}");
        assert_eq!(labels.contains(&"enabled".to_owned()), !marked.contains("enabled"), "{marked}");
    }
    for (name, marked, expected) in [
        ("a.portal.json", "{\"name\": \"x\", \"recaptcha\": {\"<|>\"}}", vec!["secret_key", "site_key"]),
        ("a.portal.json", "{\"recaptcha\": {\"site_key\": \"x\", \"<|>\"}}", vec!["secret_key"]),
        ("a.portal.json", "{\"customer_filters\": {<|>}, \"name\": \"x\"}", vec!["campaign", "third_party_shop"]),
        ("a.portal.yaml", "name: x\ncustomer_filters:\n  <|>\nenabled: false\n", vec!["campaign", "third_party_shop"]),
        ("a.portal.yaml", "customer_filters:\n  campaign: []\n  <|>\n", vec!["third_party_shop"]),
        (
            "a.portal.yaml",
            "customer_emails:\n  customer_account_confirm_email:\n    html: |\n      <p>x\n    <|>\n",
            vec!["from", "from_name", "subject", "to_bcc", "to_cc"],
        ),
        ("a.portal.json", "{\"customer_portal_id\": \"exD0myCXTaMte0mTOOY3\", \"nam<|>\"}", vec![]),
    ] {
        let labels = fixture.labels(name, marked);
        if expected.is_empty() {
            // All fields of an edit are optional, except the ID.
            assert!(labels.contains(&"name".to_owned()) && !labels.contains(&"customer_portal_id".to_owned()));
        } else {
            assert_eq!(labels, expected, "{marked}");
        }
    }
    let permissions = fixture.labels("a.portal.json", "{\"customer_permissions\": {\"contact_modify\": false, <|>}}");
    assert_eq!(permissions.len(), 11, "{permissions:?}");
    let items = fixture.complete("a.portal.json", "{\"<|>\"}");
    let name = items.iter().find(|item| item["label"] == "tracking_domain").expect("it");
    assert_eq!((&name["detail"], &name["kind"]), (&json!("required"), &json!(5)));
    assert!(
        name["documentation"]["value"].as_str().is_some_and(|text| text.contains("The guide asks:\n\n- ")),
        "{name}"
    );
    fixture.editor.shut_down();
}

#[test]
fn a_chosen_field_keeps_the_rest_of_the_text() {
    let mut fixture = Fixture::new();
    for (name, marked, label, expected) in [
        ("a.portal.json", "{\"na<|>\"}", "name", "{\"name\": }"),
        ("a.portal.json", "{\"na<|>me\": \"x\"}", "name", "{\"name\": \"x\"}"),
        ("a.portal.json", "{\"<|>\n}", "name", "{\"name\": \n}"),
        ("a.portal.json", "{en<|>: true}", "enabled", "{\"enabled\": true}"),
        ("a.portal.json", "{\"ü😀\": 1, \"en<|>\"}", "enabled", "{\"ü😀\": 1, \"enabled\": }"),
        ("a.portal.yaml", "na<|>\n", "name", "name: \n"),
        ("a.portal.yaml", "name: x\n<|>", "enabled", "name: x\nenabled: "),
        ("a.portal.yaml", "cust<|>\n", "customer_permissions", "customer_permissions:\n"),
        ("a.portal.yaml", "'na<|>': x\n", "name", "'name': x\n"),
        ("a.portal.json", "{\"enabled\": <|>}", "false", "{\"enabled\": false}"),
        ("a.portal.json", "{\"enabled\": \"<|>\"}", "true", "{\"enabled\": true}"),
        ("a.portal.json", "{\"enabled\": tr<|>,\n\"name\": \"x\"}", "true", "{\"enabled\": true,\n\"name\": \"x\"}"),
        ("a.portal.yaml", "enabled: f<|> # why\n", "false", "enabled: false # why\n"),
        (
            "a.portal.yaml",
            "customer_permissions: {contact_modify: <|>}",
            "false",
            "customer_permissions: {contact_modify: false}",
        ),
    ] {
        assert_eq!(fixture.choose(name, marked, label), expected, "{marked}");
    }
    fixture.editor.shut_down();
}

#[test]
fn ids_of_the_right_kind_are_offered_by_name() {
    let mut fixture = Fixture::new();
    let [domain, profile, portal] = ["Acme main site", "Acme support mailbox", "Acme Member Portal"];
    for (name, marked, expected) in [
        ("a.portal.json", "{\"tracking_domain\": \"<|>\"}", vec![domain]),
        ("a.portal.json", "{\"smtp_profile\": <|>}", vec![profile]),
        (
            "a.portal.json",
            "{\"customer_filters\": {\"campaign\": [\"<|>\"]}}",
            vec!["Acme 'VIP' club", "Acme subscriptions"],
        ),
        ("a.portal.json", "{\"customer_filters\": {\"campaign\": [\"subs<|>\"]}}", vec!["Acme subscriptions"]),
        (
            "a.portal.json",
            "{\"customer_filters\": {\"campaign\": [\"P9dRk2XyM5vHs8LqT1Fz\", \"<|>\"]}}",
            vec!["Acme 'VIP' club"],
        ),
        ("a.portal.json", "{\"customer_filters\": {\"third_party_shop\": [\"<|>\"]}}", vec!["Acme wholesale shop"]),
        (
            "a.portal.json",
            "{\"name\": \"x\", \"create_non_existing_customer_campaign\": \"P9d<|>\"}",
            vec!["Acme subscriptions"],
        ),
        ("a.portal.json", "{\"customer_portal_id\": \"<|>\"}", vec![portal]),
        ("a.portal.yaml", "tracking_domain: <|>\n", vec![domain]),
        ("a.portal.yaml", "customer_filters:\n  campaign:\n    - Acme sub<|>\n", vec!["Acme subscriptions"]),
        ("a.portal.yaml", "customer_filters:\n  third_party_shop: [<|>]\n", vec!["Acme wholesale shop"]),
        ("a.portal.json", "{\"tracking_domain\": \"\", \"name\": \"<|>\"}", vec![]),
        ("a.portal.json", "{\"customer_filters\": {\"campaign\": <|>}}", vec![]),
        ("portal-lint.toml", "account = \"account.json\"\n[[portal]]\nfile = \"a.json\"\nid = \"<|>\"\n", vec![portal]),
    ] {
        let mut labels = fixture.labels(name, marked);
        labels.sort();
        assert_eq!(labels, expected, "{marked}");
    }
    for (name, marked, label, expected) in [
        (
            "a.portal.json",
            "{\"tracking_domain\": \"Acme<|>\"}",
            domain,
            "{\"tracking_domain\": \"Kq7ZpW2mVx9LcT4bRn8D\"}",
        ),
        ("a.portal.json", "{\"smtp_profile\": <|>}", profile, "{\"smtp_profile\": \"h3NfY6sJw1GtE5uQaB0C\"}"),
        (
            "a.portal.json",
            "{\"smtp_profile\": \"h3Nf<|>Y6sJ\"}",
            profile,
            "{\"smtp_profile\": \"h3NfY6sJw1GtE5uQaB0C\"}",
        ),
        ("a.portal.yaml", "tracking_domain: Acme m<|>ain # x\n", domain, "tracking_domain: Kq7ZpW2mVx9LcT4bRn8D # x\n"),
        (
            "a.portal.yaml",
            "customer_filters:\n  campaign:\n    - <|>\n",
            "Acme subscriptions",
            "customer_filters:\n  campaign:\n    - P9dRk2XyM5vHs8LqT1Fz\n",
        ),
    ] {
        assert_eq!(fixture.choose(name, marked, label), expected, "{marked}");
    }
    let items = fixture.complete("a.portal.json", "{\"tracking_domain\": \"<|>\"}");
    assert_eq!(items[0]["detail"], "tracking domain Kq7ZpW2mVx9LcT4bRn8D");
    // Names and IDs of an environment come from its own account.
    let settings = fixture.folder.path().join("portal-lint.toml");
    fs::write(&settings, "account = \"account.json\"\n[[environment]]\nfiles = [\"staging/**\"]\n").expect("settings");
    fixture.editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    assert_eq!(fixture.labels("staging/a.portal.json", "{\"tracking_domain\": \"<|>\"}"), [""; 0]);
    assert_eq!(fixture.labels("a.portal.json", "{\"tracking_domain\": \"<|>\"}"), [domain]);
    fixture.editor.shut_down();
}

#[test]
fn nothing_is_offered_in_texts_and_other_files() {
    let mut fixture = Fixture::new();
    let body = clean_body();
    let in_html = body.replacen("{{email_code}}", "en<|> {{email_code}}", 1);
    let email = "customer_emails:\n  customer_account_confirm_email:\n    html: |\n";
    for (name, marked) in [
        ("package.json", "{\"<|>\"}"),
        ("package.json", "{\"enabled\": <|>}"),
        ("other.yaml", "<|>"),
        ("a.portal.json", in_html.as_str()),
        ("a.portal.json", "{\"name\": \"en<|>\"}"),
        ("a.portal.json", "{\"unknown\": {\"<|>\"}}"),
        ("a.portal.json", "{\"enabled\": {\"<|>\"}}"),
        ("a.portal.json", "{\"enabled\"<|>: true}"),
        ("a.portal.json", "[<|>]"),
        ("a.portal.json", "{\"results\": [], \"<|>\"}"),
        ("a.portal.jsonc", "{ /* en<|> */ \"name\": \"x\" }"),
        ("a.portal.jsonc", "{ // en<|>\n \"name\": \"x\" }"),
        ("a.portal.yaml", &format!("{email}      <p>\n      en<|>\n")),
        ("a.portal.yaml", "name: x # en<|>\n"),
        ("a.portal.yaml", "name: en<|>\n"),
        ("a.portal.yaml", "enabled: true\n   <|>\n"),
    ] {
        assert_eq!(fixture.labels(name, marked), [""; 0], "{name}: {marked}");
    }
    let uri = uri(&fixture.folder.path().join("a.portal.json"));
    fixture.editor.open(&uri, "json", "{\n}\n");
    for position in [position(&uri, 9999, 0), position(&uri, 0, 9999), position("untitled:nobody", 0, 0)] {
        let response = fixture.editor.request("textDocument/completion", position);
        assert!(response["error"].is_null(), "{response}");
    }
    fixture.editor.shut_down();
}

#[test]
fn rules_are_offered_in_allow_comments() {
    let mut fixture = Fixture::new();
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a portal");
    let yaml = yaml.replace("  subscription_cancel: false", "  # COMMENT\n  subscription_cancel: true");
    let marked = |comment: &str| yaml.replace("# COMMENT", comment);
    let labels = fixture.labels("a.portal.yaml", &marked("# portal-lint: allow <|>"));
    assert_eq!(labels[0], "self-cancel", "the rule that found something comes first");
    assert!(labels.len() > 30 && !labels.contains(&"syntax-error".to_owned()), "{labels:?}");
    let labels = fixture.labels("a.portal.yaml", &marked("# portal-lint: allow self-cancel, <|>"));
    assert!(labels.len() > 30 && !labels.contains(&"self-cancel".to_owned()), "{labels:?}");
    assert_eq!(fixture.labels("a.portal.yaml", &marked("# portal-lint: <|>")), ["allow", "allow-file"]);
    for comment in [
        "# portal-lint: allow self-cancel until <|>",
        "# portal-lint: allow self-cancel -- <|>",
        "# portal-lint: alow <|>",
        "# portal-lint <|>",
        "note: 'portal-lint: allow <|>'",
    ] {
        assert_eq!(fixture.labels("a.portal.yaml", &marked(comment)), [""; 0], "{comment}");
    }
    let chosen = fixture.choose("a.portal.yaml", &marked("# portal-lint: allow self<|>-x -- ok"), "self-cancel");
    assert_eq!(chosen, marked("# portal-lint: allow self-cancel -- ok"));
    let jsonc = clean_body().replace("\"enabled\"", "// portal-lint: allow self<|>\n\"enabled\"");
    let chosen = fixture.choose("a.portal.jsonc", &jsonc, "self-cancel");
    assert_eq!(chosen, jsonc.replace("self<|>", "self-cancel"));
    assert_eq!(fixture.labels("a.portal.json", &jsonc), [""; 0], "JSON has no comments");
    fixture.editor.shut_down();
}

#[test]
fn settings_have_fields_rules_and_severities() {
    let mut fixture = Fixture::new();
    let name = "portal-lint.toml";
    for (marked, expected) in [
        ("[days]\n<|>\n", vec!["certificate", "snapshot"]),
        ("[days]\ncertificate = 7\n<|>\n", vec!["snapshot"]),
        ("[severity]\nself-cancel = \"<|>\"\n", vec!["off", "advice", "warning", "error"]),
        ("[severity]\nself-cancel = <|>\n", vec!["off", "advice", "warning", "error"]),
        ("include = [\"<|>\"]\n", vec![]),
        ("# sev<|>\n", vec![]),
    ] {
        assert_eq!(fixture.labels(name, marked), expected, "{marked}");
    }
    for (marked, label, expected) in [
        ("sev<|>\n", "severity", "severity = \n"),
        ("[sev<|>]\n", "severity", "[severity]\n"),
        ("[[al<|>]]\n", "allow", "[[allow]]\n"),
        ("[[allow]]\nrule = \"self<|>\"\n", "self-cancel", "[[allow]]\nrule = \"self-cancel\"\n"),
        ("[[allow]]\nru<|>\n", "rule", "[[allow]]\nrule = \n"),
        ("[severity]\nself<|>\n", "self-cancel", "[severity]\nself-cancel = \n"),
        ("[severity]\nself-cancel = <|>\n", "off", "[severity]\nself-cancel = \"off\"\n"),
    ] {
        assert_eq!(fixture.choose(name, marked, label), expected, "{marked}");
    }
    fixture.editor.shut_down();
}

#[test]
fn a_text_that_ends_at_any_position_gets_a_response() {
    let mut fixture = Fixture::new();
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a portal");
    for (name, text) in [("a.portal.json", clean_body()), ("a.portal.yaml", yaml)] {
        let text = text.replace("Acme", "Äcmé😀");
        let uri = uri(&fixture.folder.path().join(name));
        fixture.editor.open(&uri, "x", "");
        for (version, (end, _)) in text.char_indices().step_by(29).enumerate() {
            let version = u32::try_from(version + 2).expect("a number");
            fixture.editor.change(&uri, version, json!([{ "text": &text[..end] }]));
            let response = fixture.editor.request("textDocument/completion", position(&uri, 9999, 0));
            let items = response["result"]["items"].as_array().cloned().unwrap_or_default();
            assert!(response["error"].is_null(), "{response}");
            // The edit of an item starts in the last line, at the word that is being typed.
            let line = text[..end].lines().count().saturating_sub(usize::from(!text[..end].ends_with('\n')));
            assert!(items.iter().all(|item| item["textEdit"]["range"]["end"]["line"] == line), "{items:?}");
        }
    }
    fixture.editor.shut_down();
}
