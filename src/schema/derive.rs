//! From RevCent's published operations to our three schemas.
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
//! `x-secret` marks what is never shown. A test compares the outcome with the files in `schemas/`. A document that somebody
//! gives ([`super::given`]) goes the same way; where it tells the request of an operation itself, that takes the place of step 2.

use serde_json::{Map, Value, json};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
const ENVELOPE: [&str; 3] = ["api_call_id", "api_call_unix", "code"];
const RESPONSE_ONLY: [&str; 5] = ["id", "created_date_unix", "updated_date_unix", "portal_urls", "logo"];
const RESPONSE: &str = "/responses/200/content/application~1json/schema";
const REQUEST: &str = "/requestBody/content/application~1json/schema";
const EMAILS: [&str; 2] = ["customer_account_confirm_email", "customer_account_password_reset"];
const REQUIRED: [&str; 5] = ["name", "tracking_domain", "recaptcha", "smtp_profile", "customer_emails"];

/// The operations that our schemas come from; references in them were followed.
#[derive(Clone, Copy, Debug)]
pub struct Operations<'o> {
    /// `GetCustomerPortal`.
    pub get: &'o Value,
    /// `CreateCustomerPortal`, where it is known.
    pub create: Option<&'o Value>,
    /// `EditCustomerPortal`, where it is known.
    pub edit: Option<&'o Value>,
}

impl Operations<'_> {
    /// The names of those that tell a body.
    pub fn told(&self) -> Vec<&'static str> {
        let requests = [(self.create, "CreateCustomerPortal"), (self.edit, "EditCustomerPortal")];
        let told =
            requests.into_iter().filter(|(operation, _)| operation.is_some_and(|one| Body::of(one, REQUEST).is_some()));
        std::iter::once("GetCustomerPortal").chain(told.map(|(_, name)| name)).collect()
    }
}

/// The three schemas by name: `create`, `edit`, `export`.
///
/// # Errors
///
/// When an operation is not of the form that RevCent published: which, and why.
pub fn derive(operations: Operations<'_>) -> Result<[(&'static str, Value); 3], String> {
    let published =
        Body::of(operations.get, RESPONSE).ok_or("its GetCustomerPortal does not say which fields it answers with")?;
    published.is_a_portal("the answer of its GetCustomerPortal", &REQUIRED)?;
    let request = |operation: Option<&Value>| Body::of(operation?, REQUEST);

    let mut create = request(operations.create).unwrap_or_else(|| published.as_request());
    create.is_a_portal("the body of its CreateCustomerPortal", &REQUIRED)?;
    create.complete();

    let mut edit = if let Some(mut own) = request(operations.edit) {
        own.is_a_portal("the body of its EditCustomerPortal", &["name"])?;
        own.mark();
        own
    } else {
        let mut edit = Body { required: Vec::new(), ..create.clone() };
        if let Some(recaptcha) = edit.at("/recaptcha").and_then(Value::as_object_mut) {
            recaptcha.remove("required");
        }
        edit
    };
    let description = "The customer portal to change. A 20 character customer portal ID.";
    let own_id = json!({ "type": "string", "minLength": 20, "maxLength": 20, "description": description });
    edit.add("customer_portal_id", own_id);
    edit.require(&["customer_portal_id"]);

    let mut export = Body { required: Vec::new(), ..published };
    export.complete();
    for fetched in export.fetched() {
        require(Some(fetched), &["id"]);
    }

    Ok([
        ("create", create.schema("create", "The body of CreateCustomerPortal")),
        ("edit", edit.schema("edit", "The body of EditCustomerPortal: what it leaves out stays")),
        ("export", export.schema("export", "The response of GetCustomerPortal")),
    ])
}

/// The fields of a body, and which it must have.
#[derive(Clone)]
struct Body {
    /// An object.
    properties: Value,
    required: Vec<String>,
}

impl Body {
    /// As a schema in the operation says; `None` when it names no field.
    fn of(operation: &Value, place: &str) -> Option<Self> {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        merge(operation.pointer(place)?, &mut properties, &mut required);
        (!properties.is_empty()).then_some(Self { properties: properties.into(), required })
    }

    /// What our rules look at must be there: else it is some other operation under the name.
    fn is_a_portal(&self, what: &str, names: &[&str]) -> Result<(), String> {
        match names.iter().find(|name| !self.properties[**name].is_object()) {
            Some(missing) => Err(format!("{what} has no `{missing}`, so it is not the one that portal-lint knows")),
            None => Ok(()),
        }
    }

    fn at(&mut self, pointer: &str) -> Option<&mut Value> {
        self.properties.pointer_mut(pointer)
    }

    fn add(&mut self, name: &str, field: Value) {
        if let Some(properties) = self.properties.as_object_mut() {
            properties.entry(name).or_insert(field);
        }
    }

    /// The request that belongs to this response.
    fn as_request(&self) -> Self {
        let mut request = Self { required: Vec::new(), ..self.clone() };
        if let Some(properties) = request.properties.as_object_mut() {
            properties.retain(|name, _| !ENVELOPE.contains(&name.as_str()) && !RESPONSE_ONLY.contains(&name.as_str()));
        }
        for fetched in request.fetched() {
            let text = |pointer: &str| fetched.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            let description = format!("{} {}", text("/description"), text("/properties/id/description"));
            let mut id = fetched["properties"]["id"].take();
            if let Some(id) = id.as_object_mut() {
                id.remove("title");
                id.insert("description".into(), description.trim().into());
            }
            *fetched = id;
        }
        request
    }

    /// The objects with an `id` that stand for things of the account: in a field, or in a list of filters.
    fn fetched(&mut self) -> impl Iterator<Item = &mut Value> {
        let is_thing = |schema: &&mut Value| schema.pointer("/properties/id").is_some();
        let (filters, fields): (Vec<_>, Vec<_>) = self
            .properties
            .as_object_mut()
            .into_iter()
            .flat_map(|properties| properties.iter_mut())
            .partition(|(name, _)| *name == "customer_filters");
        let lists = filters.into_iter().filter_map(|(_, filters)| filters.get_mut("properties")?.as_object_mut());
        let items = lists.flat_map(|lists| lists.values_mut()).filter_map(|list| list.get_mut("items"));
        fields.into_iter().map(|(_, field)| field).chain(items).filter(is_thing)
    }

    /// The guide's required lists, and the marks.
    fn complete(&mut self) {
        self.require(&REQUIRED);
        require(self.at("/recaptcha"), &["site_key", "secret_key"]);
        require(self.at("/customer_emails"), &EMAILS);
        for email in EMAILS {
            require(self.at(&format!("/customer_emails/properties/{email}")), &["from"]);
        }
        self.mark();
    }

    /// The secret's mark, and the key editors use to find a schema.
    fn mark(&mut self) {
        if let Some(secret) = self.at("/recaptcha/properties/secret_key").and_then(Value::as_object_mut) {
            secret.insert("x-secret".into(), json!(true));
        }
        let description = "The schema an editor should use. Not part of the body.";
        self.add("$schema", json!({ "type": "string", "description": description }));
    }

    /// These first, then what else was required.
    fn require(&mut self, names: &[&str]) {
        self.required.retain(|name| !names.contains(&name.as_str()));
        self.required.splice(0..0, names.iter().map(|name| (*name).to_owned()));
    }

    fn schema(self, name: &str, title: &str) -> Value {
        json!({
            "$schema": DIALECT,
            "$id": format!("urn:portal-lint:{name}"),
            "title": title,
            "type": "object",
            "properties": self.properties,
            "required": self.required,
            "additionalProperties": false,
        })
    }
}

/// All fields of a schema and of the parts it is made of.
fn merge(schema: &Value, properties: &mut Map<String, Value>, required: &mut Vec<String>) {
    for part in schema["allOf"].as_array().into_iter().flatten() {
        merge(part, properties, required);
    }
    properties.extend(schema["properties"].as_object().cloned().unwrap_or_default());
    let names = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    required.extend(names.map(str::to_owned));
}

/// The same in an object of the body, of the fields that it has.
fn require(schema: Option<&mut Value>, names: &[&str]) {
    let Some(schema) = schema.and_then(Value::as_object_mut) else { return };
    let has = |name: &&&str| schema.get("properties").is_some_and(|properties| properties.get(**name).is_some());
    let mut required: Vec<Value> = names.iter().filter(has).map(|name| json!(name)).collect();
    let own = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    required.extend(own.filter(|own| !names.iter().any(|name| *own == name)).cloned());
    schema.insert("required".into(), required.into());
}
