//! `portal-lint bind`, and what changes in a check for files that are bound to a portal or belong to another account.

use std::fs;

use portal_lint::base::date::Date;
use serde_json::json;

use crate::plan::project::{self, PlanProject, body};
use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout, stdout_json};

const ID: &str = "exD0myCXTaMte0mTOOY3";

/// The name of the portal in the clean body.
const NAME: &str = "Acme Subscription Portal";

/// A snapshot of today with one portal.
fn snapshot(id: &str, name: &str) -> String {
    let today = Date::today();
    format!(r#"{{"version": 1, "pulled": "{today}", "customer_portals": [{{"id": "{id}", "name": "{name}"}}]}}"#)
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
        (vec!["main.json", "short"], "`short` is not the ID of a portal, which has 20 letters and digits"),
        (vec!["main.json", "${PORTAL}"], "`${PORTAL}` is not the ID"),
        (vec!["main.json", "$(touch owned)123456"], "is not the ID"),
        (vec!["main.json", other_id], "the account has no portal `Zb4Nf8QwR2sXk6LmT0Vy`"),
        (vec!["main.json", ID], "is already bound to `bound.json`"),
        (
            vec!["bound.json", other_id],
            "`bound.json` is already bound to the portal `exD0myCXTaMte0mTOOY3` \"Acme Subscription Portal\" in portal-lint.toml:5: correct the ID",
        ),
        (vec!["two.yaml", other_id], "`two.yaml` contains 2 portals: select one with --document"),
        (vec!["two.yaml", other_id, "--document", "3"], "document 3 of `two.yaml` is missing or is not a portal"),
        (vec!["edit.json", other_id], "`edit.json` is an edit"),
        (vec!["other.json", other_id], "`other.json` contains no portal"),
        (vec!["absent.json", other_id], "`absent.json` cannot be read"),
        (vec!["portal-lint.toml", other_id], "`portal-lint.toml` cannot be read: this is a TOML file"),
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
fn the_only_portal_of_a_file_may_be_in_a_later_document() {
    let file = format!("foo: 1\n---\n{}", clean_body());
    let folder = create_folder(&[("portal-lint.toml", ""), ("main.yaml", &file)]);
    let bind = ["bind", "main.yaml", ID];
    assert_eq!(exit_code(&portal_lint(folder.path(), &bind, b"")), 0);
    let again = portal_lint(folder.path(), &bind, b"");
    assert_eq!(exit_code(&again), 0, "{}", stderr(&again));
    assert!(stderr(&again).contains("is already bound to the portal"), "{}", stderr(&again));
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

#[test]
fn suggested_commands_contain_nothing_but_ids_from_the_account() {
    let two = format!("{}\n---\n{}", clean_body(), clean_body().replace(NAME, "Acme Wholesale Portal"));
    for (id, word) in [("$(touch owned)123456", "ID"), ("; touch owned ;12345", "ID"), (ID, ID)] {
        for (rule, enabled) in [("RCP001", ""), ("RCP309", r#", "enabled": true"#)] {
            let snapshot = snapshot(id, NAME).replace("\"}]", &format!("\"{enabled}}}]"));
            let folder = create_folder(&[("account.json", &snapshot), ("two.yaml", &two)]);
            let args = ["check", "--format", "json", "--account", "account.json", "--select", rule, "two.yaml"];
            let output = stdout(&portal_lint(folder.path(), &args, b""));
            let command = format!("`portal-lint bind two.yaml {word} --document 1`");
            assert!(output.contains(&command), "{rule}, {id}: {output}");
        }
    }
}

#[test]
fn of_several_portals_with_the_name_none_is_chosen() {
    let other_id = "Zb4Nf8QwR2sXk6LmT0Vy";
    let portals = format!(r#"{{"id": "{ID}", "name": "{NAME}", "enabled": true}}"#);
    let second = portals.replace(ID, other_id);
    let today = Date::today();
    let snapshot = format!(r#"{{"version": 1, "pulled": "{today}", "customer_portals": [{portals}, {second}]}}"#);
    let folder = create_folder(&[("account.json", &snapshot), ("main.json", &clean_body())]);
    let args = ["check", "--format", "json", "--account", "account.json", "--select", "RCP001,RCP309", "main.json"];
    let report = stdout_json(&portal_lint(folder.path(), &args, b""));
    let findings = report["diagnostics"].as_array().expect("a list");
    let found: Vec<_> = findings.iter().filter(|finding| finding["code"] == "RCP001").collect();
    assert_eq!((found.len(), findings.iter().any(|finding| finding["code"] == "RCP309")), (1, false), "{report:#}");
    assert_eq!(found[0]["message"], format!("the account already has several portals named `{NAME}`"));
    let help = found[0]["help"].as_str().expect("text");
    let command = format!("run `portal-lint bind main.json ID` with its ID ({ID}, {other_id});");
    assert!(help.contains(&command), "{help}");
}

#[test]
fn unusable_entries_and_an_old_snapshot_are_reported() {
    let settings = format!(
        "account = \"account.json\"\n\n[[portal]]\nfile = \"portals\"\nid = \"{ID}\"\n\n[[portal]]\nfile = \
         \"main.json\"\nid = \"${{PORTAL}}\"\n\n[[portal]]\nfile = \"other.json\"\nid = \"exD0my XTaMte0 TOOY3\"\n"
    );
    let other = clean_body().replace(NAME, "Acme Wholesale Portal");
    let folder = create_folder(&[
        ("portal-lint.toml", &settings),
        ("account.json", &snapshot(ID, NAME).replace(&Date::today().to_string(), "2020-02-29")),
        ("portals/main.json", &clean_body()),
        ("main.json", &clean_body()),
        ("other.json", &other),
    ]);
    let checked = stdout(&portal_lint(folder.path(), &["check", "--format", "concise", "--select", "RCP915"], b""));
    for message in [
        "portal-lint.toml:4:8: error[RCP915] `portals` is not a portal",
        "portal-lint.toml:9:6: error[RCP915] `${PORTAL}` is not the ID of a portal",
        "portal-lint.toml:13:6: error[RCP915] `exD0my XTaMte0 TOOY3` is not the ID of a portal",
    ] {
        assert!(checked.contains(message), "{checked}");
    }
    fs::write(folder.path().join("portal-lint.toml"), "account = \"account.json\"\n").expect("written");
    for _ in 0..2 {
        let bound = portal_lint(folder.path(), &["bind", "main.json", ID], b"");
        assert_eq!(exit_code(&bound), 0, "{}", stderr(&bound));
        assert!(stderr(&bound).contains("account.json: the account snapshot is "), "{}", stderr(&bound));
    }
}

#[test]
fn environments_with_the_same_snapshot_are_one_and_unused_patterns_are_reported() {
    let settings = format!(
        "account = \"account.json\"\n\n[[environment]]\nfiles = [\"staging/**\"]\naccount = \"./staging/../account.json\"\n\n\
         [[environment]]\nfiles = [\"stagin/**\"]\naccount = \"account.json\"\n\n[[portal]]\nfile = \"main.json\"\nid = \
         \"{ID}\"\n\n[[portal]]\nfile = \"staging/main.json\"\nid = \"{ID}\"\n"
    );
    let folder = create_folder(&[
        ("portal-lint.toml", &settings),
        ("account.json", &snapshot(ID, NAME)),
        ("main.json", &clean_body()),
        ("staging/main.json", &clean_body()),
    ]);
    let args = ["check", "--format", "concise", "--select", "RCP914,RCP915"];
    let checked = stdout(&portal_lint(folder.path(), &args, b""));
    assert!(checked.contains("is already bound to `main.json`"), "{checked}");
    assert!(checked.contains("portal-lint.toml:8:10: advice[RCP914] `stagin/**` matches no file"), "{checked}");
    assert!(!checked.contains("`staging/**`"), "{checked}");
    let one_file = stdout(&portal_lint(folder.path(), &[&args[..], &["main.json"]].concat(), b""));
    assert!(!one_file.contains("RCP914"), "{one_file}");
}

#[test]
fn an_id_in_a_finding_about_an_entry_or_the_snapshot_has_its_name() {
    let entry = |file: &str, id: &str| format!("[[portal]]\nfile = \"{file}\"\nid = \"{id}\"\n");
    let campaign = "P9dRk2XyM5vHs8LqT1Fz";
    let today = Date::today();
    let account = format!(
        r#"{{"version": 1, "pulled": "{today}", "campaigns": [{{"id": "{campaign}", "name": "Subscribers"}}], "customer_portals": [
        {{"id": "{ID}", "name": "{NAME}"}}, {{"id": "{ID}", "name": "{NAME}", "enabled": true}}]}}"#
    );
    let settings = [
        "account = \"account.json\"\n",
        &entry("main.json", ID),
        &entry("second.json", ID),
        &entry("third.json", campaign),
    ];
    let folder = create_folder(&[
        ("portal-lint.toml", &settings.concat()),
        ("account.json", &account),
        ("main.json", &clean_body()),
        ("second.json", &clean_body()),
        ("third.json", &clean_body()),
    ]);
    let text = stdout(&portal_lint(folder.path(), &["check", "--format", "concise", "--select", "RCP91"], b""));
    for expected in [
        format!("the portal `{ID}` \"{NAME}\" is already bound to `main.json`"),
        format!("the account has `{campaign}` \"Subscribers\" in its list of campaigns, not of portals"),
        format!("the snapshot has two different entries for the portal `{ID}` \"{NAME}\""),
    ] {
        assert!(text.contains(&expected), "{expected}: {text}");
    }
}

#[test]
fn the_id_of_a_portal_in_another_account_is_named() {
    let staging_id = "Zb4Nf8QwR2sXk6LmT0Vy";
    let settings = format!(
        "account = \"account.json\"\n\n[[environment]]\nfiles = [\"staging.json\"]\naccount = \"other.json\"\n\n[[portal]]\nfile = \
         \"staging.json\"\nid = \"{ID}\"\n"
    );
    let folder = create_folder(&[
        ("portal-lint.toml", &settings),
        ("account.json", &snapshot(ID, NAME)),
        ("other.json", &snapshot(staging_id, NAME)),
        ("main.json", &clean_body()),
        ("staging.json", &clean_body()),
    ]);
    let text = stdout(&portal_lint(folder.path(), &["check", "--format", "concise", "--select", "RCP915"], b""));
    let expected = format!(
        "portal-lint.toml:9:6: error[RCP915] the portal `{ID}` \"{NAME}\" is in another account than `staging.json`, that of `account.json`"
    );
    assert!(text.contains(&expected), "{text}");
    let bound = portal_lint(folder.path(), &["bind", "main.json", staging_id], b"");
    assert!(exit_code(&bound) == 2 && stderr(&bound).contains("that of `other.json`"), "{}", stderr(&bound));
    assert_eq!(exit_code(&portal_lint(folder.path(), &["bind", "main.json", ID], b"")), 0);
    let again = portal_lint(folder.path(), &["bind", "main.json", ID], b"");
    assert!(stderr(&again).contains(&format!("the portal `{ID}` \"{NAME}\" in")), "{}", stderr(&again));
}

/// `bind` would refuse a second file for the same portal.
#[test]
fn a_portal_that_is_bound_to_another_file_is_not_suggested() {
    let mut second = body();
    second["display_name"] = "Another portal".into();
    let files = [("p/tea.json", &body()), ("p/two.json", &second)];
    let account = project::snapshot(&json!([project::as_export(&body(), ID)]));
    let project = PlanProject::new(&files, &project::binding("p/tea.json", ID), &account);
    let check = ["check", "--format", "concise", "--select", "RCP001,RCP309"];
    let found = stdout(&portal_lint(project.folder(), &check, b""));
    assert!(found.contains("p/two.json") && found.contains("RCP001"), "{found}");
    let json = stdout(&portal_lint(project.folder(), &["check", "--format", "json", "--select", "RCP001"], b""));
    assert!(json.contains("the account already has a portal named") && !json.contains("portal-lint bind"), "{json}");
    assert!(!found.contains("RCP309"), "{found}");
    // The file was renamed.
    fs::remove_file(project.folder().join("p/tea.json")).expect("a file");
    let json = stdout(&portal_lint(project.folder(), &["check", "--format", "json", "--select", "RCP001"], b""));
    assert!(json.contains(&format!("portal-lint bind p/two.json {ID}")), "{json}");
    let bind = ["bind", "p/two.json", ID];
    assert_eq!(exit_code(&portal_lint(project.folder(), &bind, b"")), 0);
}

#[test]
fn a_placeholder_is_not_bound() {
    let folder = create_folder(&[("main.json", &clean_body())]);
    let bound = portal_lint(folder.path(), &["bind", "main.json", "XXXXXXXXXXXXXXXXXXXX"], b"");
    assert_eq!(exit_code(&bound), 2);
    assert!(stderr(&bound).contains("it repeats one character; nothing was changed"), "{}", stderr(&bound));
    assert!(!folder.path().join("portal-lint.toml").exists());
}
