//! `portal-lint plan`: what to create, what to edit and how, what is blocked and why, and what is in no file.

mod account_option;
mod apply;
mod deleted_files;
mod format;
mod incomplete_data;
mod omitted_fields;
pub mod project;

use std::time::{Duration, Instant};

use crate::support::program::{exit_code, portal_lint, stderr, stdout};
use project::{ID, PlanProject, as_export, binding, body, bound, find, snapshot};
use serde_json::{Value as Json, json};

#[test]
fn a_bound_file_with_the_same_values_is_unchanged() {
    let project = bound(&body(), &as_export(&body(), ID));
    let plan = project.plan(&[]);
    let portal = find(&plan, "main.json");
    assert_eq!(portal["action"], "unchanged", "{portal:#}");
    assert_eq!((&portal["id"], &portal["body"], &portal["operation"]), (&json!(ID), &Json::Null, &Json::Null));
    let not_compared = json!([
        { "pointer": "/recaptcha/secret_key", "reason": "secret" },
        { "pointer": "/recaptcha/site_key", "reason": "variable" },
    ]);
    assert_eq!(portal["not_compared"], not_compared);
    assert_eq!((project.exit_code(&[]), project.exit_code(&["--check"])), (0, 0));
}

#[test]
fn an_update_contains_only_what_changed_with_whole_objects() {
    let mut account = as_export(&body(), ID);
    account["display_name"] = "Acme Subscriptions".into();
    account["customer_permissions"]["subscription_cancel"] = true.into();
    // RevCent may return fields that requests do not have.
    account["customer_permissions"]["new_permission"] = true.into();
    let mut desired = body();
    desired["customer_permissions"].as_object_mut().expect("an object").remove("trial_cancel");
    let project = bound(&desired, &account);
    let plan = project.plan(&[]);
    let portal = find(&plan, "main.json");
    assert_eq!((&portal["action"], &portal["operation"]), (&json!("update"), &json!("EditCustomerPortal")));
    let expected = json!([
        {
            "pointer": "/customer_permissions/subscription_cancel", "old": true, "new": false,
            "meaning": "closes self-cancel: customers can no longer cancel their subscriptions"
        },
        {
            "pointer": "/display_name", "old": "Acme Subscriptions", "new": "Manage Your Acme Subscription",
            "meaning": "changes the name that customers see"
        },
    ]);
    assert_eq!(portal["changes"], expected);
    // The omitted permission keeps the value that it has in the account.
    let permissions = body()["customer_permissions"].clone();
    let request = json!({
        "customer_portal_id": ID, "display_name": "Manage Your Acme Subscription", "customer_permissions": permissions
    });
    assert_eq!(portal["body"], request);
    assert_eq!(portal["whole_objects"], json!(["customer_permissions"]));
    assert_eq!(portal["left_out"], json!(["/customer_permissions/new_permission"]));
    assert_eq!((project.exit_code(&[]), project.exit_code(&["--check"])), (0, 1));
}

#[test]
fn a_file_that_the_account_does_not_have_is_created() {
    let project = PlanProject::new(&[("main.json", &body())], "", &snapshot(&json!([])));
    let plan = project.plan(&[]);
    let portal = find(&plan, "main.json");
    assert_eq!((&portal["action"], &portal["operation"]), (&json!("create"), &json!("CreateCustomerPortal")));
    assert_eq!(portal["body"], body());
    assert_eq!((project.exit_code(&[]), project.exit_code(&["--check"])), (0, 1));
}

#[test]
fn a_name_in_the_account_without_a_binding_blocks_and_names_bind() {
    let project = PlanProject::new(&[("main.json", &body())], "", &snapshot(&json!([as_export(&body(), ID)])));
    let plan = project.plan(&[]);
    let portal = find(&plan, "main.json");
    assert_eq!((&portal["action"], &portal["body"]), (&json!("blocked"), &Json::Null));
    assert_eq!(portal["reasons"][0]["code"], "RCP001");
    assert!(portal["reasons"][0]["help"].as_str().is_some_and(|help| help.contains("portal-lint bind")), "{portal:#}");
    assert_eq!(plan["portals"].as_array().map(Vec::len), Some(1), "the portal is no orphan: {plan:#}");
    // Somebody who allows the finding does not decide between creating and editing.
    let allowed = project.plan(&["--ignore", "RCP001"]);
    let reason = &find(&allowed, "main.json")["reasons"][0];
    assert_eq!(reason["code"], Json::Null);
    assert!(reason["message"].as_str().is_some_and(|text| text.contains("not bound to it")), "{reason:#}");
    assert_eq!(project.exit_code(&[]), 1);
}

#[test]
fn an_error_blocks_a_portal_with_the_findings_of_preflight() {
    let mut broken = body();
    broken["customer_emails"]["customer_account_confirm_email"]["html"] = "<p>Welcome!</p>".into();
    let project = bound(&broken, &as_export(&body(), ID));
    let plan = project.plan(&[]);
    let portal = find(&plan, "main.json");
    assert_eq!((&portal["action"], &portal["body"]), (&json!("blocked"), &Json::Null));
    let codes: Vec<&Json> =
        portal["reasons"].as_array().expect("a list").iter().map(|reason| &reason["code"]).collect();
    assert_eq!(codes, ["RCP012"]);
    assert_eq!(portal["changes"].as_array().map(Vec::len), Some(1), "{portal:#}");
}

#[test]
fn portals_in_no_file_are_orphans_if_all_files_were_read() {
    let other = json!({ "id": "Zb4Nf8QwR2sXk6LmT0Vy", "name": "Acme Gift Cards" });
    let mut wholesale = body();
    wholesale["name"] = "Acme Wholesale Portal".into();
    let files = [("main.json", &body()), ("wholesale.json", &wholesale)];
    let settings = format!("[[portal]]\nfile = \"main.json\"\nid = \"{ID}\"\n");
    let account = snapshot(&json!([as_export(&body(), ID), other]));
    let project = PlanProject::new(&files, &settings, &account);
    // The other files of the project are read, too, so the portal of `main.json` is no orphan.
    for args in [&[][..], &["wholesale.json"]] {
        let plan = project.plan(args);
        let orphans: Vec<&Json> =
            plan["portals"].as_array().expect("a list").iter().filter(|portal| portal["action"] == "orphan").collect();
        assert_eq!(orphans.len(), 1, "{plan:#}");
        let orphan = orphans[0];
        assert_eq!((&orphan["id"], &orphan["name"]), (&json!("Zb4Nf8QwR2sXk6LmT0Vy"), &json!("Acme Gift Cards")));
        assert_eq!((&orphan["file"], &orphan["document"], &orphan["body"]), (&Json::Null, &Json::Null, &Json::Null));
    }
    let without_settings = project.plan(&["--isolated", "--account", "revcent-account.json", "wholesale.json"]);
    assert_eq!(without_settings["portals"].as_array().map(Vec::len), Some(1), "{without_settings:#}");
    // Nothing would be sent for an orphan.
    assert_eq!(project.exit_code(&["--check", "main.json"]), 0);
}

#[test]
fn an_edit_is_compared_with_its_portal() {
    let edit = json!({ "customer_portal_id": ID, "display_name": "My Acme", "enabled": false });
    let project = PlanProject::new(&[("change.json", &edit)], "", &snapshot(&json!([as_export(&body(), ID)])));
    let plan = project.plan(&[]);
    let portal = find(&plan, "change.json");
    assert_eq!(portal["action"], "update", "{portal:#}");
    assert_eq!(portal["body"], json!({ "customer_portal_id": ID, "display_name": "My Acme" }));
}

#[test]
fn two_files_that_edit_one_portal_are_blocked() {
    let edit = json!({ "customer_portal_id": ID, "display_name": "Your Acme Account" });
    let mut bound = body();
    bound["display_name"] = "My Acme".into();
    let account = snapshot(&json!([as_export(&body(), ID)]));
    let project = PlanProject::new(&[("edit.json", &edit), ("main.json", &bound)], &binding("main.json", ID), &account);
    let plan = project.plan(&[]);
    for (file, other) in [("edit.json", "main.json"), ("main.json", "edit.json")] {
        let portal = find(&plan, file);
        assert_eq!((&portal["action"], &portal["body"]), (&json!("blocked"), &Json::Null), "{portal:#}");
        let reason = portal["reasons"][0]["message"].as_str().expect("a message");
        assert_eq!(reason, format!("`{other}` describes the same portal of the account"));
    }
    assert_eq!(project.exit_code(&[]), 1);
}

#[test]
fn two_files_for_one_portal_are_not_blocked_if_nothing_changes() {
    let edit = json!({ "customer_portal_id": ID, "enabled": false });
    let account = snapshot(&json!([as_export(&body(), ID)]));
    let files = [("edit.portal.json", &edit), ("main.json", &body())];
    let plan = PlanProject::new(&files, &binding("main.json", ID), &account).plan(&[]);
    assert_eq!(find(&plan, "edit.portal.json")["action"], "unchanged", "{plan:#}");
    assert_eq!(find(&plan, "main.json")["action"], "unchanged", "{plan:#}");
}

#[test]
fn a_value_of_the_environment_that_looks_like_a_variable_is_taken_as_it_is() {
    let mut desired = body();
    desired["description"] = "${DESCRIPTION}".into();
    let project = bound(&desired, &as_export(&body(), ID));
    let env = [
        ("DESCRIPTION", "${OTHER}"),
        ("OTHER", "another value"),
        ("RECAPTCHA_SITE_KEY", "6LfNewSiteKeyAbCdEfGhIjKlMnOpQrStUvWxYz1"),
        ("RECAPTCHA_SECRET_KEY", "6LfNewSecretKeyAbCdEfGhIjKlMnOpQrStUvWx1"),
    ];
    let output = project.run_with_env(&["--format", "json", "--env"], &env);
    let plan: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let portal = find(&plan, "main.json");
    assert_eq!(
        (&portal["action"], &portal["body"]["description"]),
        (&json!("update"), &json!("${OTHER}")),
        "{portal:#}"
    );
}

/// The two keys of reCAPTCHA begin with the same characters.
#[test]
fn a_body_with_a_secret_in_plain_text_is_left_out_and_others_are_exact() {
    let [site_key, secret] = ["6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr", "6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViMu"];
    let mut with_secret = body();
    with_secret["recaptcha"] = json!({ "site_key": site_key, "secret_key": secret });
    let mut exact = body();
    exact["name"] = "Acme Wholesale Portal".into();
    exact["recaptcha"] = json!({ "site_key": site_key, "secret_key": "${RECAPTCHA_SECRET_KEY}" });
    let files = [("plain.json", &with_secret), ("exact.json", &exact)];
    let project = PlanProject::new(&files, "", &snapshot(&json!([])));
    let plan = project.plan(&[]);
    let portal = find(&plan, "plain.json");
    assert_eq!(
        (&portal["action"], &portal["operation"], &portal["body"]),
        (&"create".into(), &"CreateCustomerPortal".into(), &Json::Null),
        "{portal:#}"
    );
    assert_eq!(find(&plan, "exact.json")["body"]["recaptcha"]["site_key"], site_key);
    let output = project.run(&[]);
    let human = String::from_utf8_lossy(&output.stdout);
    assert!(human.contains("a secret in plain text") && !human.contains(secret), "{human}");
    assert!(human.contains("`--env`"), "{human}");
    let with_env = project.plan(&["--env", "plain.json"]);
    assert_eq!(find(&with_env, "plain.json")["body"]["recaptcha"]["secret_key"], secret);
}

/// The two keys of a pair begin with the same 13 characters, and the public one may be shown.
#[test]
fn a_site_key_is_shown_although_it_begins_like_the_secret() {
    let [old, new] = ["6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr", "6LdQ9vMpAAAAAKw4Tn2VbZ8sXcR7yLmQe1HfJ0Gd"];
    let secret = "6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViMu";
    let mut desired = body();
    desired["recaptcha"] = json!({ "site_key": new, "secret_key": secret });
    let mut account = as_export(&desired, ID);
    account["recaptcha"] = json!({ "site_key": old, "secret_key": "6LdQ9vMpAAAAAZz9OldSecretOldSecretOldSec" });
    let project = bound(&desired, &account);
    for format in ["human", "json", "markdown", "html"] {
        let text = stdout(&project.run(&["--format", format]));
        assert!(text.contains(old) && text.contains(new), "{format}: {text}");
        assert!(!text.contains("Hx2RbYk7") && !text.contains("Zz9Old"), "{format}: {text}");
    }
    // A secret in the place of the public key, whole or nearly, stays hidden.
    for wrong in [secret, &secret[..39], "6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViM-"] {
        account["recaptcha"]["site_key"] = wrong.into();
        let text = stdout(&bound(&desired, &account).run(&["--format", "json"]));
        assert!(!text.contains("Hx2RbYk7"), "{text}");
    }
    let edit = json!({ "customer_portal_id": ID, "recaptcha": { "site_key": new, "secret_key": secret } });
    account["recaptcha"]["site_key"] = old.into();
    let edits = PlanProject::new(&[("edit.portal.json", &edit)], "", &snapshot(&json!([account])));
    let preflight = stdout(&portal_lint(edits.folder(), &["preflight", "--format", "json"], b""));
    assert!(preflight.contains(old) && preflight.contains(new) && !preflight.contains("Hx2RbYk7"), "{preflight}");
}

#[test]
fn secrets_are_masked_except_in_the_body_with_env() {
    const SECRET: &str = "canary-6LfSecret0000000000000000000000000";
    let mut account = as_export(&body(), ID);
    account["recaptcha"] = json!({ "site_key": "6LfOld000000000000000000000000000000000a", "secret_key": SECRET });
    account["footer_html"] = format!("<p>{SECRET}</p>").into();
    let project = bound(&body(), &account);
    let env = [
        ("RECAPTCHA_SITE_KEY", "6LfNew000000000000000000000000000000000b"),
        ("RECAPTCHA_SECRET_KEY", "canary-env-secret-0000000000000000000000a"),
    ];
    for format in ["human", "json", "markdown", "html"] {
        for with_env in [false, true] {
            let mut args = vec!["--format", format];
            args.extend(with_env.then_some("--env"));
            let output = project.run_with_env(&args, &env);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let reveals = text.contains("canary");
            let allowed = format == "json" && with_env;
            assert!(!reveals || allowed, "{format} {with_env}: {text}");
            assert!(!text.contains(SECRET), "{format} {with_env}: {text}");
        }
    }
    let output = project.run_with_env(&["--format", "json", "--env"], &env);
    let plan: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let portal = find(&plan, "main.json");
    assert_eq!(portal["body"]["recaptcha"]["secret_key"], env[1].1, "{portal:#}");
    let keys: Vec<&Json> = portal["changes"].as_array().expect("a list").iter().map(|change| &change["new"]).collect();
    assert!(keys.contains(&&json!("${RECAPTCHA_SITE_KEY}")), "{portal:#}");

    let unset = project.run_with_env(&["--format", "json", "--env"], &env[..1]);
    let plan: Json = serde_json::from_slice(&unset.stdout).expect("JSON");
    let portal = find(&plan, "main.json");
    assert_eq!(portal["action"], "blocked", "{portal:#}");
    assert_eq!(portal["reasons"][0]["message"], "`RECAPTCHA_SECRET_KEY` is not set in the environment");
}

#[test]
fn the_account_can_repeat_the_secret_of_another_file() {
    const SECRET: &str = "canary-6LfSecret0000000000000000000000000";
    let mut with_secret = body();
    with_secret["recaptcha"]["secret_key"] = SECRET.into();
    let mut other = body();
    (other["name"], other["display_name"]) = ("Acme Gifts".into(), "Acme Gifts".into());
    let mut account = as_export(&other, ID);
    account["footer_html"] = format!("<p>{SECRET}</p>").into();
    account["name"] = format!("Gifts {SECRET}").into();
    let orphan = json!({ "id": "Zb4Nf8QwR2sXk6LmT0Vy", "name": format!("Orphan {SECRET}") });
    let files = [("gifts.json", &other), ("main.json", &with_secret)];
    let project = PlanProject::new(&files, &binding("gifts.json", ID), &snapshot(&json!([account, orphan])));
    for format in ["human", "json", "markdown", "html"] {
        let text = stdout(&project.run(&["--format", format]));
        assert!(text.contains("Orphan ****") && !text.contains("canary"), "{format}: {text}");
    }
}

#[test]
fn a_body_can_repeat_the_secret_of_another_file_or_of_the_snapshot() {
    const SECRETS: [&str; 2] =
        ["canary-6LfSecret0000000000000000000000000", "canary-6LfSecret1111111111111111111111111"];
    let mut with_secret = body();
    with_secret["recaptcha"]["secret_key"] = SECRETS[0].into();
    let mut other = body();
    other["name"] = format!("Acme Gifts {}", SECRETS[0]).into();
    other["footer_html"] = format!("<p>{} {}</p>", SECRETS[0], SECRETS[1]).into();
    let account = json!({ "id": "Zb4Nf8QwR2sXk6LmT0Vy", "name": "Orphan", "recaptcha": { "secret_key": SECRETS[1] } });
    let files = [("gifts.json", &other), ("main.json", &with_secret)];
    let project = PlanProject::new(&files, "", &snapshot(&json!([account])));
    for format in ["human", "json", "markdown", "html"] {
        let text = stdout(&project.run(&["--format", format]));
        assert!(text.contains("a secret in plain text") || format == "json", "{format}: {text}");
        assert!(!text.contains("canary"), "{format}: {text}");
    }
}

#[test]
fn a_plan_needs_an_account() {
    let project = PlanProject::new(&[("main.json", &body())], "", &snapshot(&json!([])));
    let output = project.run(&["--isolated", "main.json"]);
    assert_eq!(exit_code(&output), 2);
    assert!(stderr(&output).contains("add --account FILE or --online"), "{}", stderr(&output));
}

#[test]
fn five_hundred_portals_take_seconds_even_without_optimization() {
    let (mut files, mut settings, mut portals, mut campaigns) = (Vec::new(), String::new(), Vec::new(), Vec::new());
    for number in 0..500 {
        let (mut desired, id) = (body(), format!("Portal{number:014}"));
        desired["name"] = format!("Acme Portal {number}").into();
        desired["display_name"] = format!("Acme {number}").into();
        desired["customer_filters"]["campaign"] = json!([format!("Camp{number:016}")]);
        campaigns.push(json!({ "id": format!("Camp{number:016}"), "name": format!("Campaign {number}") }));
        let mut account = as_export(&desired, &id);
        account["customer_permissions"]["trial_cancel"] = (number % 2 == 0).into();
        portals.push(account);
        settings.push_str(&binding(&format!("portals/{number}.json"), &id));
        files.push((format!("portals/{number}.json"), desired));
    }
    let mut account = snapshot(&portals.into());
    account["campaigns"] = campaigns.into();
    let files: Vec<(&str, &Json)> = files.iter().map(|(name, desired)| (name.as_str(), desired)).collect();
    let project = PlanProject::new(&files, &settings, &account);
    let start = Instant::now();
    let plan = project.plan(&[]);
    let took = start.elapsed();
    let updates = plan["portals"].as_array().expect("a list").iter().filter(|portal| portal["action"] == "update");
    assert_eq!(updates.count(), 250);
    // An optimized build takes a small part of a second. A plan that compares each portal with each other would take minutes.
    assert!(took < Duration::from_secs(20), "{took:?}");
}
