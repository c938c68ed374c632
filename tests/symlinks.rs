//! Symlinks: a run reads and writes nothing outside the project and the files and folders that were named.
//!
//! The threat is a repository with a symlink to a file outside of it, for example one that `--fix` or `--output` would overwrite.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Output;

use crate::support::json::checked_files;
use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout, stdout_json};
use serde_json::Value as Json;
use tempfile::TempDir;

/// A body with one finding that has a safe fix.
fn fixable_body() -> String {
    clean_body().replace("{{email_code}}", "{{ email_code }}")
}

fn create_symlink(target: &str, folder: &TempDir, name: &str) {
    symlink(target, folder.path().join(name)).expect("a link");
}

fn run(folder: &Path, args: &[&str]) -> Output {
    portal_lint(folder, args, b"")
}

fn read_file(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a file")
}

/// The JSON report of a check.
fn check_json(folder: &Path, args: &[&str]) -> Json {
    stdout_json(&run(folder, &[&["check", "--format", "json"], args].concat()))
}

#[test]
fn a_walk_skips_symlinks_that_lead_out_of_the_folder() {
    let folder = create_folder(&[
        ("in/a.json", &clean_body()),
        ("other/b.json", &clean_body()),
        ("other/c.portal.json", &clean_body()),
    ]);
    create_symlink("../other", &folder, "in/vendor");
    create_symlink("../other/c.portal.json", &folder, "in/c.portal.json");
    create_symlink("/", &folder, "in/root");
    create_symlink("..", &folder, "in/up");
    create_symlink("/proc", &folder, "in/proc");
    assert_eq!(checked_files(&check_json(folder.path(), &["in"])), ["in/a.json"]);
    let errors = stderr(&run(folder.path(), &["check", "--verbose", "in"]));
    for name in ["in/vendor", "in/c.portal.json", "in/root", "in/up", "in/proc"] {
        assert!(errors.contains(&format!("skipped {name}: the symlink leads out of in (to ")), "{name}: {errors}");
    }
    assert!(errors.contains("skipped in/up: the symlink leads out of in (to .)\n"), "{errors}");
    assert!(!stderr(&run(folder.path(), &["check", "in"])).contains("skipped"));
    // Run in the folder itself, the current folder is the boundary.
    assert_eq!(checked_files(&check_json(&folder.path().join("in"), &[])), ["a.json"]);
    assert_eq!(checked_files(&check_json(&folder.path().join("in"), &["."])), ["a.json"]);
}

#[test]
fn a_walk_through_symlink_cycles_ends_and_finds_each_file_once() {
    let folder = create_folder(&[
        ("in/a/a.json", &clean_body()),
        ("in/node_modules/kept/k.portal.json", &clean_body()),
        ("in/node_modules/kept/deep/d.portal.json", &clean_body()),
    ]);
    create_symlink(".", &folder, "in/self");
    create_symlink("..", &folder, "in/a/up");
    create_symlink("a", &folder, "in/b");
    create_symlink("a/a.json", &folder, "in/same.json");
    create_symlink("node_modules/kept", &folder, "in/kept");
    create_symlink("kept/k.portal.json", &folder, "in/again.portal.json");
    // Two symlinks to the next folder in each folder: 2^40 paths for a walk that does not remember which folders it has visited.
    for number in 0..40 {
        fs::create_dir(folder.path().join(format!("in/f{number}"))).expect("a folder");
    }
    for number in 0..40 {
        create_symlink(&format!("../f{}", (number + 1) % 40), &folder, &format!("in/f{number}/x"));
        create_symlink(&format!("../f{}", (number + 1) % 40), &folder, &format!("in/f{number}/y"));
    }
    assert_eq!(
        checked_files(&check_json(folder.path(), &["in"])),
        ["in/a/a.json", "in/again.portal.json", "in/kept/deep/d.portal.json"]
    );
    assert_eq!(stderr(&run(folder.path(), &["check", "--verbose", "--isolated", "in"])).matches("skipped").count(), 0);
}

#[test]
fn a_named_symlink_to_a_folder_is_walked() {
    let folder = create_folder(&[
        ("real/a.json", &clean_body()),
        ("real/sub/b.json", &clean_body()),
        ("other/c.json", &clean_body()),
    ]);
    create_symlink("real", &folder, "link");
    create_symlink("../other", &folder, "real/out");
    assert_eq!(checked_files(&check_json(folder.path(), &["link"])), ["link/a.json", "link/sub/b.json"]);
    assert_eq!(checked_files(&check_json(folder.path(), &["link/"])), ["link/a.json", "link/sub/b.json"]);
    assert_eq!(checked_files(&check_json(folder.path(), &["link/sub"])), ["link/sub/b.json"]);
    create_symlink("real/a.json", &folder, "one.json");
    assert_eq!(checked_files(&check_json(folder.path(), &["one.json"])), ["one.json"]);
}

#[test]
fn context_files_are_not_found_through_symlinks_that_lead_out() {
    let folder =
        create_folder(&[("in/portal-lint.toml", ""), ("in/a.json", &clean_body()), ("other/b.json", &clean_body())]);
    let count_duplicate_names = |output: &Output| stdout(output).matches("RCP001").count();
    create_symlink("../other", &folder, "in/vendor");
    assert_eq!(count_duplicate_names(&run(folder.path(), &["check", "--format", "concise", "in/a.json"])), 0);
    fs::copy(folder.path().join("other/b.json"), folder.path().join("in/b.json")).expect("a file");
    assert_eq!(count_duplicate_names(&run(folder.path(), &["check", "--format", "concise", "in/a.json"])), 1);
}

#[test]
fn fix_writes_nothing_outside_the_project_or_the_named_folder() {
    for settings in [true, false] {
        let folder = create_folder(&[
            ("in/a.json", &fixable_body()),
            ("other/b.json", &fixable_body()),
            ("other/portal-lint.toml", ""),
        ]);
        if settings {
            fs::write(folder.path().join("in/portal-lint.toml"), "").expect("a file");
        }
        create_symlink("../other", &folder, "in/vendor");
        create_symlink("../other/b.json", &folder, "in/b.json");
        create_symlink("../other/b.json", &folder, "in/b.portal.json");
        let project = folder.path().join("in");
        // The symlink is found by a walk, named, below a named folder, or named with other files.
        for args in [&["."][..], &["b.json"], &["vendor/b.json"], &["./vendor/b.json"], &["a.json", "b.portal.json"]] {
            let output = run(&project, &[&["check", "--fix"], args].concat());
            assert_eq!(read_file(&folder, "other/b.json"), fixable_body(), "{args:?}");
            if args != ["."] {
                assert_eq!(exit_code(&output), 2, "{args:?} {}", stderr(&output));
                assert!(stderr(&output).contains("a symlink leads out of the project or the named folder"), "{args:?}");
            }
        }
        assert_eq!(read_file(&folder, "in/a.json"), clean_body());
        let output = run(folder.path(), &["check", "--fix", "in/b.json"]);
        if settings {
            assert_eq!((exit_code(&output), read_file(&folder, "other/b.json")), (2, fixable_body()));
        }
    }
}

#[test]
fn fix_writes_through_symlinks_that_stay_inside() {
    let folder = create_folder(&[
        ("real/a.json", &fixable_body()),
        ("around/deep/b.json", &fixable_body()),
        ("elsewhere/c.json", &fixable_body()),
    ]);
    create_symlink("real", &folder, "link");
    create_symlink("deep/b.json", &folder, "around/b.json");
    let absolute = folder.path().join("elsewhere/c.json");
    for (args, file) in [
        (&["link"][..], "real/a.json"),
        (&["around/b.json"], "around/deep/b.json"),
        (&[absolute.to_str().expect("a path")], "elsewhere/c.json"),
    ] {
        let output = run(folder.path(), &[&["check", "--fix"], args].concat());
        assert_eq!((exit_code(&output), read_file(&folder, file)), (0, clean_body()), "{args:?} {}", stderr(&output));
    }
    // A file outside the current folder, with settings from another folder.
    fs::write(folder.path().join("elsewhere/c.json"), fixable_body()).expect("a file");
    fs::write(folder.path().join("real/set.toml"), "").expect("a file");
    let output = run(&folder.path().join("real"), &["check", "--config", "set.toml", "--fix", "../elsewhere/c.json"]);
    assert_eq!((stderr(&output).as_str(), read_file(&folder, "elsewhere/c.json")), ("", clean_body()));
}

#[test]
fn init_does_not_write_through_a_symlink_that_leads_out() {
    let folder = create_folder(&[("in/x", ""), ("other/x", "")]);
    create_symlink("../other", &folder, "in/.github");
    let output = run(&folder.path().join("in"), &["init", "--github"]);
    assert_eq!(exit_code(&output), 2);
    assert!(stderr(&output).contains("a symlink leads out of the project"), "{}", stderr(&output));
    assert_eq!(crate::support::entries(&folder.path().join("other")).len(), 1);
    assert!(!folder.path().join("in/portal-lint.toml").exists());
    // An existing path is not overwritten, even a dangling symlink.
    create_symlink("../other/new.toml", &folder, "in/portal-lint.toml");
    assert_eq!(exit_code(&run(&folder.path().join("in"), &["init"])), 2);
    assert!(!folder.path().join("other/new.toml").exists());
}

#[test]
fn a_report_is_not_written_through_a_symlink_in_the_checked_folder() {
    let folder = create_folder(&[("in/a.json", &clean_body()), ("in/sub/x", ""), ("other/victim", "precious")]);
    create_symlink("../other/victim", &folder, "in/report.json");
    create_symlink("../other", &folder, "in/reports");
    create_symlink("report.json", &folder, "in/two.json");
    let project = folder.path().join("in");
    let absolute = project.join("report.json");
    for file in [
        "report.json",
        "./report.json",
        "two.json",
        "reports/victim",
        "reports/new.json",
        "sub/../reports/new.json",
        absolute.to_str().expect("a path"),
    ] {
        for paths in [&["."][..], &[], &["a.json"], &["sub", "a.json"]] {
            let output = run(&project, &[&["check", "--output", &format!("json={file}")], paths].concat());
            assert_eq!(exit_code(&output), 2, "{file} {paths:?}");
            assert!(stderr(&output).contains("is in the checked folder"), "{file} {}", stderr(&output));
        }
    }
    assert_eq!(read_file(&folder, "other/victim"), "precious");
    assert!(!folder.path().join("other/new.json").exists());
    // A symlink outside the checked folder was created by the user, who may write through it. The same holds for devices.
    create_symlink("other/victim", &folder, "mine.json");
    for file in ["mine.json", "/dev/stdout", "/dev/fd/1", "/dev/null"] {
        let output =
            run(folder.path(), &["check", "--format", "jsonl", "--output", &format!("json={file}"), "in/a.json"]);
        assert_eq!(exit_code(&output), 0, "{file} {}", stderr(&output));
        assert!(
            !file.ends_with(['t', '1']) || stdout(&output).contains("\"version\": 1"),
            "{file} {}",
            stdout(&output)
        );
    }
    assert!(read_file(&folder, "other/victim").contains("\"version\": 1"));
    assert!(fs::symlink_metadata(folder.path().join("mine.json")).expect("a link").is_symlink());
}

#[test]
fn a_report_is_not_written_through_a_symlink_in_the_repository() {
    let folder =
        create_folder(&[("repo/.git/HEAD", ""), ("repo/portals/a.json", &clean_body()), ("victim", "precious")]);
    create_symlink("../victim", &folder, "repo/report.sarif");
    let output = run(&folder.path().join("repo"), &["check", "--output", "sarif=report.sarif", "portals"]);
    assert_eq!((exit_code(&output), read_file(&folder, "victim").as_str()), (2, "precious"), "{}", stderr(&output));
    // For standard input without a name, the boundary is the repository of the current folder.
    for (project, file) in [("repo", "report.sarif"), ("repo/portals", "../report.sarif")] {
        let project = folder.path().join(project);
        let output =
            portal_lint(&project, &["check", "--output", &format!("sarif={file}"), "-"], clean_body().as_bytes());
        assert_eq!((exit_code(&output), read_file(&folder, "victim").as_str()), (2, "precious"), "{}", stderr(&output));
    }
}

#[test]
fn settings_cannot_name_a_snapshot_outside_the_repository() {
    let account = fs::read_to_string(crate::support::repository("fixtures/account.json")).expect("a snapshot");
    let secret = account.replace("\"version\": 1", "\"version\": \"CANARY\"");
    let folder = create_folder(&[
        ("repo/.git/HEAD", ""),
        ("repo/good.json", &account),
        ("repo/team/a.json", &clean_body()),
        ("secret.json", &secret),
    ]);
    create_symlink("../../secret.json", &folder, "repo/team/link.json");
    create_symlink("../..", &folder, "repo/team/up");
    let absolute = folder.path().join("secret.json");
    let absolute = absolute.to_str().expect("a path");
    let check = |account: &str| {
        fs::write(folder.path().join("repo/team/portal-lint.toml"), format!("account = {account:?}\n"))
            .expect("a file");
        run(&folder.path().join("repo"), &["check", "--format", "concise", "team"])
    };
    for outside in
        ["link.json", "up/secret.json", "../../secret.json", absolute, "no/such/../../../../secret.json", "/dev/fd/0"]
    {
        let output = check(outside);
        assert_eq!(exit_code(&output), 1, "{outside} {}", stdout(&output));
        assert!(
            stdout(&output).contains("portal-lint.toml:1:11: error[RCP914] `account` is outside the"),
            "{}",
            stdout(&output)
        );
        assert!(!stdout(&output).contains("CANARY") && !stdout(&output).contains("secret.json"), "{}", stdout(&output));
    }
    let output = check("../good.json");
    assert!(!stdout(&output).contains("RCP914"), "{}", stdout(&output));
    // Without a repository, the project is the boundary.
    fs::remove_dir_all(folder.path().join("repo/.git")).expect("a folder");
    assert!(stdout(&check("../good.json")).contains("RCP914"));
    // An argument of the program may name any file.
    let output =
        run(folder.path(), &["check", "--isolated", "--format", "concise", "--account", "secret.json", "repo/team"]);
    assert!(stdout(&output).contains("secret.json"), "{}", stdout(&output));
}
