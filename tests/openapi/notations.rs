//! The same said in another way holds as well, and what is not understood is refused.

use std::fs;

use serde_json::{Value as Json, json};

use super::support::openapi::{RESPONSE_FIELDS, operation_pointer, published_document, response_fields, value_at};
use super::support::program::{create_folder, exit_code, portal_lint, stderr, stdout};
use super::{body, check, is_refused, lines, said, with_request};

/// The published document with one field told in another way.
fn rewritten(pointer: &str, tell: impl FnOnce(Json) -> Json) -> Json {
    let mut document = published_document();
    let field = value_at(response_fields(&mut document), pointer);
    *field = tell(field.take());
    document
}

/// A way to tell a field, and its name.
type Way = (&'static str, fn(Json) -> Json);

/// As generators write what has a description of its own, or may be null.
const NOTATIONS: [Way; 7] = [
    ("all of one", |field| json!({ "allOf": [field], "description": "D." })),
    ("all of two", |field| json!({ "allOf": [{ "type": field["type"], "title": "T." }, field] })),
    ("one of one", |field| json!({ "oneOf": [field] })),
    ("this or null", |field| json!({ "anyOf": [field, { "type": "null" }] })),
    ("null or this", |field| json!({ "oneOf": [{ "type": "null" }, { "allOf": [field] }] })),
    ("of 3.0, maybe null", |field| json!({ "allOf": [field], "nullable": true })),
    ("of 3.1, maybe null", |mut field| {
        field["type"] = json!([field["type"], "null"]);
        field
    }),
];

#[test]
fn equivalent_notations_give_the_same_schema() {
    let bad = body(|body| {
        body["recaptcha"] = json!({});
        body["tracking_domain"] = "short".into();
        body["smtp_profile"] = Json::Null;
        let emails = body["customer_emails"].as_object_mut().expect("emails");
        emails.remove("customer_account_password_reset").expect("an email");
        emails["customer_account_confirm_email"].as_object_mut().expect("an email").remove("from").expect("a sender");
    });
    let nulls = body(|body| {
        body["recaptcha"] = Json::Null;
        body["customer_emails"]["customer_account_confirm_email"] = Json::Null;
        body["customer_emails"]["customer_account_password_reset"]["from"] = Json::Null;
    });
    let bodies =
        [("a.json", body(|_| ())), ("b.json", bad), ("c.json", nulls)].map(|(name, body)| (name, body.to_string()));
    let folder = create_folder(&bodies.each_ref().map(|(name, body)| (*name, body.as_str())));
    let judged = |document: &Json| {
        fs::write(folder.path().join("openapi.json"), document.to_string()).expect("a file");
        let args = ["check", "--openapi", "openapi.json", "--format", "json", "a.json", "b.json", "c.json"];
        lines(&portal_lint(folder.path(), &args, &[]))
    };
    let wanted = judged(&published_document());
    // Of each alone 0, 6 and 3, and that they are alike.
    assert_eq!(wanted.len(), 14, "{wanted:#?}");
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
        for (way, tell) in NOTATIONS {
            assert_eq!(judged(&rewritten(pointer, tell)), wanted, "{pointer}: {way}");
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
    for (field, value, wanted) in cases {
        let mut document = published_document();
        response_fields(&mut document)["theme"] = field;
        let lines = said(&document, &body(|body| body["theme"] = value));
        let places: Vec<&str> = lines.iter().filter_map(|line| line.split(' ').nth(1)).collect();
        assert_eq!(places, wanted, "{lines:?}");
    }
}

#[test]
fn an_empty_enum_gives_no_suggestion() {
    let mut document = published_document();
    response_fields(&mut document)["theme"] = json!({ "enum": [] });
    let lines = said(&document, &body(|body| body["theme"] = "x".into()));
    assert!(lines.len() == 1 && !lines[0].contains("write one of"), "{lines:?}");
}

/// The document with a request of this name, told in another way.
fn requested(name: &str, tell: impl FnOnce(Json) -> Json) -> Json {
    let mut document = with_request(name, &json!({}), &[]);
    let place = operation_pointer(name).rsplit_once('/').expect("a path").0;
    let content = &mut value_at(&mut document, place)["post"]["requestBody"]["content"];
    *content = tell(content["application/json"]["schema"].take());
    document
}

fn as_json(schema: &Json) -> Json {
    json!({ "application/json": { "schema": schema } })
}

#[test]
fn parameters_of_the_content_type_are_ignored() {
    let document = requested(
        "CreateCustomerPortal",
        |schema| json!({ "application/json; charset=utf-8": { "schema": { "allOf": [schema] } } }),
    );
    let output = check(&document, &body(|_| ()), &["--verbose"]);
    assert_eq!(exit_code(&output), 0, "{}", stdout(&output));
    assert!(stderr(&output).contains("(--openapi): GetCustomerPortal, CreateCustomerPortal\n"), "{}", stderr(&output));
}

#[test]
fn unsupported_notations_are_refused() {
    let texts = |field: Json| json!({ "oneOf": [field, { "type": "string" }] });
    let guided = |field: Json| json!({ "if": {}, "then": field });
    let both = |schema: Json| as_json(&json!({ "oneOf": [schema, { "type": "string" }] }));
    let mut extra_keyword = published_document();
    let get = operation_pointer("GetCustomerPortal");
    let portal = RESPONSE_FIELDS.strip_suffix("/properties").expect("a schema");
    value_at(&mut extra_keyword, &format!("{get}{portal}"))["minProperties"] = 3.into();
    let mut large = published_document();
    large["components"]["schemas"]["Words"] = json!({ "type": "string", "enum": vec!["x".repeat(1000); 2000] });
    for at in 0..100 {
        response_fields(&mut large)[format!("word{at}")] = json!({ "$ref": "#/components/schemas/Words" });
    }
    let cases = [
        ("recaptcha.json", rewritten("/recaptcha", texts), "`/properties/recaptcha/"),
        ("guided.json", rewritten("/recaptcha", guided), "`/properties/recaptcha/"),
        (
            "secret.json",
            rewritten("/recaptcha/properties/secret_key", texts),
            "`/properties/recaptcha/properties/secret_key/",
        ),
        ("emails.json", rewritten("/customer_emails", texts), "`/properties/customer_emails/"),
        (
            "from.json",
            rewritten("/customer_emails/properties/customer_account_confirm_email/properties/from", |_| json!({})),
            "customer_account_confirm_email/properties/from/type`",
        ),
        ("smtp.json", rewritten("/smtp_profile", texts), "`/properties/smtp_profile/type`"),
        (
            "id.json",
            rewritten("/smtp_profile/properties/id", |_| json!({ "type": "integer" })),
            "`/properties/smtp_profile/type`",
        ),
        ("campaign.json", rewritten("/customer_filters/properties/campaign/items", texts), "campaign/items/type`"),
        ("beside.json", extra_keyword, "told with `minProperties`"),
        (
            "create.json",
            requested("CreateCustomerPortal", both),
            "the body of its CreateCustomerPortal is told with `oneOf`",
        ),
        ("edit.json", requested("EditCustomerPortal", both), "the body of its EditCustomerPortal is told with `oneOf`"),
        (
            "form.json",
            requested(
                "CreateCustomerPortal",
                |schema| json!({ "application/x-www-form-urlencoded": { "schema": schema } }),
            ),
            "is not told as `application/json`",
        ),
        (
            "nothing.json",
            requested("CreateCustomerPortal", |_| as_json(&json!({}))),
            "CreateCustomerPortal has no fields",
        ),
        ("large.json", large, "its references lead to too much"),
    ];
    let files = cases.iter().map(|(name, document, _)| (*name, document.to_string())).collect::<Vec<_>>();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let folder = create_folder(&files);
    fs::write(folder.path().join("latin.json"), b"{\"paths\": {}, \"info\": \"caf\xe9\"}").expect("a file");
    for (name, why) in cases.iter().map(|(name, _, why)| (*name, *why)).chain([("latin.json", "it is not UTF-8")]) {
        is_refused(folder.path(), name, why);
    }
}

#[test]
fn ids_without_a_length_in_the_document_have_the_built_in_one() {
    let short = body(|body| body["smtp_profile"] = "short".into());
    let wanted = said(&published_document(), &short);
    let bare = rewritten("/smtp_profile/properties/id", |_| json!({ "type": "string" }));
    assert_eq!(said(&bare, &short), wanted);
    let own = with_request("CreateCustomerPortal", &json!({ "smtp_profile": { "type": "string" } }), &[]);
    assert_eq!(said(&own, &short), wanted);
}
