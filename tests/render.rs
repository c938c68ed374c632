//! The `render` command: the request body it prints, or why it prints none.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use support::program::{clean, code, err, folder, json, out, portal_lint};
use support::repository;

/// Runs `render` with only these environment variables set.
fn run_render(folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> Output {
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
fn the_body_is_json_with_the_variables_filled_in() {
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    let folder = folder(&[("a.json", &clean()), ("a.yaml", &yaml.replace("---\n", "---\n$schema: x\n"))]);
    for name in ["a.json", "a.yaml"] {
        let output = run_render(folder.path(), &[name], &KEYS);
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
fn files_with_errors_or_unset_variables_are_not_rendered() {
    let broken = clean().replace("{{email_code}}", "code");
    let folder = folder(&[("a.json", &clean()), ("bad.json", &broken), ("note.json", "{}")]);
    let output = run_render(folder.path(), &["bad.json"], &KEYS);
    assert_eq!((code(&output), out(&output)), (1, String::new()));
    assert!(err(&output).contains("RCP012") && !err(&output).contains("warning"), "{}", err(&output));

    let output = run_render(folder.path(), &["a.json"], &KEYS[..1]);
    assert_eq!((code(&output), out(&output)), (2, String::new()));
    assert!(err(&output).contains("`RECAPTCHA_SECRET_KEY` is not set"), "{}", err(&output));

    // The values of variables are checked as well, and a secret in them is masked.
    let output = run_render(folder.path(), &["a.json"], &[KEYS[0], ("RECAPTCHA_SECRET_KEY", KEYS[0].1)]);
    assert_eq!((code(&output), out(&output)), (1, String::new()));
    assert!(err(&output).contains("RCP105") && !err(&output).contains("CANARY"), "{}", err(&output));

    for (args, expected) in [
        (&["missing.json"][..], "RCP900"),
        (&["."][..], "name one file"),
        (&["note.json"][..], "RCP903"),
        (&["a.json", "--document", "1"][..], "document 1 is no portal"),
    ] {
        let output = run_render(folder.path(), args, &KEYS);
        assert!(matches!(code(&output), 1 | 2), "{args:?}");
        assert!(out(&output).is_empty() && err(&output).contains(expected), "{args:?}: {}", err(&output));
    }
}

#[test]
fn the_selected_portal_of_several_is_rendered() {
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    let second = yaml.replace("name: Acme", "name: Second Acme");
    let export = fs::read_to_string(repository("fixtures/clean/export.json")).expect("a clean body");
    let folder = folder(&[("two.yaml", &format!("{yaml}{second}")), ("export.json", &export)]);
    let output = run_render(folder.path(), &["two.yaml"], &KEYS);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("2 portals: say which with --document (`0` and `1`"), "{}", err(&output));
    let output = run_render(folder.path(), &["two.yaml", "--document", "1"], &KEYS);
    assert!(json(&output)["name"].as_str().is_some_and(|name| name.starts_with("Second")), "{}", err(&output));
    let output = run_render(folder.path(), &["export.json"], &KEYS);
    assert_eq!(code(&output), 2, "{}", err(&output));
    assert!(err(&output).contains("an export"), "{}", err(&output));
}

#[test]
fn allowed_findings_do_not_prevent_rendering_but_duplicate_names_do() {
    let portal = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    let made_up = portal.replacen("RjV7N70LRjEiEsY4Za5b", "XXXXXXXXXXXXXXXXXXXX", 1);
    let folder = folder(&[("portal-lint.toml", ""), ("a.yaml", &made_up)]);
    let refused = run_render(folder.path(), &["a.yaml"], &KEYS);
    assert_eq!((code(&refused), out(&refused).as_str()), (1, ""));
    let allowed =
        made_up.replace("    - XXXX", "    # portal-lint: allow placeholder -- the shop comes later\n    - XXXX");
    fs::write(folder.path().join("a.yaml"), allowed).expect("written");
    let rendered = run_render(folder.path(), &["a.yaml"], &KEYS);
    assert_eq!((code(&rendered), err(&rendered).as_str()), (0, ""));
    // The other portal of the project has the same name.
    fs::write(folder.path().join("b.yaml"), portal).expect("written");
    let duplicate = run_render(folder.path(), &["a.yaml"], &KEYS);
    assert_eq!(code(&duplicate), 1);
    assert!(err(&duplicate).contains("RCP001"), "{}", err(&duplicate));
}
