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
//! gives ([`crate::schema::runtime`]) goes the same way; where it tells the request of an operation itself, that takes the place of step 2.
//! What does not come out as the rules take it for granted ([`crate::schema::assumptions`]) is refused.

use serde_json::{Value, json};

use crate::schema::assumptions;
use crate::schema::normalize::{is_remark, normal};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
const ENVELOPE: [&str; 3] = ["api_call_id", "api_call_unix", "code"];
const RESPONSE_ONLY: [&str; 5] = ["id", "created_date_unix", "updated_date_unix", "portal_urls", "logo"];
/// The emails that a portal sends.
pub(super) const EMAILS: [&str; 2] = ["customer_account_confirm_email", "customer_account_password_reset"];
/// The fields without which no portal is created.
pub(super) const REQUIRED: [&str; 5] = ["name", "tracking_domain", "recaptcha", "smtp_profile", "customer_emails"];

/// Those of them that are ids in a request.
const IDS: [&str; 2] = ["tracking_domain", "smtp_profile"];
/// Where an operation tells its request.
const REQUEST: &str = "requestBody";

/// The operations that our schemas come from; references in them were followed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operations<'o> {
    /// `GetCustomerPortal`.
    pub get: &'o Value,
    /// `CreateCustomerPortal`, where it is known.
    pub create: Option<&'o Value>,
    /// `EditCustomerPortal`, where it is known.
    pub edit: Option<&'o Value>,
}

impl Operations<'_> {
    /// The names of those that tell a body.
    pub(crate) fn told(&self) -> Vec<&'static str> {
        let requests = [(self.create, "CreateCustomerPortal"), (self.edit, "EditCustomerPortal")];
        let told =
            requests.into_iter().filter(|(operation, _)| operation.is_some_and(|one| one.get(REQUEST).is_some()));
        std::iter::once("GetCustomerPortal").chain(told.map(|(_, name)| name)).collect()
    }
}

/// The three schemas by name: `create`, `edit`, `export`.
///
/// # Errors
///
/// When an operation is not of the form that RevCent published: which, and why.
pub(crate) fn derive(operations: Operations<'_>) -> Result<[(&'static str, Value); 3], String> {
    let response = operations.get.pointer("/responses/200");
    let response = response.ok_or("its GetCustomerPortal does not say which fields it answers with")?;
    let published = Body::of(response, "the answer of its GetCustomerPortal")?;
    published.is_a_portal("the answer of its GetCustomerPortal", &REQUIRED)?;

    let own = Body::of_request(operations.create, "the body of its CreateCustomerPortal")?;
    let mut create = own.unwrap_or_else(|| published.as_request());
    create.is_a_portal("the body of its CreateCustomerPortal", &REQUIRED)?;
    create.complete();

    let edit = edit(operations.edit, &create)?;
    let mut export = Body { required: Vec::new(), ..published };
    export.complete();
    for fetched in export.fetched() {
        require(Some(fetched), &["id"]);
    }

    let schemas = [
        ("create", create.schema("create", "The body of CreateCustomerPortal")),
        ("edit", edit.schema("edit", "The body of EditCustomerPortal: what it leaves out stays")),
        ("export", export.schema("export", "The response of GetCustomerPortal")),
    ];
    schemas.iter().try_for_each(|(name, schema)| assumptions::check(name, schema))?;
    Ok(schemas)
}

/// An edit as its operation tells it, else as follows from what creates.
fn edit(operation: Option<&Value>, create: &Body) -> Result<Body, String> {
    let own = Body::of_request(operation, "the body of its EditCustomerPortal")?;
    let mut edit = if let Some(mut own) = own {
        own.is_a_portal("the body of its EditCustomerPortal", &["name"])?;
        own.complete_emails();
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
    Ok(edit)
}

/// The fields of a body, and which it must have.
#[derive(Clone)]
struct Body {
    /// An object.
    properties: Value,
    required: Vec<String>,
}

impl Body {
    /// As a request or a response of an operation says.
    fn of(told: &Value, what: &str) -> Result<Self, String> {
        let contents = told["content"].as_object().into_iter().flatten();
        let is_json = |kind: &str| kind.split(';').next().is_some_and(|kind| kind.trim() == "application/json");
        let schema = contents.filter(|(kind, _)| is_json(kind)).find_map(|(_, content)| content.get("schema"));
        let schema = schema.ok_or_else(|| format!("{what} is not told as `application/json`"))?;
        let mut schema = normal(schema);
        let words = ["type", "properties", "required", "additionalProperties"];
        let mut further = schema.as_object().into_iter().flat_map(|schema| schema.keys());
        if let Some(word) = further.find(|word| !words.contains(&word.as_str()) && !is_remark(word)) {
            return Err(format!("{what} is told with `{word}`, which portal-lint does not understand there"));
        }
        let required = names(&schema["required"]);
        let Some(properties @ Value::Object(_)) = schema.get_mut("properties").map(Value::take) else {
            return Err(format!("{what} has no fields"));
        };
        let mut body = Self { properties, required };
        body.measure();
        Ok(body)
    }

    /// As the request of an operation, if that is known and tells one.
    fn of_request(operation: Option<&Value>, what: &str) -> Result<Option<Self>, String> {
        operation.and_then(|operation| operation.get(REQUEST)).map(|request| Self::of(request, what)).transpose()
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

    /// An id has 20 characters, where nothing else is said.
    fn measure(&mut self) {
        for fetched in self.fetched() {
            measure(fetched.pointer_mut("/properties/id"));
        }
        for name in IDS {
            measure(self.at(&format!("/{name}")));
        }
    }

    /// The guide's required lists, and the marks.
    fn complete(&mut self) {
        self.require(&REQUIRED);
        for name in REQUIRED {
            never_null(self.at(&format!("/{name}")));
        }
        require(self.at("/recaptcha"), &["site_key", "secret_key"]);
        self.complete_emails();
        self.mark();
    }

    fn complete_emails(&mut self) {
        require(self.at("/customer_emails"), &EMAILS);
        for email in EMAILS {
            require(self.at(&format!("/customer_emails/properties/{email}")), &["from"]);
        }
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

/// The same in an object of the body, of the fields that it has.
fn require(schema: Option<&mut Value>, names_first: &[&str]) {
    let Some(schema) = schema.and_then(Value::as_object_mut) else { return };
    schema.entry("type").or_insert_with(|| "object".into());
    let mut required: Vec<String> = Vec::new();
    for name in names_first {
        if let Some(field) = schema.get_mut("properties").and_then(|properties| properties.get_mut(*name)) {
            never_null(Some(field));
            required.push((*name).to_owned());
        }
    }
    let own = schema.get("required").map(names).unwrap_or_default();
    required.extend(own.into_iter().filter(|own| !names_first.contains(&own.as_str())));
    schema.insert("required".into(), required.into());
}

fn names(required: &Value) -> Vec<String> {
    required.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What is required is not there when it is null.
fn never_null(schema: Option<&mut Value>) {
    let Some(schema) = schema else { return };
    if let Some(Value::Array(kinds)) = schema.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [one] = &mut kinds[..] {
            schema["type"] = one.take();
        }
    }
}

fn measure(id: Option<&mut Value>) {
    let Some(id) = id.and_then(Value::as_object_mut) else { return };
    if !["minLength", "maxLength", "properties"].iter().any(|word| id.contains_key(*word)) {
        id.extend(["minLength", "maxLength"].map(|word| (word.to_owned(), json!(20))));
    }
}
