//! `portal-lint bind`, and what changes in a check for files that are bound to a portal or belong to another account.

use std::fs;

use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout};

const ID: &str = "exD0myCXTaMte0mTOOY3";

/// The name of the portal in the clean body.
const NAME: &str = "Acme Subscription Portal";

/// A snapshot with one portal. It is old, but everything else about it is of no importance here.
fn snapshot(id: &str, name: &str) -> String {
    format!(r#"{{"version": 1, "pulled": "2026-11-21", "customer_portals": [{{"id": "{id}", "name": "{name}"}}]}}"#)
}

fn read(folder: &tempfile::TempDir, file: &str) -> String {
    fs::read_to_string(folder.path().join(file)).expect("a file")
}

#[test]
fn bind_adds_an_entry_and_the_name_is_no_duplicate_any_more() {
    let settings = "# Our portals.\naccount = \"account.json\"\n";
    let folder = create_folder(&[
        ("portal-lint.toml", settings),
        ("account.json", &snapshot(ID, NAME)),
        ("portals/main.json", &clean_body()),
    ]);
    let check = ["check", "--format", "concise", "--select", "RCP001", "portals/main.json"];
    let before = stdout(&portal_lint(folder.path(), &check, b""));
    assert!(before.contains("the account already has a portal named `Acme Subscription Portal`"), "{before}");
    let help = stdout(&portal_lint(folder.path(), &["check", "portals/main.json"], b""));
    assert!(help.contains("portal-lint bind portals/main.json"), "{help}");

    let bound = portal_lint(folder.path(), &["bind", "portals/main.json", ID], b"");
    assert_eq!(exit_code(&bound), 0, "{}", stderr(&bound));
    assert_eq!(
        stderr(&bound),
        format!("bound portals/main.json to the portal {ID} \"{NAME}\" in portal-lint.toml:4\n")
    );
    let expected = format!("{settings}\n[[portal]]\nfile = \"portals/main.json\"\nid = \"{ID}\"\n");
    assert_eq!(read(&folder, "portal-lint.toml"), expected);
    let again = portal_lint(folder.path(), &["bind", "portals/main.json", ID], b"");
    assert_eq!((exit_code(&again), read(&folder, "portal-lint.toml")), (0, expected));
    assert!(stderr(&again).contains("portal-lint.toml:6; nothing was changed"), "{}", stderr(&again));
    let after = portal_lint(folder.path(), &check, b"");
    assert_eq!((exit_code(&after), stdout(&after).contains("RCP001")), (0, false));
}

#[test]
fn bind_creates_the_settings_and_resolves_the_path_from_their_folder() {
    let folder = create_folder(&[(".git/HEAD", "ref: refs/heads/main\n"), ("a b/main.json", &clean_body())]);
    let bound = portal_lint(&folder.path().join("a b"), &["bind", "./main.json", ID], b"");
    assert_eq!(exit_code(&bound), 0, "{}", stderr(&bound));
    assert_eq!(read(&folder, "portal-lint.toml"), format!("[[portal]]\nfile = \"a b/main.json\"\nid = \"{ID}\"\n"));
}

#[test]
fn bind_refuses_what_would_be_a_finding() {
    let two = format!("{}\n---\n{}", clean_body(), clean_body());
    let settings = format!("account = \"account.json\"\n\n[[portal]]\nfile = \"bound.json\"\nid = \"{ID}\"\n");
    let folder = create_folder(&[
        ("portal-lint.toml", &settings),
        ("account.json", &snapshot(ID, NAME)),
        ("bound.json", &clean_body()),
        ("main.json", &clean_body()),
        ("two.yaml", &two),
        ("edit.json", r#"{"customer_portal_id": "Zb4Nf8QwR2sXk6LmT0Vy", "enabled": false}"#),
        ("other.json", "{}"),
    ]);
    let other_id = "Zb4Nf8QwR2sXk6LmT0Vy";
    for (args, reason) in [
        (vec!["main.json", "short"], "must have 20 characters"),
        (vec!["main.json", other_id], "the account has no portal `Zb4Nf8QwR2sXk6LmT0Vy`"),
        (vec!["main.json", ID], "is already bound to `bound.json`"),
        (
            vec!["bound.json", other_id],
            "`bound.json` is already bound to the portal `exD0myCXTaMte0mTOOY3` in portal-lint.toml:5: correct the ID",
        ),
        (vec!["two.yaml", other_id], "`two.yaml` contains 2 portals: select one with --document"),
        (vec!["two.yaml", other_id, "--document", "3"], "document 3 of `two.yaml` is missing or is not a portal"),
        (vec!["edit.json", other_id], "`edit.json` is an edit"),
        (vec!["other.json", other_id], "`other.json` contains no portal"),
        (vec!["absent.json", other_id], "`absent.json` cannot be read"),
        (vec!["portal-lint.toml", other_id], "`portal-lint.toml` contains no portal"),
    ] {
        let refused = portal_lint(folder.path(), &[&["bind"], &args[..]].concat(), b"");
        assert_eq!(exit_code(&refused), 2, "{args:?}: {}", stderr(&refused));
        assert!(stderr(&refused).contains(reason), "{args:?}: {}", stderr(&refused));
        assert_eq!(read(&folder, "portal-lint.toml"), settings, "{args:?}");
    }
}

#[test]
fn a_document_of_a_file_is_bound_by_its_number() {
    let second =
        clean_body().replace(NAME, "Acme Wholesale Portal").replace("P9dRk2XyM5vHs8LqT1Fz", "qK57gdRzH4EI57OFDnbT");
    let folder = create_folder(&[
        ("two.yaml", &format!("{}\n---\n{second}", clean_body())),
        ("account.json", &snapshot(ID, "Acme Wholesale Portal")),
    ]);
    let bound = portal_lint(folder.path(), &["bind", "two.yaml", ID, "--document", "2"], b"");
    assert_eq!(exit_code(&bound), 0, "{}", stderr(&bound));
    let entry = format!("[[portal]]\nfile = \"two.yaml\"\ndocument = 2\nid = \"{ID}\"\n");
    assert_eq!(read(&folder, "portal-lint.toml"), entry);
    let args = ["check", "--account", "account.json", "--select", "RCP001,RCP915", "two.yaml"];
    let checked = portal_lint(folder.path(), &args, b"");
    assert_eq!(exit_code(&checked), 0, "{}", stdout(&checked));
}

#[test]
fn each_environment_is_checked_against_its_own_snapshot() {
    let settings = "account = \"production.json\"\n\n[[environment]]\nfiles = [\"portals/staging/**\"]\naccount = \
        \"staging.json\"\n";
    let folder = create_folder(&[
        ("portal-lint.toml", settings),
        ("production.json", &snapshot(ID, "Acme Member Portal")),
        ("staging.json", &snapshot("Zb4Nf8QwR2sXk6LmT0Vy", NAME)),
        ("portals/main.json", &clean_body()),
        ("portals/staging/main.json", &clean_body()),
    ]);
    let args = ["check", "--format", "concise", "--select", "RCP001,RCP103,RCP107,RCP114", "portals"];
    let checked = portal_lint(folder.path(), &args, b"");
    let output = stdout(&checked);
    let findings: Vec<&str> = output.lines().filter(|line| line.contains("RCP")).collect();
    assert_eq!(findings.len(), 1, "{output}");
    assert!(
        findings[0].starts_with("portals/staging/main.json:2:11: error[RCP001] the account already has"),
        "{output}"
    );
}
