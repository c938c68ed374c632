//! The arguments of the program: names of files are no options, and an option may be given twice.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fs;

use portal_lint::cli::definitions;
use support::program::{clean, code, err, folder, json, out, portal_lint};

/// A file with this text must stay as it is.
const UNTOUCHED: &str = "untouched\n";

#[test]
fn the_name_of_a_file_is_never_an_option() {
    // The arguments, one of them the name of a file that is there.
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
        let folder = folder(&[("a.json", &clean()), (name, &clean()), ("x/config.json", UNTOUCHED)]);
        let output = portal_lint(folder.path(), args, &[]);
        assert_eq!((code(&output), out(&output)), (2, String::new()), "{args:?}");
        let expected = format!("portal-lint: `{name}` reads as an option and is the name of a file: write `--` before");
        assert!(err(&output).starts_with(&expected) && err(&output).lines().count() == 1, "{}", err(&output));
        assert_eq!(fs::read_to_string(folder.path().join("x/config.json")).expect("a file"), UNTOUCHED, "{args:?}");
        assert!(!folder.path().join("portal-lint.toml").exists(), "{args:?}");
    }
}

#[test]
#[cfg(unix)]
fn a_link_that_leads_nowhere_is_a_name_as_well() {
    let folder = folder(&[("a.json", &clean())]);
    std::os::unix::fs::symlink("nowhere", folder.path().join("--quiet")).expect("a link");
    assert_eq!(code(&portal_lint(folder.path(), &["check", "--quiet", "a.json"], &[])), 2);
}

#[test]
fn behind_two_dashes_or_a_folder_every_name_is_a_file() {
    let names = ["--output=json=x/config.json", "--fix", "-q"];
    let mut files = vec![("x/config.json", UNTOUCHED)];
    let text = clean();
    files.extend(names.map(|name| (name, text.as_str())));
    let folder = folder(&files);
    for name in names {
        for args in
            [&["check", "--format", "json", "--", name][..], &["check", "--format", "json", &format!("./{name}")]]
        {
            let output = portal_lint(folder.path(), args, &[]);
            assert_eq!(json(&output)["summary"]["files"], 1, "{args:?} {}", err(&output));
        }
    }
    assert_eq!(fs::read_to_string(folder.path().join("x/config.json")).expect("a file"), UNTOUCHED);
    // Standard input is no name of a file.
    assert_eq!(code(&portal_lint(folder.path(), &["check", "-"], clean().as_bytes())), 0);
}

#[test]
fn of_an_option_that_takes_one_value_the_last_one_holds() {
    let folder = folder(&[("a.json", &clean().replace("\"Acme Subscription Portal\"", "\"\""))]);
    let check = |args: &[&str]| portal_lint(folder.path(), &[&["check", "a.json"], args].concat(), &[]);
    assert!(out(&check(&["--format", "json", "--format=concise"])).starts_with("a.json:2:"));
    assert_eq!(code(&check(&["--fail-on=error", "--fail-on", "advice", "--quiet", "--quiet", "-q"])), 1);
    assert_eq!(code(&check(&["--threads=1", "--threads=2", "--color", "always", "--color=never"])), 1);
    // What can be given several times still adds up.
    let both = check(&["--output=json=one.json", "--output", "concise=two.txt", "--select=RCP002", "--select=RCP001"]);
    assert_eq!(code(&both), 1);
    assert!(folder.path().join("one.json").exists() && folder.path().join("two.txt").exists());
    // What cannot go together still does not.
    assert_eq!(code(&check(&["--quiet", "--verbose"])), 2);
    assert_eq!(code(&check(&["--isolated", "--isolated", "--config=x.toml"])), 2);
}

#[test]
fn every_option_may_be_given_twice() {
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
            let typed = match option.get_possible_values().first() {
                _ if !option.get_action().takes_values() => format!("--{id}").replace('_', "-"),
                Some(first) => format!("--{}={}", option.get_long().unwrap_or_default(), first.get_name()),
                None => format!("--{}={value}", option.get_long().unwrap_or_default()),
            };
            let args = [&["portal-lint"], &path[..], &[&typed, &typed]].concat();
            if let Err(error) = definitions().try_get_matches_from(args) {
                assert_ne!(error.kind(), clap::error::ErrorKind::ArgumentConflict, "{path:?} {typed}: {error}");
            }
        }
        for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
            commands.push(([&path[..], &[below.get_name()]].concat(), below));
        }
    }
}
