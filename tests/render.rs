//! `render` from outside: the body, or why there is none.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use support::program::{clean, code, err, folder, json, out, portal_lint};
use support::repository;

/// The body that `render` prints, with these variables set.
fn rendered(folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_portal-lint"))
        .arg("render")
        .args(args)
        .current_dir(folder)
        .env_remove("RECAPTCHA_SITE_KEY")
        .env_remove("RECAPTCHA_SECRET_KEY")
        .envs(variables.iter().copied())
        .output()
        .expect("the program runs")
}

const KEYS: [(&str, &str); 2] = [
    ("RECAPTCHA_SITE_KEY", "6LcCANARYsiteCANARYsiteCANARYsiteCANARY1"),
    ("RECAPTCHA_SECRET_KEY", "6LcCANARYsecretCANARYsecretCANARYsecret1"),
];

#[test]
fn a_rendered_body_is_the_json_to_submit_with_the_variables_filled_in() {
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    let folder = folder(&[("a.json", &clean()), ("a.yaml", &yaml.replace("---\n", "---\n$schema: x\n"))]);
    for name in ["a.json", "a.yaml"] {
        let output = rendered(folder.path(), &[name], &KEYS);
        assert_eq!((code(&output), err(&output)), (0, String::new()), "{name}");
        let body = json(&output);
        assert_eq!(body["recaptcha"]["secret_key"], KEYS[1].1);
        assert!(body.get("$schema").is_none());
        assert!(out(&output).starts_with("{\n  \"name\": "), "{}", out(&output));
        fs::write(folder.path().join("rendered.json"), &output.stdout).expect("a file");
        let again = portal_lint(folder.path(), &["check", "rendered.json"], b"");
        assert_eq!(code(&again), 0, "{}", out(&again));
    }
}

#[test]
fn nothing_is_rendered_of_a_file_with_an_error_or_a_variable_without_a_value() {
    let broken = clean().replace("{{email_code}}", "code");
    let folder = folder(&[("a.json", &clean()), ("bad.json", &broken), ("note.json", "{}")]);
    let output = rendered(folder.path(), &["bad.json"], &KEYS);
    assert_eq!((code(&output), out(&output)), (1, String::new()));
    assert!(err(&output).contains("RCP012") && !err(&output).contains("warning"), "{}", err(&output));

    let output = rendered(folder.path(), &["a.json"], &KEYS[..1]);
    assert_eq!((code(&output), out(&output)), (2, String::new()));
    assert!(err(&output).contains("`RECAPTCHA_SECRET_KEY` is not set"), "{}", err(&output));

    // What a variable brings in is checked as well, and a secret stays one.
    let output = rendered(folder.path(), &["a.json"], &[KEYS[0], ("RECAPTCHA_SECRET_KEY", KEYS[0].1)]);
    assert_eq!((code(&output), out(&output)), (1, String::new()));
    assert!(err(&output).contains("RCP105") && !err(&output).contains("CANARY"), "{}", err(&output));

    for (args, words) in [
        (&["missing.json"][..], "RCP900"),
        (&["."][..], "name one file"),
        (&["note.json"][..], "RCP903"),
        (&["a.json", "--document", "1"][..], "document 1 is no portal"),
    ] {
        let output = rendered(folder.path(), args, &KEYS);
        assert!(matches!(code(&output), 1 | 2), "{args:?}");
        assert!(out(&output).is_empty() && err(&output).contains(words), "{args:?}: {}", err(&output));
    }
}

#[test]
fn of_several_portals_the_one_that_was_asked_for_is_rendered() {
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    let second = yaml.replace("name: Acme", "name: Second Acme");
    let export = fs::read_to_string(repository("fixtures/clean/export.json")).expect("a clean body");
    let folder = folder(&[("two.yaml", &format!("{yaml}{second}")), ("export.json", &export)]);
    let output = rendered(folder.path(), &["two.yaml"], &KEYS);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("2 portals: say which with --document (`0` and `1`"), "{}", err(&output));
    let output = rendered(folder.path(), &["two.yaml", "--document", "1"], &KEYS);
    assert!(json(&output)["name"].as_str().is_some_and(|name| name.starts_with("Second")), "{}", err(&output));
    let output = rendered(folder.path(), &["export.json"], &KEYS);
    assert_eq!(code(&output), 2, "{}", err(&output));
    assert!(err(&output).contains("an export"), "{}", err(&output));
}

#[test]
fn what_is_allowed_is_rendered_and_a_name_that_is_taken_is_not() {
    let portal = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    let made_up = portal.replacen("RjV7N70LRjEiEsY4Za5b", "XXXXXXXXXXXXXXXXXXXX", 1);
    let folder = folder(&[("portal-lint.toml", ""), ("a.yaml", &made_up)]);
    let refused = rendered(folder.path(), &["a.yaml"], &KEYS);
    assert_eq!((code(&refused), out(&refused).as_str()), (1, ""));
    let allowed =
        made_up.replace("    - XXXX", "    # portal-lint: allow placeholder -- the shop comes later\n    - XXXX");
    fs::write(folder.path().join("a.yaml"), allowed).expect("written");
    let done = rendered(folder.path(), &["a.yaml"], &KEYS);
    assert_eq!((code(&done), err(&done).as_str()), (0, ""));
    fs::write(folder.path().join("b.yaml"), portal).expect("written");
    let taken = rendered(folder.path(), &["a.yaml"], &KEYS);
    assert_eq!(code(&taken), 1);
    assert!(err(&taken).contains("RCP001"), "{}", err(&taken));
}
