//! Writes `src/rules/table.rs`: the front matter of all rule pages as Rust constants.

use std::fmt::Write as _;

use serde_json::Value as Json;

const HEADER: &str = "\
//! Generated from the front matter of `rules/*.md` by `UPDATE=1 cargo test --test main pages::`. Do not edit.

use super::metadata::{Basis, Needs, Ownership, Query, RuleMeta, Subject};
use crate::base::diagnostic::{Applicability, Code, Severity};
use crate::schema::PortalKind;
";

/// The keys of front matter besides `code`, in the order of the table. The schema allows no others.
pub const KEYS: [&str; 18] = [
    "name",
    "severity",
    "items",
    "kinds",
    "needs",
    "intent",
    "fix",
    "owns",
    "priority",
    "queries",
    "only_adds",
    "subject",
    "configurable",
    "blocks_other_rules",
    "guards_fixes",
    "marks_unused",
    "basis",
    "source",
];

/// The table, from the front matter and the title of each page.
pub fn table<'p>(pages: impl Iterator<Item = (Json, &'p str)>) -> String {
    let mut table = HEADER.to_owned();
    let mut all = String::new();
    for (front_matter, title) in pages {
        let code = front_matter["code"].as_str().expect("a code");
        table += &constant(code, &front_matter, title);
        // Writing to a string cannot fail.
        let _ = writeln!(all, "    &{code},");
    }
    table + "\n/// All rules, sorted by code.\npub(super) const ALL: &[&RuleMeta] = &[\n" + &all + "];\n"
}

fn constant(code: &str, front_matter: &Json, title: &str) -> String {
    let number: u16 = code.trim_start_matches("RCP").parse().expect("a number");
    let mut text = format!("\npub(super) const {code}: RuleMeta = RuleMeta {{\n    code: Code({number}),\n");
    let mut add = |field: &str, value: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "    {field}: {value},");
    };
    for key in KEYS {
        let Some(value) = front_matter.get(key) else { continue };
        match key {
            "name" => {
                add("name", literal(value));
                add("title", format!("{title:?}"));
            }
            "severity" => add("severities", list(value, |value| variant("Severity", value))),
            "items" => add("items", list(value, literal)),
            "kinds" => add("kinds", list(value, |value| variant("PortalKind", value))),
            "needs" => add("needs", format!("Some({})", variant("Needs", value))),
            "fix" => add("fixes", list(value, |value| variant("Applicability", value))),
            "owns" => add("owns", list(value, ownership)),
            "queries" => add("queries", list(value, |value| variant("Query", value))),
            "subject" => add("subject", variant("Subject", value)),
            "basis" => add("basis", variant("Basis", value)),
            "source" => add("source", format!("Some({})", literal(value))),
            // Numbers and booleans are written in Rust as in YAML.
            _ => add(key, value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
        }
    }
    text + "    ..RuleMeta::DEFAULT\n};\n"
}

/// A slice. In front matter, a list of one value may be written as the value.
fn list(value: &Json, item: impl Fn(&Json) -> String) -> String {
    let items: Vec<String> = match value {
        Json::Array(values) => values.iter().map(item).collect(),
        value => vec![item(value)],
    };
    format!("&[{}]", items.join(", "))
}

fn literal(value: &Json) -> String {
    format!("{:?}", value.as_str().expect("text"))
}

/// `sender-domains` is `Query::SenderDomains`.
fn variant(name: &str, value: &Json) -> String {
    let mut text = format!("{name}::");
    for word in value.as_str().expect("a word").split('-') {
        let (first, rest) = word.split_at(1);
        text += &first.to_uppercase();
        text += rest;
    }
    text
}

fn ownership(value: &Json) -> String {
    match value.as_str().expect("text") {
        "unknown fields" => "Ownership::UnknownFields".to_owned(),
        "settings files" => "Ownership::SettingsFiles".to_owned(),
        "everything else" => "Ownership::EverythingElse".to_owned(),
        pointer => format!("Ownership::Pointer({pointer:?})"),
    }
}
