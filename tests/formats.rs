//! The report formats agree with each other, follow the schemas of the programs that read them, and show no secret. Checked for
//! every fixture, every example of a rule page, and files that try to break out of the format.

mod read_back;
mod xsd;

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use crate::support::corpus::{corpus_inputs, corpus_reports};
use crate::support::json::{self, array, number};
use crate::support::program::clean_body;
use crate::support::{check_files, memory_file, repository};
use clap::ValueEnum;
use portal_lint::base::diagnostic::{Edit, Severity};
use portal_lint::base::file::{InputFile, Origin};
use portal_lint::base::read_error::ReadError;
use portal_lint::base::source::{Source, Span};
use portal_lint::engine::discovery;
use portal_lint::engine::report::Report;
use portal_lint::render::{ReportFormat, Screen, render};
use read_back::FindingLocation;
use roxmltree::{Document, Node};
use serde_json::Value as Json;

fn render_text(report: &Report, format: ReportFormat) -> String {
    let mut out = Vec::new();
    render(report, format, Screen { color: false, width: 200 }, &mut out).expect("memory can be written");
    String::from_utf8(out).expect("text")
}

fn render_json(report: &Report, format: ReportFormat) -> Json {
    serde_json::from_str(&render_text(report, format)).expect("JSON")
}

/// A report about files whose names and texts contain the special characters of all formats, and characters whose lengths in
/// bytes, UTF-16 and code points differ.
fn hostile_report() -> (String, Report) {
    let breaking = "a\\n::error::b%0A ]]> <!-- | `c` [x](https://example.org) @all \u{202e}\\u0000 ü😀";
    let body = clean_body()
        .replace("\"enabled\": false", &format!("\"ü😀\": 1, \"{breaking}\": 1, \"enabled\": \"{breaking}\""))
        .replace("{{email_code}}", "ü😀 {{ email_code }} <script>x</script>");
    let yaml =
        "\u{feff}# ü😀\r\nname: yes\r\nrecaptcha: {\"ü😀\": 1, \"y\u{202e}\": 2}\r\ncustomer_emails:\r\n  \tx: 1\r\n";
    let mut inputs = vec![
        memory_file("a,b;%25 ü😀.json", body.replace('\n', "\r\n")),
        memory_file("::error file=x::|.json", body.clone()),
        memory_file("/tmp/../c #?.json", body.replace('\n', "\r")),
        memory_file("../d.yaml", yaml),
        InputFile { origin: Origin::Unreadable(ReadError::Missing), ..memory_file("none.json", "") },
    ];
    discovery::sort_and_dedup(&mut inputs);
    ("hostile".into(), check_files(&inputs))
}

fn all_reports() -> impl Iterator<Item = &'static (String, Report)> {
    static HOSTILE: LazyLock<(String, Report)> = LazyLock::new(hostile_report);
    corpus_reports().iter().chain([&*HOSTILE])
}

#[test]
fn every_format_has_the_same_findings_at_the_same_locations() {
    for (origin, report) in all_reports() {
        let all = read_back::locations_in_report(report, true);
        let not_allowed = read_back::locations_in_report(report, false);
        let assert_same = |format: ReportFormat, found: Vec<FindingLocation>, expected: &Vec<FindingLocation>| {
            assert_eq!(found, *expected, "{format:?} {origin}\n{}", render_text(report, format));
        };
        let human = render_text(report, ReportFormat::Human);
        assert_same(ReportFormat::Human, read_back::parse_human(&human, report), &not_allowed);
        let concise = render_text(report, ReportFormat::Concise);
        assert_same(ReportFormat::Concise, read_back::parse_concise(&concise), &all);
        let agent = render_text(report, ReportFormat::Agent);
        let lines: Vec<&str> = agent.lines().filter(|line| !line.starts_with("  help: ")).collect();
        assert!(agent.lines().count() <= 2 * lines.len(), "{origin}\n{agent}");
        assert_same(ReportFormat::Agent, read_back::parse_concise(&lines.join("\n")), &all);
        let json = render_json(report, ReportFormat::Json);
        assert_same(ReportFormat::Json, read_back::parse_json(&json), &all);
        let jsonl = render_text(report, ReportFormat::Jsonl);
        assert_same(ReportFormat::Jsonl, read_back::parse_jsonl(&jsonl), &all);
        let sarif = render_json(report, ReportFormat::Sarif);
        assert_same(ReportFormat::Sarif, read_back::parse_sarif(&sarif), &all);
        let github = render_text(report, ReportFormat::Github);
        assert_same(ReportFormat::Github, read_back::parse_github(&github), &all);
        let markdown = render_text(report, ReportFormat::Markdown);
        // A long table is cut to the size of a comment.
        if !markdown.contains("\n… and ") {
            assert_same(ReportFormat::Markdown, read_back::parse_markdown(&markdown), &all);
        }
        let junit = render_text(report, ReportFormat::Junit);
        let junit = Document::parse(&junit).expect("XML");
        assert_same(ReportFormat::Junit, read_back::parse_junit(&junit), &all);
        // These formats leave out allowed findings.
        let rdjson = render_json(report, ReportFormat::Rdjson);
        assert_same(ReportFormat::Rdjson, read_back::parse_rdjson(&rdjson, report), &not_allowed);
        let checkstyle = render_text(report, ReportFormat::Checkstyle);
        let checkstyle = Document::parse(&checkstyle).expect("XML");
        assert_same(ReportFormat::Checkstyle, read_back::parse_checkstyle(&checkstyle), &not_allowed);
        let gitlab = render_json(report, ReportFormat::Gitlab);
        let lines = not_allowed.into_iter().map(|(code, file, line, _)| (code, file, line, 1)).collect();
        assert_same(ReportFormat::Gitlab, read_back::parse_gitlab(&gitlab), &read_back::sorted(lines));
    }
}

fn read_schema(name: &str) -> Json {
    let text = fs::read_to_string(repository("tests/schemas").join(name)).expect("a schema");
    serde_json::from_str(&text).expect("JSON")
}

fn validator(schema: &Json) -> jsonschema::Validator {
    jsonschema::options().should_validate_formats(true).build(schema).expect("a schema")
}

fn schema_errors(schema: &jsonschema::Validator, document: &Json) -> Vec<String> {
    schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Makes a schema reject unknown fields. Reviewdog rejects them, although its schema does not.
fn forbid_unknown_fields(schema: &mut Json) {
    match schema {
        Json::Object(fields) => {
            if let Some(additional) = fields.get_mut("additionalProperties") {
                *additional = Json::Bool(false);
            }
            fields.values_mut().for_each(forbid_unknown_fields);
        }
        Json::Array(items) => items.iter_mut().for_each(forbid_unknown_fields),
        _ => {}
    }
}

#[test]
fn sarif_follows_the_standard_and_the_limits_of_code_scanning() {
    let mut schema = read_schema("sarif-schema-2.1.0.json");
    // The pattern of `language` has an unmatched bracket, which only some engines accept. We write no `language`.
    for owner in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{owner}/properties/language"));
        language.and_then(Json::as_object_mut).and_then(|language| language.remove("pattern"));
    }
    let schema = validator(&schema);
    for (origin, report) in all_reports() {
        let log = render_json(report, ReportFormat::Sarif);
        assert_eq!(schema_errors(&schema, &log), [""; 0], "{origin}");
        let run = &log["runs"][0];
        for rule in array(&run["tool"]["driver"]["rules"]) {
            assert!(!json::text(&rule["help"]["markdown"]).is_empty(), "{origin}");
            for key in ["shortDescription", "fullDescription"] {
                let length = json::text(&rule[key]["text"]).chars().count();
                assert!((1..=1024).contains(&length), "{origin}: {key} has {length} characters");
            }
            assert!(array(&rule["properties"]["tags"]).len() <= 20, "{origin}");
        }
        let mut fingerprints = BTreeSet::new();
        for result in array(&run["results"]) {
            assert!(fingerprints.insert(result["partialFingerprints"].to_string()), "{origin}: two alike");
            assert!(result["partialFingerprints"].get("primaryLocationLineHash").is_none());
            let location = &result["locations"][0]["physicalLocation"]["artifactLocation"];
            let uri = json::text(&location["uri"]);
            let is_below_current_dir = !uri.starts_with("file:") && !uri.starts_with("../");
            assert_eq!(location.get("uriBaseId").is_some(), is_below_current_dir, "{origin}: {uri}");
        }
        assert!(run["originalUriBaseIds"].get("%SRCROOT%").is_some());
    }
}

#[test]
fn gitlab_and_rdjson_follow_their_schemas() {
    let gitlab_schema = validator(&read_schema("gitlab-codeclimate.json"));
    let mut rdjson_schema = read_schema("rdjson.schema.json");
    forbid_unknown_fields(&mut rdjson_schema);
    let rdjson_schema = validator(&rdjson_schema);
    for (origin, report) in all_reports() {
        let issues = render_json(report, ReportFormat::Gitlab);
        let issues = array(&issues);
        assert_eq!(fingerprints(issues).len(), issues.len(), "{origin}");
        for issue in issues {
            assert_eq!(schema_errors(&gitlab_schema, issue), [""; 0], "{origin}");
            // The schema accepts any severity; the documentation lists five.
            let severity = json::text(&issue["severity"]);
            assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity), "{severity}");
        }
        let rdjson = render_json(report, ReportFormat::Rdjson);
        assert_eq!(schema_errors(&rdjson_schema, &rdjson), [""; 0], "{origin}");
    }
}

fn fingerprints(gitlab_issues: &[Json]) -> BTreeSet<String> {
    gitlab_issues.iter().map(|issue| issue["fingerprint"].to_string()).collect()
}

#[test]
fn junit_follows_the_schema_of_jenkins_and_has_a_suite_for_each_file() {
    let schema = fs::read_to_string(repository("tests/schemas/junit-10.xsd")).expect("a schema");
    let schema = Document::parse(&schema).expect("XML");
    for (origin, report) in all_reports() {
        let xml = render_text(report, ReportFormat::Junit);
        let document = Document::parse(&xml).expect("XML");
        assert_eq!(xsd::violations(&schema, &document), [""; 0], "{origin}");
        let suites: Vec<Node<'_, '_>> = document.root_element().children().filter(Node::is_element).collect();
        for suite in &suites {
            for (attribute, element) in
                [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
            {
                let count = suite.descendants().filter(|node| node.has_tag_name(element)).count().to_string();
                assert_eq!(suite.attribute(attribute), Some(count.as_str()), "{origin}: {xml}");
            }
        }
        assert!(suites.len() >= report.summary.files, "{origin}");
        // A check that was not completed (exit code 3) is no failure of a portal.
        let fails = ![0, 3].contains(&report.exit_code(Severity::Error));
        assert_eq!(document.descendants().any(|node| node.has_tag_name("failure")), fails, "{origin}");
    }
    let clean = render_text(&check_files(&[memory_file("a.json", clean_body())]), ReportFormat::Junit);
    assert!(clean.contains(r#"<testcase name="no findings" classname="a.json"/>"#), "{clean}");
}

/// What a format counts in a column.
#[derive(Clone, Copy, PartialEq)]
enum ColumnUnit {
    CodePoints,
    Bytes,
}

/// The byte offset in a source of a position in a format, whose line and column have these keys.
fn byte_offset(source: &Source, position: &Json, line_key: &str, column_key: &str, unit: ColumnUnit) -> usize {
    let [line, column] = [line_key, column_key].map(|key| usize::try_from(number(&position[key])).expect("a number"));
    let line = source.line(line).expect("a line").range();
    let text = &source.text()[line.clone()];
    if unit == ColumnUnit::Bytes {
        return line.start + column - 1;
    }
    // A byte order mark has no column.
    let text = text.trim_start_matches('\u{feff}');
    let before: usize = text.chars().take(column - 1).map(char::len_utf8).sum();
    line.end - text.len() + before
}

/// The edits of a fix that a format may show: none if a secret is masked in them.
fn visible_edits(report: &Report, index: usize) -> &[Edit] {
    match &report.diagnostics[index].fix {
        Some(fix) if !fix.masked => &fix.edits,
        _ => &[],
    }
}

#[test]
fn sarif_and_rdjson_show_the_edits_of_the_report() {
    let mut fixes = 0;
    for (origin, report) in all_reports() {
        let (log, rdjson) = (render_json(report, ReportFormat::Sarif), render_json(report, ReportFormat::Rdjson));
        let results = array(&log["runs"][0]["results"]);
        assert_eq!(results.len(), report.diagnostics.len());
        let mut comments = array(&rdjson["diagnostics"]).iter();
        for (index, diagnostic) in report.diagnostics.iter().enumerate() {
            let edits = visible_edits(report, index);
            let source = report.file(diagnostic.file).source.as_deref();
            assert_eq!(sarif_edits(&results[index], source), edits, "{origin}");
            fixes += usize::from(!edits.is_empty());
            if diagnostic.allowed.is_none() {
                let comment = comments.next().expect("a comment");
                // Only a fix of one edit can be suggested.
                let expected = if edits.len() == 1 { edits } else { &[] };
                assert_eq!(rdjson_edits(comment, source), expected, "{origin}");
            }
        }
    }
    assert!(fixes > 100, "{fixes}");
}

fn sarif_edits(result: &Json, source: Option<&Source>) -> Vec<Edit> {
    let (Some(fixes), Some(source)) = (result.get("fixes"), source) else { return Vec::new() };
    let mut edits = Vec::new();
    for replacement in array(&fixes[0]["artifactChanges"][0]["replacements"]) {
        let region = &replacement["deletedRegion"];
        let start = byte_offset(source, region, "startLine", "startColumn", ColumnUnit::CodePoints);
        let end = byte_offset(source, region, "endLine", "endColumn", ColumnUnit::CodePoints);
        let replacement = json::text(&replacement["insertedContent"]["text"]).to_owned();
        edits.push(Edit { span: Span::new(start, end), replacement });
    }
    edits
}

fn rdjson_edits(diagnostic: &Json, source: Option<&Source>) -> Vec<Edit> {
    let (Some(suggestions), Some(source)) = (diagnostic.get("suggestions"), source) else { return Vec::new() };
    let mut edits = Vec::new();
    assert!(!array(suggestions).is_empty(), "no suggestions: the key must be left out");
    for suggestion in array(suggestions) {
        let range = &suggestion["range"];
        let [start, end] =
            ["start", "end"].map(|key| byte_offset(source, &range[key], "line", "column", ColumnUnit::Bytes));
        edits.push(Edit { span: Span::new(start, end), replacement: json::text(&suggestion["text"]).to_owned() });
    }
    edits
}

#[test]
fn allowed_findings_are_suppressed_and_annotate_nothing() {
    let settings = "[[allow]]\nrule = \"self-cancel\"\nfiles = [\"*.json\"]\nreason = \"agreed\"\nuntil = 2099-01-01\n";
    let json = clean_body().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    let comment = "subscription_cancel: true # portal-lint: allow self-cancel -- asked for";
    let yaml = yaml.replace("subscription_cancel: false", comment).replace("name: Acme", "name: Another Acme");
    let mut inputs =
        vec![memory_file("a.json", json), memory_file("b.yaml", yaml), memory_file("portal-lint.toml", settings)];
    discovery::sort_and_dedup(&mut inputs);
    let report = check_files(&inputs);
    let log = render_json(&report, ReportFormat::Sarif);
    let mut suppressions = Vec::new();
    for result in array(&log["runs"][0]["results"]) {
        if result["ruleId"] == "RCP016" {
            suppressions.push(&result["suppressions"][0]);
        }
    }
    let kinds: Vec<&Json> = suppressions.iter().map(|suppression| &suppression["kind"]).collect();
    assert_eq!(kinds, ["external", "inSource"], "{log:#}");
    assert_eq!(suppressions[0]["justification"], "agreed (until 2099-01-01)");
    let github = render_text(&report, ReportFormat::Github);
    assert!(
        github.lines().filter(|line| line.contains("RCP016")).all(|line| line.starts_with("::debug::")),
        "{github}"
    );
    for format in [ReportFormat::Gitlab, ReportFormat::Checkstyle, ReportFormat::Rdjson] {
        assert!(!render_text(&report, format).contains("RCP016"), "{format:?}");
    }
    assert!(render_text(&report, ReportFormat::Junit).contains("<skipped message=\"agreed\">"));
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let body = clean_body().replace("\"enabled\": false", "\"enabled\": 1").replace("{{email_code}}", "");
    let moved = format!("\n\n{}", body.replacen('{', "{\n\n", 1));
    let [before, after] = [body, moved].map(|body| {
        let issues = render_json(&check_files(&[memory_file("a.json", body)]), ReportFormat::Gitlab);
        fingerprints(array(&issues))
    });
    assert_eq!(before.len(), 3, "{before:?}");
    assert_eq!(after, before);
}

#[test]
fn no_format_contains_a_secret() {
    let secret = "canary-secret-do-not-use-0123456789-ABCD";
    let mut planted = 0;
    for (origin, mut inputs) in corpus_inputs() {
        let planted_before = planted;
        for input in &mut inputs {
            let Origin::Memory(bytes) = &mut input.origin else { continue };
            if let Ok(text) = String::from_utf8(bytes.clone()) {
                planted += text.matches("${RECAPTCHA_SECRET_KEY}").count();
                *bytes = text.replace("${RECAPTCHA_SECRET_KEY}", secret).into_bytes();
            }
        }
        if planted == planted_before {
            continue;
        }
        let report = check_files(&inputs);
        for format in ReportFormat::value_variants() {
            let text = render_text(&report, *format);
            assert!(!text.contains("canary"), "{format:?} {origin}\n{text}");
        }
    }
    assert!(planted > 100, "{planted}");
}
