//! What the rules take for granted of the schemas that were made from a document.
//!
//! A body that breaks one of these must be found. A document may say them in a way that we do not understand; then it is
//! refused here, for a schema that is silent would let everything pass.

use serde_json::{Value, json};

use crate::schema::derive::{EMAILS, REQUIRED};

/// Whether a schema says them.
///
/// # Errors
///
/// When it does not: where.
pub(super) fn check(name: &str, schema: &Value) -> Result<(), String> {
    let mut wanted = wanted(name);
    let is_there = |field: &str| schema["properties"].get(field).is_some();
    if let Some(fields) = wanted["properties"].as_object_mut() {
        fields.retain(|field, _| is_there(field) || name != "edit" && REQUIRED.contains(&field.as_str()));
    }
    match lack(schema, &wanted, "") {
        Some(place) => Err(format!("what it says of {name} at `{place}` is not what portal-lint understands")),
        None => Ok(()),
    }
}

fn wanted(name: &str) -> Value {
    let text = json!({ "type": "string" });
    let email = json!({ "type": "object", "properties": { "from": text }, "required": ["from"] });
    let thing = if name == "export" {
        json!({ "type": "object", "properties": { "id": text }, "required": ["id"] })
    } else {
        text.clone()
    };
    let things = json!({ "type": "array", "items": thing });
    let secret = json!({ "type": "string", "x-secret": true });
    let mut recaptcha = json!({ "type": "object", "properties": { "site_key": text, "secret_key": secret } });
    if name != "edit" {
        recaptcha["required"] = json!(["site_key", "secret_key"]);
    }
    json!({
        "properties": {
            "name": text,
            "tracking_domain": thing,
            "smtp_profile": thing,
            "recaptcha": recaptcha,
            "customer_emails": {
                "type": "object",
                "properties": { EMAILS[0]: email, EMAILS[1]: email },
                "required": EMAILS,
            },
            "customer_filters": { "type": "object", "properties": { "campaign": things, "third_party_shop": things } },
            "create_non_existing_customer_campaign": thing,
        },
        "required": if name == "edit" { json!(["customer_portal_id"]) } else { json!(REQUIRED) },
    })
}

/// The first place where a schema does not say what is wanted.
fn lack(found: &Value, wanted: &Value, place: &str) -> Option<String> {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => wanted.iter().find_map(|(key, wanted)| {
            let place = format!("{place}/{key}");
            found.get(key).map_or_else(|| Some(place.clone()), |found| lack(found, wanted, &place))
        }),
        (Value::Array(found), Value::Array(wanted)) => {
            wanted.iter().any(|one| !found.contains(one)).then(|| place.to_owned())
        }
        // One of several types.
        (Value::Array(found), wanted) => (!found.contains(wanted)).then(|| place.to_owned()),
        (found, wanted) => (found != wanted).then(|| place.to_owned()),
    }
}
