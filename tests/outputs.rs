//! `--output FORMAT=FILE`: reports in files, beside what is printed.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use support::program::{clean, code, err, folder, out, portal_lint};

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("a report")
}

fn with_an_error() -> String {
    clean().replace("\"Acme Subscription Portal\"", "\"\"")
}

#[test]
fn one_run_makes_several_reports() {
    let folder = folder(&[("a.json", &with_an_error())]);
    let folder = folder.path();
    let outputs = ["--output", "sarif=r.sarif", "--output", "json=out.txt", "--output", "human=h.txt"];
    let plain = portal_lint(folder, &["check", "--format", "concise", "a.json"], b"");
    let output = portal_lint(folder, &[&["check", "--format", "concise", "a.json"], &outputs[..]].concat(), b"");
    assert_eq!((code(&output), out(&output), err(&output)), (1, out(&plain), String::new()));
    let sarif: Json = serde_json::from_str(&read(folder, "r.sarif")).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let json = out(&portal_lint(folder, &["check", "--format", "json", "a.json"], b""));
    assert_eq!(read(folder, "out.txt"), json);
    // A file is no terminal, whatever is asked for on one.
    portal_lint(folder, &["check", "--color", "always", "--output", "human=h.txt", "a.json"], b"");
    assert!(!read(folder, "h.txt").contains('\u{1b}'));
}

#[test]
fn test_reports_fail_for_what_fails_the_run() {
    let warning = clean().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let folder = folder(&[("a.json", &warning)]);
    for (fail_on, expected) in [("error", 0), ("warning", 1)] {
        let args = ["check", "--format", "junit", "--fail-on", fail_on, "--output", "junit=r.xml", "a.json"];
        let output = portal_lint(folder.path(), &args, b"");
        assert_eq!(code(&output), expected);
        assert_eq!(out(&output).contains("<failure type=\"warning\""), expected == 1, "{}", out(&output));
        assert_eq!(read(folder.path(), "r.xml"), out(&output));
    }
}

#[test]
fn what_is_left_after_a_fix_is_in_the_report() {
    let body = clean().replace("{{email_code}}", "{{ email_code }}");
    let folder = folder(&[("a.json", &body)]);
    let output = portal_lint(folder.path(), &["check", "--fix", "--output", "json=r.json", "a.json"], b"");
    assert_eq!(code(&output), 0, "{}{}", out(&output), err(&output));
    let report: Json = serde_json::from_str(&read(folder.path(), "r.json")).expect("JSON");
    assert_eq!(report["summary"]["errors"], 0);
}

#[test]
fn a_report_that_cannot_be_written_is_2_and_keeps_nothing_else_back() {
    let folder = folder(&[("a.json", &with_an_error()), ("taken/x.txt", "")]);
    let folder = folder.path();
    let outputs = ["--output", "json=no/such/folder.json", "--output", "sarif=taken", "--output", "gitlab=ok.json"];
    let output = portal_lint(folder, &[&["check", "--format", "concise", "a.json"], &outputs[..]].concat(), b"");
    assert_eq!(code(&output), 2);
    assert!(out(&output).contains("RCP001"), "{}", out(&output));
    let said = err(&output);
    assert!(said.contains("`no/such/folder.json` cannot be written: "), "{said}");
    assert!(said.contains("`taken` cannot be written: "), "{said}");
    assert!(read(folder, "ok.json").contains("RCP001"));
}

#[test]
fn reports_are_not_written_over_what_is_read_or_one_another() {
    let folder = folder(&[("a.json", &clean()), ("portal-lint.toml", "")]);
    let folder = folder.path();
    for (outputs, said) in [
        (&["json=./a.json"][..], "`./a.json` is read"),
        (&["json=portal-lint.toml"], "`portal-lint.toml` is read"),
        (&["json=r", "sarif=./r"], "two reports cannot both be written to `./r`"),
        (&["json=r", "sarif=r"], "two reports cannot both be written to `r`"),
        (&["json=-"], "--format says what goes to standard output"),
        (&["json="], "a file is wanted"),
        (&["r.json"], "a format and a file are wanted"),
        (&["jsn=r.json"], "there is no format `jsn`"),
    ] {
        let outputs: Vec<&str> = outputs.iter().flat_map(|one| ["--output", one]).collect();
        let output = portal_lint(folder, &[&["check", "a.json"], outputs.as_slice()].concat(), b"");
        assert_eq!(code(&output), 2, "{outputs:?}");
        assert!(err(&output).contains(said), "{}", err(&output));
        assert_eq!((read(folder, "a.json"), read(folder, "portal-lint.toml")), (clean(), String::new()));
    }
}

#[test]
fn a_run_that_found_nothing_leaves_no_report_that_says_all_is_well() {
    let folder = folder(&[("empty/x.txt", "")]);
    let output = portal_lint(folder.path(), &["check", "--format", "sarif", "--output", "sarif=r.sarif", "empty"], b"");
    assert_eq!(code(&output), 2);
    assert!(!folder.path().join("r.sarif").exists());
    let printed: Json = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(printed["runs"][0]["invocations"][0]["executionSuccessful"], false);
}
