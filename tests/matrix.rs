//! `portal-lint matrix`: which brands, campaigns, shops and domains are in which portals.

use std::process::Output;

use serde_json::{Value as Json, json};

use crate::plan::project::{ID, PlanProject, as_export, binding, body, snapshot};
use crate::support::program::{exit_code, portal_lint, stdout, stdout_json};
use crate::support::repository;

const GLOBEX_CAMPAIGN: &str = "qK57gdRzH4EI57OFDnbT";
const RECOVERY_ID: &str = "Zb4Nf8QwR2sXk6LmT0Vy";

/// A portal of the brand Globex, on the domain of the brand Acme.
fn globex() -> Json {
    let mut portal = body();
    portal["name"] = "Globex Subscription Portal".into();
    portal["display_name"] = "My Globex Account".into();
    portal["customer_filters"]["campaign"] = json!([GLOBEX_CAMPAIGN]);
    portal["customer_permissions"]["subscription_cancel"] = true.into();
    for email in ["customer_account_confirm_email", "customer_account_password_reset"] {
        portal["customer_emails"][email]["from"] = "help@globex.com".into();
        portal["customer_emails"][email]["from_name"] = "Globex".into();
    }
    portal
}

/// An account with three campaigns, two domains and these portals.
fn account(portals: &Json) -> Json {
    let mut account = snapshot(portals);
    let campaigns = account["campaigns"].as_array_mut().expect("a list");
    campaigns.push(json!({ "id": GLOBEX_CAMPAIGN, "name": "Globex subscriptions" }));
    campaigns.push(json!({ "id": "Gc57gdRzH4EI57OFDnbT", "name": "Gift cards" }));
    let domains = account["tracking_domains"].as_array_mut().expect("a list");
    domains.push(json!({ "id": "Gd7ZpW2mVx9LcT4bRn8D", "name": "Globex site", "domain_name": "my.globex.com" }));
    account
}

/// Two brands in files, and a portal that only the account has.
fn two_brands(recovery: &Json) -> PlanProject {
    let account = account(&json!([as_export(&body(), ID), recovery]));
    PlanProject::new(&[("acme.json", &body()), ("globex.json", &globex())], &binding("acme.json", ID), &account)
}

fn recovery() -> Json {
    let mut portal = as_export(&body(), RECOVERY_ID);
    portal["name"] = "Acme Payment Recovery".into();
    portal["enabled"] = true.into();
    portal
}

fn run(project: &PlanProject, args: &[&str]) -> Output {
    portal_lint(project.folder(), &[&["matrix", "--color", "never"], args].concat(), b"")
}

/// The rows of a group in the only account: the name or else the ID, the numbers of the portals, and the coverage.
fn rows(matrix: &Json, group: &str) -> Vec<(String, Json, String)> {
    let account = &matrix["accounts"][0];
    let rows = account[group]["rows"].as_array().unwrap_or_else(|| panic!("no {group}: {matrix:#}"));
    rows.iter()
        .map(|row| {
            let name = row["name"].as_str().or(row["id"].as_str()).expect("a name").to_owned();
            (name, row["portals"].clone(), row["coverage"].as_str().expect("a word").to_owned())
        })
        .collect()
}

fn row(name: &str, portals: Json, coverage: &str) -> (String, Json, String) {
    (name.to_owned(), portals, coverage.to_owned())
}

#[test]
fn brands_campaigns_and_domains_have_gaps_and_overlaps() {
    let project = two_brands(&recovery());
    let output = run(&project, &["--format", "json"]);
    let matrix = stdout_json(&output);
    assert_eq!(exit_code(&output), 0);
    let names: Vec<&Json> =
        matrix["accounts"][0]["portals"].as_array().expect("a list").iter().map(|portal| &portal["name"]).collect();
    assert_eq!(names, ["Acme Subscription Portal", "Globex Subscription Portal", "Acme Payment Recovery"]);
    let campaigns = [
        row("Acme subscriptions", json!([1, 3]), "overlap"),
        row("Globex subscriptions", json!([2]), "one"),
        row("Gift cards", json!([]), "gap"),
    ];
    assert_eq!(rows(&matrix, "campaigns"), campaigns);
    assert_eq!(rows(&matrix, "shops"), [row("Acme wholesale shop", json!([]), "gap")]);
    assert_eq!(
        rows(&matrix, "brands"),
        [row("Acme Outfitters", json!([1, 3]), "overlap"), row("Globex", json!([2]), "one")]
    );
    assert_eq!(
        rows(&matrix, "domains"),
        [row("acme-outfitters.com", json!([1, 2, 3]), "overlap"), row("my.globex.com", json!([]), "gap")]
    );

    let printed = portal_lint(&repository("."), &["schema", "matrix"], b"");
    let schema: Json = serde_json::from_slice(&printed.stdout).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(&matrix).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn people_read_a_grid_and_the_answers_to_the_questions_of_the_guide() {
    let project = two_brands(&recovery());
    insta::assert_snapshot!("grid", stdout(&run(&project, &[])));
    insta::assert_snapshot!("markdown", stdout(&run(&project, &["--format", "markdown"])));
}

#[test]
fn thirty_portals_are_listed_by_object() {
    let (mut files, mut campaigns) = (Vec::new(), Vec::new());
    for number in 0..30 {
        let mut portal = body();
        portal["name"] = format!("Brand {number} Portal").into();
        portal["display_name"] = format!("My Brand {number}").into();
        portal["customer_filters"]["campaign"] = json!([format!("Camp{number:016}")]);
        campaigns.push(json!({ "id": format!("Camp{number:016}"), "name": format!("Brand {number}") }));
        files.push((format!("{number:02}.json"), portal));
    }
    let mut account = snapshot(&json!([]));
    account["campaigns"] = campaigns.into();
    let files: Vec<(&str, &Json)> = files.iter().map(|(name, portal)| (name.as_str(), portal)).collect();
    let project = PlanProject::new(&files, "", &account);
    let text = stdout(&run(&project, &[]));
    assert!(text.contains("Brand 29 (Camp0000000000000029): 30\n"), "{text}");
    assert!(text.contains("<support@acme-outfitters.com>: 1-30; overlap: 30 portals\n"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    let markdown = stdout(&run(&project, &["--format", "markdown"]));
    assert!(markdown.contains("| Brand 29 (Camp0000000000000029) | 30 |  |\n"), "{markdown}");
}

#[test]
fn a_portal_without_filters_is_for_all_customers() {
    let mut general = recovery();
    general["customer_filters"] = json!({ "campaign": [], "third_party_shop": [] });
    let project = two_brands(&general);
    let matrix = stdout_json(&run(&project, &["--format", "json"]));
    assert_eq!(matrix["accounts"][0]["portals"][2]["all_customers"], true);
    assert_eq!(rows(&matrix, "campaigns")[2], row("Gift cards", json!([]), "only-general"));
    let text = stdout(&run(&project, &[]));
    assert!(text.contains(".   .   *  only in portals for all customers"), "{text}");
    assert!(text.contains("for all customers: portal 3, without filters"), "{text}");
}

#[test]
fn an_edit_is_shown_as_the_portal_after_it_and_accounts_are_kept_apart() {
    let edit = json!({ "customer_portal_id": RECOVERY_ID, "customer_filters": { "campaign": [GLOBEX_CAMPAIGN] } });
    let settings = format!(
        "{}\n[[environment]]\nfiles = [\"staging.json\"]\naccount = \"staging-account.json\"\n",
        binding("acme.json", ID)
    );
    let account = account(&json!([as_export(&body(), ID), recovery()]));
    let files = [("acme.json", &body()), ("edit.json", &edit), ("staging.json", &body())];
    let project = PlanProject::new(&files, &settings, &account);
    std::fs::write(project.folder().join("staging-account.json"), snapshot(&json!([])).to_string()).expect("written");
    let matrix = stdout_json(&run(&project, &["--format", "json"]));
    assert_eq!(
        rows(&matrix, "campaigns")[..2],
        [row("Acme subscriptions", json!([1]), "one"), row("Globex subscriptions", json!([2]), "one")]
    );
    assert_eq!(matrix["accounts"][0]["portals"][1]["name"], "Acme Payment Recovery");
    let staging = &matrix["accounts"][1];
    assert_eq!(
        (&staging["snapshot"], staging["portals"].as_array().map(Vec::len)),
        (&json!("staging-account.json"), Some(1))
    );
}

#[test]
fn a_file_that_cannot_be_read_as_a_portal_fails_the_command() {
    let project = two_brands(&recovery());
    std::fs::write(project.folder().join("broken.portal.json"), "{\"name\": ").expect("written");
    let output = run(&project, &[]);
    assert_eq!(exit_code(&output), 1);
    let text = stdout(&output);
    assert!(text.starts_with("Portals may be missing or wrong because of these findings\n  RCP901 "), "{text}");
}

#[test]
fn without_an_account_gaps_are_not_known() {
    let project = two_brands(&recovery());
    let args = ["--isolated", "acme.json", "globex.json"];
    let matrix = stdout_json(&run(&project, &[&args[..], &["--format", "json"]].concat()));
    assert_eq!(matrix["accounts"][0]["campaigns"]["complete"], false);
    assert_eq!(rows(&matrix, "campaigns").len(), 2);
    let text = stdout(&run(&project, &args));
    assert!(text.contains("the account data is missing or may be incomplete"), "{text}");
}

#[test]
fn secrets_are_masked_and_text_stays_text() {
    const SECRET: &str = "canary-6LfSecret0000000000000000000000000";
    let mut recovery = recovery();
    recovery["name"] = format!("</td><script>alert(1)</script> {SECRET}").into();
    recovery["recaptcha"]["secret_key"] = SECRET.into();
    let mut acme = body();
    acme["recaptcha"]["secret_key"] = "canary-6LdSecret1111111111111111111111111".into();
    acme["customer_filters"]["campaign"] = json!(["canary-6LdSecret1111111111111111111111111"]);
    let account = account(&json!([recovery]));
    let project = PlanProject::new(&[("acme.json", &acme)], "", &account);
    for format in ["human", "json", "markdown", "html"] {
        let text = stdout(&run(&project, &["--format", format]));
        assert!(text.contains("Gift cards") && !text.contains("canary"), "{format}: {text}");
    }
    let page = stdout(&run(&project, &["--format", "html"]));
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script"), "{page}");
    assert!(page.contains("default-src 'none'"), "{page}");
}

#[test]
fn what_is_not_known_is_not_guessed() {
    let nameless = json!({ "id": RECOVERY_ID, "name": "Acme Payment Recovery", "customer_filters": null });
    let mut variable = globex();
    variable["customer_filters"]["campaign"] = json!(["${CAMPAIGN}"]);
    for (name, files, number) in [
        ("only in the account", vec![("acme.json", body())], 1),
        ("an edit", vec![("edit.json", json!({ "customer_portal_id": "Yb4Nf8QwR2sXk6LmT0Vy", "enabled": true }))], 0),
    ] {
        let files: Vec<(&str, &Json)> = files.iter().map(|(name, portal)| (*name, portal)).collect();
        let project = PlanProject::new(&files, "", &account(&json!([as_export(&body(), ID), nameless])));
        let matrix = stdout_json(&run(&project, &["--format", "json", files[0].0]));
        assert_eq!(matrix["accounts"][0]["portals"][number]["all_customers"], Json::Null, "{name}: {matrix:#}");
        assert_eq!(rows(&matrix, "campaigns")[2], row("Gift cards", json!([]), "unknown"), "{name}");
        let text = stdout(&run(&project, &[files[0].0]));
        assert!(text.contains("customers unknown") && text.contains("?  unknown: not all"), "{name}: {text}");
        let questions = matrix["accounts"][0]["questions"].as_array().expect("a list");
        for (question, answer) in questions.iter().enumerate() {
            let answer = answer["answer"].as_str().expect("text");
            assert!(answer.contains("unknown for portal"), "{name}, question {question}: {answer}");
        }
    }
    let project = PlanProject::new(&[("globex.json", &variable)], "", &account(&json!([])));
    let matrix = stdout_json(&run(&project, &["--format", "json"]));
    let campaigns = matrix["accounts"][0]["campaigns"]["rows"].as_array().expect("a list");
    let row = campaigns.iter().find(|row| row["id"] == "${CAMPAIGN}").expect("the variable");
    assert_eq!(row["in_account"], Json::Null);
    assert_eq!(rows(&matrix, "campaigns")[2].2, "unknown");
}

#[test]
fn an_old_snapshot_is_reported_and_does_not_fail_the_command() {
    let mut account = account(&json!([as_export(&body(), ID)]));
    account["pulled"] = "2020-02-29".into();
    let project = PlanProject::new(&[("acme.json", &body())], &binding("acme.json", ID), &account);
    let output = run(&project, &[]);
    assert!(stdout(&output).contains("the account snapshot is "), "{}", stdout(&output));
    assert_eq!(exit_code(&output), 0);
}

#[test]
fn a_name_cannot_end_a_cell_of_a_markdown_table() {
    for (name, cell) in [("A | B", r"`A \| B`"), (r"A \| B", r"A \\\| B")] {
        let mut portal = body();
        portal["name"] = name.into();
        let project = PlanProject::new(&[("acme.json", &portal)], "", &account(&json!([])));
        let markdown = stdout(&run(&project, &["--format", "markdown"]));
        assert!(markdown.contains(&format!("| 1 | {cell} | acme.json, disabled |\n")), "{markdown}");
    }
}

#[test]
fn without_portals_the_questions_have_no_answers() {
    let project = PlanProject::new(&[], "", &account(&json!([])));
    let output = run(&project, &["missing.json", "--format", "json"]);
    let matrix = stdout_json(&output);
    assert_eq!((exit_code(&output), &matrix["accounts"][0]["questions"]), (2, &json!([])));
    for format in ["human", "markdown", "html"] {
        let text = stdout(&run(&project, &["missing.json", "--format", format]));
        assert!(text.contains("Tracking domains") && !text.contains("Question"), "{text}");
    }
}

#[test]
fn a_bound_file_without_filters_has_those_of_the_account() {
    let mut desired = body();
    desired.as_object_mut().expect("an object").retain(|field, _| field != "customer_filters" && field != "enabled");
    for (campaigns, is_open) in [(json!([{ "id": "P9dRk2XyM5vHs8LqT1Fz", "name": "Acme" }]), false), (json!([]), true)]
    {
        let mut account_portal = as_export(&body(), ID);
        account_portal["customer_filters"]["campaign"] = campaigns;
        let account = account(&json!([account_portal]));
        let project = PlanProject::new(&[("acme.json", &desired)], &binding("acme.json", ID), &account);
        let matrix = stdout_json(&run(&project, &["--format", "json"]));
        let portal = &matrix["accounts"][0]["portals"][0];
        assert_eq!((&portal["all_customers"], &portal["enabled"]), (&json!(is_open), &json!(false)), "{portal:#}");
        assert_eq!(portal["filters_of_account"], !is_open);
        let text = stdout(&run(&project, &[])).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(text.contains("filters of the account, because the file omits them"), !is_open, "{text}");
    }
}
