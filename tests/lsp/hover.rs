//! Hover texts.

use serde_json::json;

use super::editor::{Editor, position};
use super::find_position;
use crate::support::program::{clean_body, create_folder};

#[test]
fn a_field_shows_its_description_checklist_items_and_rules() {
    let text = clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let settings = "[[allow]]\nrule = \"self-cancel\"\nfiles = [\"*\"]\nreason = \"VIPs\"\nuntil = 2099-01-31\n";
    let folder = create_folder(&[("portal-lint.toml", settings), ("a.portal.json", &text)]);
    let mut editor = Editor::new(folder.path());
    let uri = editor.open_file(&folder.path().join("a.portal.json"));
    let mut hover = |needle: &str| {
        let [line, character] = find_position(&text, needle);
        editor.hover(&uri, line, character)
    };
    insta::assert_snapshot!("hover_on_a_field", hover("\"from\": "));
    insta::assert_snapshot!("hover_on_a_suppressed_finding", hover("true,\n    \"trial_expire"));
    for (needle, start, content) in [
        ("P9dRk2XyM5vHs8LqT1Fz", "**customer_filters.campaign**", "V18"),
        ("\"contact_modify", "**customer_permissions.contact_modify**", "RCP015"),
        ("enabled", "**enabled**", "V22"),
        ("{{email_code}}", "**customer_emails.customer_account_confirm_email.html**", "RCP012"),
    ] {
        let shown = hover(needle);
        assert!(shown.starts_with(start) && shown.contains(content), "{shown}");
    }
    assert_eq!(editor.hover(&uri, 0, 0), "");
    assert_eq!(editor.hover(&uri, 9999, 9999), "");
    let settings = editor.open_file(&folder.path().join("portal-lint.toml"));
    assert!(editor.hover(&settings, 3, 2).starts_with("**allow.reason**"), "{}", editor.hover(&settings, 3, 2));
    editor.shut_down();
}

#[test]
fn an_id_shows_the_name_that_it_has_in_the_account() {
    let account = std::fs::read_to_string(crate::support::repository("fixtures/account.json")).expect("a snapshot");
    let text = clean_body();
    let folder = create_folder(&[
        ("portal-lint.toml", "account = \"account.json\"\n"),
        ("account.json", &account),
        ("a.portal.json", &text),
    ]);
    let mut editor = Editor::new(folder.path());
    let uri = editor.open_file(&folder.path().join("a.portal.json"));
    for (id, name) in [("P9dRk2XyM5vHs8LqT1Fz", "Acme subscriptions"), ("h3NfY6sJw1GtE5uQaB0C", "Acme support mailbox")]
    {
        let [line, character] = find_position(&text, id);
        let shown = editor.hover(&uri, line, character);
        assert!(shown.contains(&format!("In the account: \"{name}\"")), "{shown}");
    }
    editor.shut_down();
}

#[test]
fn an_editor_without_markdown_gets_plain_text() {
    let text = clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let folder = create_folder(&[("a.portal.json", &text)]);
    let mut editor = Editor::with_capabilities(folder.path(), &json!({}));
    let uri = editor.open_file(&folder.path().join("a.portal.json"));
    for (needle, start) in [
        ("\"from\": ", "customer_emails.customer_account_confirm_email.from\n\nThe email address"),
        ("true,\n    \"trial_expire", "RCP016 self-cancel: Customers can cancel"),
    ] {
        let [line, character] = find_position(&text, needle);
        let response = editor.request("textDocument/hover", position(&uri, line, character));
        let contents = &response["result"]["contents"];
        assert_eq!(contents["kind"], "plaintext");
        let shown = contents["value"].as_str().expect("text");
        assert!(shown.starts_with(start), "{shown}");
        assert!(!["**", "](", "---", "`"].iter().any(|mark| shown.contains(mark)), "{shown}");
    }
    editor.shut_down();
}

#[test]
fn other_documents_have_no_hover() {
    let folder = create_folder(&[]);
    let mut editor = Editor::new(folder.path());
    editor.open("untitled:a", "json", "{\"name\": \"x\", \"enabled\": true}");
    assert_eq!(editor.hover("untitled:a", 0, 3), "");
    editor.shut_down();
}
