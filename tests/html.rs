//! HTML texts with what Chromium does and which finding is expected. `tests/integrations/browser.sh` compares them with Chromium.
//!
//! - `cases.json`: `want` is the expected finding, with `!` if it must not be there.
//! - `visible.json`: whether Chromium shows `{{email_code}}`. The text is hidden if and only if it has a finding.
//! - `runs.json`: texts that run script in Chromium, as a page or as the content of an element. Each must be an error.

use std::fs;

use crate::support::json::{array, text};
use crate::support::program::{clean_body, portal_lint, stdout_json};
use crate::support::repository;
use serde_json::Value as Json;

/// The code and severity of a finding.
type Found = (String, String);

#[test]
fn html_has_the_findings_that_agree_with_a_browser() {
    let cases = read_cases("cases");
    for (case, findings) in cases.iter().zip(check_cases(&cases)) {
        let name = &case["name"];
        let want = case["want"].as_str().expect("the expected finding");
        if let Some(code) = want.strip_prefix('!') {
            assert!(!has_finding(&findings, code, "any"), "{name}: expected {want}, found {findings:?}");
        } else {
            let (code, severity) = want.split_once(' ').expect("a code and a severity");
            assert!(has_finding(&findings, code, severity), "{name}: expected {want}, found {findings:?}");
        }
    }
}

#[test]
fn a_code_is_hidden_if_a_browser_does_not_show_it() {
    let cases = read_cases("visible");
    for (case, findings) in cases.iter().zip(check_cases(&cases)) {
        assert_eq!(has_finding(&findings, "RCP012", "error"), case["browser"] == "hidden", "{}", case["html"]);
    }
}

#[test]
fn html_that_runs_script_in_a_browser_is_an_error() {
    let cases = read_cases("runs");
    for (case, findings) in cases.iter().zip(check_cases(&cases)) {
        assert!(has_finding(&findings, "RCP023", "error"), "{}", case["html"]);
    }
}

fn read_cases(name: &str) -> Vec<Json> {
    let text = fs::read_to_string(repository(&format!("tests/html/{name}.json"))).expect("the cases");
    let cases: Vec<Json> = serde_json::from_str(&text).expect("JSON");
    assert!(!cases.is_empty());
    cases
}

fn has_finding(findings: &[Found], code: &str, severity: &str) -> bool {
    findings.iter().any(|(found, how)| found == code && (severity == "any" || how == severity))
}

/// Checks a portal for each case with its HTML in the field that the case names, and returns the findings of each.
fn check_cases(cases: &[Json]) -> Vec<Vec<Found>> {
    let folder = tempfile::tempdir().expect("a folder");
    for (index, case) in cases.iter().enumerate() {
        let mut body: Json = serde_json::from_str(&clean_body()).expect("JSON");
        body["name"] = format!("Acme Portal {index}").into();
        let default = if case["browser"] == "runs" { "footer" } else { "confirm" };
        match case["field"].as_str().unwrap_or(default) {
            "footer" => body["footer_html"] = case["html"].clone(),
            "confirm" => body["customer_emails"]["customer_account_confirm_email"]["html"] = case["html"].clone(),
            "reset" => body["customer_emails"]["customer_account_password_reset"]["html"] = case["html"].clone(),
            field => panic!("unknown field {field}"),
        }
        fs::write(folder.path().join(format!("{index}.portal.json")), body.to_string()).expect("a portal");
    }
    let report = stdout_json(&portal_lint(folder.path(), &["check", "--isolated", "--format", "json", "."], b""));
    let mut findings = vec![Vec::new(); cases.len()];
    for finding in array(&report["diagnostics"]) {
        let [file, code, severity] = ["file", "code", "severity"].map(|field| text(&finding[field]));
        let index: usize = file.trim_end_matches(".portal.json").parse().expect("the index of a case");
        findings[index].push((code.to_owned(), severity.to_owned()));
    }
    findings
}
