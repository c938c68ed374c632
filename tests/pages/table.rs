//! Writes `src/rules/table.rs`: the front matter of all rule pages as Rust constants.

use serde_json::Value as Json;

const HEADER: &str = "\
//! Generated from the front matter of `rules/*.md` by `UPDATE=1 cargo test --test main pages::`. Do not edit.

use super::metadata::{Basis, Needs, Ownership, Query, RuleMeta, Subject};
use crate::base::diagnostic::{Applicability, Code, Severity};
use crate::schema::PortalKind;

";

/// The width of the fields in a line, so that a line has at most 120 characters with its indentation and last comma, as in other files.
/// A single longer field is not broken.
const MAX_WIDTH: usize = 115;

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

/// The text of the file, from the front matter and the title of each page.
pub fn generate<'p>(pages: impl Iterator<Item = (Json, &'p str)>) -> String {
    let mut table = HEADER.to_owned();
    for (front_matter, title) in pages {
        let code = front_matter["code"].as_str().expect("a code");
        table += &rule_constant(code, &front_matter, title);
    }
    table
}

/// The constant with the metadata of a rule. Several fields share a line, so that the table is short.
fn rule_constant(code: &str, front_matter: &Json, title: &str) -> String {
    let number: u16 = code.trim_start_matches("RCP").parse().expect("a number");
    let mut fields = vec![format!("code: Code({number})")];
    for key in KEYS {
        let Some(value) = front_matter.get(key) else { continue };
        let (field, rust_value) = field_and_value(key, value);
        if !is_default(field, &rust_value) {
            fields.push(format!("{field}: {rust_value}"));
        }
        if key == "name" {
            fields.push(format!("title: {title:?}"));
        }
    }
    fields.push("..RuleMeta::DEFAULT".to_owned());
    let mut constant = format!("pub(super) const {code}: RuleMeta = RuleMeta {{\n");
    let mut line = String::new();
    for field in fields {
        if !line.is_empty() && line.len() + field.len() > MAX_WIDTH {
            constant.extend(["   ", &line, "\n"]);
            line.clear();
        }
        line.extend([" ", &field, ","]);
    }
    // No comma may follow the base of a struct.
    constant + &format!("   {}\n}};\n", line.trim_end_matches(','))
}

/// Whether `RuleMeta::DEFAULT` has this value, which many pages state.
fn is_default(field: &str, rust_value: &str) -> bool {
    match field {
        "kinds" => rust_value == "&[PortalKind::Create, PortalKind::Edit, PortalKind::Export]",
        "items" => rust_value == "&[]",
        "basis" => rust_value == "Basis::Inferred",
        _ => false,
    }
}

/// The field of `RuleMeta` for a key of the front matter, and its value as Rust code.
fn field_and_value<'k>(key: &'k str, value: &Json) -> (&'k str, String) {
    match key {
        "name" => ("name", string_literal(value)),
        "severity" => ("severities", slice(value, |value| enum_variant("Severity", value))),
        "items" => ("items", slice(value, string_literal)),
        "kinds" => ("kinds", slice(value, |value| enum_variant("PortalKind", value))),
        "needs" => ("needs", format!("Some({})", enum_variant("Needs", value))),
        "fix" => ("fixes", slice(value, |value| enum_variant("Applicability", value))),
        "owns" => ("owns", slice(value, ownership)),
        "queries" => ("queries", slice(value, |value| enum_variant("Query", value))),
        "subject" => ("subject", enum_variant("Subject", value)),
        "basis" => ("basis", enum_variant("Basis", value)),
        "source" => ("source", format!("Some({})", string_literal(value))),
        // Numbers and booleans are written in Rust as in YAML.
        _ => (key, value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
    }
}

/// A slice. In front matter, a list of one value may be written as the value.
fn slice(value: &Json, to_rust: impl Fn(&Json) -> String) -> String {
    let items: Vec<String> = match value {
        Json::Array(values) => values.iter().map(to_rust).collect(),
        value => vec![to_rust(value)],
    };
    format!("&[{}]", items.join(", "))
}

fn string_literal(value: &Json) -> String {
    format!("{:?}", value.as_str().expect("text"))
}

/// The variant of an enum: `sender-domains` is `Query::SenderDomains`.
fn enum_variant(name: &str, value: &Json) -> String {
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
