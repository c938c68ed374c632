//! The sizes of results.

use std::fs;

use portal_lint::rules::RULES;
use serde_json::{Value as Json, json};

use super::client::Client;
use crate::support::program::{clean_body, create_folder};
use crate::support::{entries, file_name, fixture_paths, repository};

/// The number of bytes of a result.
const MAX_RESULT: usize = 24_000;

fn start() -> (Client, tempfile::TempDir) {
    let folder = create_folder(&[]);
    (Client::start_session(folder.path(), "2025-11-25"), folder)
}

#[test]
fn the_list_of_tools_is_small_and_in_a_fixed_order() {
    let (mut client, _folder) = start();
    let result = client.request("tools/list", &json!({}))["result"].take();
    assert!(result.to_string().len() <= 6_000, "{} bytes", result.to_string().len());
    let tools = result["tools"].as_array().expect("tools");
    let names: Vec<&str> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert_eq!(names, ["preflight_portal", "check_portal", "fix_portal", "explain_rule"]);
    for tool in tools {
        assert!(tool["description"].as_str().expect("a description").len() <= 300, "{tool}");
        assert_eq!(tool["annotations"]["readOnlyHint"], true);
        assert_eq!(tool["inputSchema"]["additionalProperties"], false);
        assert!(jsonschema::meta::is_valid(&tool["inputSchema"]), "{tool}");
        for property in tool["inputSchema"]["properties"].as_object().expect("properties").values() {
            assert!(property["type"].is_string() || property["anyOf"].is_array(), "{property}");
            assert!(property.get("properties").is_none(), "{property}");
        }
    }
}

/// A body with many findings.
fn bad_body(unknown_fields: usize) -> Json {
    let mut body: Json = serde_json::from_str(&clean_body()).expect("JSON");
    for index in 0..unknown_fields {
        body[format!("unknown_field_{index}")] = index.into();
    }
    body
}

#[test]
fn twenty_five_findings_fit_into_7_kb() {
    let (mut client, _folder) = start();
    let body = json!({
        "name": "portal", "enabled": true, "tracking_domain": "TODO", "recaptcha": { "site_key": "x", "sectet_key": "y" },
        "smtp_profile": 7, "display_name": "TODO", "footer_html": "<script>x</script><a href='http://a.example'>a</b>",
        "customer_emails": {
            "customer_account_confirm_email": { "from": "a@gmail.com", "subject": "", "html": "Hello", "to_bcc": ["x"] },
            "customer_account_password_reset": { "from": "no address", "from_name": "a\nb", "html": "{{email_cod}} {{name}}" },
        },
        "customer_permissions": { "subscription_cancel": true, "trial_cancel": "yes", "refund": true },
        "customer_filters": { "campaign": ["abc", "abc"] }, "create_non_existing_customer": true, "logo": "x", "url": "y",
    });
    let result = client.call("check_portal", &json!({ "body": body, "limit": 25 }));
    assert_eq!(result["diagnostics"].as_array().map(Vec::len), Some(25), "{result}");
    assert!(result.to_string().len() <= 7_000, "{} bytes", result.to_string().len());
}

/// A portal with the mistakes of `fixtures`, as far as they are in different fields.
fn combine_mistakes(fixtures: &[Json]) -> Json {
    let clean: Json = serde_json::from_str(&clean_body()).expect("JSON");
    let mut combined = clean.clone();
    for fixture in fixtures {
        copy_differences(&clean, fixture, &mut combined);
    }
    combined
}

fn copy_differences(clean: &Json, fixture: &Json, target: &mut Json) {
    let (Some(fields), Some(target)) = (fixture.as_object(), target.as_object_mut()) else { return };
    for (key, value) in fields {
        if value.is_object() && clean[key].is_object() && target.get(key).is_some_and(Json::is_object) {
            copy_differences(&clean[key], value, &mut target[key]);
        } else if *value != clean[key] {
            target.insert(key.clone(), value.clone());
        }
    }
}

#[test]
fn twenty_five_findings_of_any_rules_fit_into_7_kb() {
    let mut fixtures = Vec::new();
    for rule in entries(&repository("fixtures/rules")) {
        for path in fixture_paths(&rule) {
            let is_body = file_name(&path).starts_with("bad-") && path.is_file();
            let text = if is_body { fs::read_to_string(&path).unwrap_or_default() } else { String::new() };
            let fixture: Json = serde_json::from_str(&text).unwrap_or_default();
            if fixture.get("recaptcha").is_some() && fixture.get("customer_portal_id").is_none() {
                fixtures.push(fixture);
            }
        }
    }
    let (mut client, _folder) = start();
    let mut bodies = 0;
    for start in 0..10 {
        // The number of steps has no common divisor with the number of fixtures, so each combination is another one.
        let selected: Vec<Json> = fixtures.iter().cycle().skip(start * 31).step_by(37).take(40).cloned().collect();
        // The first combination with 25 findings.
        for count in 1..=selected.len() {
            let body = combine_mistakes(&selected[..count]);
            let result = client.call("preflight_portal", &json!({ "body": body }));
            let lists = ["must_fix", "ask_user", "look_at"].map(|list| result[list].as_array().expect("a list").len());
            let findings: usize = lists.iter().sum();
            if findings < 25 {
                continue;
            }
            let length = result.to_string().len();
            assert!(length <= 280 * findings && result["truncated"] == 0, "{length} bytes for {findings}: {result}");
            let result = client.call("check_portal", &json!({ "body": body, "limit": 25 }));
            assert!(result.to_string().len() <= 7_000, "{result}");
            bodies += 1;
            break;
        }
    }
    assert!(bodies >= 5, "{bodies}");
}

/// A message with 121 to 123 characters would not become shorter, because the ellipsis takes three bytes.
#[test]
fn a_message_is_cut_only_if_that_makes_it_shorter() {
    let (mut client, _folder) = start();
    for (length, shown) in [(120, 120), (121, 121), (122, 122), (123, 123), (124, 121)] {
        // "the sender of the confirmation email has the domain `_x.com`, which is not a valid domain name" has 94 characters.
        let email = json!({ "from": format!("a@{}_x.com", "b".repeat(length - 94)) });
        let mut body = json!({ "name": "x", "customer_emails": { "customer_account_confirm_email": email } });
        // Pointers are not shortened, so these findings are too long whatever is cut.
        for index in 0..30 {
            body[format!("{}{index:02}", "\u{5b57}".repeat(118))] = 1.into();
        }
        let result = client.call("check_portal", &json!({ "body": body }));
        let findings = result["diagnostics"].as_array().expect("findings");
        let sender = findings.iter().find(|finding| finding["code"] == "RCP201").expect("the sender");
        let message = sender["message"].as_str().expect("a message");
        assert_eq!(message.chars().count(), shown, "{message}");
    }
}

#[test]
fn a_repeated_help_is_written_once() {
    let (mut client, _folder) = start();
    let result = client.call("check_portal", &json!({ "body": bad_body(3) }));
    let helps: Vec<&Json> = (0..3).map(|index| &result["diagnostics"][index]["help"]).collect();
    assert!(helps[0].as_str().is_some_and(|help| help.starts_with("remove the field")), "{result}");
    assert_eq!(helps[1..], ["as for the previous RCP024"; 2]);
    // Each page is complete.
    let page = client.call("check_portal", &json!({ "body": bad_body(3), "offset": 1 }));
    assert_eq!(&page["diagnostics"][0]["help"], helps[0]);
}

#[test]
fn results_are_truncated_after_the_errors() {
    let (mut client, _folder) = start();
    let mut body = bad_body(1_000);
    body["enabled"] = true.into();
    for (tool, arguments, list) in [
        ("preflight_portal", json!({ "body": body }), "must_fix"),
        ("check_portal", json!({ "body": body, "limit": 5_000 }), "diagnostics"),
        ("fix_portal", json!({ "body": body, "return_body": true }), "remaining"),
    ] {
        let result = client.call_tool(tool, &arguments);
        assert!((15_000..=MAX_RESULT).contains(&result.to_string().len()), "{tool}: {}", result.to_string().len());
        let content = &result["structuredContent"];
        let shown = content[list].as_array().expect("findings").len();
        assert!(
            content["truncated"].as_u64().is_some_and(|omitted| omitted >= 1_000 - shown as u64),
            "{tool}: {content}"
        );
        assert!(content[list].as_array().expect("findings").iter().all(|finding| finding["severity"] == "error"));
    }
}

#[test]
fn the_pages_of_check_contain_each_finding_once() {
    let (mut client, _folder) = start();
    let body = bad_body(130);
    let mut pointers = Vec::new();
    loop {
        let arguments = json!({ "body": body, "limit": 50, "offset": pointers.len() });
        let page = client.call("check_portal", &arguments);
        let findings = page["diagnostics"].as_array().expect("findings");
        pointers.extend(findings.iter().map(|finding| finding["pointer"].to_string()));
        if page["truncated"] == 0 {
            break;
        }
        assert!(!findings.is_empty(), "{page}");
    }
    let count = pointers.len();
    pointers.sort();
    pointers.dedup();
    assert_eq!((count, pointers.len()), (130, 130));
}

#[test]
fn a_body_of_8_mib_has_a_small_result() {
    let (mut client, _folder) = start();
    let mut body = bad_body(0);
    body["footer_html"] = "<b>".repeat((8 << 20) / 3 - 2_000).into();
    let result = client.call_tool("preflight_portal", &json!({ "body": body }));
    assert!(result.to_string().len() <= MAX_RESULT);
    assert!(result["structuredContent"].to_string().contains("RCP"), "{result}");
    // Over the limit for files.
    body["footer_html"] = "x".repeat(8 << 20).into();
    assert_eq!(client.call("preflight_portal", &json!({ "body": body }))["must_fix"][0]["code"], "RCP900");
    client.assert_alive();
}

#[test]
fn quotes_from_the_file_are_short() {
    let (mut client, _folder) = start();
    let long = "evil".repeat(5_000);
    let mut body = bad_body(0);
    body[&long] = json!({ &long: 1 });
    body["customer_permissions"][&long] = true.into();
    body["name"] = long.as_str().into();
    body["tracking_domain"] = long.as_str().into();
    body["customer_emails"]["customer_account_confirm_email"]["html"] =
        format!("<a href='http://x.test/{long}'>{{{{{long}}}}}</a>").into();
    for tool in ["preflight_portal", "check_portal"] {
        let text = client.call(tool, &json!({ "body": body })).to_string();
        assert!(!text.contains(&"evil".repeat(31)), "{text}");
    }
}

#[test]
fn explanations_have_at_most_4_kb() {
    let (mut client, _folder) = start();
    for rule in RULES {
        let params = json!({ "name": "explain_rule", "arguments": { "rule": rule.code.to_string() } });
        let response = client.request("tools/call", &params);
        assert!(response.to_string().len() <= 4_000, "{}: {} bytes", rule.code, response.to_string().len());
        let page = response["result"]["structuredContent"]["page"].as_str().expect("a page");
        assert!(page.starts_with("## What it checks\n") && page.contains("\n## How to fix\n\n"), "{page}");
        assert!(!page.contains("fix=safe"), "{page}");
    }
    let item = client.call("explain_rule", &json!({ "rule": "P3" }));
    assert!(item["codes"].as_array().is_some_and(|codes| codes.len() > 1), "{item}");
}
