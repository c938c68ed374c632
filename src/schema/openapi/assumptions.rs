//! What the rules assume about the schemas of portal bodies.
//!
//! Rules describe a violation by its location and rely on the schema to report it: for instance, no rule checks that
//! `smtp_profile` is text. A user-provided document may describe its fields in a form that [`normalize`] does not understand.
//! A schema that lacks a constraint would let wrong values pass, so such a document is rejected.
//!
//! [`normalize`]: super::normalize

use serde_json::{Value, json};

use crate::schema::openapi::required_fields::{EMAILS, PORTAL_FIELDS, RECAPTCHA_FIELDS};

/// Verifies that a schema contains the constraints that the rules rely on.
///
/// # Errors
///
/// If it lacks one. The error names the schema and the first location in it, and continues a sentence that starts with the name of
/// the document.
pub(super) fn verify(name: &str, schema: &Value) -> Result<(), String> {
    let mut expected = expected_constraints(name);
    if let Some(fields) = expected["properties"].as_object_mut() {
        fields.retain(|field, _| {
            // A document may describe an older version of the API, which lacks some fields. Rules about them do not apply then.
            let is_described = schema["properties"].get(field).is_some();
            let is_required = name != "edit" && PORTAL_FIELDS.contains(&field.as_str());
            is_described || is_required
        });
    }
    match find_unmet(schema, &expected, "") {
        Some(pointer) => Err(format!("its description of {name} at `{pointer}` is not supported")),
        None => Ok(()),
    }
}

/// The keywords that the schema with this name must have, as a part of such a schema.
fn expected_constraints(name: &str) -> Value {
    let text = json!({ "type": "string" });
    let email = json!({ "type": "object", "properties": { "from": text }, "required": ["from"] });
    let account_object = if name == "export" {
        json!({ "type": "object", "properties": { "id": text }, "required": ["id"] })
    } else {
        text.clone()
    };
    let list = json!({ "type": "array", "items": account_object });
    let secret = json!({ "type": "string", "x-secret": true });
    let mut recaptcha = json!({ "type": "object", "properties": { "site_key": text, "secret_key": secret } });
    if name != "edit" {
        recaptcha["required"] = json!(RECAPTCHA_FIELDS);
    }
    json!({
        "properties": {
            "name": text,
            "tracking_domain": account_object,
            "smtp_profile": account_object,
            "recaptcha": recaptcha,
            "customer_emails": {
                "type": "object",
                "properties": { EMAILS[0]: email, EMAILS[1]: email },
                "required": EMAILS,
            },
            "customer_filters": { "type": "object", "properties": { "campaign": list, "third_party_shop": list } },
            "create_non_existing_customer_campaign": account_object,
        },
        "required": if name == "edit" { json!(["customer_portal_id"]) } else { json!(PORTAL_FIELDS) },
    })
}

/// Returns the JSON Pointer of the first expected constraint that a schema lacks.
fn find_unmet(schema: &Value, expected: &Value, pointer: &str) -> Option<String> {
    let is_met = match (schema, expected) {
        (Value::Object(schema), Value::Object(expected)) => {
            for (key, expected) in expected {
                let pointer = format!("{pointer}/{key}");
                let Some(value) = schema.get(key) else { return Some(pointer) };
                let unmet = find_unmet(value, expected, &pointer);
                if unmet.is_some() {
                    return unmet;
                }
            }
            true
        }
        // `required` may list further fields.
        (Value::Array(names), Value::Array(expected)) => expected.iter().all(|name| names.contains(name)),
        // `type` may list further types: `["string", "null"]`.
        (Value::Array(types), expected) => types.contains(expected),
        (value, expected) => value == expected,
    };
    if is_met { None } else { Some(pointer.to_owned()) }
}
