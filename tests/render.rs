//! The `render` command: the request body it prints, or why it prints none.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::json::finding_codes;
use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout, stdout_json};
use crate::support::repository;

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
    let folder = create_folder(&[("a.json", &clean_body()), ("a.yaml", &yaml.replace("---\n", "---\n$schema: x\n"))]);
    for name in ["a.json", "a.yaml"] {
        let output = run_render(folder.path(), &[name], &KEYS);
        assert_eq!((exit_code(&output), stderr(&output)), (0, String::new()), "{name}");
        let body = stdout_json(&output);
        assert_eq!(body["recaptcha"]["secret_key"], KEYS[1].1);
        assert!(body.get("$schema").is_none());
        assert!(stdout(&output).starts_with("{\n  \"name\": "), "{}", stdout(&output));
        fs::write(folder.path().join("rendered.json"), &output.stdout).expect("a file");
        let again = portal_lint(folder.path(), &["check", "rendered.json"], b"");
        assert_eq!(exit_code(&again), 0, "{}", stdout(&again));
    }
}

#[test]
fn numbers_of_yaml_are_rendered_as_numbers_of_json() {
    let allow = "# portal-lint: allow unknown-field -- a field of the beta, agreed with support\n";
    let text = format!(
        "customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\n{allow}priority: +5\n{allow}weights: [0x1F, 0o17, .5, 1., 0123, -1.e3]\n"
    );
    let folder = create_folder(&[("a.yaml", &text)]);
    let output = run_render(folder.path(), &["a.yaml"], &[]);
    assert_eq!((exit_code(&output), stderr(&output)), (0, String::new()));
    let body = stdout_json(&output);
    assert_eq!((&body["priority"], &body["weights"]), (&5.into(), &serde_json::json!([31, 15, 0.5, 1, 123, -1e3])));
}

#[test]
fn a_number_that_json_parsers_read_as_infinity_is_one_finding_and_not_rendered() {
    let digits = format!("-1{}", "0".repeat(400));
    for (name, text, numbers) in [
        (
            "a.yaml",
            "customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\nenabled: VALUE\n".to_owned(),
            [".inf", "-1e400", &digits],
        ),
        ("a.json", clean_body().replace("\"enabled\": false", "\"enabled\": VALUE"), ["1e400", "-1e400", &digits]),
    ] {
        for number in numbers {
            let folder = create_folder(&[(name, &text.replace("VALUE", number))]);
            let check = portal_lint(folder.path(), &["check", "--isolated", "--format", "json", name], b"");
            let report = stdout_json(&check);
            assert_eq!(finding_codes(&report), ["RCP901"], "{number}");
            let span = &report["diagnostics"][0]["span"];
            let start = text.find("VALUE").expect("the place of the number");
            assert_eq!(
                (&span["start"]["offset"], &span["end"]["offset"]),
                (&start.into(), &(start + number.len()).into())
            );
            assert_eq!(exit_code(&run_render(folder.path(), &[name], &KEYS)), 1, "{number}");
        }
    }
}

#[test]
fn a_file_that_passes_the_check_is_rendered() {
    let id = "customer_portal_id: Zb4Nf8QwR2sXk6LmT0Vy\n";
    let allow = "# portal-lint: allow unknown-field -- a field of the beta, agreed with support\n";
    for text in [
        format!("{id}description: \"Cards\\x7f and contacts\"\n"),
        format!("{id}description: \"Cards\x7f and contacts\"\n"),
        format!("{id}{allow}priority: 1e308\n"),
        format!("{id}{allow}note: \"${{KEY}}\"\n{allow}priority: 1e-400\n{allow}text: \"\\x7f\\x9f\"\n"),
    ] {
        let folder = create_folder(&[("a.yaml", &text)]);
        let check = portal_lint(folder.path(), &["check", "a.yaml"], b"");
        let output = run_render(folder.path(), &["a.yaml"], &[("KEY", "a value")]);
        assert_eq!(exit_code(&output), exit_code(&check), "{text}: {}{}", stdout(&check), stderr(&output));
    }
}

#[test]
fn files_with_errors_or_unset_variables_are_not_rendered() {
    let broken = clean_body().replace("{{email_code}}", "code");
    let folder = create_folder(&[("a.json", &clean_body()), ("bad.json", &broken), ("note.json", "{}")]);
    let output = run_render(folder.path(), &["bad.json"], &KEYS);
    assert_eq!((exit_code(&output), stdout(&output)), (1, String::new()));
    assert!(stderr(&output).contains("RCP012") && !stderr(&output).contains("warning"), "{}", stderr(&output));

    let output = run_render(folder.path(), &["a.json"], &KEYS[..1]);
    assert_eq!((exit_code(&output), stdout(&output)), (2, String::new()));
    assert!(stderr(&output).contains("`RECAPTCHA_SECRET_KEY` is not set"), "{}", stderr(&output));

    // The values of variables are checked as well, and a secret in them is masked.
    let output = run_render(folder.path(), &["a.json"], &[KEYS[0], ("RECAPTCHA_SECRET_KEY", KEYS[0].1)]);
    assert_eq!((exit_code(&output), stdout(&output)), (1, String::new()));
    assert!(stderr(&output).contains("RCP105") && !stderr(&output).contains("CANARY"), "{}", stderr(&output));

    for (args, expected) in [
        (&["missing.json"][..], "RCP900"),
        (&["."][..], "name one file"),
        (&["note.json"][..], "RCP903"),
        (&["a.json", "--document", "0"][..], "documents are counted from 1"),
        (&["a.json", "--document", "2"][..], "document 2 is not a portal; the portals are `1`"),
    ] {
        let output = run_render(folder.path(), args, &KEYS);
        assert!(matches!(exit_code(&output), 1 | 2), "{args:?}");
        assert!(stdout(&output).is_empty() && stderr(&output).contains(expected), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn the_selected_portal_of_several_is_rendered() {
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    let second = yaml.replace("name: Acme", "name: Second Acme");
    let export = fs::read_to_string(repository("fixtures/clean/export.json")).expect("a clean body");
    let folder = create_folder(&[("two.yaml", &format!("{yaml}{second}")), ("export.json", &export)]);
    let output = run_render(folder.path(), &["two.yaml"], &KEYS);
    assert_eq!(exit_code(&output), 2);
    assert!(stderr(&output).contains("2 portals: select one with --document (`1` and `2`"), "{}", stderr(&output));
    let output = run_render(folder.path(), &["two.yaml", "--document", "2"], &KEYS);
    assert!(
        stdout_json(&output)["name"].as_str().is_some_and(|name| name.starts_with("Second")),
        "{}",
        stderr(&output)
    );
    let output = run_render(folder.path(), &["export.json"], &KEYS);
    assert_eq!(exit_code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("an export"), "{}", stderr(&output));
}

#[test]
fn allowed_findings_do_not_prevent_rendering_but_duplicate_names_do() {
    let portal = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    let made_up = portal.replacen("RjV7N70LRjEiEsY4Za5b", "XXXXXXXXXXXXXXXXXXXX", 1);
    let folder = create_folder(&[("portal-lint.toml", ""), ("a.yaml", &made_up)]);
    let refused = run_render(folder.path(), &["a.yaml"], &KEYS);
    assert_eq!((exit_code(&refused), stdout(&refused).as_str()), (1, ""));
    let allowed =
        made_up.replace("    - XXXX", "    # portal-lint: allow placeholder -- the shop comes later\n    - XXXX");
    fs::write(folder.path().join("a.yaml"), allowed).expect("written");
    let rendered = run_render(folder.path(), &["a.yaml"], &KEYS);
    assert_eq!((exit_code(&rendered), stderr(&rendered).as_str()), (0, ""));
    // The other portal of the project has the same name.
    fs::write(folder.path().join("b.yaml"), portal).expect("written");
    let duplicate = run_render(folder.path(), &["a.yaml"], &KEYS);
    assert_eq!(exit_code(&duplicate), 1);
    assert!(stderr(&duplicate).contains("RCP001"), "{}", stderr(&duplicate));
}

#[test]
fn a_value_that_looks_like_a_variable_is_checked_and_rendered_as_it_is() {
    let folder = create_folder(&[("a.json", &clean_body())]);
    let secret = ("RECAPTCHA_SECRET_KEY", "${RECAPTCHA_SITE_KEY}");
    let output = run_render(folder.path(), &["a.json"], &[KEYS[0], secret]);
    assert_eq!(stdout_json(&output)["recaptcha"]["secret_key"], secret.1);
    let text = clean_body().replace("P9dRk2XyM5vHs8LqT1Fz", "${CAMPAIGN}");
    fs::write(folder.path().join("a.json"), text).expect("written");
    let output = run_render(folder.path(), &["a.json"], &[KEYS[0], KEYS[1], ("CAMPAIGN", "${OTHER}")]);
    assert_eq!((exit_code(&output), stdout(&output)), (1, String::new()));
    assert!(stderr(&output).contains("RCP018"), "{}", stderr(&output));
}

#[test]
fn a_bound_document_of_several_is_rendered() {
    const ID: &str = "exD0myCXTaMte0mTOOY3";
    let second = clean_body()
        .replace("Acme Subscription Portal", "Acme Wholesale Portal")
        .replace("P9dRk2XyM5vHs8LqT1Fz", "qK57gdRzH4EI57OFDnbT")
        .replace("Manage Your Acme Subscription", "Your Acme Wholesale Account");
    let snapshot = format!(
        r#"{{"version": 1, "pulled": "2026-11-21", "customer_portals": [{{"id": "{ID}", "name": "Acme Wholesale Portal"}}]}}"#
    );
    let settings =
        format!("account = \"account.json\"\n[[portal]]\nfile = \"two.yaml\"\ndocument = 2\nid = \"{ID}\"\n");
    let folder = create_folder(&[
        ("portal-lint.toml", &settings),
        ("account.json", &snapshot),
        ("two.yaml", &format!("{}\n---\n{second}", clean_body())),
    ]);
    let output = run_render(folder.path(), &["two.yaml", "--document", "2"], &KEYS);
    assert_eq!((exit_code(&output), stderr(&output)), (0, String::new()));
    assert_eq!(stdout_json(&output)["name"], "Acme Wholesale Portal");
}
