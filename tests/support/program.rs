//! Runs of the program in a folder, and what they print.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

use super::repository;

/// The formats of `check`.
pub const REPORT_FORMATS: [&str; 12] = [
    "human",
    "concise",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "checkstyle",
    "rdjson",
    "markdown",
    "agent",
];

/// Runs the program in a folder.
pub fn portal_lint(folder: &Path, args: &[&str], stdin: &[u8]) -> Output {
    portal_lint_with_env(folder, args, &[], stdin)
}

/// Runs the program in a folder, with these environment variables added.
pub fn portal_lint_with_env(folder: &Path, args: &[&str], variables: &[(&str, &str)], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_portal-lint"))
        .args(args)
        .envs(variables.iter().copied())
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // The write fails if the program ends without reading its input.
    let _ = child.stdin.take().expect("a pipe").write_all(stdin);
    child.wait_with_output().expect("the program ends")
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

pub fn exit_code(output: &Output) -> i32 {
    output.status.code().expect("it was not killed")
}

pub fn stdout_json(output: &Output) -> Json {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stdout(output)))
}

/// A CreateCustomerPortal body without findings.
pub fn clean_body() -> String {
    fs::read_to_string(repository("fixtures/clean/create.json")).expect("a clean body")
}

/// Creates a temporary folder with files, given by relative path and text.
pub fn create_folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}
