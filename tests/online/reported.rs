//! Every format says which checks were not completed, and why: a run that fails for that alone does not fail in silence.

use std::fs;

use roxmltree::Document;
use serde_json::{Value as Json, json};

use super::http::{Fault, answer};
use super::world::{Run, World, each};
use crate::support::repository;

const FORMATS: [&str; 11] =
    ["human", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown"];

/// A host that is not queried, and an API that does not tell about campaigns.
fn world() -> World {
    let world = World::impatient();
    world.api.set("/tracking_domains/0/domain_name", json!("localhost"));
    world.api.fault("/campaigns", usize::MAX, Fault::Bytes(answer(403, &[], "")));
    world
}

/// The rules and the reasons are in what was said.
fn tells(text: &str) {
    for word in ["rcp003", "rcp004", "rcp303", "no query was sent, because the domain name is", "403", "not completed"]
    {
        assert!(text.to_lowercase().contains(word), "no {word} in {text}");
    }
}

fn schema(name: &str) -> jsonschema::Validator {
    let text = fs::read_to_string(repository("tests/schemas").join(name)).expect("a schema");
    jsonschema::options().build(&serde_json::from_str(&text).expect("JSON")).expect("a schema")
}

/// Each report is still what whoever reads the format takes.
fn is_well_formed(format: &str, text: &str) {
    let json = || serde_json::from_str::<Json>(text).expect("JSON");
    match format {
        "gitlab" => {
            let (schema, issues) = (schema("gitlab-codeclimate.json"), json());
            assert!(issues.as_array().expect("a list").iter().all(|issue| schema.is_valid(issue)), "{text}");
        }
        "rdjson" => assert!(schema("rdjson.schema.json").is_valid(&json()), "{text}"),
        "json" => drop(json()),
        "jsonl" => text.lines().for_each(|line| drop(serde_json::from_str::<Json>(line).expect("JSON"))),
        "junit" => {
            let document = Document::parse(text).expect("XML");
            let elements = |name: &str| document.descendants().filter(|one| one.has_tag_name(name)).count();
            let errors = elements("error");
            assert!(errors >= 3, "{text}");
            let number = |one: roxmltree::Node<'_, '_>, name| {
                one.attribute(name).and_then(|number| number.parse::<usize>().ok()).expect("a number")
            };
            let suites: Vec<_> = document.descendants().filter(|one| one.has_tag_name("testsuite")).collect();
            let sum = |name| suites.iter().map(|suite| number(*suite, name)).sum::<usize>();
            assert_eq!((number(document.root_element(), "errors"), sum("errors")), (errors, errors), "{text}");
            assert_eq!(sum("tests"), elements("testcase"), "{text}");
        }
        "checkstyle" => drop(Document::parse(text).expect("XML")),
        "github" => assert!(text.lines().all(|line| line.starts_with("::")) && text.contains("\n::error "), "{text}"),
        _ => {}
    }
}

#[test]
fn every_format_says_what_was_not_completed() {
    let world = world();
    for quiet in [&[][..], &["--quiet"]] {
        each(
            &FORMATS,
            |format| format!("{format} {quiet:?}"),
            |format| {
                let args = [&["check", "--online", "--format", format, "portal.json"], quiet].concat();
                let run = world.run(&args);
                assert_eq!(run.code, Some(3), "{run:?}");
                tells(&format!("{}{}", run.out, run.err));
                is_well_formed(format, &run.out);
            },
        );
    }
}

#[test]
fn incomplete_checks_are_reported_in_addition_to_findings() {
    let world = world();
    world.edit("/name", json!(""));
    world.write("broken.portal.json", "{ \"name\": ");
    for file in [&["portal.json"][..], &["portal.json", "missing.json"], &["portal.json", "broken.portal.json"]] {
        each(
            &FORMATS,
            |format| format!("{format} {file:?}"),
            |format| {
                let run = world.run(&[&["check", "--online", "--format", format], file].concat());
                assert_eq!(run.code, Some(if file.contains(&"missing.json") { 2 } else { 1 }), "{run:?}");
                tells(&format!("{}{}", run.out, run.err));
                is_well_formed(format, &run.out);
            },
        );
    }
}

#[test]
fn every_report_in_a_file_says_it_or_the_run_does() {
    let world = world();
    let outputs: Vec<String> = FORMATS.iter().map(|format| format!("--output={format}=report.{format}")).collect();
    let outputs: Vec<&str> = outputs.iter().map(String::as_str).collect();
    let run = world.run(&[&["check", "--online", "portal.json"][..], &outputs].concat());
    assert_eq!(run.code, Some(3), "{run:?}");
    tells(&run.out);
    for format in FORMATS {
        let report = world.read(&format!("report.{format}"));
        is_well_formed(format, &report);
        if !["json", "jsonl"].contains(&format) {
            tells(&report);
        }
    }
}

/// What is allowed is nobody's error any more.
#[test]
fn an_allowed_check_is_not_counted_as_an_error() {
    let world = World::impatient();
    world.api.set("/tracking_domains/0/domain_name", json!("localhost"));
    let allow = |rule: &str| format!("[[allow]]\nrule = \"{rule}\"\nfiles = [\"portal.json\"]\nreason = \"a test\"\n");
    let all = ["tracking-domain-dns", "tracking-domain-ssl", "certificate-expires-soon"].map(allow).concat();
    world.write("portal-lint.toml", &all);
    for format in FORMATS {
        let run = world.run(&["check", "--online", "--format", format, "portal.json"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(!format!("{}{}", run.out, run.err).contains("not completed"), "{run:?}");
    }
}

fn says_so(run: &Run) {
    assert_eq!(run.code, Some(3), "{run:?}");
    tells(&format!("{}{}", run.out, run.err));
}

#[test]
fn a_run_that_fixes_says_it_too() {
    let world = world();
    says_so(&world.run(&["check", "--online", "--fix", "portal.json"]));
    says_so(&world.run(&["check", "--online", "--diff", "portal.json"]));
    says_so(&world.run(&["check", "--online", "--diff", "--quiet", "portal.json"]));
}
