//! Checks the rule pages: their front matter follows its schema, their examples have the findings and fixes they state, and every
//! checklist item has a rule. Also generates `src/rules/table.rs` from the front matter.

mod fixed;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::support::examples::{Example, complete_text, example_files, examples, fix_examples};
use crate::support::{check_files, entries, file_name, finding_lines, repository};
use portal_lint::base::diagnostic::Applicability;
use portal_lint::engine::fix::apply_fixes;
use portal_lint::rules::{RULES, rule_doc};
use portal_lint::settings::Settings;
use portal_lint::syntax::{Document, Limits, NodeId, Value, yaml};
use serde_json::Value as Json;

#[test]
fn each_example_has_the_findings_that_its_page_states() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let code = rule.code.to_string();
        let default_severity = rule.meta.severity();
        for group in examples(rule.page) {
            let report = check_files(&example_files(&group));
            let mut found: Vec<String> = finding_lines(&report);
            let mut expected = Vec::new();
            for example in &group {
                let severity = example.attribute("severity").map_or(default_severity.to_string(), str::to_owned);
                for pointer in example.attribute_values("fires") {
                    let pointer = if pointer.is_empty() { "\"\"" } else { pointer };
                    expected.push(format!("{} {code} {pointer} {severity}", example.file_name()));
                }
                for also in example.attribute_values("also").into_iter().filter(|code| is_rule(code)) {
                    // `also` states only the rule: any finding of it in the file will do.
                    let prefix = format!("{} {also} ", example.file_name());
                    match found.iter().position(|line| line.starts_with(&prefix)) {
                        Some(index) => drop(found.remove(index)),
                        None => expected.push(prefix),
                    }
                }
            }
            found.sort();
            expected.sort();
            if found != expected {
                wrong.push(format!("{code}: expected {expected:#?}\nfound {found:#?}\nin {}", group[0].code));
            }
        }
    }
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}

fn is_rule(code: &str) -> bool {
    RULES.iter().any(|rule| rule.code.to_string() == code)
}

#[test]
fn fixing_an_example_gives_the_text_that_its_page_shows() {
    for rule in RULES {
        let declared: BTreeSet<Applicability> = rule.meta.fixes.iter().copied().collect();
        let mut shown_in_examples = BTreeSet::new();
        for (before, after) in fix_examples(rule.page) {
            let applicability: Applicability =
                before.attribute("fix").and_then(|word| word.parse().ok()).expect("safe or unsafe");
            let (text, expected) = (complete_text(&before), complete_text(&after));
            let input = crate::support::memory_file(&before.file_name(), text.clone());
            let fixed = apply_fixes(&input, text, &Settings::default(), applicability);
            assert_eq!(fixed.failed, None, "{}", rule.code);
            assert!(fixed.applied.iter().any(|fix| fix.code == rule.code), "{}: nothing was fixed", rule.code);
            if before.language == "yaml" {
                assert_eq!(fixed.text, expected, "{}", rule.code);
            } else {
                // An example can be one field, which is completed to a body: the formatting is not compared.
                assert_eq!(parse_json(&fixed.text), parse_json(&expected), "{}", rule.code);
            }
            shown_in_examples.insert(applicability);
        }
        assert_eq!(shown_in_examples, declared, "{}: shown and declared", rule.code);
    }
}

fn parse_json(text: &str) -> Json {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn each_page_has_examples_with_and_without_findings() {
    for rule in RULES {
        let runs = examples(rule.page);
        let fires = |run: &Vec<Example>| run.iter().any(|example| example.has("fires"));
        assert!(runs.iter().any(fires), "{} shows nothing it fires on", rule.code);
        assert!(runs.iter().any(|run| !fires(run)), "{} shows nothing it is silent for", rule.code);
    }
}

#[test]
fn front_matter_and_sections_follow_the_schema_of_a_page() {
    let schema: Json =
        serde_json::from_str(portal_lint::schema::embedded_text("rule").expect("embedded")).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    for rule in RULES {
        let (front_matter, body) = rule_doc::split_front_matter(rule.page).expect("front matter");
        let value = front_matter_as_json(front_matter);
        assert!(schema.is_valid(&value), "{}: {value}", rule.code);
        assert_eq!(value["code"], rule.code.to_string());
        let headings: Vec<&str> = body.lines().filter(|line| line.starts_with("## ")).collect();
        let sections =
            ["## What it checks", "## Why it matters", "## Fires on", "## Does not fire on", "## How to fix"];
        assert_eq!(headings, sections, "{}", rule.code);
    }
}

#[test]
fn the_rule_table_is_generated_from_the_pages() {
    let mut pages = Vec::new();
    for path in entries(&repository("rules")) {
        pages.push(fs::read_to_string(&path).expect("a page"));
    }
    let generated = table::generate(pages.iter().map(|page| {
        let (front_matter, body) = rule_doc::split_front_matter(page).expect("front matter");
        let title = body.lines().find_map(|line| line.strip_prefix("# ")).expect("a title");
        (front_matter_as_json(front_matter), title)
    }));
    let path = repository("src/rules/table.rs");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &generated).expect("the table can be written");
    }
    let current = fs::read_to_string(&path).expect("the table");
    // The two texts are too long to be shown.
    assert!(
        current == generated,
        "src/rules/table.rs differs from the pages: run `UPDATE=1 cargo test --test main pages::`"
    );
}

fn front_matter_as_json(front_matter: &str) -> Json {
    let parsed = yaml::parse(front_matter, &Limits::default());
    assert_eq!(parsed.errors, []);
    let document = &parsed.documents[0];
    node_as_json(document, document.root().expect("a root"))
}

fn node_as_json(document: &Document<'_>, id: NodeId) -> Json {
    match &document.resolve(id).value {
        Value::Bool(value) => Json::Bool(*value),
        Value::String(text) => text.to_string().into(),
        Value::Number(text) => text.parse::<u8>().expect("a small number").into(),
        Value::Array(items) => document.items(*items).iter().map(|&item| node_as_json(document, item)).collect(),
        Value::Object(entries) => {
            let entries = document.entries(*entries).iter();
            entries.map(|entry| (entry.key.to_string(), node_as_json(document, entry.value))).collect()
        }
        Value::Null | Value::Alias(_) | Value::Broken => Json::Null,
    }
}

#[test]
fn each_page_is_listed_and_each_checklist_item_has_a_rule() {
    let pages: Vec<String> = entries(&repository("rules")).iter().map(|path| file_name(path)).collect();
    let listed: Vec<String> = RULES.iter().map(|rule| format!("{}.md", rule.code)).collect();
    let unused: Vec<&String> = pages.iter().filter(|page| !listed.contains(page)).collect();
    assert!(unused.is_empty(), "src/rules/mod.rs has no rule for {unused:?}");
    assert_eq!(pages, listed);
    let mut rules_by_item: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut names = BTreeMap::new();
    for rule in RULES {
        for item in rule.meta.items {
            rules_by_item.entry((*item).to_owned()).or_default().push(rule.code.to_string());
        }
        assert_eq!(names.insert(rule.meta.name, rule.code), None, "{} is the name of two rules", rule.meta.name);
    }
    for number in 1..=24 {
        // V1 to V24 have a rule of the same number each.
        let own_rule = format!("RCP{number:03}");
        let rules = rules_by_item.get(&format!("V{number}")).cloned().unwrap_or_default();
        assert!(rules.contains(&own_rule), "V{number} is not listed by {own_rule}");
    }
}
