//! Equivalent notations of a schema (`allOf` with one schema, nullable types, OpenAPI 3.0 keywords) give the same schema, and
//! unsupported notations are refused.

use std::fs;

use serde_json::{Value as Json, json};

use super::{assert_refused, body_with, check, check_lines, document_with_request, finding_lines};
use crate::support::openapi::{RESPONSE_FIELDS, operation_pointer, published_document, response_fields, value_at};
use crate::support::program::{create_folder, exit_code, portal_lint, stderr, stdout};

/// The published document with one field in another notation.
fn document_with_rewritten_field(pointer: &str, rewrite: impl FnOnce(Json) -> Json) -> Json {
    let mut document = published_document();
    let field = value_at(response_fields(&mut document), pointer);
    *field = rewrite(field.take());
    document
}

/// The name of a notation, and the function that rewrites a schema to it.
type Notation = (&'static str, fn(Json) -> Json);

/// Notations that OpenAPI generators use for a schema with its own description, or one that may be null.
const NOTATIONS: [Notation; 7] = [
    ("allOf with one schema", |field| json!({ "allOf": [field], "description": "D." })),
    ("allOf with two schemas", |field| json!({ "allOf": [{ "type": field["type"], "title": "T." }, field] })),
    ("oneOf with one schema", |field| json!({ "oneOf": [field] })),
    ("anyOf with null", |field| json!({ "anyOf": [field, { "type": "null" }] })),
    ("oneOf with null", |field| json!({ "oneOf": [{ "type": "null" }, { "allOf": [field] }] })),
    ("nullable, as in OpenAPI 3.0", |field| json!({ "allOf": [field], "nullable": true })),
    ("type with null, as in OpenAPI 3.1", |mut field| {
        field["type"] = json!([field["type"], "null"]);
        field
    }),
];

#[test]
fn equivalent_notations_give_the_same_schema() {
    let invalid = body_with(|body| {
        body["recaptcha"] = json!({});
        body["tracking_domain"] = "short".into();
        body["smtp_profile"] = Json::Null;
        let emails = body["customer_emails"].as_object_mut().expect("emails");
        emails.remove("customer_account_password_reset").expect("an email");
        emails["customer_account_confirm_email"].as_object_mut().expect("an email").remove("from").expect("a sender");
    });
    let nulls = body_with(|body| {
        body["recaptcha"] = Json::Null;
        body["customer_emails"]["customer_account_confirm_email"] = Json::Null;
        body["customer_emails"]["customer_account_password_reset"]["from"] = Json::Null;
    });
    let bodies = [("a.json", body_with(|_| ())), ("b.json", invalid), ("c.json", nulls)]
        .map(|(name, body)| (name, body.to_string()));
    let folder = create_folder(&bodies.each_ref().map(|(name, body)| (*name, body.as_str())));
    let check_bodies = |document: &Json| {
        fs::write(folder.path().join("openapi.json"), document.to_string()).expect("a file");
        let args = ["check", "--openapi", "openapi.json", "--format", "json", "a.json", "b.json", "c.json"];
        finding_lines(&portal_lint(folder.path(), &args, &[]))
    };
    let expected = check_bodies(&published_document());
    // The three bodies have 0, 6 and 3 findings each, and 5 because they are similar to each other.
    assert_eq!(expected.len(), 14, "{expected:#?}");
    for pointer in [
        "/recaptcha",
        "/recaptcha/properties/secret_key",
        "/tracking_domain",
        "/smtp_profile",
        "/smtp_profile/properties/id",
        "/customer_emails",
        "/customer_emails/properties/customer_account_confirm_email",
        "/customer_emails/properties/customer_account_password_reset/properties/from",
        "/customer_filters",
        "/customer_filters/properties/campaign/items",
    ] {
        for (notation, rewrite) in NOTATIONS {
            let document = document_with_rewritten_field(pointer, rewrite);
            assert_eq!(check_bodies(&document), expected, "{pointer}: {notation}");
        }
    }
}

#[test]
fn keywords_of_openapi_3_0_are_supported() {
    let cases: [(Json, Json, &[&str]); 5] = [
        (json!({ "type": "string", "nullable": true }), Json::Null, &[]),
        (json!({ "type": "string", "nullable": false }), Json::Null, &["/theme"]),
        (json!({ "type": "integer", "minimum": 1, "exclusiveMinimum": true }), 1.into(), &["/theme"]),
        (json!({ "type": "integer", "minimum": 1, "exclusiveMinimum": true }), 2.into(), &[]),
        (json!({ "type": "integer", "minimum": 1, "exclusiveMinimum": false }), 0.into(), &["/theme"]),
    ];
    for (field, value, expected) in cases {
        let mut document = published_document();
        response_fields(&mut document)["theme"] = field;
        let lines = check_lines(&document, &body_with(|body| body["theme"] = value));
        let pointers: Vec<&str> = lines.iter().filter_map(|line| line.split(' ').nth(1)).collect();
        assert_eq!(pointers, expected, "{lines:?}");
    }
}

#[test]
fn an_empty_enum_gives_no_suggestion() {
    let mut document = published_document();
    response_fields(&mut document)["theme"] = json!({ "enum": [] });
    let lines = check_lines(&document, &body_with(|body| body["theme"] = "x".into()));
    assert!(lines.len() == 1 && !lines[0].contains("write one of"), "{lines:?}");
}

/// The document with the request of an operation in another notation.
fn document_with_rewritten_request(name: &str, rewrite: impl FnOnce(Json) -> Json) -> Json {
    let mut document = document_with_request(name, &json!({}), &[]);
    let (path_pointer, _) = operation_pointer(name).rsplit_once('/').expect("a path");
    let content = &mut value_at(&mut document, path_pointer)["post"]["requestBody"]["content"];
    *content = rewrite(content["application/json"]["schema"].take());
    document
}

fn json_content(schema: &Json) -> Json {
    json!({ "application/json": { "schema": schema } })
}

#[test]
fn parameters_of_the_content_type_are_ignored() {
    let document = document_with_rewritten_request(
        "CreateCustomerPortal",
        |schema| json!({ "application/json; charset=utf-8": { "schema": { "allOf": [schema] } } }),
    );
    let output = check(&document, &body_with(|_| ()), &["--verbose"]);
    assert_eq!(exit_code(&output), 0, "{}", stdout(&output));
    assert!(stderr(&output).contains("(--openapi): GetCustomerPortal, CreateCustomerPortal\n"), "{}", stderr(&output));
}

#[test]
fn unsupported_notations_are_refused() {
    let or_text = |field: Json| json!({ "oneOf": [field, { "type": "string" }] });
    let conditional = |field: Json| json!({ "if": {}, "then": field });
    let schema_or_text = |schema: Json| json_content(&json!({ "oneOf": [schema, { "type": "string" }] }));
    let mut extra_keyword = published_document();
    let get = operation_pointer("GetCustomerPortal");
    let portal_schema = RESPONSE_FIELDS.strip_suffix("/properties").expect("a schema");
    value_at(&mut extra_keyword, &format!("{get}{portal_schema}"))["minProperties"] = 3.into();
    let mut large = published_document();
    large["components"]["schemas"]["Words"] = json!({ "type": "string", "enum": vec!["x".repeat(1000); 2000] });
    for index in 0..100 {
        response_fields(&mut large)[format!("word{index}")] = json!({ "$ref": "#/components/schemas/Words" });
    }
    let cases = [
        ("recaptcha.json", document_with_rewritten_field("/recaptcha", or_text), "`/properties/recaptcha/"),
        ("conditional.json", document_with_rewritten_field("/recaptcha", conditional), "`/properties/recaptcha/"),
        (
            "secret.json",
            document_with_rewritten_field("/recaptcha/properties/secret_key", or_text),
            "`/properties/recaptcha/properties/secret_key/",
        ),
        ("emails.json", document_with_rewritten_field("/customer_emails", or_text), "`/properties/customer_emails/"),
        (
            "from.json",
            document_with_rewritten_field(
                "/customer_emails/properties/customer_account_confirm_email/properties/from",
                |_| json!({}),
            ),
            "customer_account_confirm_email/properties/from/type`",
        ),
        ("smtp.json", document_with_rewritten_field("/smtp_profile", or_text), "`/properties/smtp_profile/type`"),
        (
            "id.json",
            document_with_rewritten_field("/smtp_profile/properties/id", |_| json!({ "type": "integer" })),
            "`/properties/smtp_profile/type`",
        ),
        (
            "campaign.json",
            document_with_rewritten_field("/customer_filters/properties/campaign/items", or_text),
            "campaign/items/type`",
        ),
        ("extra.json", extra_keyword, "uses `minProperties`"),
        (
            "create.json",
            document_with_rewritten_request("CreateCustomerPortal", schema_or_text),
            "the body of its CreateCustomerPortal uses `oneOf`",
        ),
        (
            "edit.json",
            document_with_rewritten_request("EditCustomerPortal", schema_or_text),
            "the body of its EditCustomerPortal uses `oneOf`",
        ),
        (
            "form.json",
            document_with_rewritten_request(
                "CreateCustomerPortal",
                |schema| json!({ "application/x-www-form-urlencoded": { "schema": schema } }),
            ),
            "is not described as `application/json`",
        ),
        (
            "nothing.json",
            document_with_rewritten_request("CreateCustomerPortal", |_| json_content(&json!({}))),
            "CreateCustomerPortal has no fields",
        ),
        ("large.json", large, "its references expand to too large a document"),
    ];
    let folder = create_folder(&[]);
    for (name, document, reason) in cases {
        fs::write(folder.path().join(name), document.to_string()).expect("a file");
        assert_refused(folder.path(), name, reason);
    }
    fs::write(folder.path().join("latin.json"), b"{\"paths\": {}, \"info\": \"caf\xe9\"}").expect("a file");
    assert_refused(folder.path(), "latin.json", "it is not UTF-8");
}

#[test]
fn ids_without_a_length_in_the_document_have_the_built_in_length() {
    let body = body_with(|body| body["smtp_profile"] = "short".into());
    let expected = check_lines(&published_document(), &body);
    let in_response = document_with_rewritten_field("/smtp_profile/properties/id", |_| json!({ "type": "string" }));
    assert_eq!(check_lines(&in_response, &body), expected);
    let field = json!({ "smtp_profile": { "type": "string" } });
    let in_request = document_with_request("CreateCustomerPortal", &field, &[]);
    assert_eq!(check_lines(&in_request, &body), expected);
}
