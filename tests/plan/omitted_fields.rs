//! Values that somebody added to the account in fields that the file omits: the plan shows them, and never sends them again in silence.

use serde_json::{Value as Json, json};

use super::project::{ID, PlanProject, as_export, body, bound, find, snapshot};
use crate::support::program::{portal_lint, stdout};

const CONFIRM: &str = "customer_account_confirm_email";

/// The portal of the plan for a file without the fields at these pointers, and an account that has these values there.
fn plan_with_extra(pointers: &[(&str, Json)]) -> (PlanProject, Json) {
    let mut desired = body();
    let mut account = as_export(&body(), ID);
    for (pointer, value) in pointers {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        desired.pointer_mut(parent).and_then(Json::as_object_mut).expect("an object").remove(key);
        account.pointer_mut(parent).and_then(Json::as_object_mut).expect("an object").insert(key.into(), value.clone());
    }
    let project = bound(&desired, &account);
    let plan = project.plan(&[]);
    (project, find(&plan, "main.json").clone())
}

#[test]
fn a_value_that_only_the_account_has_is_removed_and_named() {
    let permission = "/customer_permissions/trial_cancel";
    let cases = [
        ("/customer_emails/customer_account_confirm_email/to_bcc", json!(["spy@example.net"]), json!([])),
        ("/customer_emails/customer_account_password_reset/to_cc", json!(["spy@example.net"]), json!([])),
        ("/customer_emails/customer_account_confirm_email/from_name", json!("Somebody"), json!("")),
        (permission, json!(true), json!(false)),
        ("/description", json!("A new description"), json!("")),
        ("/display_name", json!("My portal"), json!("")),
        ("/footer_html", json!("<p>Hello</p>"), json!("")),
        ("/create_non_existing_customer", json!(true), json!(false)),
    ];
    for (pointer, extra, new) in cases {
        let (project, portal) = plan_with_extra(&[(pointer, extra.clone())]);
        assert_eq!((&portal["action"], &portal["removed"]), (&json!("update"), &json!([pointer])), "{portal:#}");
        let change = &portal["changes"][0];
        assert_eq!((&change["pointer"], &change["old"], &change["new"]), (&json!(pointer), &extra, &new));
        assert_eq!(portal["body"].pointer(pointer), Some(&new), "{portal:#}");
        assert_eq!((project.exit_code(&[]), project.exit_code(&["--check"])), (0, 1));
        let text = stdout(&project.run(&[])).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(&format!("the file omits `{pointer}`, so the request removes")), "{text}");
        let checked = portal_lint(project.folder(), &["check", "--select", "RCP309", "--format", "concise"], b"");
        assert!(stdout(&checked).contains("RCP309"), "{pointer}: {}", stdout(&checked));
    }
    let (project, portal) = plan_with_extra(&[(permission, json!(false)), ("/description", json!(""))]);
    assert_eq!((&portal["action"], project.exit_code(&["--check"])), (&json!("unchanged"), 0), "{portal:#}");
}

#[test]
fn a_whole_object_in_the_request_repeats_no_value_that_only_the_account_has() {
    let to_bcc = format!("/customer_emails/{CONFIRM}/to_bcc");
    let mut desired = body();
    desired["customer_emails"][CONFIRM]["subject"] = "Your Acme code".into();
    let mut account = as_export(&body(), ID);
    account["customer_emails"][CONFIRM]["to_bcc"] = json!(["spy@example.net"]);
    let portal = find(&bound(&desired, &account).plan(&[]), "main.json").clone();
    assert_eq!(portal["body"].pointer(&to_bcc), Some(&json!([])), "{portal:#}");
    assert!(!portal["body"].to_string().contains("spy@"), "{portal:#}");
    assert_eq!(portal["removed"], json!([to_bcc]));
}

#[test]
fn an_object_that_the_file_omits_is_compared_as_well() {
    let mut desired = body();
    desired.as_object_mut().expect("an object").remove("customer_permissions");
    let portal = find(&bound(&desired, &as_export(&body(), ID)).plan(&[]), "main.json").clone();
    assert_eq!((&portal["action"], portal["removed"].as_array().map(Vec::len)), (&json!("update"), Some(7)));
    assert!(!portal["body"]["customer_permissions"].to_string().contains("true"), "{portal:#}");
}

#[test]
fn nothing_is_sent_while_it_is_not_known_what_happens_without_a_value() {
    let html = format!("/customer_emails/{CONFIRM}/html");
    let subject = format!("/customer_emails/{CONFIRM}/subject");
    let cases = [
        (html.as_str(), json!("<p>{{email_code}}</p>")),
        (&subject, json!("Hello")),
        ("/customer_filters/campaign", json!([{ "id": "P9dRk2XyM5vHs8LqT1Fz", "name": "Acme subscriptions" }])),
    ];
    for (pointer, extra) in cases {
        let (project, portal) = plan_with_extra(&[(pointer, extra), ("/description", json!("Another"))]);
        assert_eq!((&portal["action"], &portal["body"]), (&json!("blocked"), &Json::Null), "{portal:#}");
        assert_eq!((&portal["undecided"], project.exit_code(&[])), (&json!([pointer]), 1));
        let reason = &portal["reasons"][0];
        let message = reason["message"].as_str().expect("a message");
        assert!(message.starts_with(&format!("the file omits `{pointer}`, and the account has ")), "{message}");
        if pointer.contains("filters") {
            assert!(message.ends_with("[\"P9dRk2XyM5vHs8LqT1Fz\" (Acme subscriptions)]"), "{message}");
        }
        assert!(reason["help"].as_str().is_some_and(|help| help.starts_with("copy the ")), "{reason:#}");
        let checked = portal_lint(project.folder(), &["check", "--select", "RCP309", "--format", "concise"], b"");
        assert!(stdout(&checked).contains("RCP309"), "{pointer}: {}", stdout(&checked));
    }
}

/// People enable a portal in RevCent, and a campaign has no effect while new customers cannot register.
#[test]
fn what_an_edit_cannot_remove_is_named_and_stays() {
    let campaign = json!({ "id": "P9dRk2XyM5vHs8LqT1Fz", "name": "Acme subscriptions" });
    for (pointer, extra) in [("/enabled", json!(true)), ("/create_non_existing_customer_campaign", campaign)] {
        let (project, portal) = plan_with_extra(&[(pointer, extra)]);
        assert_eq!((&portal["action"], project.exit_code(&["--check"])), (&json!("unchanged"), 0), "{portal:#}");
        let not_compared = portal["not_compared"].as_array().expect("a list");
        assert!(not_compared.contains(&json!({ "pointer": pointer, "reason": "omitted" })), "{portal:#}");
        let text = stdout(&project.run(&[])).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(&format!("`{pointer}` (the file omits it")), "{text}");
    }
}

#[test]
fn an_edit_changes_nothing_that_it_omits() {
    let edit = json!({ "customer_portal_id": ID, "display_name": "Manage Your Acme Subscription" });
    let account = snapshot(&json!([as_export(&body(), ID)]));
    let plan = PlanProject::new(&[("edit.portal.json", &edit)], "", &account).plan(&[]);
    let portal = find(&plan, "edit.portal.json");
    assert_eq!((&portal["action"], &portal["removed"]), (&json!("unchanged"), &json!([])), "{portal:#}");
}
