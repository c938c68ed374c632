//! The formats human, concise, json and jsonl report the same findings.

use super::*;

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
    let invalid: Vec<String> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(invalid, [""; 0]);
    let locations: Vec<String> = report["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|finding| {
            let (file, code, start) = (&finding["file"], &finding["code"], &finding["span"]["start"]);
            let text = |value: &Json| value.as_str().expect("text").to_owned();
            format!("{} {}:{}:{}", text(code), text(file), start["line"], start["column"])
        })
        .collect();
    assert_eq!(locations.len(), 4, "{locations:?}");
    let concise: Vec<String> = stdout(&run("concise"))
        .lines()
        .map(|line| {
            let (location, rest) = line.split_once(": ").expect("a location");
            let code = rest.split_once('[').and_then(|(_, rest)| rest.split_once(']')).expect("a code").0;
            format!("{code} {location}")
        })
        .collect();
    assert_eq!(concise, locations);
    let human = stdout(&run("human"));
    let mut code = "";
    let mut human_locations: Vec<String> = Vec::new();
    for line in human.lines() {
        if let Some((severity, rest)) = line.split_once("[RCP")
            && ["error", "warning", "advice"].contains(&severity)
        {
            code = rest.split(']').next().expect("a code");
        } else if let Some((_, location)) = line.split_once("╭─[")
            && !code.is_empty()
        {
            human_locations.push(format!("RCP{code} {}", location.trim_end_matches(']')));
            code = "";
        }
    }
    assert_eq!(human_locations, locations);
    let lines = stdout(&run("jsonl"));
    let lines: Vec<Json> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let (last, findings) = lines.split_last().expect("a summary");
    assert_eq!(Json::Array(findings.to_vec()), report["diagnostics"]);
    assert_eq!(last["summary"], report["summary"]);
}
