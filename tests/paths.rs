//! Paths in reports are relative to the current folder for everything below it, however they are typed, and a folder that is named
//! twice is checked once.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout_json};
use serde_json::Value as Json;
use tempfile::TempDir;

/// A folder `project` with one portal that has a finding, and `link`, a symlink to the project.
fn create_project() -> TempDir {
    let bad = clean_body().replace("\"enabled\": false", "\"enabled\": \"no\"");
    let folder = create_folder(&[("project/portals/a.portal.json", &bad), ("project/sub/x.txt", "")]);
    symlink("project", folder.path().join("link")).expect("a link");
    symlink("portals", folder.path().join("project/inner")).expect("a link");
    symlink("project/portals", folder.path().join("portals-link")).expect("a link");
    folder
}

fn check_json(folder: &Path, format: &str, paths: &[&str]) -> Json {
    stdout_json(&portal_lint(folder, &[&["check", "--isolated", "--format", format], paths].concat(), b""))
}

#[test]
fn files_below_the_current_folder_have_relative_paths() {
    let folder = create_project();
    let project = folder.path().join("project");
    let absolute = |path: &str| folder.path().join(path).to_string_lossy().into_owned();
    let expected = check_json(&project, "gitlab", &["portals"]);
    assert_eq!(expected[0]["location"]["path"], "portals/a.portal.json");
    for typed in [
        absolute("project/portals"),
        absolute("project"),
        absolute("link/portals"),
        absolute("portals-link"),
        absolute("project/portals/a.portal.json"),
        absolute("portals-link/a.portal.json"),
        absolute("project/sub/../portals/a.portal.json"),
        "../project/portals".to_owned(),
        "../link/portals/a.portal.json".to_owned(),
        "sub/../portals".to_owned(),
        "sub/..".to_owned(),
        "..".to_owned(),
        absolute(""),
    ] {
        // Equal fingerprints as well.
        assert_eq!(check_json(&project, "gitlab", &[&typed]), expected, "{typed}");
    }
    let sarif = check_json(&project, "sarif", &[&absolute("project/portals")]);
    let location = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(location["uri"], "portals/a.portal.json");
}

#[test]
fn a_symlink_in_the_current_folder_stays_in_the_path() {
    let folder = create_project();
    let project = folder.path().join("project");
    let absolute = project.join("inner/a.portal.json").to_string_lossy().into_owned();
    for typed in ["inner/a.portal.json", "inner", absolute.as_str()] {
        let report = check_json(&project, "json", &[typed]);
        assert_eq!(report["files"][0]["path"], "inner/a.portal.json", "{typed}");
    }
}

#[test]
fn files_outside_the_current_folder_keep_their_paths() {
    let folder = create_project();
    let report = check_json(&folder.path().join("project/sub"), "json", &["../portals"]);
    assert_eq!(report["files"][0]["path"], "../portals/a.portal.json");
}

#[test]
fn other_files_on_the_command_line_have_relative_paths() {
    let folder = create_project();
    let project = folder.path().join("project");
    fs::write(project.join("account.json"), "{}").expect("a file");
    let account = project.join("account.json").to_string_lossy().into_owned();
    let report = check_json(&project, "json", &["portals", "--account", &account]);
    assert_eq!(report["diagnostics"][0]["file"], "account.json");
    let name = project.join("portals/new.json").to_string_lossy().into_owned();
    let args = ["check", "--isolated", "--format", "json", "-", "--stdin-filename", &name];
    let report = stdout_json(&portal_lint(&project, &args, b"{}"));
    assert_eq!(report["files"][0]["path"], "portals/new.json");
}

#[test]
fn a_folder_that_is_named_twice_is_checked_once() {
    let folder = create_project();
    let project = folder.path().join("project");
    fs::write(project.join("portals/a.portal.json"), clean_body()).expect("a file");
    let absolute = |path: &str| folder.path().join(path).to_string_lossy().into_owned();
    for paths in [
        ["portals", &absolute("project/portals")],
        [&absolute("project/portals"), "portals"],
        ["portals", "../project/portals"],
        ["portals", "inner"],
        ["inner", "portals"],
        ["portals/a.portal.json", "inner"],
        ["inner", "portals/a.portal.json"],
        ["portals", &absolute("portals-link")],
        [".", "portals"],
        ["..", "."],
    ] {
        let output = portal_lint(&project, &["check", "--isolated", "--format", "json", paths[0], paths[1]], b"");
        assert_eq!(exit_code(&output), 0, "{paths:?}: {}", stderr(&output));
        assert_eq!(stdout_json(&output)["summary"]["files"], 1, "{paths:?}");
    }
    let output = portal_lint(&project, &["check", "--isolated", "portals", "sub"], b"");
    assert!(exit_code(&output) == 2 && stderr(&output).contains("no portals found in `sub`"), "{}", stderr(&output));
}

#[test]
fn a_fix_writes_files_however_their_folder_is_typed() {
    for typed in ["..", "../project", "../link/portals", "sub/../portals"] {
        let folder = create_project();
        let file = folder.path().join("project/portals/a.portal.json");
        fs::write(&file, clean_body().replace("{{email_code}}", "{{ email_code }}")).expect("a file");
        let output = portal_lint(&folder.path().join("project"), &["check", "--isolated", "--fix", typed], b"");
        assert_eq!(exit_code(&output), 0, "{typed}: {}", stderr(&output));
        assert_eq!(fs::read_to_string(&file).expect("a file"), clean_body(), "{typed}");
    }
}

#[test]
fn files_whose_names_differ_in_bytes_that_are_not_text_are_checked_separately() {
    let folder = create_folder(&[]);
    for bytes in [&b"\xfe"[..], b"\xff", "\u{fffd}".as_bytes()] {
        let name = [b"a", bytes, b".portal.json"].concat();
        fs::write(folder.path().join(OsStr::from_bytes(&name)), "{").expect("a file");
    }
    let report = check_json(folder.path(), "json", &["."]);
    assert_eq!((&report["summary"]["files"], &report["summary"]["errors"]), (&3.into(), &3.into()));
    let gitlab = check_json(folder.path(), "gitlab", &["."]);
    assert_ne!(gitlab[0]["fingerprint"], gitlab[1]["fingerprint"]);
}

#[test]
fn a_report_for_gitlab_does_not_depend_on_the_folder_of_the_checkout() {
    let text = clean_body().replace("{{email_code}}", "{{ email_code }}");
    let [first, second] = [(); 2].map(|()| create_folder(&[("portals/a.portal.json", text.as_str())]));
    let expected = check_json(first.path(), "gitlab", &["."]);
    assert_eq!(expected[0]["location"]["path"], "portals/a.portal.json");
    let absolute = second.path().to_str().expect("a path in UTF-8");
    for typed in [".", "portals", "portals/a.portal.json", "portals/../portals/", absolute] {
        assert_eq!(check_json(second.path(), "gitlab", &[typed]), expected, "{typed}");
    }
}
