//! The examples of the rule pages: parses the fenced code blocks of a page and completes them to whole files.
//!
//! The info string of a fence has a language and attributes:
//! - `fires=POINTER` and `also=CODE` state the expected findings.
//! - `file=NAME` names the file. If the fence before has a name, too, both are files of one run.
//! - `account` and `answers` give the snapshot and the network answers of the fences that follow.
//! - `call` says that an agent is about to send the code.
//! - `kind=KIND`, `without=POINTERS` and `whole` say how the code is completed.
//! - `fixed` directly after a failing example is the same file without the defect. It has the attributes of the failing example.

use std::fs;

use portal_lint::base::file::{AgentBody, InputFile, Origin};
use portal_lint::syntax::cursor::Cursor;
use portal_lint::syntax::{Document, Limits, Node, Value, json, yaml};
use serde_json::Value as Json;

use super::{internal_file, memory_file, repository};

/// A fenced code block of a page.
#[derive(Clone, Debug, Default)]
pub struct Example {
    pub language: String,
    /// The name and value of each attribute; a name may occur several times.
    attributes: Vec<(String, String)>,
    pub code: String,
    /// The code without the defect, if the page shows it.
    fixed: Option<String>,
    /// The heading of the section.
    section: String,
}

impl Example {
    /// Parses an info string: `json fires=/name kind=edit`.
    fn from_info(info: &str, section: &str) -> Self {
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or_default().to_owned();
        let mut attributes = Vec::new();
        for word in words {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            attributes.push((name.to_owned(), value.to_owned()));
        }
        Self { language, attributes, section: section.to_owned(), ..Self::default() }
    }

    /// A clean body.
    fn clean(section: &str) -> Self {
        Self { code: "{}".into(), ..Self::from_info("json", section) }
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.attribute(name).is_some()
    }

    /// All values of an attribute.
    pub fn attribute_values(&self, name: &str) -> Vec<&str> {
        self.attributes.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str()).collect()
    }

    pub fn file_name(&self) -> String {
        if let Some(name) = self.attribute("file") {
            return name.to_owned();
        }
        let stem = match self.is_account() {
            true => "account",
            false if self.is_answers() => "answers",
            false => "example",
        };
        format!("{stem}.{}", self.language)
    }

    /// The same file without the defect.
    pub fn fixed(&self) -> Option<Self> {
        self.fixed.as_ref().map(|code| Self { code: code.clone(), ..self.clone() })
    }

    /// The network answers for the examples that follow it.
    fn is_answers(&self) -> bool {
        self.has("answers")
    }

    /// The account snapshot for the examples that follow it.
    fn is_account(&self) -> bool {
        self.has("account")
    }
}

/// Collects the runs of a page while its fences are read in order.
#[derive(Default)]
struct RunCollector {
    runs: Vec<Vec<Example>>,
    /// Whether the next fence with a file name is added to the last run.
    last_run_is_open: bool,
    /// The snapshot for the examples that follow, and whether one has used it.
    account: Option<(Example, bool)>,
    /// The network answers for the examples that follow.
    answers: Option<Example>,
}

impl RunCollector {
    fn add(&mut self, example: Example) {
        if example.is_account() {
            self.end_section();
            self.account = Some((example, false));
            return;
        }
        if example.is_answers() {
            self.end_section();
            self.answers = Some(example);
            return;
        }
        let is_named = example.has("file");
        match self.runs.last_mut() {
            Some(last) if self.last_run_is_open && is_named => last.push(example),
            _ => {
                let mut run = vec![example];
                if let Some((account, is_used)) = &mut self.account {
                    *is_used = true;
                    run.push(account.clone());
                }
                run.extend(self.answers.clone());
                self.runs.push(run);
            }
        }
        self.last_run_is_open = is_named;
    }

    /// Adds the code of a fence `fixed` to the failing example before it.
    fn add_fixed(&mut self, fixed: Example) {
        let failing = if let Some((account, false)) = &mut self.account {
            account
        } else {
            let last = self.runs.last_mut().expect("a failing example");
            last.iter_mut().rfind(|example| !example.is_account() && !example.is_answers()).expect("a file")
        };
        assert!(failing.has("fires"), "the example before `fixed` has no finding: {}", failing.code);
        assert_eq!(failing.language, fixed.language);
        failing.fixed = Some(fixed.code);
    }

    /// Drops the snapshot and the answers. A snapshot that no example used is an example itself and is run with a clean body.
    fn end_section(&mut self) {
        self.last_run_is_open = false;
        self.answers = None;
        if let Some((account, false)) = self.account.take() {
            self.runs.push(vec![Example::clean(&account.section), account]);
        }
    }
}

/// The examples of a page under "Fires on" and "Does not fire on", grouped by run.
pub fn examples(page: &str) -> Vec<Vec<Example>> {
    let mut collector = RunCollector::default();
    let mut section = "";
    let mut current: Option<Example> = None;
    let mut text_before = "";
    for line in page.lines() {
        if let Some(mut example) = current.take() {
            text_before = line;
            if line == "```" && example.has("fixed") && example.section == "Fires on" {
                collector.add_fixed(example);
            } else if line == "```" {
                collector.add(example);
            } else {
                example.code.push_str(line);
                example.code.push('\n');
                current = Some(example);
            }
        } else if let Some(heading) = line.strip_prefix("## ") {
            section = heading;
            collector.end_section();
        } else if let Some(info) = line.strip_prefix("```") {
            let example = Example::from_info(info, section);
            let is_run = ["Fires on", "Does not fire on"].contains(&section);
            let is_supported = ["json", "jsonc", "yaml", "toml"].contains(&example.language.as_str());
            assert!(!is_run || is_supported, "```{info} cannot be run");
            let is_fixed = example.has("fixed") && section == "Fires on";
            assert!(!is_fixed || text_before == "```", "```{info} is not directly after a failing example");
            current = Some(example);
        } else if !line.is_empty() {
            text_before = line;
        }
    }
    collector.end_section();
    let mut runs = collector.runs;
    runs.retain(|run| match run[0].section.as_str() {
        "Fires on" => run.iter().any(|example| example.has("fires")),
        section => section == "Does not fire on",
    });
    runs
}

/// The pairs of examples under "How to fix": a fence with `fix=safe` or `fix=unsafe`, and the fence `fixed` that follows it.
pub fn fix_examples(page: &str) -> Vec<(Example, Example)> {
    let (_, section) = page.split_once("\n## How to fix\n").expect("the section");
    let mut fences: Vec<Example> = Vec::new();
    let mut current: Option<Example> = None;
    for line in section.lines() {
        if let Some(mut example) = current.take() {
            if line == "```" {
                fences.push(example);
            } else {
                example.code.push_str(line);
                example.code.push('\n');
                current = Some(example);
            }
        } else if let Some(info) = line.strip_prefix("```") {
            current = Some(Example::from_info(info, ""));
        }
    }
    fences.retain(|fence| fence.has("fix") || fence.has("fixed"));
    let mut pairs = Vec::new();
    let mut fences = fences.into_iter();
    while let Some(before) = fences.next() {
        let after = fences.next().filter(|after| after.has("fixed") && before.has("fix"));
        pairs.push((before, after.expect("a fence `fixed` follows each fence `fix`")));
    }
    pairs
}

/// The text of the complete file: the example's code merged into a clean body of its kind.
pub fn complete_text(example: &Example) -> String {
    if example.has("whole") || example.language == "toml" {
        return example.code.clone();
    }
    let mut base = base_of_example(example);
    if example.language == "yaml" {
        return complete_yaml(&example.code, base);
    }
    if example.language == "json"
        && let Ok(fragment) = serde_json::from_str::<Json>(&example.code)
        && !has_duplicate_keys(&example.code)
    {
        merge_into(&mut base, fragment);
        return serde_json::to_string_pretty(&base).expect("JSON");
    }
    complete_nonstandard_json(&example.code, base)
}

/// The clean file that an example is merged into, without the fields in its attribute `without`.
fn base_of_example(example: &Example) -> Json {
    let kind = example.attribute("kind").unwrap_or("create");
    let path = match example.is_account() {
        true => "fixtures/account.json".into(),
        false if example.is_answers() => "fixtures/answers.json".into(),
        false => format!("fixtures/clean/{kind}.json"),
    };
    let text = fs::read_to_string(repository(&path)).expect("a clean file");
    let mut base: Json = serde_json::from_str(&text).expect("JSON");
    for pointer in example.attribute_values("without").iter().flat_map(|list| list.split(',')) {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        let parent = base.pointer_mut(parent).and_then(Json::as_object_mut).expect("an object");
        assert!(parent.remove(key).is_some(), "{pointer} is not in the clean {kind}");
    }
    base
}

/// The code as written, followed by the top-level keys of the base that it does not have.
fn complete_yaml(code: &str, mut base: Json) -> String {
    remove_keys_in(&yaml::parse(code, &Limits::default()).documents, &mut base);
    let mut text = code.to_owned();
    for (key, value) in base.as_object().expect("an object") {
        let key = serde_json::to_string(key).expect("text");
        text.push_str(&[&key, ": ", &value.to_string(), "\n"].concat());
    }
    text
}

/// The same for JSON with comments, duplicate keys or mistakes.
fn complete_nonstandard_json(code: &str, mut base: Json) -> String {
    remove_keys_in(&json::parse(code, json::Dialect::Comments, &Limits::default()).documents, &mut base);
    let base = serde_json::to_string_pretty(&base).expect("JSON");
    let base = base.trim_start().strip_prefix('{').expect("the base is an object");
    let code = code.trim_end().strip_suffix('}').unwrap_or_else(|| panic!("no object: {code}"));
    format!("{},{base}", code.trim_end())
}

/// Removes the top-level keys of the documents from the base.
fn remove_keys_in(documents: &[Document<'_>], base: &mut Json) {
    let base = base.as_object_mut().expect("an object");
    for document in documents {
        for entry in Cursor::root(document).entries() {
            base.remove(entry.key.as_ref());
        }
    }
}

fn has_duplicate_keys(code: &str) -> bool {
    let parsed = json::parse(code, json::Dialect::Strict, &Limits::default());
    parsed.documents.iter().any(|document| document.nodes().any(|node| has_duplicate_key(document, node)))
}

fn has_duplicate_key(document: &Document<'_>, node: &Node<'_>) -> bool {
    let Value::Object(entries) = node.value else { return false };
    let entries = document.entries(entries);
    entries.iter().enumerate().any(|(index, entry)| entries[..index].iter().any(|earlier| earlier.key == entry.key))
}

/// Replaces and adds values; objects are merged key by key.
fn merge_into(base: &mut Json, fragment: Json) {
    match (base, fragment) {
        (Json::Object(base), Json::Object(fragment)) => {
            for (key, value) in fragment {
                match base.get_mut(&key) {
                    Some(existing) => merge_into(existing, value),
                    None => {
                        base.insert(key, value);
                    }
                }
            }
        }
        (base, fragment) => *base = fragment,
    }
}

/// The files of a run.
pub fn example_files(run: &[Example]) -> Vec<InputFile> {
    let mut files = Vec::new();
    for example in run {
        let (name, text) = (example.file_name(), complete_text(example));
        let is_internal = example.is_account() || example.is_answers();
        files.push(if is_internal {
            internal_file(&name, text)
        } else if example.has("call") {
            let body = AgentBody { bytes: text.into_bytes(), is_sent: true, ..AgentBody::default() };
            InputFile { origin: Origin::Agent(body), ..memory_file(&name, "") }
        } else {
            memory_file(&name, text)
        });
    }
    files
}
