//! `--account FILE` in a project with several accounts: the snapshot is compared with the portals of its own account only.

use std::fs;

use serde_json::{Value as Json, json};

use super::project::{ID, PlanProject, as_export, binding, body, find, snapshot};
use crate::support::program::{exit_code, portal_lint, stderr, stdout};

const STAGING_ID: &str = "Zb4Nf8QwR2sXk6LmT0Vy";
const ENVIRONMENT: &str = "[[environment]]\nfiles = [\"staging/**\"]\naccount = \"staging.json\"\n\n";

/// Two bound portals in two accounts. The account of production is in `revcent-account.json`.
fn two_accounts(environment: &str) -> PlanProject {
    let settings = format!("{environment}{}{}", binding("main.json", ID), binding("staging/main.json", STAGING_ID));
    let production = snapshot(&json!([as_export(&body(), ID)]));
    let project = PlanProject::new(&[("main.json", &body()), ("staging/main.json", &body())], &settings, &production);
    let staging = snapshot(&json!([as_export(&body(), STAGING_ID)]));
    fs::write(project.folder().join("staging.json"), staging.to_string()).expect("a file");
    // The snapshot of somewhere else.
    fs::create_dir(project.folder().join("build")).expect("a folder");
    fs::write(project.folder().join("build/fresh.json"), staging.to_string()).expect("a file");
    project
}

#[test]
fn portals_of_another_account_are_not_planned() {
    let project = two_accounts(ENVIRONMENT);
    for (snapshot, planned, other, other_snapshot) in [
        ("revcent-account.json", "main.json", "staging/main.json", "staging.json"),
        ("staging.json", "staging/main.json", "main.json", "revcent-account.json"),
    ] {
        let plan = project.plan(&["--account", snapshot]);
        assert_eq!(plan["portals"].as_array().map(Vec::len), Some(1), "{plan:#}");
        assert_eq!(find(&plan, planned)["action"], "unchanged", "{plan:#}");
        let expected = json!([{
            "file": other,
            "document": 0,
            "name": "Acme Subscription Portal",
            "reason": format!(
                "according to the settings, the portal belongs to another account, that of `{other_snapshot}`"
            ),
            "help": format!("run `portal-lint plan --account {other_snapshot} {other}`"),
        }]);
        assert_eq!((&plan["not_planned"], &plan["diagnostics"]), (&expected, &json!([])));
        let output = project.run(&["--check", "--account", snapshot]);
        let text = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(&format!("not planned: `{other}`")) && text.ends_with("1 not planned"), "{text}");
        assert_eq!(exit_code(&output), 0, "{text}");
        for format in ["markdown", "html"] {
            let text = stdout(&project.run(&["--format", format, "--account", snapshot]));
            assert!(text.contains(&format!("plan --account {other_snapshot} {other}")), "{text}");
        }
        let matrix = stdout(&portal_lint(project.folder(), &["matrix", "--account", snapshot], b""));
        assert!(matrix.contains("1 portal of another account than that of --account"), "{matrix}");
        // The other account's portals are not checked against this snapshot either.
        let check = ["check", "--account", snapshot, "--select", "RCP001,RCP3,RCP9"];
        let checked = portal_lint(project.folder(), &check, b"");
        assert!(!stdout(&checked).contains("[RCP"), "{}", stdout(&checked));
    }
    let mismatch = project.run(&["--account", "revcent-account.json", "staging"]);
    assert_eq!(exit_code(&mismatch), 2);
    assert!(stderr(&mismatch).contains("belong to another account"), "{}", stderr(&mismatch));
}

#[test]
fn a_snapshot_that_the_settings_do_not_name_belongs_to_the_only_account_of_the_files() {
    let project = two_accounts(ENVIRONMENT);
    let plan = project.plan(&["--account", "build/fresh.json", "staging"]);
    assert_eq!(find(&plan, "staging/main.json")["action"], "unchanged", "{plan:#}");
    for command in ["plan", "check", "preflight", "matrix"] {
        let output = portal_lint(
            project.folder(),
            &[command, "--account", "build/fresh.json", "main.json", "staging/main.json"],
            b"",
        );
        assert_eq!((exit_code(&output), stdout(&output)), (2, String::new()), "{command}");
        assert!(
            stderr(&output).contains("`build/fresh.json` is not the snapshot of any of them"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn an_environment_without_a_snapshot_is_another_account() {
    let project = two_accounts("[[environment]]\nfiles = [\"staging/**\"]\n\n");
    let plan = project.plan(&["--account", "revcent-account.json"]);
    assert_eq!(find(&plan, "main.json")["action"], "unchanged", "{plan:#}");
    let not_planned = &plan["not_planned"];
    assert_eq!(not_planned.as_array().map(Vec::len), Some(1), "{plan:#}");
    assert_eq!(not_planned[0]["reason"], "according to the settings, the portal belongs to another account");
    assert_ne!(not_planned[0]["help"], Json::Null);
}
