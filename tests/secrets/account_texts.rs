//! Texts of the account can repeat any secret.

use std::fs;

use serde_json::json;

use crate::support::program::{clean_body, create_folder, portal_lint, stderr, stdout};
use crate::support::repository;

#[test]
fn an_edit_shows_no_secret_of_the_account_or_of_another_file() {
    let secrets = ["SEKRETzq7Xv81LmPw", "SEKRETinSnapshot9xQ1"];
    let account = fs::read_to_string(repository("fixtures/account.json")).expect("the snapshot");
    let account = account
        .replace("Existing Acme Outfitters", &secrets.join(" "))
        .replace("<p>Your confirmation", &format!("<a href='http://{}.example/{}'>", secrets[0], secrets[1]))
        .replace("\"site_key\"", &format!("\"secret_key\": \"{}\", \"site_key\"", secrets[1]));
    let edit = json!({
        "customer_portal_id": "exD0myCXTaMte0mTOOY3", "enabled": true, "description": "For members", "name": secrets[1]
    });
    let folder = create_folder(&[
        ("portal-lint.toml", "account = \"account.json\"\n[days]\nsnapshot = 100000\n"),
        ("account.json", &account),
        ("other.portal.json", &clean_body().replace("${RECAPTCHA_SECRET_KEY}", secrets[0])),
        ("edit.portal.json", &edit.to_string()),
    ]);
    for command in ["check", "preflight", "plan", "preview"] {
        for format in ["human", "json", "markdown", "html", "agent"] {
            let output = portal_lint(folder.path(), &[command, "--format", format, "edit.portal.json"], b"");
            let shown = stdout(&output) + &stderr(&output);
            assert!(!shown.contains("SEKRET"), "{command} {format}: {shown}");
        }
    }
    let shown = stdout(&portal_lint(folder.path(), &["check", "edit.portal.json"], b""));
    assert!(shown.contains("`http://*****************.example/"), "{shown}");
    let shown = stdout(&portal_lint(folder.path(), &["preflight", "--format=json", "edit.portal.json"], b""));
    assert!(shown.contains("\"old\": \"***************** ******************** "), "{shown}");
}
