//! The rule pages are true: their heads are of the schema, their examples do what they say, the checklist is covered.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;
use std::fs;

use portal_lint::document::slot::Slot;
use portal_lint::document::{Document, Limits, NodeId, Value, yaml};
use portal_lint::rules::{RULES, page};
use serde_json::Value as Json;
use support::{entries, lines, name, repository, run, text};

/// A fence of a page that is run.
#[derive(Debug, Default)]
struct Example {
    language: String,
    words: Vec<(String, String)>,
    code: String,
    section: String,
}

impl Example {
    fn word(&self, key: &str) -> Option<&str> {
        self.words.iter().find(|(word, _)| word == key).map(|(_, value)| value.as_str())
    }

    fn all(&self, key: &str) -> Vec<&str> {
        self.words.iter().filter(|(word, _)| word == key).map(|(_, value)| value.as_str()).collect()
    }

    fn file(&self) -> String {
        self.word("file").map_or_else(|| format!("example.{}", self.language), str::to_owned)
    }
}

/// The examples of a page, those of one run together.
fn examples(page: &str) -> Vec<Vec<Example>> {
    let mut runs: Vec<Vec<Example>> = Vec::new();
    let mut section = "";
    let mut open: Option<Example> = None;
    let mut joins = false;
    for line in page.lines() {
        if let Some(example) = &mut open {
            if line == "```" {
                let done = open.take().expect("it is open");
                let with_files = done.word("file").is_some();
                match runs.last_mut() {
                    Some(last) if joins && with_files => last.push(done),
                    _ => runs.push(vec![done]),
                }
                joins = with_files;
            } else {
                example.code.push_str(line);
                example.code.push('\n');
            }
        } else if let Some(heading) = line.strip_prefix("## ") {
            section = heading;
            joins = false;
        } else if let Some(info) = line.strip_prefix("```") {
            let mut words = info.split_whitespace();
            let language = words.next().unwrap_or_default().to_owned();
            let run = ["Fires on", "Does not fire on"].contains(&section);
            assert!(!run || ["json", "jsonc", "yaml"].contains(&language.as_str()), "```{info} cannot be run");
            let words = words.map(|word| word.split_once('=').unwrap_or((word, "")));
            let words = words.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
            open = Some(Example { language, words, code: String::new(), section: section.to_owned() });
        }
    }
    runs.retain(|run| match run[0].section.as_str() {
        "Fires on" => run.iter().any(|example| example.word("fires").is_some()),
        section => section == "Does not fire on",
    });
    runs
}

/// The complete file of an example: laid over a clean body.
fn complete(example: &Example) -> String {
    if example.word("whole").is_some() {
        return example.code.clone();
    }
    let kind = example.word("kind").unwrap_or("create");
    let base = fs::read_to_string(repository(&format!("fixtures/clean/{kind}.json"))).expect("a clean body");
    let mut base: Json = serde_json::from_str(&base).expect("JSON");
    for pointer in example.all("without").iter().flat_map(|list| list.split(',')) {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        let parent = base.pointer_mut(parent).and_then(Json::as_object_mut).expect("an object");
        assert!(parent.remove(key).is_some(), "{pointer} is not in the clean {kind}");
    }
    if example.language == "yaml" {
        // Each top-level key of the fragment takes the place of the base's; the fragment's bytes stay as they are.
        let parsed = yaml::parse(&example.code, &Limits::default());
        for document in &parsed.documents {
            for entry in Slot::root(document).entries() {
                base.as_object_mut().expect("an object").remove(entry.key.as_ref());
            }
        }
        let rest: String = base
            .as_object()
            .expect("an object")
            .iter()
            .map(|(key, value)| format!("{}: {value}\n", serde_json::to_string(key).expect("text")))
            .collect();
        return format!("{}{rest}", example.code);
    }
    if example.language == "json"
        && let Ok(fragment) = serde_json::from_str::<Json>(&example.code)
        && !has_duplicates(&example.code)
    {
        lay_over(&mut base, fragment);
        return serde_json::to_string_pretty(&base).expect("JSON");
    }
    // What is not plain JSON is put in front of the rest of the base, as it is written.
    let parsed = portal_lint::document::json::parse(
        &example.code,
        portal_lint::document::json::Dialect::Comments,
        &Limits::default(),
    );
    for document in &parsed.documents {
        for entry in Slot::root(document).entries() {
            base.as_object_mut().expect("an object").remove(entry.key.as_ref());
        }
    }
    let rest = serde_json::to_string_pretty(&base).expect("JSON");
    let inner = example.code.trim_end().strip_suffix('}').unwrap_or_else(|| panic!("no object: {}", example.code));
    format!("{},{}", inner.trim_end(), rest.trim_start().strip_prefix('{').expect("the rest is an object"))
}

fn has_duplicates(code: &str) -> bool {
    let parsed =
        portal_lint::document::json::parse(code, portal_lint::document::json::Dialect::Strict, &Limits::default());
    parsed.documents.iter().any(|document| {
        document.nodes().any(|node| match &node.value {
            Value::Object(entries) => {
                entries.iter().enumerate().any(|(at, one)| entries[..at].iter().any(|other| other.key == one.key))
            }
            _ => false,
        })
    })
}

fn lay_over(base: &mut Json, fragment: Json) {
    match (base, fragment) {
        (Json::Object(base), Json::Object(fragment)) => {
            for (key, value) in fragment {
                match base.get_mut(&key) {
                    Some(own) => lay_over(own, value),
                    None => {
                        base.insert(key, value);
                    }
                }
            }
        }
        (base, fragment) => *base = fragment,
    }
}

#[test]
fn each_example_does_what_its_page_says() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let code = rule.code.to_string();
        let usual = page::head(rule.page).expect("a head").severity();
        for group in examples(rule.page) {
            let inputs: Vec<_> = group.iter().map(|example| text(&example.file(), complete(example))).collect();
            let report = run(&inputs);
            let built = |code: &str| RULES.iter().any(|rule| rule.code.to_string() == code);
            let mut found: Vec<String> = lines(&report);
            let mut expected = Vec::new();
            for example in &group {
                let severity = example.word("severity").map_or(usual.to_string(), str::to_owned);
                for pointer in example.all("fires") {
                    let pointer = if pointer.is_empty() { "\"\"" } else { pointer };
                    expected.push(format!("{} {code} {pointer} {severity}", example.file()));
                }
                for also in example.all("also").into_iter().filter(|also| built(also)) {
                    let prefix = format!("{} {also} ", example.file());
                    match found.iter().position(|line| line.starts_with(&prefix)) {
                        Some(at) => drop(found.remove(at)),
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

#[test]
fn each_page_has_examples_of_both_sorts() {
    for rule in RULES {
        let runs = examples(rule.page);
        let fires = |run: &Vec<Example>| run.iter().any(|example| example.word("fires").is_some());
        let undecidable = page::head(rule.page).expect("a head").needs_account && [3, 4].contains(&rule.code.0);
        assert!(runs.iter().any(fires) || undecidable, "{} shows nothing it fires on", rule.code);
        assert!(runs.iter().any(|run| !fires(run)), "{} shows nothing it is silent for", rule.code);
    }
}

#[test]
fn the_heads_are_of_the_schema_and_of_their_file() {
    let schema: Json = serde_json::from_str(portal_lint::schema::text("rule").expect("embedded")).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    for rule in RULES {
        let (head, body) = page::split(rule.page).expect("a head");
        let parsed = yaml::parse(head, &Limits::default());
        assert_eq!(parsed.errors, []);
        let document = &parsed.documents[0];
        let value = as_json(document, document.root().expect("a root"));
        assert!(schema.is_valid(&value), "{}: {value}", rule.code);
        assert_eq!(value["code"], rule.code.to_string());
        let headings: Vec<&str> = body.lines().filter(|line| line.starts_with("## ")).collect();
        let sections =
            ["## What it checks", "## Why it matters", "## Fires on", "## Does not fire on", "## How to fix"];
        assert_eq!(headings, sections, "{}", rule.code);
    }
}

fn as_json(document: &Document<'_>, id: NodeId) -> Json {
    match &document.resolve(id).value {
        Value::Bool(value) => Json::Bool(*value),
        Value::String(text) | Value::Number(text) => text.to_string().into(),
        Value::Array(items) => items.iter().map(|&item| as_json(document, item)).collect(),
        Value::Object(entries) => {
            entries.iter().map(|entry| (entry.key.to_string(), as_json(document, entry.value))).collect()
        }
        Value::Null | Value::Alias(_) | Value::Broken => Json::Null,
    }
}

#[test]
fn each_page_is_listed_and_each_checklist_item_has_a_rule() {
    let pages: Vec<String> = entries(&repository("rules")).iter().map(|path| name(path)).collect();
    let listed: Vec<String> = RULES.iter().map(|rule| format!("{}.md", rule.code)).collect();
    assert_eq!(pages, listed);
    let mut rules_of: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut names = BTreeMap::new();
    for rule in RULES {
        let head = page::head(rule.page).expect("a head");
        for item in head.items {
            rules_of.entry(item).or_default().push(rule.code.to_string());
        }
        assert_eq!(names.insert(head.name.clone(), rule.code), None, "{} names two rules", head.name);
    }
    for number in 1..=24 {
        let own = format!("RCP{number:03}");
        let rules = rules_of.get(&format!("V{number}")).cloned().unwrap_or_default();
        assert!(rules.contains(&own), "V{number} is not named by {own}");
    }
}
