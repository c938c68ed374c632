//! HTML texts with what Chromium does and which finding is expected. `tests/integrations/browser.sh` compares them with Chromium.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fs;

use serde_json::Value as Json;
use support::program::{clean_body, portal_lint, stdout_json};
use support::repository;

#[test]
fn html_has_the_findings_that_agree_with_a_browser() {
    let text = fs::read_to_string(repository("tests/html/cases.json")).expect("the cases");
    let cases: Vec<Json> = serde_json::from_str(&text).expect("JSON");
    assert!(!cases.is_empty());
    for case in &cases {
        let name = case["name"].as_str().expect("a name");
        let findings = check_html(case["field"].as_str().expect("a field"), &case["html"]);
        let want = case["want"].as_str().expect("the expected finding");
        let is_found = |code: &str, severity: &str| {
            findings.iter().any(|(found, how)| found == code && (severity == "any" || how == severity))
        };
        if let Some(code) = want.strip_prefix('!') {
            assert!(!is_found(code, "any"), "{name}: expected {want}, found {findings:?}");
        } else {
            let (code, severity) = want.split_once(' ').expect("a code and a severity");
            assert!(is_found(code, severity), "{name}: expected {want}, found {findings:?}");
        }
    }
}

/// The code and severity of each finding of a portal with this HTML in the footer or the confirmation email.
fn check_html(field: &str, html: &Json) -> Vec<(String, String)> {
    let mut body: Json = serde_json::from_str(&clean_body()).expect("JSON");
    match field {
        "footer" => body["footer_html"] = html.clone(),
        "confirm" => body["customer_emails"]["customer_account_confirm_email"]["html"] = html.clone(),
        "reset" => body["customer_emails"]["customer_account_password_reset"]["html"] = html.clone(),
        _ => panic!("unknown field {field}"),
    }
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = ["check", "--isolated", "--format", "json", "--stdin-filename", "a.json", "-"];
    let report = stdout_json(&portal_lint(folder.path(), &arguments, body.to_string().as_bytes()));
    let findings = report["diagnostics"].as_array().expect("diagnostics").iter();
    let text_of = |finding: &Json, key: &str| finding[key].as_str().expect("a text").to_owned();
    findings.map(|finding| (text_of(finding, "code"), text_of(finding, "severity"))).collect()
}
