//! `preflight` on an edit: the verdict is about the portal that results from it.

use super::*;
use crate::support::json::{array, field_texts, text};
use crate::support::program::portal_lint_with_env;
use serde_json::json;

/// The portal that all edits change.
const PORTAL: &str = "exD0myCXTaMte0mTOOY3";

/// An edit of the portal, with these other fields.
fn edit(mut fields: Json) -> Json {
    fields["customer_portal_id"] = PORTAL.into();
    fields
}

/// The complete account, with these fields of the portal replaced. `null` removes a field.
fn account_with(fields: &Json) -> Json {
    let text = fs::read_to_string(repository("fixtures/account.json")).expect("a snapshot");
    let mut account: Json = serde_json::from_str(&text).expect("JSON");
    let portal = account["customer_portals"][0].as_object_mut().expect("a portal");
    for (key, value) in fields.as_object().expect("an object") {
        if value.is_null() {
            portal.remove(key);
        } else {
            portal.insert(key.clone(), value.clone());
        }
    }
    account
}

/// The report of `preflight` on an edit.
fn report_on_edit(
    edit: &Json,
    account: Option<&Json>,
    args: &[&str],
    variables: &[(&str, &str)],
) -> std::process::Output {
    let mut files = vec![("a.json", edit.to_string())];
    let mut all_args = vec!["preflight", "--color=never", "a.json"];
    if let Some(account) = account {
        files.push(("revcent-account.json", account.to_string()));
        all_args.extend(["--account", "revcent-account.json"]);
    }
    all_args.extend(args);
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    portal_lint_with_env(create_folder(&files).path(), &all_args, variables, b"")
}

fn portal_review(edit: &Json, account: Option<&Json>) -> Json {
    stdout_json(&report_on_edit(edit, account, &["--format", "json"], &[]))["portals"][0].clone()
}

/// The IDs of the items with a status.
fn ids_with<'p>(portal: &'p Json, status: &str) -> Vec<&'p str> {
    let items = array(&portal["items"]).iter().filter(|item| item["status"] == status);
    items.map(|item| text(&item["id"])).collect()
}

#[test]
fn fields_that_matter_and_are_not_known_leave_their_items_unverified() {
    let cases: [(Json, &[&str]); 4] = [
        (json!({ "create_non_existing_customer": true }), &["V21", "P19"]),
        (json!({ "customer_filters": { "campaign": [] } }), &["V18", "V19", "P14"]),
        (json!({ "smtp_profile": "h3NfY6sJw1GtE5uQaB0C" }), &["V14", "P13"]),
        (json!({ "customer_permissions": { "contact_modify": true } }), &["V15", "P15"]),
    ];
    for (fields, ids) in cases {
        // Neither a missing snapshot nor one that has only the name of the portal contains the missing fields.
        let mut without_portal = account_with(&json!({}));
        without_portal["customer_portals"] = json!([{ "id": PORTAL, "name": "Acme Member Portal" }]);
        for account in [None, Some(&without_portal)] {
            let portal = portal_review(&edit(fields.clone()), account);
            let unverified = ids_with(&portal, "unverified");
            for id in ids {
                assert!(unverified.contains(id), "{id} of {fields}: {portal}");
            }
            assert_eq!(portal["verdict"], "review", "{fields}");
        }
    }
}

#[test]
fn an_edit_that_opens_registration_leaves_the_campaign_filter_unverified() {
    let campaign = "P9dRk2XyM5vHs8LqT1Fz";
    let fields = json!({ "create_non_existing_customer": true, "create_non_existing_customer_campaign": campaign });
    let reason = "whether the campaign filter contains the registration campaign";
    let is_unverified = |account: Option<&Json>| {
        let portal = portal_review(&edit(fields.clone()), account);
        field_texts(&portal["unverified"], "reason").contains(&reason)
    };
    assert!(is_unverified(None));
    // The snapshot has the filter.
    assert!(!is_unverified(Some(&account_with(&json!({})))));
}

#[test]
fn an_edit_of_a_known_portal_can_have_the_verdict_go() {
    let portal = portal_review(&edit(json!({ "display_name": "Your Acme Account" })), Some(&account_with(&json!({}))));
    assert_eq!(portal["verdict"], "go");
    assert_eq!(ids_with(&portal, "pass"), ["V23", "V24"]);
    assert_eq!(ids_with(&portal, "not-applicable").len(), 42);
    let changes = json!([
        { "pointer": "/display_name", "old": "Manage Your Acme Subscription", "new": "Your Acme Account" },
    ]);
    assert_eq!(portal["changes"], changes);
    // Without the account it is not known whether the portal exists.
    let portal = portal_review(&edit(json!({ "display_name": "Your Acme Account" })), None);
    assert_eq!((&portal["verdict"], &portal["changes"]), (&"review".into(), &Json::Null));
    assert_eq!(portal["unverified"][0]["reason"], "whether the account has the portal that the edit changes");
}

#[test]
fn the_portal_after_the_edit_decides_the_verdict() {
    let cases = [
        (json!({ "create_non_existing_customer": true }), "no-go", "after this edit, "),
        (
            json!({ "customer_filters": { "campaign": [], "third_party_shop": [] } }),
            "review",
            "this edit removes all filters",
        ),
        (json!({ "smtp_profile": "Yb7Kp3WnS9dGf2XcQ6Mz" }), "no-go", "after this edit, "),
        (json!({ "enabled": true }), "review", "this edit lets customers use the portal"),
    ];
    let mut account = account_with(&json!({}));
    let other_profile = json!({ "id": "Yb7Kp3WnS9dGf2XcQ6Mz", "name": "Globex", "from": "help@globex-traders.com" });
    account["smtp_profiles"].as_array_mut().expect("a list").push(other_profile);
    for (fields, verdict, message) in cases {
        let portal = portal_review(&edit(fields.clone()), Some(&account));
        assert_eq!(portal["verdict"], verdict, "{fields}: {portal}");
        assert!(portal.to_string().contains(message), "{message}: {portal}");
    }
    // What was wrong before the edit is not a finding about the edit.
    let wrong = account_with(&json!({ "display_name": "<b>Acme</b>", "create_non_existing_customer": true }));
    let portal = portal_review(&edit(json!({ "description": "For subscribers of the outdoor club." })), Some(&wrong));
    assert_eq!(portal["verdict"], "go", "{portal}");
}

#[test]
fn what_depends_on_the_treatment_of_nested_objects_is_unverified() {
    let fields = json!({ "customer_permissions": { "subscription_renew": false } });
    let portal = portal_review(&edit(fields), Some(&account_with(&json!({}))));
    assert_eq!(portal["verdict"], "review");
    assert_eq!(ids_with(&portal, "unverified"), ["V15", "P15"]);
    let reason = "whether RevCent keeps the fields that the edit omits from `customer_permissions`";
    assert!(portal.to_string().contains(reason), "{portal}");
    // With all fields of the object, it makes no difference.
    let mut permissions = account_with(&json!({}))["customer_portals"][0]["customer_permissions"].clone();
    permissions["subscription_renew"] = false.into();
    let portal = portal_review(&edit(json!({ "customer_permissions": permissions })), Some(&account_with(&json!({}))));
    assert_eq!(portal["verdict"], "go", "{portal}");
}

#[test]
fn a_snapshot_with_a_part_of_the_portal_leaves_the_rest_unverified() {
    let partial = account_with(&json!({ "customer_filters": null, "customer_emails": null }));
    let fields = json!({ "customer_filters": { "third_party_shop": [] }, "display_name": "Your Acme Account" });
    let portal = portal_review(&edit(fields.clone()), Some(&partial));
    assert_eq!(portal["verdict"], "review");
    assert_eq!(ids_with(&portal, "unverified"), ["V18", "V19", "P14"]);
    assert_eq!(portal["changes"][0], json!({ "pointer": "/customer_filters/third_party_shop", "new": [] }));
    let human = stdout(&report_on_edit(&edit(fields), Some(&partial), &[], &[]));
    assert!(human.contains("unknown -> []"), "{human}");
}

#[test]
fn changes_are_shown_field_by_field_without_secrets() {
    let fields = json!({
        "enabled": false,
        "description": "${PURPOSE}",
        "recaptcha": { "site_key": "6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr", "secret_key": "canary-secret-key" },
        "customer_filters": { "campaign": [], "third_party_shop": ["RjV7N70LRjEiEsY4Za5b"] },
    });
    for format in FORMATS {
        let args = ["--env", "--format", format];
        let variables = [("PURPOSE", "canary-purpose")];
        let account = account_with(&json!({}));
        let shown = stdout(&report_on_edit(&edit(fields.clone()), Some(&account), &args, &variables));
        for part in ["/customer_filters/campaign", "/recaptcha/secret_key", "P9dRk2XyM5vHs8LqT1Fz", "${PURPOSE}"] {
            let escaped = part.replace('_', "\\_").replace('{', "\\{").replace('}', "\\}");
            assert!(shown.contains(part) || shown.contains(&escaped), "{part} in {format}: {shown}");
        }
        for part in ["canary", "/recaptcha/site_key", "/enabled"] {
            assert!(!shown.contains(part), "{part} in {format}: {shown}");
        }
    }
}

/// The snapshot with the portal disabled and its tracking domain in this DNS state.
fn disabled_account(dns_status: &str) -> Json {
    let mut account = account_with(&json!({ "enabled": false }));
    for domain in account["tracking_domains"].as_array_mut().expect("a list") {
        domain["dns"] = json!({ "status": dns_status });
    }
    account
}

#[test]
fn an_edit_that_enables_the_portal_is_checked_with_all_fields_of_the_portal() {
    let enable = edit(json!({ "enabled": true }));
    let ready = portal_review(&enable, Some(&disabled_account("ready")));
    assert_eq!(ready["verdict"], "review", "{ready}");
    assert_eq!(ids_with(&ready, "warning"), ["V22", "P20"]);
    assert!(ids_with(&ready, "pass").contains(&"V3"), "{ready}");
    let pending = portal_review(&enable, Some(&disabled_account("pending")));
    assert_eq!(pending["verdict"], "no-go", "{pending}");
    assert_eq!(ids_with(&pending, "fail"), ["V3", "P4"]);
    // Without the rest of the portal, it is not known whether it is ready.
    let mut partial = disabled_account("ready");
    partial["customer_portals"][0].as_object_mut().expect("a portal").remove("tracking_domain");
    let unknown = portal_review(&enable, Some(&partial));
    assert!(unknown.to_string().contains("whether the portal is ready to be enabled"), "{unknown}");
    assert!(!ids_with(&unknown, "pass").contains(&"V3"), "{unknown}");
    // Problems that a disabled portal already has are not findings about the edit.
    let rename = edit(json!({ "display_name": "Your Acme Account" }));
    let portal = portal_review(&rename, Some(&disabled_account("pending")));
    assert_eq!(portal["verdict"], "go", "{portal}");
}

#[test]
fn the_same_mistake_in_both_emails_of_the_account_is_two_findings() {
    let mut account = disabled_account("ready");
    for email in ["customer_account_confirm_email", "customer_account_password_reset"] {
        account["customer_portals"][0]["customer_emails"][email]["from"] = "support@acme".into();
    }
    let report =
        stdout_json(&report_on_edit(&edit(json!({ "enabled": true })), Some(&account), &["--format=json"], &[]));
    let report = report.to_string();
    for email in ["the confirmation email", "the password reset email"] {
        assert!(report.contains(&format!("after this edit, the sender of {email} has the domain")), "{report}");
    }
}

#[test]
fn advice_about_fields_that_an_edit_does_not_mention_is_not_unverified() {
    let mut account = disabled_account("ready");
    account["customer_portals"][0]["customer_permissions"]["trial_cancel"] = true.into();
    let portal = portal_review(&edit(json!({ "enabled": true })), Some(&account));
    assert!(!portal.to_string().contains("whether RevCent keeps the fields"), "{portal}");
}

#[test]
fn keys_that_an_edit_leaves_out_of_recaptcha_are_unverified() {
    let key = "6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr";
    let account = account_with(&json!({}));
    for (recaptcha, ids) in
        [(json!({ "site_key": key }), ["V8", "P9"]), (json!({ "secret_key": "${RECAPTCHA_SECRET_KEY}" }), ["V7", "P8"])]
    {
        for account in [None, Some(&account)] {
            let portal = portal_review(&edit(json!({ "recaptcha": recaptcha })), account);
            let unverified = ids_with(&portal, "unverified");
            assert!(ids.iter().all(|id| unverified.contains(id)), "{recaptcha}: {portal}");
            assert_eq!(portal["verdict"], "review", "{recaptcha}");
        }
    }
}

#[test]
fn filters_that_an_edit_empties_are_unverified_if_the_snapshot_lacks_them() {
    let fields = edit(json!({ "customer_filters": { "campaign": [], "third_party_shop": [] } }));
    // Nothing else in the account makes filters necessary.
    let partial = account_with(&json!({ "customer_filters": null, "customer_emails": null }));
    let portal = portal_review(&fields, Some(&partial));
    assert_eq!(portal["verdict"], "review", "{portal}");
    assert!(ids_with(&portal, "unverified").contains(&"V18"), "{portal}");
}

#[test]
fn an_edit_without_an_id_is_not_known_to_change_a_portal() {
    let fields = json!({ "display_name": "Your Acme Account" });
    let report = report_on_edit(&fields, Some(&account_with(&json!({}))), &["--kind", "edit", "--format", "json"], &[]);
    let portal = &stdout_json(&report)["portals"][0];
    assert_eq!(portal["verdict"], "review", "{portal}");
    assert!(portal.to_string().contains("which portal the edit changes"), "{portal}");
}

#[test]
fn placeholders_in_an_edit_of_an_enabled_portal_are_errors() {
    let fields = edit(json!({ "footer_html": "<a href=\"https://shop.example\">Shop</a>" }));
    for (is_enabled, verdict) in [(true, "no-go"), (false, "review")] {
        let account = account_with(&json!({ "enabled": is_enabled }));
        let portal = portal_review(&fields, Some(&account));
        assert_eq!(portal["verdict"], verdict, "{portal}");
    }
}
