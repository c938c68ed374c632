//! `--output FORMAT=FILE` writes reports to files, in addition to the one on standard output.

use std::fs;
use std::path::Path;

use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout};
use serde_json::Value as Json;

fn read_report(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("a report")
}

fn body_with_error() -> String {
    clean_body().replace("\"Acme Subscription Portal\"", "\"\"")
}

#[test]
fn one_run_writes_several_reports() {
    let folder = create_folder(&[("a.json", &body_with_error())]);
    let folder = folder.path();
    let outputs = ["--output", "sarif=r.sarif", "--output", "json=out.txt", "--output", "human=h.txt"];
    let plain = portal_lint(folder, &["check", "--format", "concise", "a.json"], b"");
    let output = portal_lint(folder, &[&["check", "--format", "concise", "a.json"], &outputs[..]].concat(), b"");
    assert_eq!((exit_code(&output), stdout(&output), stderr(&output)), (1, stdout(&plain), String::new()));
    let sarif: Json = serde_json::from_str(&read_report(folder, "r.sarif")).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let json = stdout(&portal_lint(folder, &["check", "--format", "json", "a.json"], b""));
    assert_eq!(read_report(folder, "out.txt"), json);
    // `--color always` is about the terminal: a report in a file has no escape sequences.
    portal_lint(folder, &["check", "--color", "always", "--output", "human=h.txt", "a.json"], b"");
    assert!(!read_report(folder, "h.txt").contains('\u{1b}'));
}

#[test]
fn a_junit_report_has_failures_for_what_fails_the_run() {
    let warning = clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let folder = create_folder(&[("a.json", &warning)]);
    for (fail_on, expected) in [("error", 0), ("warning", 1)] {
        let args = ["check", "--format", "junit", "--fail-on", fail_on, "--output", "junit=r.xml", "a.json"];
        let output = portal_lint(folder.path(), &args, b"");
        assert_eq!(exit_code(&output), expected);
        assert_eq!(stdout(&output).contains("<failure type=\"warning\""), expected == 1, "{}", stdout(&output));
        assert_eq!(read_report(folder.path(), "r.xml"), stdout(&output));
    }
}

#[test]
fn a_report_of_a_fix_has_the_remaining_findings() {
    let body = clean_body().replace("{{email_code}}", "{{ email_code }}");
    let folder = create_folder(&[("a.json", &body)]);
    let output = portal_lint(folder.path(), &["check", "--fix", "--output", "json=r.json", "a.json"], b"");
    assert_eq!(exit_code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let report: Json = serde_json::from_str(&read_report(folder.path(), "r.json")).expect("JSON");
    assert_eq!(report["summary"]["errors"], 0);
}

#[test]
fn an_unwritable_report_exits_with_2_and_the_others_are_written() {
    let folder = create_folder(&[("a.json", &body_with_error()), ("taken/x.txt", "")]);
    let folder = folder.path();
    let outputs = ["--output", "json=no/such/folder.json", "--output", "sarif=taken", "--output", "gitlab=ok.json"];
    let output = portal_lint(folder, &[&["check", "--format", "concise", "a.json"], &outputs[..]].concat(), b"");
    assert_eq!(exit_code(&output), 2);
    assert!(stdout(&output).contains("RCP001"), "{}", stdout(&output));
    let errors = stderr(&output);
    assert!(errors.contains("`no/such/folder.json` cannot be written: "), "{errors}");
    assert!(errors.contains("`taken` cannot be written: "), "{errors}");
    assert!(read_report(folder, "ok.json").contains("RCP001"));
}

#[test]
fn reports_do_not_overwrite_input_files_or_each_other() {
    let folder = create_folder(&[("a.json", &clean_body()), ("portal-lint.toml", "")]);
    let folder = folder.path();
    for (outputs, error) in [
        (&["json=./a.json"][..], "`./a.json` is an input"),
        (&["json=portal-lint.toml"], "`portal-lint.toml` is an input"),
        (&["json=r", "sarif=./r"], "two reports cannot both be written to `./r`"),
        (&["json=r", "sarif=r"], "two reports cannot both be written to `r`"),
        (&["json=-"], "--format selects the format on standard output"),
        (&["json="], "expected a file;"),
        (&["r.json"], "expected a format and a file"),
        (&["jsn=r.json"], "there is no format `jsn`"),
    ] {
        let outputs: Vec<&str> = outputs.iter().flat_map(|output| ["--output", output]).collect();
        let output = portal_lint(folder, &[&["check", "a.json"], outputs.as_slice()].concat(), b"");
        assert_eq!(exit_code(&output), 2, "{outputs:?}");
        assert!(stderr(&output).contains(error), "{}", stderr(&output));
        assert_eq!(
            (read_report(folder, "a.json"), read_report(folder, "portal-lint.toml")),
            (clean_body(), String::new())
        );
    }
}

#[test]
fn a_run_without_files_writes_no_report_file() {
    let folder = create_folder(&[("empty/x.txt", "")]);
    let output = portal_lint(folder.path(), &["check", "--format", "sarif", "--output", "sarif=r.sarif", "empty"], b"");
    assert_eq!(exit_code(&output), 2);
    assert!(!folder.path().join("r.sarif").exists());
    let printed: Json = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert_eq!(printed["runs"][0]["invocations"][0]["executionSuccessful"], false);
}
