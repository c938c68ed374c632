//! The formats agree with one another, each with the schema of whoever reads it, and none shows a secret: for every
//! fixture, for every example of a page, and for texts that are made to break out.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "formats/places.rs"]
mod places;
mod support;
#[path = "formats/xsd.rs"]
mod xsd;

use std::collections::BTreeSet;
use std::fs;

use clap::ValueEnum;
use portal_lint::base::file::{InputFile, Origin};
use portal_lint::base::source::Source;
use portal_lint::engine::report::Report;
use portal_lint::render::{ReportFormat, Screen, render};
use roxmltree::Document;
use serde_json::Value as Json;
use support::every::{reports, runs};
use support::program::clean;
use support::{repository, run, text};

fn shown(report: &Report, format: ReportFormat) -> String {
    let mut out = Vec::new();
    render(report, format, Screen { color: false, width: 200 }, &mut out).expect("memory can be written");
    String::from_utf8(out).expect("text")
}

fn shown_json(report: &Report, format: ReportFormat) -> Json {
    serde_json::from_str(&shown(report, format)).expect("JSON")
}

/// Runs on texts that try to leave their place, and on all there is in Unicode that counts differently.
fn hostile() -> Vec<(String, Report)> {
    let breaking = "a\\n::error::b%0A ]]> <!-- | `c` [x](https://example.org) @all \u{202e}\\u0000 ü😀";
    let body = clean()
        .replace("\"enabled\": false", &format!("\"ü😀\": 1, \"{breaking}\": 1, \"enabled\": \"{breaking}\""))
        .replace("{{email_code}}", "ü😀 {{ email_code }} <script>x</script>");
    let yaml =
        "\u{feff}# ü😀\r\nname: yes\r\nrecaptcha: {\"ü😀\": 1, \"y\u{202e}\": 2}\r\ncustomer_emails:\r\n  \tx: 1\r\n";
    let files = [
        text("a,b;%25 ü😀.json", body.replace('\n', "\r\n")),
        text("::error file=x::|.json", body.clone()),
        text("/tmp/../c #?.json", body.replace('\n', "\r")),
        text("../d.yaml", yaml),
        InputFile {
            origin: Origin::Unreadable(portal_lint::base::read_error::ReadError::Missing),
            ..text("none.json", "")
        },
    ];
    let mut inputs = files.to_vec();
    portal_lint::engine::discovery::sort_and_dedup(&mut inputs);
    vec![("hostile".into(), run(&inputs))]
}

fn all() -> Vec<(String, Report)> {
    let mut all = reports();
    all.extend(hostile());
    all
}

#[test]
fn every_format_has_the_same_findings_at_the_same_places() {
    for (origin, report) in all() {
        let (every, open) = (places::of_report(&report, true), places::of_report(&report, false));
        let same = |format: ReportFormat, found: Vec<places::Location>, expected: &Vec<places::Location>| {
            assert_eq!(found, *expected, "{format:?} {origin}\n{}", shown(&report, format));
        };
        same(ReportFormat::Human, places::of_human(&shown(&report, ReportFormat::Human), &report), &every);
        same(ReportFormat::Concise, places::of_concise(&shown(&report, ReportFormat::Concise)), &every);
        same(ReportFormat::Json, places::of_json(&shown_json(&report, ReportFormat::Json)), &every);
        same(ReportFormat::Jsonl, places::of_jsonl(&shown(&report, ReportFormat::Jsonl)), &every);
        same(ReportFormat::Sarif, places::of_sarif(&shown_json(&report, ReportFormat::Sarif)), &every);
        same(ReportFormat::Github, places::of_github(&shown(&report, ReportFormat::Github)), &every);
        same(ReportFormat::Rdjson, places::of_rdjson(&shown_json(&report, ReportFormat::Rdjson), &report), &open);
        let markdown = shown(&report, ReportFormat::Markdown);
        if !markdown.contains("\n… and ") {
            same(ReportFormat::Markdown, places::of_markdown(&markdown), &every);
        }
        let xml = shown(&report, ReportFormat::Checkstyle);
        same(ReportFormat::Checkstyle, places::of_checkstyle(&Document::parse(&xml).expect("XML")), &open);
        let xml = shown(&report, ReportFormat::Junit);
        same(ReportFormat::Junit, places::of_junit(&Document::parse(&xml).expect("XML")), &every);
        let lines = open.iter().map(|(code, file, line, _)| (code.clone(), file.clone(), *line, 1));
        same(
            ReportFormat::Gitlab,
            places::of_gitlab(&shown_json(&report, ReportFormat::Gitlab)),
            &places::sorted(lines),
        );
    }
}

fn schema(name: &str) -> Json {
    let text = fs::read_to_string(repository("tests/schemas").join(name)).expect("a schema");
    serde_json::from_str(&text).expect("JSON")
}

fn validator(schema: &Json) -> jsonschema::Validator {
    jsonschema::options().should_validate_formats(true).build(schema).expect("a schema")
}

fn errors(schema: &jsonschema::Validator, document: &Json) -> Vec<String> {
    schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Fields that the schema does not name are mistakes: reviewdog refuses them, though the schema does not.
fn strict(schema: &mut Json) {
    match schema {
        Json::Object(fields) => {
            if let Some(free) = fields.get_mut("additionalProperties") {
                *free = Json::Bool(false);
            }
            fields.values_mut().for_each(strict);
        }
        Json::Array(items) => items.iter_mut().for_each(strict),
        _ => {}
    }
}

#[test]
fn sarif_is_what_the_standard_and_code_scanning_want() {
    let mut schema = schema("sarif-schema-2.1.0.json");
    // Its pattern has a bracket too many, which only some engines forgive. We write no language.
    for owner in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{owner}/properties/language"));
        language.and_then(Json::as_object_mut).and_then(|one| one.remove("pattern"));
    }
    let schema = validator(&schema);
    for (origin, report) in all() {
        let log = shown_json(&report, ReportFormat::Sarif);
        assert_eq!(errors(&schema, &log), [""; 0], "{origin}");
        let run = &log["runs"][0];
        for rule in run["tool"]["driver"]["rules"].as_array().expect("rules") {
            assert!(!places::text(&rule["help"]["markdown"]).is_empty(), "{origin}");
            for key in ["shortDescription", "fullDescription"] {
                let length = places::text(&rule[key]["text"]).chars().count();
                assert!((1..=1024).contains(&length), "{origin}: {key} has {length} characters");
            }
            let tags = rule["properties"]["tags"].as_array().expect("tags");
            assert!(tags.len() <= 20, "{origin}");
        }
        let mut fingerprints = BTreeSet::new();
        for result in run["results"].as_array().expect("results") {
            assert!(fingerprints.insert(result["partialFingerprints"].to_string()), "{origin}: two alike");
            assert!(result["partialFingerprints"].get("primaryLocationLineHash").is_none());
            let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
            let uri = places::text(&place["uri"]);
            let is_below = !uri.starts_with("file:") && !uri.starts_with("../");
            assert_eq!(place.get("uriBaseId").is_some(), is_below, "{origin}: {uri}");
        }
        assert!(run["originalUriBaseIds"].get("%SRCROOT%").is_some());
    }
}

#[test]
fn gitlab_and_reviewdog_get_what_their_schemas_say() {
    let gitlab = validator(&schema("gitlab-codeclimate.json"));
    let mut rdjson = schema("rdjson.schema.json");
    strict(&mut rdjson);
    let rdjson = validator(&rdjson);
    for (origin, report) in all() {
        let issues = shown_json(&report, ReportFormat::Gitlab);
        let issues = issues.as_array().expect("a list");
        let fingerprints: BTreeSet<String> = issues.iter().map(|one| one["fingerprint"].to_string()).collect();
        assert_eq!(fingerprints.len(), issues.len(), "{origin}");
        for issue in issues {
            assert_eq!(errors(&gitlab, issue), [""; 0], "{origin}");
            // The schema takes any word; the documentation takes five.
            let severity = places::text(&issue["severity"]);
            assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity.as_str()), "{severity}");
        }
        assert_eq!(errors(&rdjson, &shown_json(&report, ReportFormat::Rdjson)), [""; 0], "{origin}");
    }
}

#[test]
fn junit_is_what_jenkins_takes_and_each_file_is_a_suite() {
    let schema = fs::read_to_string(repository("tests/schemas/junit-10.xsd")).expect("a schema");
    let schema = Document::parse(&schema).expect("XML");
    for (origin, report) in all() {
        let xml = shown(&report, ReportFormat::Junit);
        let document = Document::parse(&xml).expect("XML");
        assert_eq!(xsd::violations(&schema, &document), [""; 0], "{origin}");
        let suites: Vec<_> = document.root_element().children().filter(roxmltree::Node::is_element).collect();
        for suite in &suites {
            let children = |name: &str| suite.descendants().filter(|one| one.has_tag_name(name)).count().to_string();
            for (attribute, element) in
                [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
            {
                assert_eq!(suite.attribute(attribute), Some(children(element).as_str()), "{origin}: {xml}");
            }
        }
        assert!(suites.len() >= report.summary.files, "{origin}");
        // What could not be completed is no failure of a portal.
        let fails = ![0, 3].contains(&report.exit_code(portal_lint::base::diagnostic::Severity::Error));
        assert_eq!(document.descendants().any(|one| one.has_tag_name("failure")), fails, "{origin}");
    }
    let clean = shown(&run(&[text("a.json", clean())]), ReportFormat::Junit);
    assert!(clean.contains(r#"<testcase name="no findings" classname="a.json"/>"#), "{clean}");
}

/// The byte at a place; `width`: how wide a character is in a column.
fn offset(source: &Source, position: &Json, keys: [&str; 2], width: fn(char) -> usize) -> usize {
    let [line, column] = keys.map(|key| usize::try_from(places::number(&position[key])).expect("a number"));
    let line = source.line(line).expect("a line");
    let text = source.text()[line.range()].trim_start_matches(if width('ü') == 1 { '\u{feff}' } else { '\0' });
    let start = line.end as usize - text.len();
    let mut left = column - 1;
    start
        + text
            .chars()
            .take_while(|c| (left > 0).then(|| left -= width(*c)).is_some())
            .map(char::len_utf8)
            .sum::<usize>()
}

#[test]
fn fixes_say_the_bytes_that_the_report_says() {
    let mut fixes = 0;
    for (origin, report) in all() {
        let (log, rdjson) = (shown_json(&report, ReportFormat::Sarif), shown_json(&report, ReportFormat::Rdjson));
        let comments = rdjson["diagnostics"].as_array().expect("a list");
        let results = log["runs"][0]["results"].as_array().expect("results");
        assert_eq!(results.len(), report.diagnostics.len());
        for (diagnostic, result) in report.diagnostics.iter().zip(results) {
            let fix = diagnostic.fix.as_ref().filter(|fix| !fix.masked);
            assert_eq!(result.get("fixes").is_some(), fix.is_some(), "{origin}");
            let (Some(fix), Some(source)) = (fix, &report.files[diagnostic.file].source) else { continue };
            let replacements = &result["fixes"][0]["artifactChanges"][0]["replacements"];
            let bytes = |region: &Json, [from, to]: [[&str; 2]; 2]| {
                let at = |keys| offset(source, region, keys, |_| 1);
                (at(from), at(to))
            };
            let edits = replacements.as_array().expect("a list").iter().map(|one| {
                let keys = [["startLine", "startColumn"], ["endLine", "endColumn"]];
                let (start, end) = bytes(&one["deletedRegion"], keys);
                (start, end, places::text(&one["insertedContent"]["text"]))
            });
            let expected = fix
                .edits
                .iter()
                .map(|edit| (edit.span.start as usize, edit.span.end as usize, edit.replacement.clone()));
            let expected: Vec<_> = expected.collect();
            assert_eq!(edits.collect::<Vec<_>>(), expected, "{origin}");
            fixes += 1;
        }
        let open: Vec<_> = report.findings().collect();
        for (diagnostic, comment) in open.iter().zip(comments) {
            let edits = diagnostic.fix.as_ref().filter(|fix| !fix.masked).map_or(&[][..], |fix| fix.edits.as_slice());
            let ([edit], Some(source)) = (edits, &report.files[diagnostic.file].source) else {
                assert_eq!(comment.get("suggestions"), None, "{origin}");
                continue;
            };
            let suggestion = &comment["suggestions"][0];
            let at = |end: &str| offset(source, &suggestion["range"][end], ["line", "column"], char::len_utf8);
            assert_eq!((at("start"), at("end")), (edit.span.start as usize, edit.span.end as usize), "{origin}");
            assert_eq!(suggestion["text"], edit.replacement, "{origin}");
        }
    }
    assert!(fixes > 100, "{fixes}");
}

#[test]
fn what_is_allowed_is_suppressed_and_annotates_nothing() {
    let settings = "[[allow]]\nrule = \"self-cancel\"\nfiles = [\"*.json\"]\nreason = \"agreed\"\nuntil = 2099-01-01\n";
    let json = clean().replace("\"subscription_cancel\": false", "\"subscription_cancel\": true");
    let yaml = fs::read_to_string(repository("fixtures/clean/create.yaml")).expect("a clean body");
    let comment = "subscription_cancel: true # portal-lint: allow self-cancel -- asked for";
    let yaml = yaml.replace("subscription_cancel: false", comment).replace("name: Acme", "name: Another Acme");
    let mut inputs = vec![text("a.json", json), text("b.yaml", yaml), text("portal-lint.toml", settings)];
    portal_lint::engine::discovery::sort_and_dedup(&mut inputs);
    let report = run(&inputs);
    let log = shown_json(&report, ReportFormat::Sarif);
    let results = log["runs"][0]["results"].as_array().expect("results").iter();
    let suppressed: Vec<Json> =
        results.filter(|one| one["ruleId"] == "RCP016").map(|one| one["suppressions"][0].clone()).collect();
    let kinds: Vec<&Json> = suppressed.iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["external", "inSource"], "{log:#}");
    assert_eq!(suppressed[0]["justification"], "agreed (until 2099-01-01)");
    let github = shown(&report, ReportFormat::Github);
    assert!(
        github.lines().filter(|line| line.contains("RCP016")).all(|line| line.starts_with("::debug::")),
        "{github}"
    );
    for format in [ReportFormat::Gitlab, ReportFormat::Checkstyle, ReportFormat::Rdjson] {
        assert!(!shown(&report, format).contains("RCP016"), "{format:?}");
    }
    assert!(shown(&report, ReportFormat::Junit).contains("<skipped message=\"agreed\">"));
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let text_before = clean().replace("\"enabled\": false", "\"enabled\": 1").replace("{{email_code}}", "");
    let prints = |body: String| {
        let issues = shown_json(&run(&[text("a.json", body)]), ReportFormat::Gitlab);
        let issues = issues.as_array().expect("a list").clone();
        issues.into_iter().map(|one| one["fingerprint"].to_string()).collect::<BTreeSet<_>>()
    };
    let before = prints(text_before.clone());
    assert_eq!(before.len(), 3, "{before:?}");
    assert_eq!(prints(format!("\n\n{}", text_before.replacen('{', "{\n\n", 1))), before);
}

#[test]
fn no_secret_is_in_any_format() {
    let secret = "canary-secret-do-not-use-0123456789-ABCD";
    let mut planted = 0;
    for (origin, mut inputs) in runs() {
        for input in &mut inputs {
            let Origin::Memory(bytes) = &mut input.origin else { continue };
            if let Ok(text) = String::from_utf8(bytes.clone()) {
                planted += text.matches("${RECAPTCHA_SECRET_KEY}").count();
                *bytes = text.replace("${RECAPTCHA_SECRET_KEY}", secret).into_bytes();
            }
        }
        let report = run(&inputs);
        for format in ReportFormat::value_variants() {
            let text = shown(&report, *format);
            assert!(!text.contains("canary"), "{format:?} {origin}\n{text}");
        }
    }
    assert!(planted > 100, "{planted}");
}
