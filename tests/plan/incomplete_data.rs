//! Plans for account data that lacks something, contradicts itself or has a portal under another name: it is reported, not guessed.

use serde_json::{Value as Json, json};

use crate::support::json::{array, text};
use crate::support::program::{exit_code, portal_lint, stdout};

use super::project::{ID, PlanProject, as_export, body, bound, find, snapshot};

/// The fields of a planned portal that were not compared, because the account data lacks them.
fn pointers_not_in_account(portal: &Json) -> Vec<&str> {
    let fields = array(&portal["not_compared"]).iter().filter(|field| field["reason"] == "not-in-account");
    fields.map(|field| text(&field["pointer"])).collect()
}

#[test]
fn parts_that_the_account_data_lacks_are_named_and_not_planned() {
    let mut partial = as_export(&body(), ID);
    partial["display_name"] = "Acme Subscriptions".into();
    partial.as_object_mut().expect("an object").remove("customer_emails");
    let plan = bound(&body(), &partial).plan(&[]);
    let portal = find(&plan, "main.json");
    assert_eq!(portal["changes"].as_array().map(Vec::len), Some(1), "{portal:#}");
    assert_eq!(portal["body"], json!({ "customer_portal_id": ID, "display_name": "Manage Your Acme Subscription" }));
    let unknown = pointers_not_in_account(portal);
    assert!(unknown.contains(&"/customer_emails/customer_account_confirm_email/html"), "{unknown:?}");

    for (portals, reason) in [
        (json!([{ "id": ID, "name": "Acme Subscription Portal" }]), "contains only the ID and the name of this portal"),
        (
            json!([{ "id": ID, "name": "Acme Subscription Portal", "created_date_unix": 1, "enabled": null }]),
            "contains only the ID and the name of this portal",
        ),
        (Json::Null, "does not contain this portal"),
    ] {
        let mut account = snapshot(&portals);
        if account["customer_portals"].is_null() {
            account.as_object_mut().expect("an object").remove("customer_portals");
        }
        let project = bound_in(&account);
        let plan = project.plan(&[]);
        let portal = find(&plan, "main.json");
        assert_eq!(portal["action"], "blocked", "{portal:#}");
        assert!(portal["reasons"][0]["message"].as_str().is_some_and(|text| text.contains(reason)), "{portal:#}");
    }
}

/// A project whose file is bound, with this snapshot.
fn bound_in(account: &Json) -> PlanProject {
    let settings = format!("[[portal]]\nfile = \"main.json\"\nid = \"{ID}\"\n");
    PlanProject::new(&[("main.json", &body())], &settings, account)
}

#[test]
fn a_portal_that_was_renamed_in_the_account_is_an_update_of_the_name() {
    let mut renamed = as_export(&body(), ID);
    renamed["name"] = "Acme Subscription Portal (old)".into();
    let plan = bound(&body(), &renamed).plan(&[]);
    let change = &find(&plan, "main.json")["changes"][0];
    assert_eq!((&change["pointer"], &change["old"]), (&json!("/name"), &json!("Acme Subscription Portal (old)")));
    let text = String::from_utf8_lossy(&bound(&body(), &renamed).run(&[]).stdout).into_owned();
    assert!(text.contains("the portal is named `Acme Subscription Portal (old)` in the account"), "{text}");
}

#[test]
fn broken_bindings_and_an_old_snapshot_are_reported() {
    let mut account = snapshot(&json!([as_export(&body(), ID)]));
    account["pulled"] = "2020-02-29".into();
    let plan = bound_in(&account).plan(&[]);
    assert_eq!(plan["diagnostics"][0]["code"], "RCP308", "{plan:#}");

    let settings = "[[portal]]\nfile = \"main.json\"\nid = \"Zb4Nf8QwR2sXk6LmT0Vy\"\n";
    let project = PlanProject::new(&[("main.json", &body())], settings, &snapshot(&json!([as_export(&body(), ID)])));
    let plan = project.plan(&[]);
    assert_eq!((&plan["diagnostics"][0]["code"], project.exit_code(&[])), (&json!("RCP915"), 1), "{plan:#}");
    // The reason names the error.
    let reason = &find(&plan, "main.json")["reasons"][0];
    assert_eq!((&reason["code"], &reason["location"]), (&json!("RCP915"), &json!("portal-lint.toml:5:6")));
    assert_eq!(reason["message"], "the account has no portal `Zb4Nf8QwR2sXk6LmT0Vy`");
}

#[test]
fn fields_of_an_object_that_nobody_knows_are_named() {
    let edit =
        json!({ "customer_portal_id": ID, "recaptcha": { "site_key": "6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr" } });
    let project = PlanProject::new(&[("edit.json", &edit)], "", &snapshot(&json!([as_export(&body(), ID)])));
    let plan = project.plan(&[]);
    let portal = find(&plan, "edit.json");
    assert_eq!((&portal["action"], &portal["left_out"]), (&json!("update"), &json!(["/recaptcha/secret_key"])));
    for format in ["human", "markdown", "html"] {
        let text = String::from_utf8_lossy(&project.run(&["--format", format]).stdout).replace("<code>", "`");
        let text = text.replace('\n', " ").replace("           ", "");
        assert!(text.contains("the request omits `/recaptcha/secret_key"), "{format}: {text}");
    }
}

#[test]
fn nested_fields_that_the_account_data_lacks_are_named_and_not_planned() {
    let mut account = as_export(&body(), ID);
    account["customer_permissions"] = json!({ "contact_modify": false });
    let confirm = account["customer_emails"]["customer_account_confirm_email"].as_object_mut().expect("an object");
    confirm.remove("html");
    confirm.remove("subject");
    // An optional text of a complete email is not set.
    let reset = account["customer_emails"]["customer_account_password_reset"].as_object_mut().expect("an object");
    reset.remove("from_name");
    let plan = bound(&body(), &account).plan(&[]);
    let portal = find(&plan, "main.json");
    let changes: Vec<&Json> =
        portal["changes"].as_array().expect("a list").iter().map(|change| &change["pointer"]).collect();
    assert_eq!(
        changes[..2],
        ["/customer_emails/customer_account_password_reset/from_name", "/customer_permissions/contact_modify"]
    );
    // The objects change, so the body contains these values, too.
    for pointer in ["/customer_permissions/trial_cancel", "/customer_emails/customer_account_confirm_email/html"] {
        assert!(portal["body"].pointer(pointer).is_some(), "{portal:#}");
        assert!(changes[2..].contains(&&json!(pointer)), "{changes:?}");
    }
    let unknown = pointers_not_in_account(portal);
    assert!(unknown.contains(&"/customer_emails/customer_account_confirm_email/html"), "{unknown:?}");
    assert!(unknown.contains(&"/customer_emails/customer_account_confirm_email/subject"), "{unknown:?}");
    assert!(unknown.contains(&"/customer_permissions/trial_cancel"), "{unknown:?}");
}

#[test]
fn nothing_is_sent_that_the_plan_does_not_show() {
    let mut desired = body();
    desired["customer_permissions"] = json!({ "contact_modify": false, "subscription_cancel": true });
    let mut account = as_export(&body(), ID);
    account["customer_permissions"] = json!({ "contact_modify": true });
    let project = bound(&desired, &account);
    let plan = project.plan(&[]);
    let portal = find(&plan, "main.json");
    assert_eq!(portal["body"]["customer_permissions"], desired["customer_permissions"]);
    let opened = json!({
        "pointer": "/customer_permissions/subscription_cancel", "old": null, "new": true,
        "meaning": "opens self-cancel: customers can cancel their subscriptions"
    });
    assert_eq!((&portal["changes"][1], portal["changes"].as_array().map(Vec::len)), (&opened, Some(2)), "{portal:#}");
    let text = stdout(&project.run(&[]));
    assert!(text.contains("unknown -> true"), "{text}");

    // If nothing else in the object changes, it is not sent.
    account["customer_permissions"] = json!({ "contact_modify": false });
    let plan = bound(&desired, &account).plan(&[]);
    let portal = find(&plan, "main.json");
    assert_eq!((&portal["action"], &portal["body"]), (&json!("unchanged"), &Json::Null), "{portal:#}");
}

#[test]
fn fields_of_the_account_that_an_edit_does_not_have_are_named() {
    let mut account = as_export(&body(), ID);
    account["customer_permissions"]["future_perm"] = true.into();
    account["customer_permissions"]["contact_modify"] =
        (!body()["customer_permissions"]["contact_modify"].as_bool().unwrap_or(false)).into();
    account["customer_emails"]["welcome_email"] = json!({ "html": "<p>Welcome</p>" });
    account["customer_emails"]["customer_account_confirm_email"]["subject"] = "Another".into();
    account["customer_filters"]["brand"] = json!(["zz"]);
    let project = bound(&body(), &account);
    let plan = project.plan(&[]);
    let portal = find(&plan, "main.json");
    // The filters do not change, so they are not sent.
    let expected = json!(["/customer_emails/welcome_email", "/customer_permissions/future_perm"]);
    let mut left_out = portal["left_out"].as_array().expect("a list").clone();
    left_out.sort_by_key(Json::to_string);
    assert_eq!(json!(left_out), expected, "{portal:#}");
    assert!(!portal["body"].to_string().contains("future_perm"), "{portal:#}");
    let text = stdout(&project.run(&[])).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("`/customer_permissions/future_perm`, which the account has"), "{text}");
}

#[test]
fn a_renamed_portal_that_is_not_bound_is_matched_with_its_file() {
    let mut renamed = as_export(&body(), ID);
    renamed["name"] = "Acme Subscription Portal (old)".into();
    let project = PlanProject::new(&[("main.json", &body())], "", &snapshot(&json!([renamed])));
    let plan = project.plan(&[]);
    let likely = json!({ "file": "main.json", "document": 0, "id": ID, "name": "Acme Subscription Portal (old)" });
    for (portal, action) in plan["portals"].as_array().expect("a list").iter().zip(["create", "orphan"]) {
        assert_eq!((&portal["action"], &portal["likely_match"]), (&json!(action), &likely));
    }
    let text = String::from_utf8_lossy(&project.run(&[]).stdout).replace("\n          ", "");
    assert_eq!(text.matches(&format!("portal-lint bind main.json {ID}")).count(), 2, "{text}");

    // Another brand on another domain is another portal, and of two portals that look the same, neither is suggested.
    let mut other = as_export(&body(), ID);
    other["name"] = "Globex Portal".into();
    other["tracking_domain"]["id"] = "Gd7ZpW2mVx9LcT4bRn8D".into();
    let mut second = renamed.clone();
    (second["id"], second["name"]) = ("Zb4Nf8QwR2sXk6LmT0Vy".into(), "Acme Recovery Portal".into());
    for account in [json!([other]), json!([renamed, second])] {
        let plan = PlanProject::new(&[("main.json", &body())], "", &snapshot(&account)).plan(&[]);
        assert_eq!(find(&plan, "main.json")["likely_match"], Json::Null, "{plan:#}");
    }
}

#[test]
fn an_id_with_two_entries_in_the_snapshot_is_reported_and_nothing_is_planned() {
    let mut other = as_export(&body(), ID);
    other["display_name"] = "Acme Subscriptions".into();
    let project = bound_in(&snapshot(&json!([as_export(&body(), ID), other])));
    let plan = project.plan(&[]);
    assert_eq!(
        plan["diagnostics"][0]["message"],
        format!("the snapshot has two different entries for the portal `{ID}` \"Acme Subscription Portal\"")
    );
    assert_eq!((&find(&plan, "main.json")["action"], project.exit_code(&[])), (&json!("blocked"), 1));
    // A page that was fetched later repeats an object.
    let same = bound_in(&snapshot(&json!([as_export(&body(), ID), as_export(&body(), ID)]))).plan(&[]);
    assert_eq!((&find(&same, "main.json")["action"], &same["diagnostics"]), (&json!("unchanged"), &json!([])));
}

#[test]
fn an_edit_without_an_id_is_blocked() {
    let edit = json!({ "customer_portal_id": "${PORTAL_ID}", "display_name": "My Acme" });
    let project = PlanProject::new(&[("edit.json", &edit)], "", &snapshot(&json!([as_export(&body(), ID)])));
    let plan = project.plan(&[]);
    let portal = find(&plan, "edit.json");
    assert_eq!((&portal["action"], &portal["id"]), (&json!("blocked"), &Json::Null));
    assert_eq!(portal["reasons"][0]["message"], "the ID of the portal is not known");
    let output = project.run_with_env(&["--format", "json", "--env"], &[("PORTAL_ID", ID)]);
    let plan: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(find(&plan, "edit.json")["action"], "update");
}

#[test]
fn a_flag_that_is_null_in_the_account_is_unknown() {
    let mut account = as_export(&body(), ID);
    account["enabled"] = Json::Null;
    account["customer_permissions"]["subscription_cancel"] = Json::Null;
    let project = bound(&body(), &account);
    let plan = project.plan(&[]);
    let portal = find(&plan, "main.json");
    assert_eq!((&portal["action"], &portal["changes"]), (&json!("unchanged"), &json!([])), "{portal:#}");
    let not_compared = portal["not_compared"].as_array().expect("a list");
    for pointer in ["/enabled", "/customer_permissions/subscription_cancel"] {
        let expected = json!({ "pointer": pointer, "reason": "not-in-account" });
        assert!(not_compared.contains(&expected), "{not_compared:#?}");
    }
    let checked = portal_lint(project.folder(), &["check", "--select", "RCP309"], b"");
    assert_eq!(exit_code(&checked), 0, "{}", stdout(&checked));

    // A permission that nobody knows is not in the body.
    let mut desired = body();
    desired["customer_permissions"] = json!({ "trial_cancel": true });
    let plan = bound(&desired, &account).plan(&[]);
    let portal = find(&plan, "main.json");
    assert_eq!(portal["left_out"], json!(["/customer_permissions/subscription_cancel"]), "{portal:#}");
    assert_eq!(portal["body"]["customer_permissions"]["subscription_cancel"], Json::Null);
    assert!(!portal["body"].to_string().contains("null"), "{portal:#}");
}

#[test]
fn removing_the_last_filter_opens_the_portal() {
    let mut open = body();
    open["customer_filters"] = json!({ "campaign": [], "third_party_shop": [] });
    let plan = bound(&open, &as_export(&body(), ID)).plan(&[]);
    let changes = &find(&plan, "main.json")["changes"];
    assert_eq!(
        changes[0]["meaning"],
        "opens the portal to all customers: association with a campaign is no longer required"
    );
    let mut moved = open;
    moved["customer_filters"]["third_party_shop"] = json!(["RjV7N70LRjEiEsY4Za5b"]);
    let plan = bound(&moved, &as_export(&body(), ID)).plan(&[]);
    assert!(!find(&plan, "main.json")["changes"].to_string().contains("all customers"), "{plan:#}");
}
