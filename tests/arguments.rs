//! Command-line arguments: file names that start with dashes, and options that are given twice.
//!
//! A repository can contain a file called `--output=json=config.json`. When a hook or a glob passes its name, the program must not
//! take it for an option and overwrite a file.

use std::fs;

use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout, stdout_json};
use portal_lint::cli::definitions;

/// The text of a file that no run may change.
const UNTOUCHED: &str = "untouched\n";

#[test]
fn an_option_that_is_also_the_name_of_a_file_is_refused() {
    // In each case one argument is also the name of an existing file.
    let cases: [&[&str]; 16] = [
        &["check", "--output=json=x/config.json"],
        &["check", "a.json", "--output=json=x/config.json"],
        &["check", "--force-exclude", "--output=json=x/config.json", "a.json"],
        &["check", "--fix", "a.json"],
        &["check", "-q"],
        &["check", "--config=x/config.json"],
        &["check", "--unsafe-fixes.json"],
        &["check", "-.json"],
        &["preflight", "--format=json"],
        &["preflight", "--strict", "a.json"],
        &["render", "--openapi=x/config.json"],
        &["account", "pull", "--output=x/config.json"],
        &["init", "--github"],
        &["explain", "RCP001", "--color=always"],
        &["rules", "--format=json"],
        &["--help"],
    ];
    for args in cases {
        let name = *args.iter().find(|arg| arg.starts_with('-') && **arg != "--force-exclude").expect("an option");
        let folder = create_folder(&[("a.json", &clean_body()), (name, &clean_body()), ("x/config.json", UNTOUCHED)]);
        let output = portal_lint(folder.path(), args, &[]);
        assert_eq!((exit_code(&output), stdout(&output)), (2, String::new()), "{args:?}");
        let expected =
            format!("portal-lint: `{name}` looks like an option and is the name of a file: write `--` before");
        assert!(stderr(&output).starts_with(&expected) && stderr(&output).lines().count() == 1, "{}", stderr(&output));
        assert_eq!(fs::read_to_string(folder.path().join("x/config.json")).expect("a file"), UNTOUCHED, "{args:?}");
        assert!(!folder.path().join("portal-lint.toml").exists(), "{args:?}");
    }
}

#[test]
#[cfg(unix)]
fn an_option_that_is_also_the_name_of_a_dangling_symlink_is_refused() {
    let folder = create_folder(&[("a.json", &clean_body())]);
    std::os::unix::fs::symlink("nowhere", folder.path().join("--quiet")).expect("a link");
    assert_eq!(exit_code(&portal_lint(folder.path(), &["check", "--quiet", "a.json"], &[])), 2);
}

#[test]
fn names_after_two_dashes_or_a_folder_are_files() {
    let names = ["--output=json=x/config.json", "--fix", "-q"];
    let mut files = vec![("x/config.json", UNTOUCHED)];
    let text = clean_body();
    files.extend(names.map(|name| (name, text.as_str())));
    let folder = create_folder(&files);
    for name in names {
        for args in
            [&["check", "--format", "json", "--", name][..], &["check", "--format", "json", &format!("./{name}")]]
        {
            let output = portal_lint(folder.path(), args, &[]);
            assert_eq!(stdout_json(&output)["summary"]["files"], 1, "{args:?} {}", stderr(&output));
        }
    }
    assert_eq!(fs::read_to_string(folder.path().join("x/config.json")).expect("a file"), UNTOUCHED);
    // `-` is standard input, not a file name.
    assert_eq!(exit_code(&portal_lint(folder.path(), &["check", "-"], clean_body().as_bytes())), 0);
}

#[test]
fn the_last_value_of_a_repeated_option_applies() {
    let folder = create_folder(&[("a.json", &clean_body().replace("\"Acme Subscription Portal\"", "\"\""))]);
    let check = |args: &[&str]| portal_lint(folder.path(), &[&["check", "a.json"], args].concat(), &[]);
    assert!(stdout(&check(&["--format", "json", "--format=concise"])).starts_with("a.json:2:"));
    assert_eq!(exit_code(&check(&["--fail-on=error", "--fail-on", "advice", "--quiet", "--quiet", "-q"])), 1);
    assert_eq!(exit_code(&check(&["--threads=1", "--threads=2", "--color", "always", "--color=never"])), 1);
    // Options with several values still accumulate.
    let output =
        check(&["--output=json=one.json", "--output", "concise=two.txt", "--select=RCP002", "--select=RCP001"]);
    assert_eq!(exit_code(&output), 1);
    assert!(folder.path().join("one.json").exists() && folder.path().join("two.txt").exists());
    // Conflicting options are still refused.
    assert_eq!(exit_code(&check(&["--quiet", "--verbose"])), 2);
    assert_eq!(exit_code(&check(&["--isolated", "--isolated", "--config=x.toml"])), 2);
}

#[test]
fn every_option_can_be_repeated() {
    let mut program = definitions();
    program.build();
    let mut commands = vec![(vec![], &program)];
    while let Some((path, command)) = commands.pop() {
        for option in command.get_arguments().filter(|option| option.get_long().is_some()) {
            let id = option.get_id().as_str();
            if matches!(id, "help" | "version") {
                continue;
            }
            let value = match id {
                "format" | "output" => "json=a",
                "threads" | "document" | "probe_timeout" | "run_timeout" => "1",
                _ => "never",
            };
            let argument = match option.get_possible_values().first() {
                _ if !option.get_action().takes_values() => format!("--{id}").replace('_', "-"),
                Some(first) => format!("--{}={}", option.get_long().unwrap_or_default(), first.get_name()),
                None => format!("--{}={value}", option.get_long().unwrap_or_default()),
            };
            let args = [&["portal-lint"], &path[..], &[&argument, &argument]].concat();
            if let Err(error) = definitions().try_get_matches_from(args) {
                assert_ne!(error.kind(), clap::error::ErrorKind::ArgumentConflict, "{path:?} {argument}: {error}");
            }
        }
        for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
            commands.push(([&path[..], &[subcommand.get_name()]].concat(), subcommand));
        }
    }
}
