//! A reader that closes its pipe early changes neither the exit code nor the files that are written.

use std::fs;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::program::{clean_body, create_folder, portal_lint, stdout_json};

/// The write end of a pipe whose reader is already closed.
fn closed_pipe() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    Stdio::from(OwnedFd::from(writer))
}

/// Which outputs of the program are closed.
#[derive(Clone, Copy, Debug)]
enum Closed {
    Stdout,
    Stderr,
    Both,
}

/// Runs the program with closed outputs and returns its exit code.
fn exit_code_with(closed: Closed, folder: &Path, args: &[&str], stdin: &str) -> Option<i32> {
    let pipe_or_null = |is_closed: bool| if is_closed { closed_pipe() } else { Stdio::null() };
    let mut child = Command::new(env!("CARGO_BIN_EXE_portal-lint"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(pipe_or_null(!matches!(closed, Closed::Stderr)))
        .stderr(pipe_or_null(!matches!(closed, Closed::Stdout)))
        .spawn()
        .expect("the program starts");
    // The write fails if the program exits without reading standard input.
    let _ = child.stdin.take().expect("a pipe").write_all(stdin.as_bytes());
    child.wait().expect("the program ends").code()
}

/// A folder of portals with and without findings. The findings of `many.json` take more than one write.
fn portal_folder() -> tempfile::TempDir {
    let error = clean_body().replace("\"Acme Subscription Portal\"", "\"\"");
    let warning = clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let fixable =
        clean_body().replace("\"P9dRk2XyM5vHs8LqT1Fz\"", "\"P9dRk2XyM5vHs8LqT1Fz\", \"P9dRk2XyM5vHs8LqT1Fz\"");
    let unknown: Vec<String> = (0..500).map(|number| format!("\"strange{number}\": 1, ")).collect();
    let unknown = unknown.concat();
    let many = clean_body().replacen('{', &format!("{{ {unknown}"), 1);
    let edit = "{ \"customer_portal_id\": \"Zb4Nf8QwR2sXk6LmT0Vy\", \"display_name\": \"Acme\" }";
    create_folder(&[
        ("clean.json", &clean_body()),
        ("edit.json", edit),
        ("error.json", &error),
        ("warning.json", &warning),
        ("fixable.json", &fixable),
        ("many.json", &many),
        ("broken.json", "{"),
    ])
}

#[test]
fn a_closed_pipe_does_not_change_the_exit_code() {
    let cases: [(&[&str], i32); 26] = [
        (&["check", "clean.json"], 0),
        (&["check", "error.json"], 1),
        (&["check", "many.json"], 1),
        (&["check", "many.json", "--format", "json"], 1),
        (&["check", "many.json", "--statistics", "--format", "sarif"], 1),
        (&["check", "warning.json", "--fail-on", "warning", "--verbose"], 1),
        (&["check", "broken.json"], 1),
        (&["check", "missing.json"], 2),
        (&["check", "error.json", "missing.json"], 2),
        (&["check", "--select", "RCP999", "error.json"], 2),
        (&["check", "fixable.json", "--diff"], 1),
        (&["check", "many.json", "--diff"], 0),
        (&["check", "-", "--fix"], 1),
        (&["preflight", "many.json"], 1),
        (&["preflight", "many.json", "--format", "html"], 1),
        (&["preflight", "clean.json"], 0),
        (&["preflight", "clean.json", "--strict"], 1),
        (&["explain", "RCP012"], 0),
        (&["explain", "RCP999"], 2),
        (&["rules", "--format", "json"], 0),
        (&["render", "error.json"], 1),
        (&["schema", "create"], 0),
        (&["completions", "bash"], 0),
        (&["man", "check"], 0),
        (&["check", "--help"], 0),
        (&["check", "--unknown"], 2),
    ];
    let folder = portal_folder();
    let stdin = fs::read_to_string(folder.path().join("many.json")).expect("a file");
    for (args, expected) in cases {
        let exit_code = portal_lint(folder.path(), args, stdin.as_bytes()).status.code();
        assert_eq!(exit_code, Some(expected), "{args:?}");
        for closed in [Closed::Stdout, Closed::Stderr, Closed::Both] {
            assert_eq!(exit_code_with(closed, folder.path(), args, &stdin), Some(expected), "{closed:?} {args:?}");
        }
    }
}

#[test]
fn files_are_written_in_spite_of_a_closed_pipe() {
    for closed in [Closed::Stdout, Closed::Stderr, Closed::Both] {
        let folder = portal_folder();
        let check =
            ["check", "many.json", "fixable.json", "--fix", "--output=json=report.json", "--output=junit=a.xml"];
        assert_eq!(exit_code_with(closed, folder.path(), &check, ""), Some(1), "{closed:?}");
        let report = fs::read(folder.path().join("report.json")).expect("a report");
        let report: serde_json::Value = serde_json::from_slice(&report).expect("JSON");
        assert!(report["summary"]["errors"].as_u64() >= Some(500), "{closed:?}");
        assert!(fs::read_to_string(folder.path().join("a.xml")).expect("a report").ends_with("</testsuites>\n"));
        let left = stdout_json(&portal_lint(folder.path(), &["check", "--format=json", "fixable.json"], &[]));
        assert_eq!(left["summary"]["fixable"], 0, "{closed:?}");

        fs::create_dir(folder.path().join(".git")).expect("a folder");
        let init = ["init", "--pre-commit", "--github", "--gitlab"];
        assert_eq!(exit_code_with(closed, folder.path(), &init, ""), Some(0), "{closed:?}");
        for file in
            ["portal-lint.toml", ".pre-commit-config.yaml", ".github/workflows/portal-lint.yml", ".gitlab-ci.yml"]
        {
            assert!(folder.path().join(file).exists(), "{closed:?} {file}");
        }
    }
}

#[test]
fn a_report_to_a_closed_pipe_is_no_error() {
    let folder = portal_folder();
    let check = ["check", "many.json", "--output=json=/dev/stdout", "--output=json=report.json"];
    assert_eq!(exit_code_with(Closed::Stdout, folder.path(), &check, ""), Some(1));
    assert!(folder.path().join("report.json").exists());
}
