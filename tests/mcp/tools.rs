//! What the tools return.

use std::fs;

use serde_json::{Value as Json, json};

use super::client::Client;
use crate::support::program::{clean_body, create_folder, portal_lint, stdout_json};
use crate::support::{entries, file_name, fixture_paths, repository};

fn body() -> Json {
    serde_json::from_str(&clean_body()).expect("JSON")
}

#[test]
fn the_verdict_is_that_of_the_command_line() {
    let folder = create_folder(&[]);
    let mut client = Client::start_session(folder.path(), "2025-11-25");
    let mut checked = 0;
    for rule in entries(&repository("fixtures/rules")) {
        // One of each rule keeps the test short.
        let is_input = |path: &std::path::PathBuf| path.is_file() && file_name(path).starts_with("bad-");
        let Some(path) = fixture_paths(&rule).into_iter().find(is_input) else { continue };
        let Ok(text) = fs::read_to_string(&path) else { continue };
        // A variable is an error in a body that is sent, but not in a file.
        let text = text
            .replace("${RECAPTCHA_SITE_KEY}", "6LdQ9vMpAAAAAPq8VwXe3SmDkB5hZtNyUf6gCjOr")
            .replace("${RECAPTCHA_SECRET_KEY}", "6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViMu");
        let output = portal_lint(folder.path(), &["preflight", "--isolated", "--format", "json", "-"], text.as_bytes());
        let portals = stdout_json(&output)["portals"].as_array().expect("portals").clone();
        let verdicts: Vec<&str> = portals.iter().filter_map(|portal| portal["verdict"].as_str()).collect();
        let worst = ["no-go", "review", "go"].into_iter().find(|verdict| verdicts.contains(verdict));
        let result = client.call("preflight_portal", &json!({ "body": text }));
        // A comment in the body of an agent suppresses nothing.
        if !text.contains("portal-lint: allow") && !text.contains("${") {
            assert_eq!(result["verdict"].as_str(), worst, "{}", path.display());
            checked += 1;
        }
    }
    assert!(checked > 40, "{checked}");
}

#[test]
fn a_finding_has_no_other_fields() {
    let folder = create_folder(&[]);
    let mut client = Client::start_session(folder.path(), "2025-11-25");
    let mut body = body();
    body["enabeld"] = true.into();
    body["footer_html"] = "<a href='http://acme-outfitters.com'>x</a>".into();
    let result = client.call("check_portal", &json!({ "body": body }));
    let findings = result["diagnostics"].as_array().expect("findings");
    assert_eq!(findings[0]["severity"], "error");
    let mut with_fix = 0;
    for finding in findings {
        let mut keys: Vec<&str> = finding.as_object().expect("an object").keys().map(String::as_str).collect();
        if keys.contains(&"fix") {
            with_fix += 1;
            keys.retain(|key| *key != "fix");
        }
        // A rule that no item of the guide names has no items.
        if finding["code"] == "RCP207" {
            assert_eq!(keys, ["code", "help", "message", "pointer", "severity", "span"]);
        } else {
            assert_eq!(keys, ["code", "help", "items", "message", "pointer", "severity", "span"]);
        }
    }
    assert!(with_fix > 0, "{result}");
    // How to record a decision is only for people.
    body["customer_permissions"]["subscription_cancel"] = true.into();
    fs::write(folder.path().join("a.json"), body.to_string()).expect("a file");
    let text = client.call("check_portal", &json!({ "path": "a.json" })).to_string();
    assert!(text.contains("RCP016") && !text.contains("portal-lint allow"), "{text}");
}

#[test]
fn a_variable_is_an_error_only_in_a_body_that_is_about_to_be_sent() {
    let folder = create_folder(&[("a.json", &clean_body())]);
    let mut client = Client::start_session(folder.path(), "2025-11-25");
    let result = client.call("preflight_portal", &json!({ "body": body() }));
    assert_eq!(result["verdict"], "no-go");
    let pointers: Vec<&Json> =
        result["ask_user"].as_array().expect("questions").iter().map(|entry| &entry["pointer"]).collect();
    assert_eq!(pointers, ["/recaptcha/secret_key", "/recaptcha/site_key"]);
    // In a draft and in a file, a variable stands for a value.
    assert_eq!(client.call("preflight_portal", &json!({ "path": "a.json" }))["verdict"], "review");
    assert_eq!(client.call("check_portal", &json!({ "body": body() }))["diagnostics"], json!([]));
    assert_eq!(client.call("fix_portal", &json!({ "body": body() }))["remaining"], json!([]));
}

#[test]
fn questions_are_not_listed_as_something_to_fix() {
    let folder = create_folder(&[]);
    let mut client = Client::start_session(folder.path(), "2025-11-25");
    let mut body = body();
    body["tracking_domain"] = "TRACKING_DOMAIN_ID".into();
    body["recaptcha"] = json!({ "site_key": "YOUR_SITE_KEY" });
    body["smtp_profile"].take();
    body["customer_emails"]["customer_account_confirm_email"]["from"] = "support@example.com".into();
    body["customer_emails"]["customer_account_confirm_email"]["html"] = "Hello".into();
    let result = client.call("preflight_portal", &json!({ "body": body }));
    let pointers = |list: &str| -> Vec<&str> {
        result[list].as_array().expect("a list").iter().filter_map(|entry| entry["pointer"].as_str()).collect()
    };
    let email = "/customer_emails/customer_account_confirm_email";
    let mut asked = pointers("ask_user");
    asked.sort_unstable();
    asked.dedup();
    // The senders of both emails are reported, because they differ.
    let froms = [format!("{email}/from"), "/customer_emails/customer_account_password_reset/from".to_owned()];
    let others = ["/recaptcha/secret_key", "/recaptcha/site_key", "/smtp_profile", "/tracking_domain"];
    assert_eq!(asked, [&[froms[0].as_str(), froms[1].as_str()][..], &others].concat());
    assert_eq!(pointers("must_fix"), [format!("{email}/html")]);
    assert!(result["ask_user"][0]["question"].as_str().is_some_and(|question| question.contains('?')), "{result}");
}

#[test]
fn what_an_error_says_is_not_unverified() {
    let folder = create_folder(&[]);
    let mut client = Client::start_session(folder.path(), "2025-11-25");
    let mut body = body();
    let permissions = body.as_object_mut().expect("an object").remove("customer_permissions");
    body["customer_permisions"] = permissions.expect("an object");
    let result = client.call("preflight_portal", &json!({ "body": body }));
    assert!(result["must_fix"].to_string().contains("RCP024"), "{result}");
    assert!(!result["unverified"].to_string().contains("the field is missing"), "{result}");
}

#[test]
fn a_fix_returns_edits_and_writes_nothing() {
    let mut portal = body();
    portal["recaptcha"]["secret_key"] = "6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViMu".into();
    portal["footer_html"] = "<a href='http://acme-outfitters.com'>ü</a>".into();
    let text = serde_json::to_string_pretty(&portal).expect("JSON");
    let folder = create_folder(&[("a.json", &text)]);
    let mut client = Client::start_session(folder.path(), "2025-11-25");
    let arguments = json!({ "path": "a.json", "unsafe": true, "return_body": true });
    let result = client.call("fix_portal", &arguments);
    let mut fixed = text.clone();
    for edit in result["edits"].as_array().expect("edits").iter().rev() {
        let offset = |index: usize| usize::try_from(edit[index].as_u64().expect("an offset")).expect("small");
        fixed.replace_range(offset(0)..offset(1), edit[2].as_str().expect("a text"));
    }
    assert_eq!(fixed, text.replace("http://", "https://"));
    let masked = fixed.replace("6LdQ9vMpAAAAAHx2RbYk7TnWcE4jLsPz0Ga1ViMu", &"*".repeat(40));
    assert_eq!(result["body"], masked);
    assert!(result["remaining"].as_array().expect("findings").iter().all(|finding| finding["code"] != "RCP207"));
    assert_eq!(fs::read_to_string(folder.path().join("a.json")).expect("the file"), text);
    assert_eq!(entries(folder.path()).len(), 1);
    // Variables are not filled in.
    let result = client.call("fix_portal", &json!({ "body": body(), "return_body": true }));
    assert!(result["body"].as_str().expect("a body").contains("${RECAPTCHA_SECRET_KEY}"), "{result}");
}

#[test]
fn the_digest_is_that_of_the_canonical_json() {
    // `printf '{"display_name":"é","name":"Acme"}' | sha256sum`
    const DIGEST: &str = "8077fa3b39ea8fb26db99554eee19f32b3333b219d7263b1f18d169e3f47cb09";
    let folder = create_folder(&[("a.yaml", "name: Acme\ndisplay_name: é\n")]);
    let mut client = Client::start_session(folder.path(), "2025-11-25");
    for arguments in [
        json!({ "body": { "name": "Acme", "display_name": "é" } }),
        json!({ "body": "{\"display_name\": \"\\u00e9\",\n \"name\": \"Acme\"}" }),
        json!({ "body": { "name": "CreateCustomerPortal", "arguments": { "name": "Acme", "display_name": "é" } } }),
        json!({ "path": "a.yaml", "kind": "create" }),
    ] {
        assert_eq!(client.call("preflight_portal", &arguments)["body_sha256"], DIGEST, "{arguments}");
    }
    // It is not known what a client would send.
    for body in [r#"{"name": "Acme", "display_name": "é""#, r#"{"name": "Acme", "name": "é"}"#, "name: [Acme"] {
        let result = client.call("preflight_portal", &json!({ "body": body }));
        assert_eq!((&result["verdict"], &result["body_sha256"]), (&json!("no-go"), &Json::Null), "{body}");
    }
}

#[test]
fn duplicate_keys_of_the_body_are_found() {
    let folder = create_folder(&[]);
    let mut client = Client::start_session(folder.path(), "2025-11-25");
    client.send_bytes(
        b"{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\",\"params\":{\"name\":\"check_portal\",\
          \"arguments\":{\"body\":{\"enabled\":false,\"enabled\":true,\"recaptcha\":{}}}}}\n",
    );
    assert!(client.receive().to_string().contains("RCP205"));
}

#[test]
fn a_body_is_checked_in_the_project_of_the_root() {
    let settings = "include = [\"portals/*\"]\n\n[[allow]]\nrule = \"self-cancel\"\nfiles = [\"portals/a.json\"]\n\
                    reason = \"agreed with support\"\n";
    let mut own = body();
    own["customer_permissions"]["subscription_cancel"] = true.into();
    let folder = create_folder(&[("portal-lint.toml", settings), ("portals/a.json", &own.to_string())]);
    let mut client = Client::start_session(folder.path(), "2025-11-25");
    let result = client.call("preflight_portal", &json!({ "body": own }));
    // The body is no duplicate of its own file, and the decision for the file applies.
    assert_eq!((&result["look_at"], &result["counts"]["allowed"]), (&json!([]), &json!(1)), "{result}");
    own["name"] = "Acme Outlet Portal".into();
    let result = client.call("check_portal", &json!({ "body": own }));
    assert!(result.to_string().contains("RCP016"), "{result}");
}

#[test]
fn a_body_is_bound_like_the_portal_of_the_file_that_it_replaces() {
    let account = fs::read_to_string(repository("fixtures/account.json")).expect("the snapshot");
    let (mut first, mut second) = (body(), body());
    first["name"] = "Acme Outlet Portal".into();
    second["name"] = "Acme Member Portal".into();
    for (bound_document, has_duplicate) in [(1, true), (2, false)] {
        let settings = format!(
            "include = [\"*.yaml\"]\naccount = \"account.json\"\n\n[[portal]]\nfile = \"a.yaml\"\n\
             document = {bound_document}\nid = \"exD0myCXTaMte0mTOOY3\"\n"
        );
        let folder = create_folder(&[
            ("portal-lint.toml", &settings),
            ("account.json", &account),
            ("a.yaml", &format!("{first}\n---\n{second}\n")),
        ]);
        let mut client = Client::start_session(folder.path(), "2025-11-25");
        // The account has a portal with this name, which is not a duplicate if the settings bind the replaced portal to it.
        let result = client.call("check_portal", &json!({ "body": second }));
        assert_eq!(result.to_string().contains("RCP001"), has_duplicate, "{result}");
    }
}

#[test]
fn addresses_that_a_model_could_invent_are_questions() {
    let folder = create_folder(&[]);
    let mut client = Client::start_session(folder.path(), "2025-11-25");
    let mut link = body();
    link["footer_html"] = "<a href=\"mailto:support@example.com\">Help</a>".into();
    let mut no_emails = body();
    no_emails.as_object_mut().expect("an object").remove("customer_emails");
    let mut one_email = body();
    one_email["customer_emails"].as_object_mut().expect("an object").remove("customer_account_password_reset");
    for (body, code, question) in [
        (link, "RCP101", "Which address of the shop"),
        (no_emails, "RCP009", "Which sender address"),
        (one_email, "RCP010", "Which sender address"),
    ] {
        let result = client.call("preflight_portal", &json!({ "body": body }));
        let asked = result["ask_user"].as_array().expect("questions").iter().find(|entry| entry["code"] == code);
        let text = asked.and_then(|entry| entry["question"].as_str()).unwrap_or_default();
        assert!(text.contains(question), "{result}");
        assert!(!result["must_fix"].to_string().contains(code), "{result}");
    }
}
