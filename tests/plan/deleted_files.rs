//! Portals whose files were deleted: they are orphans, even if no file of their account is left.

use std::fs;

use serde_json::{Value as Json, json};

use super::project::{ID, PlanProject, as_export, binding, body, bound, snapshot};
use crate::support::program::{exit_code, portal_lint, stderr, stdout_json};

const STAGING_ID: &str = "Zb4Nf8QwR2sXk6LmT0Vy";

/// The actions and IDs of a plan.
fn actions(plan: &Json) -> Vec<(&str, &str)> {
    let portals = plan["portals"].as_array().expect("a list").iter();
    portals.map(|portal| (portal["action"].as_str().expect("a text"), portal["id"].as_str().expect("an ID"))).collect()
}

#[test]
fn the_last_file_of_a_project_leaves_an_orphan() {
    let project = bound(&body(), &as_export(&body(), ID));
    fs::remove_file(project.folder().join("main.json")).expect("a file");
    let plan = project.plan(&[]);
    assert_eq!(actions(&plan), [("orphan", ID)]);
    assert_eq!(plan["diagnostics"][0]["code"], "RCP915", "{plan:#}");
    assert_eq!((project.exit_code(&[]), project.exit_code(&["--check"])), (0, 0));
    let written = project.run(&["--output", "markdown=plan.md"]);
    assert_eq!(exit_code(&written), 0, "{}", stderr(&written));
    assert!(project.read("plan.md").contains("orphan"));

    let matrix = portal_lint(project.folder(), &["matrix", "--format", "json"], b"");
    assert_eq!(exit_code(&matrix), 0, "{}", stderr(&matrix));
    let matrix = stdout_json(&matrix);
    assert_eq!(matrix["accounts"][0]["portals"][0]["id"], ID, "{matrix:#}");

    // A check has nothing to show, and nor has an account without portals.
    assert_eq!(exit_code(&portal_lint(project.folder(), &["check"], b"")), 2);
    let empty = PlanProject::new(&[], "", &snapshot(&json!([])));
    assert_eq!(empty.exit_code(&[]), 2);
    assert_eq!(exit_code(&portal_lint(empty.folder(), &["matrix"], b"")), 2);
}

#[test]
fn the_last_file_of_an_environment_leaves_an_orphan() {
    let mut settings = String::from(
        "[[environment]]\nfiles = [\"p/staging/**\"]\naccount = \"staging.json\"\n\n\
         [[environment]]\nfiles = [\"p/test/**\"]\naccount = \"staging.json\"\n\n\
         [[environment]]\nfiles = [\"p/other/**\"]\naccount = \"not-pulled.json\"\n\n",
    );
    settings += &binding("p/production.json", ID);
    settings += &binding("p/staging/main.json", STAGING_ID);
    let account = snapshot(&json!([as_export(&body(), ID)]));
    let project = PlanProject::new(&[("p/production.json", &body())], &settings, &account);
    let staging = snapshot(&json!([as_export(&body(), STAGING_ID)]));
    fs::write(project.folder().join("staging.json"), staging.to_string()).expect("a file");
    for args in [&[][..], &["p"]] {
        let plan = project.plan(args);
        assert_eq!(actions(&plan), [("unchanged", ID), ("orphan", STAGING_ID)], "{args:?}");
        assert_eq!(project.exit_code(args), 0);
    }
    // A named file says nothing about the files of the other account, and neither does a snapshot that is left out.
    for args in [&["p/production.json"][..], &["--account", "revcent-account.json"]] {
        assert_eq!(actions(&project.plan(args)), [("unchanged", ID)], "{args:?}");
    }
    let matrix = stdout_json(&portal_lint(project.folder(), &["matrix", "--format", "json"], b""));
    assert_eq!(matrix["accounts"].as_array().map(Vec::len), Some(2), "{matrix:#}");
}
