//! Symlinks: a run reads and writes nothing outside what it was asked to check.

#![cfg(unix)]
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Output;

use support::program::{clean, code, err, folder, json, out, portal_lint};
use tempfile::TempDir;

/// A portal with one finding that `--fix` repairs.
fn fixable() -> String {
    clean().replace("{{email_code}}", "{{ email_code }}")
}

fn link(target: &str, folder: &TempDir, name: &str) {
    symlink(target, folder.path().join(name)).expect("a link");
}

fn run(folder: &Path, args: &[&str]) -> Output {
    portal_lint(folder, args, b"")
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a file")
}

/// The files of a check, by name.
fn files(folder: &Path, args: &[&str]) -> Vec<String> {
    let report = json(&run(folder, &[&["check", "--format", "json"], args].concat()));
    let files = report["files"].as_array().expect("files").iter();
    files.map(|file| file["path"].as_str().expect("a path").to_owned()).collect()
}

#[test]
fn a_walk_does_not_follow_links_that_lead_out() {
    let folder = folder(&[("in/a.json", &clean()), ("other/b.json", &clean()), ("other/c.portal.json", &clean())]);
    link("../other", &folder, "in/vendor");
    link("../other/c.portal.json", &folder, "in/c.portal.json");
    link("/", &folder, "in/root");
    link("..", &folder, "in/up");
    link("/proc", &folder, "in/proc");
    assert_eq!(files(folder.path(), &["in"]), ["in/a.json"]);
    let errors = err(&run(folder.path(), &["check", "--verbose", "in"]));
    for name in ["in/vendor", "in/c.portal.json", "in/root", "in/up", "in/proc"] {
        assert!(errors.contains(&format!("skipped {name}: the symlink leads out of in (to ")), "{name}: {errors}");
    }
    assert!(errors.contains("skipped in/up: the symlink leads out of in (to .)\n"), "{errors}");
    assert!(!err(&run(folder.path(), &["check", "in"])).contains("skipped"));
    // From inside, the current folder is the named one.
    assert_eq!(files(&folder.path().join("in"), &[]), ["a.json"]);
    assert_eq!(files(&folder.path().join("in"), &["."]), ["a.json"]);
}

#[test]
fn links_that_stay_inside_find_each_file_once_and_the_walk_ends() {
    let folder = folder(&[
        ("in/a/a.json", &clean()),
        ("in/node_modules/kept/k.portal.json", &clean()),
        ("in/node_modules/kept/deep/d.portal.json", &clean()),
    ]);
    link(".", &folder, "in/self");
    link("..", &folder, "in/a/up");
    link("a", &folder, "in/b");
    link("a/a.json", &folder, "in/same.json");
    link("node_modules/kept", &folder, "in/kept");
    link("kept/k.portal.json", &folder, "in/again.portal.json");
    // Two links to the next folder in each folder: without care, a way for each of two to the power of 40.
    for number in 0..40 {
        fs::create_dir(folder.path().join(format!("in/f{number}"))).expect("a folder");
    }
    for number in 0..40 {
        link(&format!("../f{}", (number + 1) % 40), &folder, &format!("in/f{number}/x"));
        link(&format!("../f{}", (number + 1) % 40), &folder, &format!("in/f{number}/y"));
    }
    assert_eq!(files(folder.path(), &["in"]), ["in/a/a.json", "in/again.portal.json", "in/kept/deep/d.portal.json"]);
    assert_eq!(err(&run(folder.path(), &["check", "--verbose", "--isolated", "in"])).matches("skipped").count(), 0);
}

#[test]
fn a_named_link_is_the_named_folder() {
    let folder = folder(&[("real/a.json", &clean()), ("real/sub/b.json", &clean()), ("other/c.json", &clean())]);
    link("real", &folder, "link");
    link("../other", &folder, "real/out");
    assert_eq!(files(folder.path(), &["link"]), ["link/a.json", "link/sub/b.json"]);
    assert_eq!(files(folder.path(), &["link/"]), ["link/a.json", "link/sub/b.json"]);
    assert_eq!(files(folder.path(), &["link/sub"]), ["link/sub/b.json"]);
    link("real/a.json", &folder, "one.json");
    assert_eq!(files(folder.path(), &["one.json"]), ["one.json"]);
}

#[test]
fn files_that_others_are_compared_with_are_not_looked_for_outside() {
    let folder = folder(&[("in/portal-lint.toml", ""), ("in/a.json", &clean()), ("other/b.json", &clean())]);
    let names = |output: &Output| out(output).matches("RCP001").count();
    link("../other", &folder, "in/vendor");
    assert_eq!(names(&run(folder.path(), &["check", "--format", "concise", "in/a.json"])), 0);
    fs::copy(folder.path().join("other/b.json"), folder.path().join("in/b.json")).expect("a file");
    assert_eq!(names(&run(folder.path(), &["check", "--format", "concise", "in/a.json"])), 1);
}

#[test]
fn fix_writes_nothing_outside_the_project_or_the_named_folder() {
    for settings in [true, false] {
        let folder = folder(&[("in/a.json", &fixable()), ("other/b.json", &fixable()), ("other/portal-lint.toml", "")]);
        if settings {
            fs::write(folder.path().join("in/portal-lint.toml"), "").expect("a file");
        }
        link("../other", &folder, "in/vendor");
        link("../other/b.json", &folder, "in/b.json");
        link("../other/b.json", &folder, "in/b.portal.json");
        let here = folder.path().join("in");
        // Found by walking, named, named through a folder, named among others.
        for args in [&["."][..], &["b.json"], &["vendor/b.json"], &["./vendor/b.json"], &["a.json", "b.portal.json"]] {
            let output = run(&here, &[&["check", "--fix"], args].concat());
            assert_eq!(read(&folder, "other/b.json"), fixable(), "{args:?}");
            if args != ["."] {
                assert_eq!(code(&output), 2, "{args:?} {}", err(&output));
                assert!(err(&output).contains("a symlink leads out of the project or the named folder"), "{args:?}");
            }
        }
        assert_eq!(read(&folder, "in/a.json"), clean());
        let output = run(folder.path(), &["check", "--fix", "in/b.json"]);
        if settings {
            assert_eq!((code(&output), read(&folder, "other/b.json")), (2, fixable()));
        }
    }
}

#[test]
fn fix_still_writes_where_no_link_leads_out() {
    let folder =
        folder(&[("real/a.json", &fixable()), ("around/deep/b.json", &fixable()), ("elsewhere/c.json", &fixable())]);
    link("real", &folder, "link");
    link("deep/b.json", &folder, "around/b.json");
    let whole = folder.path().join("elsewhere/c.json");
    for (args, file) in [
        (&["link"][..], "real/a.json"),
        (&["around/b.json"], "around/deep/b.json"),
        (&[whole.to_str().expect("a path")], "elsewhere/c.json"),
    ] {
        let output = run(folder.path(), &[&["check", "--fix"], args].concat());
        assert_eq!((code(&output), read(&folder, file)), (0, clean()), "{args:?} {}", err(&output));
    }
    // A file above the current folder, and settings from elsewhere.
    fs::write(folder.path().join("elsewhere/c.json"), fixable()).expect("a file");
    fs::write(folder.path().join("real/set.toml"), "").expect("a file");
    let output = run(&folder.path().join("real"), &["check", "--config", "set.toml", "--fix", "../elsewhere/c.json"]);
    assert_eq!((err(&output).as_str(), read(&folder, "elsewhere/c.json")), ("", clean()));
}

#[test]
fn init_does_not_write_through_a_folder_that_leads_out() {
    let folder = folder(&[("in/x", ""), ("other/x", "")]);
    link("../other", &folder, "in/.github");
    let output = run(&folder.path().join("in"), &["init", "--github"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("a symlink leads out of the project"), "{}", err(&output));
    assert_eq!(support::entries(&folder.path().join("other")).len(), 1);
    assert!(!folder.path().join("in/portal-lint.toml").exists());
    // What is there already is not written over, link or not.
    link("../other/new.toml", &folder, "in/portal-lint.toml");
    assert_eq!(code(&run(&folder.path().join("in"), &["init"])), 2);
    assert!(!folder.path().join("other/new.toml").exists());
}

#[test]
fn a_report_is_not_written_through_a_link_in_the_checked_folder() {
    let folder = folder(&[("in/a.json", &clean()), ("in/sub/x", ""), ("other/victim", "precious")]);
    link("../other/victim", &folder, "in/report.json");
    link("../other", &folder, "in/reports");
    link("report.json", &folder, "in/two.json");
    let here = folder.path().join("in");
    let whole = here.join("report.json");
    for file in [
        "report.json",
        "./report.json",
        "two.json",
        "reports/victim",
        "reports/new.json",
        "sub/../reports/new.json",
        whole.to_str().expect("a path"),
    ] {
        for paths in [&["."][..], &[], &["a.json"], &["sub", "a.json"]] {
            let output = run(&here, &[&["check", "--output", &format!("json={file}")], paths].concat());
            assert_eq!(code(&output), 2, "{file} {paths:?}");
            assert!(err(&output).contains("lies in the checked folder"), "{file} {}", err(&output));
        }
    }
    assert_eq!(read(&folder, "other/victim"), "precious");
    assert!(!folder.path().join("other/new.json").exists());
    // The link of somebody who checks another folder is theirs, and so are devices.
    link("other/victim", &folder, "mine.json");
    for file in ["mine.json", "/dev/stdout", "/dev/fd/1", "/dev/null"] {
        let output =
            run(folder.path(), &["check", "--format", "jsonl", "--output", &format!("json={file}"), "in/a.json"]);
        assert_eq!(code(&output), 0, "{file} {}", err(&output));
        assert!(!file.ends_with(['t', '1']) || out(&output).contains("\"version\": 1"), "{file} {}", out(&output));
    }
    assert!(read(&folder, "other/victim").contains("\"version\": 1"));
    assert!(fs::symlink_metadata(folder.path().join("mine.json")).expect("a link").is_symlink());
}

#[test]
fn a_report_is_not_written_through_a_link_anywhere_in_the_repository() {
    let folder = folder(&[("repo/.git/HEAD", ""), ("repo/portals/a.json", &clean()), ("victim", "precious")]);
    link("../victim", &folder, "repo/report.sarif");
    let output = run(&folder.path().join("repo"), &["check", "--output", "sarif=report.sarif", "portals"]);
    assert_eq!((code(&output), read(&folder, "victim").as_str()), (2, "precious"), "{}", err(&output));
    // Standard input without a name: the repository is the one that the program runs in.
    for (here, file) in [("repo", "report.sarif"), ("repo/portals", "../report.sarif")] {
        let here = folder.path().join(here);
        let output = portal_lint(&here, &["check", "--output", &format!("sarif={file}"), "-"], clean().as_bytes());
        assert_eq!((code(&output), read(&folder, "victim").as_str()), (2, "precious"), "{}", err(&output));
    }
}

#[test]
fn settings_name_no_snapshot_outside_the_repository() {
    let account = fs::read_to_string(support::repository("fixtures/account.json")).expect("a snapshot");
    let secret = account.replace("\"version\": 1", "\"version\": \"CANARY\"");
    let folder = folder(&[
        ("repo/.git/HEAD", ""),
        ("repo/good.json", &account),
        ("repo/team/a.json", &clean()),
        ("secret.json", &secret),
    ]);
    link("../../secret.json", &folder, "repo/team/link.json");
    link("../..", &folder, "repo/team/way");
    let whole = folder.path().join("secret.json");
    let whole = whole.to_str().expect("a path");
    let check = |account: &str| {
        fs::write(folder.path().join("repo/team/portal-lint.toml"), format!("account = {account:?}\n"))
            .expect("a file");
        run(&folder.path().join("repo"), &["check", "--format", "concise", "team"])
    };
    for outside in
        ["link.json", "way/secret.json", "../../secret.json", whole, "no/such/../../../../secret.json", "/dev/fd/0"]
    {
        let output = check(outside);
        assert_eq!(code(&output), 1, "{outside} {}", out(&output));
        assert!(
            out(&output).contains("portal-lint.toml:1:11: error[RCP914] `account` leads out of the"),
            "{}",
            out(&output)
        );
        assert!(!out(&output).contains("CANARY") && !out(&output).contains("secret.json"), "{}", out(&output));
    }
    let output = check("../good.json");
    assert!(!out(&output).contains("RCP914"), "{}", out(&output));
    // Without a repository, the project is the boundary.
    fs::remove_dir_all(folder.path().join("repo/.git")).expect("a folder");
    assert!(out(&check("../good.json")).contains("RCP914"));
    // Whoever runs the program may name any file.
    let output =
        run(folder.path(), &["check", "--isolated", "--format", "concise", "--account", "secret.json", "repo/team"]);
    assert!(out(&output).contains("secret.json"), "{}", out(&output));
}
