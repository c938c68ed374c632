use std::path::Path;

use serde_json::Value as Json;

use crate::base::source::{Format, Source};
use crate::schema::embedded::parsed_schema;
use crate::schema::openapi::derive::{Operations, derive_schemas};
use crate::schema::openapi::runtime::collect_required_names;
use crate::schema::validate::{required_field_name, validate_body};
use crate::schema::*;
use crate::syntax;
use crate::syntax::Limits;
use crate::syntax::cursor::Cursor;

fn published() -> Json {
    serde_json::from_str(include_str!("../../schemas/published/GetCustomerPortal.json")).expect("published as JSON")
}

#[test]
fn the_embedded_schemas_equal_those_derived_from_the_published_operation() {
    let operations = Operations { get: &published(), create: None, edit: None };
    for (name, schema) in derive_schemas(operations).expect("of the published form") {
        let derived = format!("{}\n", serde_json::to_string_pretty(&schema).expect("a schema"));
        if std::env::var_os("UPDATE").is_some() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{name}.schema.json"));
            std::fs::write(path, derived).expect("schemas/ can be written");
        } else {
            assert_eq!(
                Some(derived.as_str()),
                embedded_text(name),
                "UPDATE=1 cargo test writes schemas/{name}.schema.json"
            );
        }
    }
}

#[test]
fn the_embedded_schemas_are_valid_schemas() {
    for (name, text) in EMBEDDED {
        let schema: Json = serde_json::from_str(text).expect("JSON");
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
    }
}

#[test]
fn every_field_that_an_embedded_schema_requires_has_a_static_name() {
    for schema in [EmbeddedSchema::Create, EmbeddedSchema::Edit, EmbeddedSchema::Export, EmbeddedSchema::Account] {
        let mut names = Vec::new();
        collect_required_names(parsed_schema(schema), &mut names);
        assert!(!names.is_empty());
        assert_eq!(names.iter().find(|name| required_field_name(name).is_none()), None, "{schema:?}");
    }
}

/// The pointers of the violations, sorted.
fn violated_pointers(text: &str, kind: PortalKind) -> Vec<String> {
    let source = Source::new("t.json", text, Format::Json);
    let parsed = syntax::parse(&source, &Limits::default());
    let violations = validate_body(&Cursor::root(&parsed.documents[0]), kind, None);
    let mut pointers: Vec<String> = violations.iter().map(|violation| violation.cursor.pointer()).collect();
    pointers.sort();
    pointers
}

#[test]
fn a_value_that_could_not_be_read_is_no_violation() {
    assert!(!violated_pointers(r#"{"name": nope, "x": 1}"#, PortalKind::Create).contains(&"/name".to_owned()));
}

#[test]
fn generated_validators_agree_with_validators_compiled_at_run_time() {
    let bases = ["create", "edit", "export"].map(clean_fixture);
    let values =
        [Json::Null, Json::Bool(true), 7.into(), "x".into(), serde_json::json!([]), serde_json::json!({"q": 1})];
    for kind in [PortalKind::Create, PortalKind::Edit, PortalKind::Export] {
        let schema: Json = serde_json::from_str(embedded_text(kind.name()).expect("embedded")).expect("JSON");
        let compiled = jsonschema::draft202012::new(&schema).expect("a schema");
        for base in &bases {
            for pointer in pointers(base) {
                for value in &values {
                    let mut body = base.clone();
                    *body.pointer_mut(&pointer).expect("a pointer of the body") = value.clone();
                    let text = body.to_string();
                    let source = Source::new("t.json", text.as_str(), Format::Json);
                    let parsed = syntax::parse(&source, &Limits::default());
                    let generated = validate_body(&Cursor::root(&parsed.documents[0]), kind, None);
                    assert_eq!(generated.is_empty(), compiled.is_valid(&body), "{kind} {pointer} {text}");
                }
            }
        }
    }
}

fn clean_fixture(name: &str) -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/clean/{name}.json"));
    let text = std::fs::read_to_string(path).expect("a clean fixture");
    serde_json::from_str(&text).expect("JSON")
}

/// The JSON Pointers of a value and of all values in it.
fn pointers(value: &Json) -> Vec<String> {
    let mut pointers = vec![String::new()];
    let children: Vec<(String, &Json)> = match value {
        Json::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Json::Array(items) => items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        for pointer in self::pointers(child) {
            pointers.push(format!("/{key}{pointer}"));
        }
    }
    pointers
}

#[test]
fn variables_and_unreadable_parts_are_no_violations() {
    let clean = include_str!("../../fixtures/clean/create.json");
    let id = "Kq7ZpW2mVx9LcT4bRn8D";
    // A variable may have any length, a value that could not be read any type, and a text with an unreadable part any field.
    assert!(violated_pointers(&clean.replace(id, "${DOMAIN}"), PortalKind::Create).is_empty());
    assert_eq!(violated_pointers(&clean.replace(id, "12345678A"), PortalKind::Create), ["/tracking_domain"]);
    assert!(violated_pointers(&clean.replace(&format!("\"{id}\""), "nope"), PortalKind::Create).is_empty());
    assert_eq!(
        violated_pointers(&clean.replace(&format!("\"{id}\""), "null"), PortalKind::Create),
        ["/tracking_domain"]
    );
    let without = clean.replace(&format!("\"tracking_domain\": \"{id}\","), "");
    assert!(violated_pointers(&format!("{without} more"), PortalKind::Create).is_empty());
    assert_eq!(violated_pointers(&without, PortalKind::Create), ["/tracking_domain"]);
}
