//! The formats human, concise, json and jsonl report the same findings.

use super::*;
use crate::support::json::{array, text};

#[test]
fn formats_report_the_same_findings_and_json_follows_its_schema() {
    let schema: Json =
        serde_json::from_str(portal_lint::schema::embedded_text("report").expect("embedded")).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let text = clean_body()
        .replace("\"Acme Subscription Portal\"", "\"ü😀\", \"x\": 1, \"x\": 2")
        .replace("{{email_code}}", "ü😀 {{ email_code }}")
        .replace('\n', "\r\n");
    let folder = create_folder(&[("a.json", &text), ("b/c.portal.yaml", "name: yes\nenabled: yes\n\ttab: 1\n")]);
    let run = |format: &str| portal_lint(folder.path(), &["check", "--format", format, "--color", "never"], b"");
    let report = stdout_json(&run("json"));
    let schema_errors: Vec<String> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(schema_errors, [""; 0]);
    let locations = json_locations(&report);
    assert_eq!(locations.len(), 4, "{locations:?}");
    assert_eq!(concise_locations(&stdout(&run("concise"))), locations);
    assert_eq!(human_locations(&stdout(&run("human"))), locations);
    let lines = stdout(&run("jsonl"));
    let lines: Vec<Json> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let (last, findings) = lines.split_last().expect("a summary");
    assert_eq!(Json::Array(findings.to_vec()), report["diagnostics"]);
    assert_eq!(last["summary"], report["summary"]);
}

/// `code file:line:column` of each finding in a JSON report.
fn json_locations(report: &Json) -> Vec<String> {
    let mut locations = Vec::new();
    for finding in array(&report["diagnostics"]) {
        let start = &finding["span"]["start"];
        let (code, file) = (text(&finding["code"]), text(&finding["file"]));
        locations.push(format!("{code} {file}:{}:{}", start["line"], start["column"]));
    }
    locations
}

/// The same from the format concise: `file:line:column: severity[code]`.
fn concise_locations(concise: &str) -> Vec<String> {
    let mut locations = Vec::new();
    for line in concise.lines() {
        let (location, rest) = line.split_once(": ").expect("a location");
        let (code, _) = rest.split_once('[').and_then(|(_, rest)| rest.split_once(']')).expect("a code");
        locations.push(format!("{code} {location}"));
    }
    locations
}

/// The same from the format human, where the location is on a line after the one with the code.
fn human_locations(human: &str) -> Vec<String> {
    let mut code = "";
    let mut locations = Vec::new();
    for line in human.lines() {
        if let Some((severity, rest)) = line.split_once("[RCP")
            && ["error", "warning", "advice"].contains(&severity)
        {
            code = rest.split(']').next().expect("a code");
        } else if let Some((_, location)) = line.split_once("╭─[")
            && !code.is_empty()
        {
            locations.push(format!("RCP{code} {}", location.trim_end_matches(']')));
            code = "";
        }
    }
    locations
}
