//! A file can repeat a secret of another file or of the account.

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

#[test]
fn a_file_shows_no_secret_of_its_own_that_a_string_repeats_with_escapes() {
    let text = clean_body()
        .replace("${RECAPTCHA_SECRET_KEY}", "SEKRETzq7Xv81LmPw")
        .replace("\"subject\": \"", "\"subject\": \" SEKRET\\u007aq7Xv81LmPw\", \"bogus\": \"");
    let folder = create_folder(&[("a.portal.json", &text)]);
    for format in ["human", "json", "sarif"] {
        let output = portal_lint(folder.path(), &["check", "--isolated", "--format", format, "."], b"");
        assert!(stdout(&output).contains("RCP024"), "{format}: {}", stdout(&output));
        assert!(!stdout(&output).contains("SEKRET"), "{format}: {}", stdout(&output));
    }
}

/// Each of these is a secret of another file, or of the account; the rest of the run repeats it.
#[test]
fn a_create_file_shows_no_secret_of_the_account_or_of_another_file() {
    let secrets = ["SEKRETzq7Xv81LmPw", "SEKRETinSnapshot9xQ1", "SEKRETafterTypo77", "SEKRETbelowPassword"];
    let account = fs::read_to_string(repository("fixtures/account.json")).expect("the snapshot");
    let account = account.replace("\"site_key\"", &format!("\"secret_key\": \"{}\", \"site_key\"", secrets[1]));
    let link = format!("<a href='http://{}.example/{}'>{}</a>", secrets[0], secrets[1], secrets[2]);
    let create = clean_body()
        .replace("Acme Subscription Portal", &secrets.join(" "))
        .replace("<p>", &format!("<p>{link}"))
        .replace("\"enabled\": false", &format!("\"enabled\": \"{}\", \"{}\": 1", secrets[3], secrets[0]))
        .replace("\"subject\": \"", &format!("\"subject\": \" SEKRET\\u007aq7Xv81LmPw {}", secrets[2]));
    let folder = create_folder(&[
        ("portal-lint.toml", "account = \"account.json\"\n[days]\nsnapshot = 100000\n"),
        ("account.json", &account),
        ("clean.portal.json", &clean_body().replace("${RECAPTCHA_SECRET_KEY}", secrets[0])),
        ("broken.portal.yaml", &format!("name: [\nrecaptcha:\n  secret_key; {}\n", secrets[2])),
        ("list.portal.yaml", &format!("name: x\nsmtp:\n  passwords:\n    - {}\n", secrets[3])),
        ("create.portal.json", &create),
    ]);
    for command in ["check", "preflight", "plan", "preview", "matrix", "check --diff --unsafe-fixes", "check --verbose"]
    {
        for format in ["human", "json", "sarif", "markdown", "html", "agent"] {
            let mut args: Vec<&str> = command.split(' ').collect();
            args.extend(["--format", format, "."]);
            let output = portal_lint(folder.path(), &args, b"");
            let shown = stdout(&output) + &stderr(&output);
            assert!(!shown.contains("SEKRET"), "{args:?}: {shown}");
        }
    }
    let shown = stdout(&portal_lint(folder.path(), &["check", "create.portal.json", "clean.portal.json"], b""));
    assert!(shown.contains("\"*****************\": 1"), "{shown}");
    let args = ["check", "--fix", "--unsafe-fixes", "."];
    let output = portal_lint(folder.path(), &args, b"");
    let shown = stdout(&output) + &stderr(&output);
    assert!(!shown.contains("SEKRET") && shown.contains("fixed"), "{shown}");
}

/// Only a value that cannot be an ordinary word, name or number is masked in other files.
#[test]
fn a_short_or_ordinary_value_is_not_masked_in_another_file() {
    for value in ["true", "Acme", "Outfitters", "required", "12345678", "5", "portal", "${NAME}", "6Lc"] {
        let other = clean_body().replace("${RECAPTCHA_SECRET_KEY}", value);
        let create = clean_body()
            .replace("Acme Subscription Portal", &format!("{value} Acme Outfitters required 12345678 5"))
            .replace("\"enabled\": false", "\"enabled\": \"true\"");
        let folder = create_folder(&[("create.portal.json", &create), ("other.portal.json", &other)]);
        for format in ["human", "json"] {
            let args = ["check", "--isolated", "--format", format, "create.portal.json", "other.portal.json"];
            let shown = stdout(&portal_lint(folder.path(), &args, b""));
            let of_create: Vec<&str> = shown.split("other.portal.json").collect();
            assert!(!of_create[0].contains("**"), "{value}: {shown}");
        }
    }
}
