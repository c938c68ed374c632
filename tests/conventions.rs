//! Options and messages that people know from other linters.

use std::fs;

use crate::support::json::array;
use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout, stdout_json};
use crate::support::repository;
use serde_json::Value as Json;
use tempfile::TempDir;

fn self_cancel() -> String {
    clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true")
}

/// A folder with a portal without findings and without unverified checks, and the snapshot that answers them.
fn folder_with_snapshot(portals: usize) -> TempDir {
    let snapshot = fs::read_to_string(repository("fixtures/account.json")).expect("a snapshot");
    let folder = create_folder(&[("account.json", &snapshot)]);
    for number in 0..portals {
        let body = clean_body()
            .replace("Acme Subscription Portal", &format!("Acme Portal of Shop {number}"))
            .replace("Manage Your Acme Subscription", &format!("Your Account at Shop {number}"))
            .replace("${RECAPTCHA_SITE_KEY}", "6LcZq8sUAAAAAPv1Rk7mXt2wYh9dNfB5gJ3aQe0s")
            .replace("P9dRk2XyM5vHs8LqT1Fz", &format!("P9dRk2XyM5vHs8LqT1F{number}"));
        fs::write(folder.path().join(format!("{number}.portal.json")), body).expect("a file");
    }
    folder
}

#[test]
fn show_files_lists_the_files_that_would_be_checked() {
    let folder = create_folder(&[
        ("portal-lint.toml", "exclude = ['drafts/**']\n"),
        ("b.portal.json", "{ not json"),
        ("a/found-by-content.json", &clean_body()),
        ("drafts/c.portal.json", &clean_body()),
        ("package.json", "{}"),
    ]);
    let show = |args: &[&str]| portal_lint(folder.path(), &[&["check", "--show-files"], args].concat(), b"");
    let all = show(&[]);
    assert_eq!((exit_code(&all), stdout(&all).as_str()), (0, "a/found-by-content.json\nb.portal.json\n"));
    assert_eq!(stdout(&show(&["drafts/c.portal.json"])), "drafts/c.portal.json\n");
    let excluded = show(&["--force-exclude", "drafts/c.portal.json"]);
    assert_eq!((exit_code(&excluded), stdout(&excluded).as_str()), (0, ""));
    let missing = show(&["none.json"]);
    assert_eq!((exit_code(&missing), stdout(&missing).as_str()), (2, ""));
    assert!(stderr(&missing).contains("none.json"), "{}", stderr(&missing));
    assert_eq!(exit_code(&show(&["drafts"])), 2);
    assert_eq!(exit_code(&show(&["--fix"])), 2);
}

#[test]
fn markdown_does_not_claim_success_if_nothing_was_checked() {
    let folder = create_folder(&[("notes.txt", "")]);
    let output = portal_lint(folder.path(), &["check", "--format", "markdown"], b"");
    assert_eq!((exit_code(&output), stdout(&output).as_str()), (2, "### portal-lint: no portals found\n"));
}

#[test]
fn show_settings_prints_the_settings_and_their_sources_without_a_check() {
    let folder = create_folder(&[
        ("portal-lint.toml", "exclude = ['drafts/**']\n[days]\nsnapshot = 7\n"),
        ("a.portal.json", "{}"),
    ]);
    let output = portal_lint(folder.path(), &["check", "--show-settings"], b"");
    let printed = stdout(&output);
    assert_eq!(exit_code(&output), 0);
    for line in [
        "settings of portal-lint.toml:",
        "  days.snapshot = 7 (portal-lint.toml:3)",
        "  days.certificate = 21 (default)",
    ] {
        assert!(printed.lines().any(|printed| printed == line), "{line} in {printed}");
    }
    assert!(!printed.contains("RCP"), "{printed}");
    let isolated = portal_lint(folder.path(), &["check", "--show-settings", "--isolated"], b"");
    let defaults = "\n  limits.file-bytes = 8388608 (default)\n  limits.depth = 128 (default)\n  limits.nodes = 100000 (default)\n  \
                    account-words.dns = [\"ready\", \"complete\", \"active\"] (default)\n  \
                    account-words.ssl = [\"issued\", \"active\"] (default)\n  days.certificate = 21 (default)\n  \
                    days.snapshot = 30 (default)\n";
    assert_eq!(stdout(&isolated), format!("--isolated: settings files are ignored; using defaults:{defaults}"));
    // Settings that exclude all files are printed as well.
    fs::write(folder.path().join("portal-lint.toml"), "exclude = ['*']\n").expect("the settings");
    let excluded = portal_lint(folder.path(), &["check", "--show-settings"], b"");
    assert!(stdout(&excluded).ends_with("  exclude = ['*'] (portal-lint.toml:1)\n"), "{}", stdout(&excluded));
    for (files, heading) in [
        (&[][..], "no portal-lint.toml: using defaults:"),
        (
            &[("a.portal.json", "{}")][..],
            "no portal-lint.toml for 1 file: using defaults; only the files in this run are compared:",
        ),
    ] {
        let without_settings = portal_lint(create_folder(files).path(), &["check", "--show-settings"], b"");
        assert_eq!(stdout(&without_settings), format!("{heading}{defaults}"));
    }
}

#[test]
fn output_format_is_another_name_of_format() {
    let folder = create_folder(&[("a.json", &clean_body())]);
    for command in [&["check", "a.json"][..], &["preflight", "a.json"], &["rules"], &["explain", "RCP012"]] {
        let with = |option| stdout(&portal_lint(folder.path(), &[command, &[option, "json"]].concat(), b""));
        assert_eq!(with("--output-format"), with("--format"), "{command:?}");
        assert!(!with("--format").is_empty());
    }
}

#[test]
fn exit_zero_changes_only_exit_code_1() {
    let folder = create_folder(&[("bad.json", "{}"), ("fixable.json", &clean_body().replace("false", "\"false\""))]);
    for (args, expected) in [
        (&["bad.json"][..], 0),
        (&["fixable.json", "--diff"], 0),
        (&["bad.json", "--fix"], 0),
        (&["none.json"], 2),
        (&["bad.json", "--select", "nothing"], 2),
    ] {
        let code = |option: &[&str]| exit_code(&portal_lint(folder.path(), &[&["check"], args, option].concat(), b""));
        assert_eq!(code(&["--exit-zero"]), expected, "{args:?}");
        assert_eq!(code(&[]), expected.max(1), "{args:?}");
    }
}

#[test]
fn a_path_instead_of_a_command_gets_a_suggestion() {
    let folder = create_folder(&[("portals/a.json", &clean_body()), ("main", "")]);
    for path in ["portals/a.json", "portals", "main", "missing.yaml"] {
        let output = portal_lint(folder.path(), &[path], b"");
        let expected = format!("portal-lint: there is no command `{path}`; did you mean `portal-lint check {path}`?\n");
        assert_eq!((exit_code(&output), stderr(&output)), (2, expected));
    }
    assert!(stderr(&portal_lint(folder.path(), &["chek"], b"")).contains("'check'"));
}

#[test]
fn an_option_without_a_command_gets_a_suggestion() {
    let folder = create_folder(&[("a.json", &clean_body())]);
    for (args, option) in [(&["--fix", "a.json"][..], "--fix"), (&["-q"], "-q"), (&["--format", "json"], "--format")] {
        let output = portal_lint(folder.path(), args, b"");
        let expected =
            format!("portal-lint: `{option}` is an option of a command; did you mean `portal-lint check {option}`?\n");
        assert_eq!((exit_code(&output), stderr(&output)), (2, expected));
    }
    let unknown = portal_lint(folder.path(), &["--fixx", "a.json"], b"");
    assert!(stderr(&unknown).contains("unexpected argument '--fixx'"), "{}", stderr(&unknown));
}

#[test]
fn manual_pages_show_the_name_and_version_of_the_program() {
    let version = env!("CARGO_PKG_VERSION");
    for (command, name) in [(&["man"][..], "portal-lint"), (&["man", "account", "pull"], "portal-lint-account-pull")] {
        let page = stdout(&portal_lint(&repository(""), command, b""));
        let title = format!(".TH {name} 1  \"portal-lint {version}\"");
        assert!(page.lines().any(|line| line.starts_with(&title)), "{title} in {page}");
    }
}

#[test]
fn an_item_whose_rule_was_left_out_of_preflight_is_unverified() {
    let folder = folder_with_snapshot(1);
    fs::write(folder.path().join("self-cancel.json"), self_cancel()).expect("a file");
    let preflight = |args: &[&str]| {
        let args = [&["preflight", "--account", "account.json", "--format", "json"], args].concat();
        stdout_json(&portal_lint(folder.path(), &args, b""))["portals"][0].clone()
    };
    let status = |portal: &Json, id: &str| {
        array(&portal["items"]).iter().find(|item| item["id"] == id).expect("an item")["status"].clone()
    };
    let ignored = preflight(&["self-cancel.json", "--ignore", "self-cancel"]);
    assert_eq!(status(&ignored, "V16"), "unverified");
    let selected = preflight(&["self-cancel.json", "--select", "V16"]);
    assert_eq!((status(&selected, "V16"), status(&selected, "V12")), ("warning".into(), "unverified".into()));
    // A rule that was not run prevents the verdict "go" even if it belongs to no item.
    fs::write(folder.path().join("clean.json"), clean_body().replace("${", "{")).expect("a file");
    let with_all_rules = preflight(&["clean.json", "--select", "RCP"]);
    let without_one = preflight(&["clean.json", "--ignore", "RCP202"]);
    assert_eq!(with_all_rules["unverified"], Json::Array(Vec::new()), "{with_all_rules}");
    let reason = "rules that belong to no checklist item were not run";
    assert_eq!(without_one["unverified"][0]["reason"], reason, "{without_one}");
}

#[test]
fn preflight_prints_little_for_many_good_portals_and_nothing_when_quiet() {
    let folder = folder_with_snapshot(8);
    let output = portal_lint(folder.path(), &["preflight"], b"");
    let printed = stdout(&output);
    assert_eq!(exit_code(&output), 0, "{printed}");
    assert!(printed.lines().filter(|line| line.starts_with("REVIEW  Acme Portal of Shop")).count() == 8, "{printed}");
    // What is unverified is listed once, and not for each portal.
    assert_eq!(printed.matches("whether DNS for the tracking domain is ready").count(), 1, "{printed}");
    assert!(printed.lines().count() < 30, "{printed}");
    fs::write(folder.path().join("9.portal.json"), self_cancel()).expect("a file");
    let with_warning = stdout(&portal_lint(folder.path(), &["preflight"], b""));
    assert!(with_warning.contains("customers can cancel"), "{with_warning}");
    // `-q` leaves out portals with the verdict "go".
    let quiet = ["preflight", "-q", "--strict", "9.portal.json"];
    assert!(stdout(&portal_lint(folder.path(), &quiet, b"")).starts_with("REVIEW  "));
}

#[test]
fn preflight_writes_reports_and_leaves_out_files_like_check() {
    let folder = create_folder(&[
        ("portal-lint.toml", "exclude = ['drafts/**']\n"),
        ("a.json", &clean_body()),
        ("drafts/b.json", "{}"),
        ("package.json", "{}"),
    ]);
    let run = |args: &[&str]| portal_lint(folder.path(), &[&["preflight"], args].concat(), b"");
    let output = run(&["a.json", "--output", "json=out.json", "--output", "html=out.html", "--format", "json"]);
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    assert_eq!(fs::read_to_string(folder.path().join("out.json")).expect("a report"), stdout(&output));
    assert!(fs::read_to_string(folder.path().join("out.html")).expect("a report").contains("<html"));
    let refused = run(&["a.json", "--output", "json=a.json"]);
    assert!(exit_code(&refused) == 2 && stderr(&refused).contains("is an input of this run"), "{}", stderr(&refused));
    let excluded = run(&["--force-exclude", "drafts/b.json", "package.json"]);
    assert_eq!((exit_code(&excluded), stdout(&excluded).as_str()), (0, ""));
    assert_eq!(exit_code(&run(&["drafts/b.json"])), 1);
}
