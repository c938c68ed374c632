//! The examples of the rule pages: found in the text, and made into complete files.

use std::fs;

use portal_lint::syntax::cursor::Cursor;
use portal_lint::syntax::{Limits, Value, json, yaml};
use serde_json::Value as Json;

use super::{account, repository, text};
use portal_lint::base::file::InputFile;

/// A fence of a page that is run.
#[derive(Clone, Debug, Default)]
pub struct Example {
    pub language: String,
    pub words: Vec<(String, String)>,
    pub code: String,
    pub section: String,
}

impl Example {
    pub fn word(&self, key: &str) -> Option<&str> {
        self.words.iter().find(|(word, _)| word == key).map(|(_, value)| value.as_str())
    }

    pub fn all(&self, key: &str) -> Vec<&str> {
        self.words.iter().filter(|(word, _)| word == key).map(|(_, value)| value.as_str()).collect()
    }

    pub fn file(&self) -> String {
        let stem = match self.is_account() {
            true => "account",
            false if self.is_answers() => "answers",
            false => "example",
        };
        self.word("file").map_or_else(|| format!("{stem}.{}", self.language), str::to_owned)
    }

    /// What the network answers for the examples behind it.
    fn is_answers(&self) -> bool {
        self.word("answers").is_some()
    }

    /// A snapshot for the examples behind it.
    fn is_account(&self) -> bool {
        self.word("account").is_some()
    }

    /// A clean body, for a snapshot with no example behind it.
    fn clean(section: &str) -> Self {
        Self { language: "json".into(), code: "{}".into(), section: section.to_owned(), ..Self::default() }
    }
}

/// The runs of a page while it is read.
#[derive(Default)]
struct Runs {
    done: Vec<Vec<Example>>,
    /// The next file joins the last run.
    joins: bool,
    /// The snapshot for what follows, and whether anything did.
    account: Option<(Example, bool)>,
    /// The answers for what follows.
    answers: Option<Example>,
}

impl Runs {
    fn add(&mut self, example: Example) {
        if example.is_account() {
            self.end();
            self.account = Some((example, false));
            return;
        }
        if example.is_answers() {
            self.end();
            self.answers = Some(example);
            return;
        }
        let with_files = example.word("file").is_some();
        match self.done.last_mut() {
            Some(last) if self.joins && with_files => last.push(example),
            _ => {
                let account = self.account.as_mut().map(|(account, used)| {
                    *used = true;
                    account.clone()
                });
                self.done.push(std::iter::once(example).chain(account).chain(self.answers.clone()).collect());
            }
        }
        self.joins = with_files;
    }

    /// The snapshot holds no longer.
    fn end(&mut self) {
        self.joins = false;
        self.answers = None;
        if let Some((account, false)) = self.account.take() {
            self.done.push(vec![Example::clean(&account.section), account]);
        }
    }
}

/// The examples of a page, those of one run together.
pub fn examples(page: &str) -> Vec<Vec<Example>> {
    let mut runs = Runs::default();
    let mut section = "";
    let mut open: Option<Example> = None;
    for line in page.lines() {
        if let Some(example) = &mut open {
            if line == "```" {
                runs.add(open.take().expect("it is open"));
            } else {
                example.code.push_str(line);
                example.code.push('\n');
            }
        } else if let Some(heading) = line.strip_prefix("## ") {
            section = heading;
            runs.end();
        } else if let Some(info) = line.strip_prefix("```") {
            let mut words = info.split_whitespace();
            let language = words.next().unwrap_or_default().to_owned();
            let run = ["Fires on", "Does not fire on"].contains(&section);
            assert!(!run || ["json", "jsonc", "yaml", "toml"].contains(&language.as_str()), "```{info} cannot be run");
            let words = words.map(|word| word.split_once('=').unwrap_or((word, "")));
            let words = words.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
            open = Some(Example { language, words, code: String::new(), section: section.to_owned() });
        }
    }
    runs.end();
    let mut runs = runs.done;
    runs.retain(|run| match run[0].section.as_str() {
        "Fires on" => run.iter().any(|example| example.word("fires").is_some()),
        section => section == "Does not fire on",
    });
    runs
}

/// What a page says about fixing: a fence before, with `fix=safe` or `fix=unsafe`, and the one that follows it.
pub fn fixes(page: &str) -> Vec<(Example, Example)> {
    let (_, section) = page.split_once("\n## How to fix\n").expect("the section");
    let mut fences: Vec<Example> = Vec::new();
    let mut open: Option<Example> = None;
    for line in section.lines() {
        if let Some(example) = &mut open {
            if line == "```" {
                fences.extend(open.take());
            } else {
                example.code.push_str(line);
                example.code.push('\n');
            }
        } else if let Some(info) = line.strip_prefix("```") {
            let mut words = info.split_whitespace();
            let language = words.next().unwrap_or_default().to_owned();
            let words = words.map(|word| word.split_once('=').unwrap_or((word, "")));
            let words = words.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
            open = Some(Example { language, words, ..Example::default() });
        }
    }
    let mut pairs = Vec::new();
    let mut fences = fences.into_iter().filter(|fence| ["fix", "fixed"].iter().any(|word| fence.word(word).is_some()));
    while let Some(before) = fences.next() {
        let after = fences.next().filter(|after| after.word("fixed").is_some() && before.word("fix").is_some());
        pairs.push((before, after.expect("a fence `fixed` follows each fence `fix`")));
    }
    pairs
}

/// The complete file of an example: laid over a clean body.
pub fn complete(example: &Example) -> String {
    if example.word("whole").is_some() || example.language == "toml" {
        return example.code.clone();
    }
    let kind = example.word("kind").unwrap_or("create");
    let base = match example.is_account() {
        true => "fixtures/account.json".into(),
        false if example.is_answers() => "fixtures/answers.json".into(),
        false => format!("fixtures/clean/{kind}.json"),
    };
    let base = fs::read_to_string(repository(&base)).expect("a clean file");
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
            for entry in Cursor::root(document).entries() {
                base.as_object_mut().expect("an object").remove(entry.key.as_ref());
            }
        }
        let mut whole = example.code.clone();
        for (key, value) in base.as_object().expect("an object") {
            let key = serde_json::to_string(key).expect("text");
            whole.push_str(&[&key, ": ", &value.to_string(), "\n"].concat());
        }
        return whole;
    }
    if example.language == "json"
        && let Ok(fragment) = serde_json::from_str::<Json>(&example.code)
        && !has_duplicates(&example.code)
    {
        merge_under(&mut base, fragment);
        return serde_json::to_string_pretty(&base).expect("JSON");
    }
    // What is not plain JSON is put in front of the rest of the base, as it is written.
    let parsed = json::parse(&example.code, json::Dialect::Comments, &Limits::default());
    for document in &parsed.documents {
        for entry in Cursor::root(document).entries() {
            base.as_object_mut().expect("an object").remove(entry.key.as_ref());
        }
    }
    let rest = serde_json::to_string_pretty(&base).expect("JSON");
    let inner = example.code.trim_end().strip_suffix('}').unwrap_or_else(|| panic!("no object: {}", example.code));
    format!("{},{}", inner.trim_end(), rest.trim_start().strip_prefix('{').expect("the rest is an object"))
}

fn has_duplicates(code: &str) -> bool {
    let parsed = json::parse(code, json::Dialect::Strict, &Limits::default());
    parsed.documents.iter().any(|document| {
        document.nodes().any(|node| match &node.value {
            Value::Object(entries) => {
                let entries = document.entries(*entries);
                entries.iter().enumerate().any(|(at, one)| entries[..at].iter().any(|other| other.key == one.key))
            }
            _ => false,
        })
    })
}

fn merge_under(base: &mut Json, fragment: Json) {
    match (base, fragment) {
        (Json::Object(base), Json::Object(fragment)) => {
            for (key, value) in fragment {
                match base.get_mut(&key) {
                    Some(own) => merge_under(own, value),
                    None => {
                        base.insert(key, value);
                    }
                }
            }
        }
        (base, fragment) => *base = fragment,
    }
}

/// The files of one run.
pub fn inputs(group: &[Example]) -> Vec<InputFile> {
    let input = |example: &Example| {
        let (name, content) = (example.file(), complete(example));
        if example.is_account() || example.is_answers() { account(&name, content) } else { text(&name, content) }
    };
    group.iter().map(input).collect()
}
