//! The formats: JSON follows its schema, and the others are snapshots of one plan with all actions.

use serde_json::{Value as Json, json};

use super::project::{ID, PlanProject, as_export, body, snapshot};
use crate::support::program::{exit_code, portal_lint, stdout};
use crate::support::repository;

/// A project with a portal of each action. The text has hostile characters.
fn project_with_all_actions() -> PlanProject {
    let mut account = as_export(&body(), ID);
    account["display_name"] = "</td><script>alert(1)</script> | `x` \u{202e}".into();
    account["customer_filters"]["campaign"] = json!([]);
    account["customer_permissions"]["subscription_cancel"] = true.into();
    account["enabled"] = true.into();
    let named = |name: &str, campaign: &str| {
        let mut other = body();
        other["name"] = name.into();
        other["display_name"] = name.into();
        other["customer_filters"]["campaign"] = json!([campaign]);
        other
    };
    let (vip, wholesale) =
        (named("Acme VIP Portal", "VipCampaign000000000"), named("Acme Wholesale Portal", "qK57gdRzH4EI57OFDnbT"));
    let gifts = named("Acme Gift Portal", "GiftCampaign00000000");
    let mut account_snapshot = snapshot(&json!([
        account,
        as_export(&gifts, "Gb4Nf8QwR2sXk6LmT0Vy"),
        { "id": "Zb4Nf8QwR2sXk6LmT0Vy", "name": "Acme Wholesale Portal" },
        { "id": "Yb4Nf8QwR2sXk6LmT0Vy", "name": "Left <b>over" }
    ]));
    let campaigns = account_snapshot["campaigns"].as_array_mut().expect("a list");
    for id in ["VipCampaign000000000", "qK57gdRzH4EI57OFDnbT", "GiftCampaign00000000"] {
        campaigns.push(json!({ "id": id, "name": id }));
    }
    let settings = format!(
        "[[portal]]\nfile = \"main.json\"\nid = \"{ID}\"\n\n[[portal]]\nfile = \"gifts.json\"\nid = \
         \"Gb4Nf8QwR2sXk6LmT0Vy\"\n"
    );
    let files = [("main.json", &body()), ("vip.json", &vip), ("wholesale.json", &wholesale), ("gifts.json", &gifts)];
    PlanProject::new(&files, &settings, &account_snapshot)
}

#[test]
fn json_follows_its_schema() {
    let printed = portal_lint(&repository("."), &["schema", "plan"], b"");
    let schema: Json = serde_json::from_slice(&printed.stdout).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let plan = project_with_all_actions().plan(&[]);
    let errors: Vec<String> = validator.iter_errors(&plan).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let actions: Vec<&Json> =
        plan["portals"].as_array().expect("a list").iter().map(|portal| &portal["action"]).collect();
    assert_eq!(actions, ["unchanged", "update", "create", "blocked", "orphan"]);
}

#[test]
fn people_read_what_changes_and_what_it_means() {
    let project = project_with_all_actions();
    insta::assert_snapshot!("human", stdout(&project.run(&[])));
    insta::assert_snapshot!("quiet", stdout(&project.run(&["--quiet"])));
    insta::assert_snapshot!("markdown", stdout(&project.run(&["--format", "markdown"])));
}

#[test]
fn text_from_files_and_the_account_stays_text_in_the_page() {
    let page = stdout(&project_with_all_actions().run(&["--format", "html"]));
    assert!(page.contains("&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
    assert!(!page.contains("<script") && !page.contains("<b>over") && !page.contains('\u{202e}'), "{page}");
    assert!(page.contains("default-src 'none'"), "{page}");
}

#[test]
fn a_plan_is_also_written_to_files() {
    let project = project_with_all_actions();
    let output = project.run(&["--output", "json=plan.json", "--output", "html=plan.html"]);
    assert_eq!(exit_code(&output), 1);
    let json: Json = serde_json::from_str(&project.read("plan.json")).expect("JSON");
    assert_eq!(json, project.plan(&["main.json", "vip.json", "wholesale.json", "gifts.json"]));
    assert!(project.read("plan.html").starts_with("<!doctype html>"));
}
