//! `--openapi`: bodies are validated against the schemas of the given document, and a document without usable schemas is an error.
//!
//! The documents are the operation that RevCent published, each with one change.

mod notations;

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::support::json::{array, text};
use crate::support::openapi::{RESPONSE_FIELDS, operation_pointer, published_document, response_fields, value_at};
use crate::support::program::{clean_body, create_folder, exit_code, portal_lint, stderr, stdout, stdout_json};
use crate::support::repository;
use serde_json::{Value as Json, json};

/// The published document with the request of another operation, which has the fields of the built-in schema and these.
fn document_with_request(name: &str, new_fields: &Json, required: &[&str]) -> Json {
    let mut document = published_document();
    let mut schema = stdout_json(&portal_lint(&repository(""), &["schema", "create"], &[]));
    let fields = schema["properties"].as_object_mut().expect("fields");
    fields.extend(new_fields.as_object().cloned().expect("fields"));
    schema["required"] = json!(required);
    let (path_pointer, _) = operation_pointer(name).rsplit_once('/').expect("a path");
    value_at(&mut document, path_pointer)["post"] =
        json!({ "operationId": name, "requestBody": { "content": { "application/json": { "schema": schema } } } });
    document
}

/// A change to a body.
type Change = Box<dyn FnOnce(&mut Json)>;

/// A clean body after a change.
fn body_with(change: impl FnOnce(&mut Json)) -> Json {
    let mut body: Json = serde_json::from_str(&clean_body()).expect("JSON");
    change(&mut body);
    body
}

/// Checks a body with `--openapi`.
fn check(document: &Json, body: &Json, args: &[&str]) -> Output {
    let folder = create_folder(&[("openapi.json", &document.to_string()), ("portal.json", &body.to_string())]);
    portal_lint(folder.path(), &[&["check", "--openapi", "openapi.json", "portal.json"], args].concat(), &[])
}

/// `code pointer message; help` of the findings of a body with `--openapi`.
fn check_lines(document: &Json, body: &Json) -> Vec<String> {
    let output = check(document, body, &["--format", "json"]);
    assert!(exit_code(&output) < 2, "{}", stderr(&output));
    finding_lines(&output)
}

fn finding_lines(output: &Output) -> Vec<String> {
    let mut lines = Vec::new();
    for finding in array(&stdout_json(output)["diagnostics"]) {
        let [code, pointer, message] = ["code", "pointer", "message"].map(|field| text(&finding[field]));
        let help = finding["help"].as_str().unwrap_or_default();
        lines.push(format!("{code} {pointer} {message}; {help}"));
    }
    lines
}

/// The document with a field `theme` that the built-in schemas do not have.
fn document_with_theme() -> Json {
    let mut document = published_document();
    response_fields(&mut document)["theme"] =
        json!({ "type": "string", "enum": ["plain", "colorful and full of little surprises"] });
    document
}

#[test]
fn bodies_are_validated_against_the_fields_in_the_document() {
    let set_theme = |value: &'static str| move |body: &mut Json| body["theme"] = value.into();
    let document_with = |pointer: &str, value: Json| {
        let mut document = published_document();
        *value_at(response_fields(&mut document), pointer) = value;
        document
    };
    let required = document_with_request("CreateCustomerPortal", &json!({ "theme": { "type": "string" } }), &["theme"]);
    let with_edit = document_with_request("EditCustomerPortal", &json!({ "theme": { "type": "string" } }), &[]);
    let cases: Vec<(&str, Json, Change, &[&str])> = vec![
        ("an unchanged body and document", published_document(), Box::new(|_| ()), &[]),
        (
            "a field that the built-in schemas do not know",
            published_document(),
            Box::new(set_theme("plain")),
            &[
                "RCP024 /theme `theme` is not a field of a portal; remove the field: RevCent's schema does not allow unknown fields",
            ],
        ),
        ("a new field", document_with_theme(), Box::new(set_theme("plain")), &[]),
        (
            "a new field with the longest of its values",
            document_with_theme(),
            Box::new(set_theme("colorful and full of little surprises")),
            &[],
        ),
        (
            "a new field with another value",
            document_with_theme(),
            Box::new(set_theme("colorful and full of little secrets")),
            &["RCP100 /theme `theme` has an invalid value; use `colorful and full of little surprises`"],
        ),
        (
            "a new field with a value that is similar to no valid one",
            document_with_theme(),
            Box::new(set_theme("x")),
            &[
                "RCP100 /theme `theme` has an invalid value; use one of `plain` and `colorful and full of little surprises`",
            ],
        ),
        ("a new field with a variable", document_with_theme(), Box::new(set_theme("${THEME}")), &[]),
        (
            "a misspelled new field",
            document_with_theme(),
            Box::new(|body| body["thme"] = "plain".into()),
            &["RCP024 /thme `thme` is not a field of a portal; rename the field to `theme`"],
        ),
        (
            "another type",
            document_with("/description/type", "array".into()),
            Box::new(|_| ()),
            &["RCP100 /description `description` must be a list, not a string; use a list"],
        ),
        (
            "a limit",
            document_with("/name", json!({ "type": "string", "maxLength": 255 })),
            Box::new(|body| body["name"] = "x".repeat(300).into()),
            &[
                "RCP001 /name `name` must have at most 255 characters, but has 300; give the portal a unique name that states its purpose, \
               such as \"Subscription Customer Portal\"",
            ],
        ),
        (
            "IDs of another length",
            document_with(
                "/tracking_domain/properties/id",
                json!({ "type": "string", "minLength": 24, "maxLength": 24 }),
            ),
            Box::new(|_| ()),
            &[
                "RCP002 /tracking_domain the tracking domain ID must have 24 characters, but has 20; use the 24-character ID of the \
               tracking domain, as returned by GetTrackingDomains",
            ],
        ),
        ("a required field", required.clone(), Box::new(|_| ()), &["RCP100 /theme `theme` is missing; add `theme`"]),
        ("a required field that is there", required, Box::new(set_theme("x")), &[]),
        (
            "an edit with a field that only edits have",
            with_edit.clone(),
            Box::new(move |body| {
                body["customer_portal_id"] = "Vn3RtY8wQe5ZkLs1Jd6H".into();
                body["theme"] = "x".into();
            }),
            &[],
        ),
        (
            "a create body with a field that only edits have",
            with_edit,
            Box::new(set_theme("x")),
            &[
                "RCP024 /theme `theme` is not a field of a portal; remove the field: RevCent's schema does not allow unknown fields",
            ],
        ),
    ];
    for (name, document, change, expected) in cases {
        assert_eq!(check_lines(&document, &body_with(change)), expected, "{name}");
    }
}

#[test]
fn exports_are_validated_against_the_document() {
    let export = fs::read_to_string(repository("fixtures/clean/export.json")).expect("an export");
    let mut export: Json = serde_json::from_str(&export).expect("JSON");
    let before = check_lines(&published_document(), &export);
    export["theme"] = "plain".into();
    assert_eq!(check_lines(&document_with_theme(), &export), before);
    assert_ne!(check_lines(&published_document(), &export), before);
}

#[test]
fn each_of_many_similar_files_is_validated() {
    let themes = ["plain", "plane", "plain", "glare"];
    let bodies = themes.map(|theme| {
        let mut body = body_with(|body| body["theme"] = theme.into());
        body["name"] = format!("Portal for {theme} customers").into();
        body.to_string()
    });
    let folder = create_folder(&[("openapi.json", &document_with_theme().to_string())]);
    for (number, body) in bodies.iter().enumerate() {
        fs::write(folder.path().join(format!("{number}.portal.json")), body).expect("a file");
    }
    let output = portal_lint(
        folder.path(),
        &["check", "--openapi", "openapi.json", "--select", "RCP100", "--format", "concise", "."],
        &[],
    );
    let files: Vec<String> =
        stdout(&output).lines().filter_map(|line| line.split_once(':').map(|(file, _)| file.to_owned())).collect();
    assert_eq!(files[..2], ["1.portal.json", "3.portal.json"], "{}", stdout(&output));
}

#[test]
fn references_in_the_document_are_followed() {
    let mut document = document_with_theme();
    let schema_reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let fields = response_fields(&mut document);
    let recaptcha = fields["recaptcha"].take();
    fields["recaptcha"] = schema_reference("Recaptcha");
    // A recursive schema.
    fields["menu"] = schema_reference("Menu");
    let menu_fields = json!({ "title": { "type": "string" }, "submenu": schema_reference("Menu") });
    let menu = json!({ "type": "object", "additionalProperties": false, "properties": menu_fields });
    let response = value_at(&mut document, &format!("{}/responses/200", operation_pointer("GetCustomerPortal")));
    let response = std::mem::replace(response, json!({ "$ref": "#/components/responses/Portal" }));
    document["components"] =
        json!({ "schemas": { "Recaptcha": recaptcha, "Menu": menu }, "responses": { "Portal": response } });
    let valid = body_with(|body| {
        body["menu"] = json!({ "title": "A", "submenu": { "title": "B" } });
        body["theme"] = "plain".into();
    });
    assert_eq!(check_lines(&document, &valid), [""; 0]);
    let invalid = body_with(|body| {
        body["menu"] = json!({ "title": 1 });
        body["recaptcha"]["sitekey"] = body["recaptcha"]["site_key"].take();
        body["recaptcha"].as_object_mut().expect("an object").remove("site_key");
    });
    let lines = check_lines(&document, &invalid);
    let codes: Vec<&str> = lines.iter().map(|line| &line[..6]).collect();
    assert_eq!(codes, ["RCP100", "RCP024"], "{lines:?}");
}

#[test]
fn the_published_operation_gives_the_built_in_schemas() {
    let folder = create_folder(&[
        ("openapi.json", &published_document().to_string()),
        ("themed.json", &document_with_theme().to_string()),
    ]);
    let run = |args: &[&str]| portal_lint(folder.path(), args, &[]);
    for name in ["create", "edit", "export"] {
        let built_in = stdout(&run(&["schema", name]));
        assert_eq!(stdout(&run(&["schema", name, "--openapi", "openapi.json"])), built_in, "{name}");
        let other = stdout(&run(&["schema", name, "--openapi", "themed.json"]));
        assert!(other != built_in && other.contains("colorful"), "{name}");
    }
    let report = run(&["schema", "report", "--openapi", "openapi.json"]);
    assert_eq!((exit_code(&report), stdout(&report).as_str()), (2, ""), "{}", stderr(&report));
}

#[test]
fn every_command_that_validates_bodies_takes_the_option() {
    let body = body_with(|body| {
        body["theme"] = "plain".into();
        body["recaptcha"] = json!({ "site_key": "canary-site-key", "secret_key": "canary-secret-key" });
    });
    let body = body.to_string();
    let folder = create_folder(&[("openapi.json", &document_with_theme().to_string()), ("portal.json", &body)]);
    let run = |args: &[&str]| portal_lint(folder.path(), args, &[]);
    for args in [["render", "portal.json"], ["preflight", "portal.json"]] {
        assert_eq!(exit_code(&run(&args)), 1, "{args:?}");
        let with_document = run(&[&args[..], &["--openapi", "openapi.json"]].concat());
        assert_eq!(exit_code(&with_document), 0, "{args:?}: {}{}", stdout(&with_document), stderr(&with_document));
    }
    // Fixes are checked against the same schemas.
    fs::write(folder.path().join("portal.json"), body.replace("\"theme\"", "\"thme\"")).expect("a file");
    let fixed = run(&["check", "--fix", "--unsafe-fixes", "--openapi", "openapi.json", "portal.json"]);
    assert_eq!(exit_code(&fixed), 0, "{}", stdout(&fixed));
    let text = fs::read_to_string(folder.path().join("portal.json")).expect("a file");
    assert!(text.contains("\"theme\""), "{text}");
}

#[test]
fn verbose_names_the_operations_in_the_document() {
    let verbose_output = |document: &Json| {
        let output = check(document, &body_with(|_| ()), &["--verbose"]);
        assert_eq!(exit_code(&output), 0, "{}", stdout(&output));
        stderr(&output)
    };
    let published = verbose_output(&published_document());
    assert!(published.contains("schemas = `openapi.json` (--openapi): GetCustomerPortal\n"), "{published}");
    let both = verbose_output(&document_with_request("CreateCustomerPortal", &json!({}), &[]));
    assert!(both.contains("(--openapi): GetCustomerPortal, CreateCustomerPortal\n"), "{both}");
}

#[test]
fn a_document_with_a_yaml_extension_is_parsed_as_yaml() {
    let document = format!("# A comment.\nopenapi: 3.1.0\npaths: {}\n", document_with_theme()["paths"]);
    let body = body_with(|body| body["theme"] = "plan".into()).to_string();
    for name in ["openapi.yaml", "openapi.yml"] {
        let folder = create_folder(&[(name, &document), ("portal.json", &body)]);
        let output = portal_lint(folder.path(), &["check", "--openapi", name, "--format", "json", "portal.json"], &[]);
        assert_eq!(finding_lines(&output), ["RCP100 /theme `theme` has an invalid value; use `plain`"]);
    }
}

/// Asserts that each command exits with 2, prints one line with this reason, and has no other output.
fn assert_refused(folder: &Path, name: &str, reason: &str) {
    for args in [
        &["check", "portal.json"][..],
        &["preflight", "portal.json"],
        &["render", "portal.json"],
        &["schema", "create"],
    ] {
        let output = portal_lint(folder, &[args, &["--openapi", name]].concat(), &[]);
        assert_eq!((exit_code(&output), stdout(&output).as_str()), (2, ""), "{args:?} {name}: {}", stderr(&output));
        assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
        assert!(
            stderr(&output).contains(name) && stderr(&output).contains(reason),
            "{args:?} {reason}: {}",
            stderr(&output)
        );
    }
}

#[test]
fn a_document_without_usable_schemas_is_refused() {
    let without = |pointer: &str, key: &str| {
        let mut document = published_document();
        value_at(&mut document, pointer).as_object_mut().expect("an object").remove(key).expect("a field");
        document.to_string()
    };
    let get = operation_pointer("GetCustomerPortal");
    let document_with_field = |field: Json| {
        let mut document = published_document();
        response_fields(&mut document)["theme"] = field;
        document.to_string()
    };
    // A chain of schemas that each refer to the next one twice: 2^steps schemas when expanded.
    let document_with_doubling_references = |steps: usize| {
        let mut document = published_document();
        for index in 0..steps {
            let next = json!({ "$ref": format!("#/components/schemas/a{}", index + 1) });
            document["components"]["schemas"][format!("a{index}")] = json!({ "allOf": [next, next] });
        }
        document["components"]["schemas"][format!("a{steps}")] = json!({});
        response_fields(&mut document)["theme"] = json!({ "$ref": "#/components/schemas/a0" });
        document.to_string()
    };
    let cases = [
        ("broken.json", "{\"paths\": {".to_owned(), "it is not valid JSON"),
        ("empty.json", String::new(), "it is not valid JSON"),
        ("list.json", "[]".to_owned(), "it has no `paths`"),
        ("portal.json", clean_body(), "it has no `paths`"),
        ("paths.json", "{\"paths\": 5}".to_owned(), "its `paths` is not an object"),
        ("broken.yaml", "paths: {\n  a: [\n".to_owned(), "it is not valid YAML at line"),
        (
            "none.json",
            without("", "paths").replacen('{', "{\"paths\": {},", 1),
            "it does not contain the operation GetCustomerPortal",
        ),
        ("answer.json", without(get, "responses"), "does not describe a response"),
        (
            "other.json",
            without(&format!("{get}{RESPONSE_FIELDS}"), "recaptcha"),
            "has no `recaptcha`, so it does not describe",
        ),
        (
            "nowhere.json",
            document_with_field(json!({ "$ref": "#/components/schemas/None" })),
            "`#/components/schemas/None` has no target in the document",
        ),
        (
            "remote.json",
            document_with_field(json!({ "$ref": "https://example.com/a.json" })),
            "has no target in the document",
        ),
        ("large.json", document_with_doubling_references(20), "its references expand to too large a document"),
        ("deep.json", document_with_doubling_references(60), "its references are nested too deeply"),
        (
            "schema.json",
            document_with_field(json!({ "type": "string", "minLength": "x" })),
            "`/properties/theme/minLength`",
        ),
        ("pattern.json", document_with_field(json!({ "type": "string", "pattern": "(" })), "cannot be used"),
    ];
    let files: Vec<(&str, &str)> = cases.iter().map(|(name, text, _)| (*name, text.as_str())).collect();
    let folder = create_folder(&files);
    for (name, _, reason) in &cases {
        assert_refused(folder.path(), name, reason);
    }
    assert_refused(folder.path(), "missing.json", "the file does not exist");
    assert_refused(folder.path(), ".", "this is a directory");
}
