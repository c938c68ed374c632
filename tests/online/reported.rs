//! Every format reports the checks that were not completed, and why, so that exit code 3 is always explained.

use std::fs;

use roxmltree::{Document, Node};
use serde_json::{Value as Json, json};

use super::environment::{Run, TestEnv, run_cases};
use super::http::{Fault, http_response};
use super::server::REFUSING_ADDRESS;
use crate::support::json::array;
use crate::support::program::REPORT_FORMATS;
use crate::support::repository;

/// An environment with a tracking domain that is not queried, and an API that does not return campaigns.
fn new_env() -> TestEnv {
    let env = TestEnv::with_short_timeouts();
    env.api.set("/tracking_domains/0/domain_name", json!("localhost"));
    env.api.fault("/campaigns", usize::MAX, Fault::Bytes(http_response(403, &[], "")));
    env
}

/// Checks that the output names the rules and the reasons.
fn assert_reported(text: &str) {
    for text_part in
        ["rcp003", "rcp004", "rcp303", "no query was sent, because the domain name is", "403", "not completed"]
    {
        assert!(text.to_lowercase().contains(text_part), "no {text_part} in {text}");
    }
}

fn schema(name: &str) -> jsonschema::Validator {
    let text = fs::read_to_string(repository("tests/schemas").join(name)).expect("a schema");
    jsonschema::options().build(&serde_json::from_str(&text).expect("JSON")).expect("a schema")
}

/// Checks that a report is valid in its format.
fn assert_valid_format(format: &str, text: &str) {
    let json = || serde_json::from_str::<Json>(text).expect("JSON");
    match format {
        "gitlab" => {
            let schema = schema("gitlab-codeclimate.json");
            assert!(array(&json()).iter().all(|issue| schema.is_valid(issue)), "{text}");
        }
        "rdjson" => assert!(schema("rdjson.schema.json").is_valid(&json()), "{text}"),
        "json" => drop(json()),
        "jsonl" => text.lines().for_each(|line| drop(serde_json::from_str::<Json>(line).expect("JSON"))),
        "junit" => assert_valid_junit(text),
        "checkstyle" => drop(Document::parse(text).expect("XML")),
        "github" => assert!(text.lines().all(|line| line.starts_with("::")) && text.contains("\n::error "), "{text}"),
        _ => {}
    }
}

/// Checks that a JUnit report has errors, and that its numbers of errors and tests are those of its elements.
fn assert_valid_junit(text: &str) {
    let document = Document::parse(text).expect("XML");
    let elements = |name: &'static str| document.descendants().filter(move |element| element.has_tag_name(name));
    let number = |element: Node<'_, '_>, name: &str| -> usize {
        element.attribute(name).and_then(|number| number.parse().ok()).expect("a number")
    };
    let sum = |name: &str| -> usize { elements("testsuite").map(|suite| number(suite, name)).sum() };
    let errors = elements("error").count();
    assert!(errors >= 3, "{text}");
    assert_eq!((number(document.root_element(), "errors"), sum("errors")), (errors, errors), "{text}");
    assert_eq!(sum("tests"), elements("testcase").count(), "{text}");
}

#[test]
fn every_format_reports_incomplete_checks() {
    let env = new_env();
    for quiet in [&[][..], &["--quiet"]] {
        run_cases(
            &REPORT_FORMATS,
            |format| format!("{format} {quiet:?}"),
            |format| {
                let args = [&["check", "--online", "--format", format, "portal.json"], quiet].concat();
                let run = env.run(&args);
                assert_eq!(run.code, Some(3), "{run:?}");
                assert_reported(&format!("{}{}", run.out, run.err));
                assert_valid_format(format, &run.out);
            },
        );
    }
}

#[test]
fn incomplete_checks_are_reported_together_with_findings() {
    let env = new_env();
    env.edit("/name", json!(""));
    env.write("broken.portal.json", "{ \"name\": ");
    for file in [&["portal.json"][..], &["portal.json", "missing.json"], &["portal.json", "broken.portal.json"]] {
        run_cases(
            &REPORT_FORMATS,
            |format| format!("{format} {file:?}"),
            |format| {
                let run = env.run(&[&["check", "--online", "--format", format], file].concat());
                assert_eq!(run.code, Some(if file.contains(&"missing.json") { 2 } else { 1 }), "{run:?}");
                assert_reported(&format!("{}{}", run.out, run.err));
                assert_valid_format(format, &run.out);
            },
        );
    }
}

#[test]
fn report_files_or_standard_error_report_incomplete_checks() {
    let env = new_env();
    let outputs: Vec<String> =
        REPORT_FORMATS.iter().map(|format| format!("--output={format}=report.{format}")).collect();
    let outputs: Vec<&str> = outputs.iter().map(String::as_str).collect();
    let run = env.run(&[&["check", "--online", "portal.json"][..], &outputs].concat());
    assert_eq!(run.code, Some(3), "{run:?}");
    assert_reported(&run.out);
    for format in REPORT_FORMATS {
        let report = env.read(&format!("report.{format}"));
        assert_valid_format(format, &report);
        if !["json", "jsonl"].contains(&format) {
            assert_reported(&report);
        }
    }
}

#[test]
fn an_allowed_check_does_not_change_the_exit_code() {
    let env = TestEnv::with_short_timeouts();
    env.api.set("/tracking_domains/0/domain_name", json!("localhost"));
    let allow = |rule: &str| format!("[[allow]]\nrule = \"{rule}\"\nfiles = [\"portal.json\"]\nreason = \"a test\"\n");
    env.write("portal-lint.toml", &["dns-not-ready", "ssl-not-active", "expiring-certificate"].map(allow).concat());
    for format in REPORT_FORMATS {
        let run = env.run(&["check", "--online", "--format", format, "portal.json"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(!format!("{}{}", run.out, run.err).contains("not completed"), "{run:?}");
    }
}

fn assert_run_reports(run: &Run) {
    assert_eq!(run.code, Some(3), "{run:?}");
    assert_reported(&format!("{}{}", run.out, run.err));
}

#[test]
fn a_run_with_fixes_reports_incomplete_checks() {
    let env = new_env();
    assert_run_reports(&env.run(&["check", "--online", "--fix", "portal.json"]));
    assert_run_reports(&env.run(&["check", "--online", "--diff", "portal.json"]));
    assert_run_reports(&env.run(&["check", "--online", "--diff", "--quiet", "portal.json"]));
}

#[test]
fn commands_without_checks_in_their_output_name_the_queries_without_an_answer() {
    let env = TestEnv::with_short_timeouts();
    env.api.fault("/customer_portals", usize::MAX, Fault::Bytes(http_response(403, &[], "")));
    for args in [
        &["plan", "--check", "portal.json"][..],
        &["plan", "--ignore", "RCP001", "portal.json"],
        &["matrix", "portal.json"],
        &["preview", "--output", "page.html", "portal.json"],
    ] {
        let run = env.run(&[args, &["--online"]].concat());
        let is_ignored = args.contains(&"--ignore");
        assert_eq!(run.code, Some(3), "{args:?}: {run:?}");
        assert!(is_ignored || run.err.contains("not completed:\n  RCP001 "), "{args:?}: {run:?}");
        let is_plan = args[0] == "plan";
        let reason = "the portals of the account are not known: RevCent's API";
        assert_eq!(run.out.split_whitespace().collect::<Vec<_>>().join(" ").contains(reason), is_plan, "{run:?}");
    }
}

#[test]
fn the_exit_codes_of_commands_about_the_account_are_those_of_a_check() {
    let mut env = TestEnv::with_short_timeouts();
    let commands = [
        &["plan", "portal.json"][..],
        &["plan", "--format", "json", "portal.json"],
        &["matrix", "portal.json"],
        &["matrix", "--format", "json", "portal.json"],
        &["preview", "--output", "page.html", "portal.json"],
    ];
    let run_all = |env: &TestEnv, code: i32, reason: &str| {
        for args in commands {
            let run = env.run(&[args, &["--online"]].concat());
            assert_eq!(run.code, Some(code), "{args:?}: {run:?}");
            assert!(run.err.contains(reason), "{args:?}: {run:?}");
        }
    };
    run_all(&env, 0, "");
    // There is a portal to create.
    assert_eq!(env.run(&["plan", "--check", "--online", "portal.json"]).code, Some(1));
    env.edit("/name", "".into());
    // The page of a preview shows errors, which do not fail the command.
    for (args, code) in commands.iter().zip([1, 1, 0, 0, 0]) {
        let run = env.run(&[*args, &["--online"]].concat());
        assert_eq!(run.code, Some(code), "{args:?}: {run:?}");
    }
    env.edit("/name", "Acme Subscription Portal".into());
    env.api.fault("/", usize::MAX, Fault::Bytes(http_response(401, &[], "")));
    run_all(&env, 3, "401");
    env.set("--api-url", &format!("http://{REFUSING_ADDRESS}/v2"));
    run_all(&env, 3, "refused");
}
