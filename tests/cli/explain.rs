//! `explain`, and the items of the guide as names of rules.

use std::path::Path;

use portal_lint::rules::RULES;

use crate::support::json::{array, finding_codes};
use crate::support::program::{clean_body, exit_code, portal_lint, stderr, stdout, stdout_json};

#[test]
fn explain_accepts_names_codes_and_items_of_the_guide() {
    let explain = |args: &[&str]| portal_lint(Path::new("."), &[&["explain"], args].concat(), b"");
    let by_code = stdout(&explain(&["RCP012"]));
    for name in ["rcp012", "confirm-email-without-code", "V12", "v12"] {
        assert_eq!(stdout(&explain(&[name])), by_code, "{name}");
    }
    // What the rule finds, how to fix it, why it matters, then examples, without the marks for the tests.
    let headings: Vec<&str> = by_code.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(headings, ["What it checks", "How to fix", "Why it matters", "Fires on", "Does not fire on"]);
    assert!(!by_code.contains("fires=") && !by_code.contains("fix=") && !by_code.contains("kind="), "{by_code}");
    let several = stdout(&explain(&["m2"]));
    assert!(several.starts_with("M2 is checked by RCP012 and RCP013.\n\nRCP012 "), "{several}");
    assert!(several.contains("\nRCP013 ") && several.contains(by_code.trim_end()), "{several}");
    for (kind, name, suggestion) in [
        ("item of the guide", "V25", "`V2`"),
        ("item of the guide", "M9", "`M1`"),
        ("rule", "self-cancl", "`self-cancel`"),
        ("rule", "RCP0166", "`RCP016`"),
    ] {
        let output = explain(&[name]);
        let expected = format!("portal-lint: there is no {kind} `{name}`; did you mean {suggestion}?\n");
        assert_eq!((exit_code(&output), stderr(&output)), (2, expected));
    }
    assert_eq!(exit_code(&explain(&[])), 2);
    assert_eq!(exit_code(&explain(&["--all", "V12"])), 2);
}

#[test]
fn explain_says_which_example_is_fixed() {
    let page = stdout(&portal_lint(Path::new("."), &["explain", "RCP016"], b""));
    let examples = "## Fires on\n\n\
        ```json\n{ \"customer_permissions\": { \"subscription_cancel\": true } }\n```\n\n\
        Fixed:\n\n\
        ```json\n{ \"customer_permissions\": { \"subscription_cancel\": false } }\n```\n";
    assert!(page.contains(examples), "{page}");
}

#[test]
fn explain_shows_the_first_examples_unless_all_are_requested() {
    let explain = |args: &[&str]| stdout(&portal_lint(Path::new("."), &[&["explain"], args].concat(), b""));
    let (page, all) = (explain(&["RCP012"]), explain(&["RCP012", "--examples"]));
    assert!(page.lines().count() < 160 && all.lines().count() > 300, "{page}");
    assert!(page.ends_with(" more examples: portal-lint explain RCP012 --examples\n"), "{page}");
    assert!(!all.contains("more example"), "{all}");
    for shown in ["No code:", "An empty string:", "## Does not fire on", "Plain text without markup:"] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    assert!(!page.contains("Near misses: spaces") && all.contains("Near misses: spaces"), "{page}");
    // A rule with few examples is shown completely.
    assert_eq!(explain(&["RCP020"]), explain(&["RCP020", "--examples"]));
}

#[test]
fn explain_prints_all_pages_as_json() {
    let pages = stdout_json(&portal_lint(Path::new("."), &["explain", "--all", "--format", "json"], b""));
    assert_eq!(array(&pages).len(), RULES.len());
    for page in array(&pages) {
        for key in [
            "code",
            "name",
            "title",
            "basis",
            "url",
            "finds",
            "how_to_fix",
            "why_it_matters",
            "fires_on",
            "does_not_fire_on",
        ] {
            assert!(page[key].as_str().is_some_and(|text| !text.trim().is_empty()), "{key} {page}");
        }
        assert!(!page.to_string().contains("fires=/"), "{page}");
        assert!(!page["basis"].as_str().is_some_and(|basis| basis.starts_with("Basis")), "{page}");
    }
    let pages = stdout_json(&portal_lint(Path::new("."), &["explain", "V12", "--format", "json"], b""));
    assert_eq!(array(&pages).len(), 1);
    assert_eq!((&pages[0]["code"], &pages[0]["items"][0]), (&"RCP012".into(), &"V12".into()));
}

#[test]
fn rules_are_selected_by_items_of_the_guide() {
    let text = clean_body()
        .replace("{{email_code}}", "x")
        .replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let codes = |args: &[&str]| {
        let output =
            portal_lint(Path::new("."), &[&["check", "-", "--format", "json"], args].concat(), text.as_bytes());
        finding_codes(&stdout_json(&output)).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(codes(&["--select", "V12"]), ["RCP012"]);
    assert_eq!(codes(&["--select", "M2,p16"]), ["RCP012", "RCP013", "RCP016"]);
    assert_eq!(codes(&["--ignore", "V13,V16"]), ["RCP012"]);
    let unknown = portal_lint(Path::new("."), &["check", "-", "--select", "V99"], text.as_bytes());
    assert_eq!(
        (exit_code(&unknown), stderr(&unknown).as_str()),
        (2, "portal-lint: there is no item of the guide `V99`; did you mean `V9`?\n")
    );
}
