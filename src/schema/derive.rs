//! From RevCent's published `GetCustomerPortal` operation to our three schemas.
//!
//! The request of `CreateCustomerPortal` is not published where a program can read it; the response of
//! `GetCustomerPortal` is (`schemas/published/`). Three steps lead from it to what we check:
//!
//! 1. **Merge.** The response is an `allOf` of two objects that both forbid each other's fields, which no real response
//!    can satisfy. Their properties are put into one object: the `export` schema.
//! 2. **Request.** What only a response has (envelope, `id`, dates, `portal_urls`, `logo`) goes; where the response has an
//!    object with an `id`, the request has the id itself: the `create` schema. An edit is the same with
//!    `customer_portal_id` and nothing else required.
//! 3. **Required.** The published schema requires nothing. The lists come from the guide ("The operation schema explicitly
//!    requires", "Required nested fields", "The `from` field is required for each email object").
//!
//! `x-secret` marks what is never shown. A test compares the outcome with the files in `schemas/`.

use serde_json::{Map, Value, json};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
const ENVELOPE: [&str; 3] = ["api_call_id", "api_call_unix", "code"];
const RESPONSE_ONLY: [&str; 5] = ["id", "created_date_unix", "updated_date_unix", "portal_urls", "logo"];
const EMAILS: [&str; 2] = ["customer_account_confirm_email", "customer_account_password_reset"];
const REQUIRED: [&str; 5] = ["name", "tracking_domain", "recaptcha", "smtp_profile", "customer_emails"];

/// The three schemas by name: `create`, `edit`, `export`. `None` when the operation is not of the published form.
pub fn derive(operation: &Value) -> Option<[(&'static str, Value); 3]> {
    let published = merged_properties(operation)?;

    let mut create = published.clone();
    create.retain(|name, _| !ENVELOPE.contains(&name.as_str()) && !RESPONSE_ONLY.contains(&name.as_str()));
    objects_to_ids(&mut create)?;
    complete(&mut create);

    let mut edit = create.clone();
    edit.insert(
        "customer_portal_id".into(),
        id("The customer portal to change.", "A 20 character customer portal ID."),
    );
    edit.get_mut("recaptcha")?.as_object_mut()?.remove("required");

    let mut export = published;
    complete(&mut export);
    for name in ["tracking_domain", "smtp_profile", "create_non_existing_customer_campaign"] {
        export.get_mut(name)?["required"] = json!(["id"]);
    }
    for list in export.get_mut("customer_filters")?["properties"].as_object_mut()?.values_mut() {
        list["items"]["required"] = json!(["id"]);
    }

    Some([
        ("create", schema("create", "The body of CreateCustomerPortal", &create, &REQUIRED)),
        (
            "edit",
            schema("edit", "The body of EditCustomerPortal: what it leaves out stays", &edit, &["customer_portal_id"]),
        ),
        ("export", schema("export", "The response of GetCustomerPortal", &export, &REQUIRED)),
    ])
}

fn merged_properties(operation: &Value) -> Option<Map<String, Value>> {
    let halves = operation.pointer("/responses/200/content/application~1json/schema/allOf")?.as_array()?;
    let mut merged = Map::new();
    for half in halves {
        merged.extend(half.get("properties")?.as_object()?.clone());
    }
    Some(merged)
}

/// `{ "id", "name" }` becomes the id, with the description of the field it stands in.
fn objects_to_ids(properties: &mut Map<String, Value>) -> Option<()> {
    for name in ["tracking_domain", "smtp_profile", "create_non_existing_customer_campaign"] {
        let field = properties.get_mut(name)?;
        *field = id(field["description"].as_str()?, field.pointer("/properties/id/description")?.as_str()?);
    }
    for list in properties.get_mut("customer_filters")?["properties"].as_object_mut()?.values_mut() {
        let item = list.pointer("/items/properties/id/description")?.as_str()?.to_owned();
        list["items"] = id("", &item);
    }
    Some(())
}

fn id(field: &str, id: &str) -> Value {
    let description = format!("{field} {id}").trim().to_owned();
    json!({ "type": "string", "minLength": 20, "maxLength": 20, "description": description })
}

/// The guide's nested required lists, the secret's mark, and the key editors use to find a schema.
fn complete(properties: &mut Map<String, Value>) {
    properties["recaptcha"]["required"] = json!(["site_key", "secret_key"]);
    properties["recaptcha"]["properties"]["secret_key"]["x-secret"] = json!(true);
    properties["customer_emails"]["required"] = json!(EMAILS);
    for email in EMAILS {
        properties["customer_emails"]["properties"][email]["required"] = json!(["from"]);
    }
    let description = "The schema an editor should use. Not part of the body.";
    properties.insert("$schema".into(), json!({ "type": "string", "description": description }));
}

fn schema(name: &str, title: &str, properties: &Map<String, Value>, required: &[&str]) -> Value {
    json!({
        "$schema": DIALECT,
        "$id": format!("urn:portal-lint:{name}"),
        "title": title,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}
