//! Derives the `create`, `edit` and `export` schemas from the operations of RevCent's OpenAPI document.
//!
//! RevCent publishes the response of `GetCustomerPortal` in machine-readable form (`schemas/published/`), but not the request
//! of `CreateCustomerPortal`. Three steps lead from the response to the schemas:
//!
//! 1. **Merge.** The response is an `allOf` of two objects that forbid each other's fields, which no real response satisfies.
//!    Their properties are merged into one object: the `export` schema.
//! 2. **Request.** Fields that only a response has (envelope, `id`, dates, `portal_urls`, `logo`) are removed, and objects with
//!    an `id` are replaced by the ID: the `create` schema. The `edit` schema is the same with `customer_portal_id`, and requires
//!    nothing else.
//! 3. **Required.** The published schema requires nothing. The lists in [`required_fields`] come from the guide.
//!
//! `x-secret` marks values that are never shown. A test compares the result with the files in `schemas/`. A user-provided
//! document goes through the same steps. If it describes the request of an operation, that description replaces step 2. Schemas
//! that lack what the rules rely on ([`assumptions`]) are rejected.
//!
//! [`required_fields`]: super::required_fields

use serde_json::{Map, Value, json};

use crate::schema::openapi::assumptions;
use crate::schema::openapi::normalize::{is_annotation, normalize};
use crate::schema::openapi::required_fields::{EMAILS, PORTAL_FIELDS, RECAPTCHA_FIELDS};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
/// Where the schemas of the repository are published.
const SCHEMA_URL: &str = "https://raw.githubusercontent.com/portal-lint/portal-lint/main/schemas/";
/// The fields of a response that describe the call, not the portal.
const ENVELOPE: [&str; 3] = ["api_call_id", "api_call_unix", "code"];
const RESPONSE_ONLY: [&str; 5] = ["id", "created_date_unix", "updated_date_unix", "portal_urls", "logo"];
/// The top-level fields that are IDs in a request.
const ID_FIELDS: [&str; 2] = ["tracking_domain", "smtp_profile"];
/// The key of an operation that describes its request.
const REQUEST_BODY: &str = "requestBody";
/// The keywords that the schema of a whole request or response may use, besides annotations.
const BODY_KEYWORDS: [&str; 4] = ["type", "properties", "required", "additionalProperties"];

// How errors name the requests and responses.
const GET_RESPONSE: &str = "the response of its GetCustomerPortal";
const CREATE_BODY: &str = "the body of its CreateCustomerPortal";
const EDIT_BODY: &str = "the body of its EditCustomerPortal";

/// The operations that the schemas are derived from, with their references resolved.
#[derive(Clone, Copy, Debug)]
pub(in crate::schema) struct Operations<'o> {
    /// `GetCustomerPortal`.
    pub get: &'o Value,
    /// `CreateCustomerPortal`, if the document has it.
    pub create: Option<&'o Value>,
    /// `EditCustomerPortal`, if the document has it.
    pub edit: Option<&'o Value>,
}

impl Operations<'_> {
    /// The names of the operations whose body is used: that of `GetCustomerPortal` always, of the others if it is described.
    pub(in crate::schema) fn names_with_body(&self) -> Vec<&'static str> {
        let mut names = vec!["GetCustomerPortal"];
        for (operation, name) in [(self.create, "CreateCustomerPortal"), (self.edit, "EditCustomerPortal")] {
            if operation.is_some_and(|operation| operation.get(REQUEST_BODY).is_some()) {
                names.push(name);
            }
        }
        names
    }
}

/// Returns the schemas `create`, `edit` and `export` with their names.
///
/// # Errors
///
/// If an operation does not have the form that RevCent published. The error names the operation and continues a sentence that
/// starts with the name of the document.
pub(in crate::schema) fn derive_schemas(operations: Operations<'_>) -> Result<[(&'static str, Value); 3], String> {
    let response = operations.get.pointer("/responses/200");
    let response = response.ok_or("its GetCustomerPortal does not describe a response")?;
    let published = Body::from_content(response, GET_RESPONSE)?;
    published.ensure_portal(GET_RESPONSE, &PORTAL_FIELDS)?;

    let described = Body::from_request(operations.create, CREATE_BODY)?;
    let mut create = described.unwrap_or_else(|| published.to_request());
    create.ensure_portal(CREATE_BODY, &PORTAL_FIELDS)?;
    create.require_guide_fields();
    create.add_extensions();

    let edit = derive_edit(operations.edit, &create)?;

    let mut export = Body { required: Vec::new(), ..published };
    export.require_guide_fields();
    export.add_extensions();
    for object in export.account_objects() {
        require_fields(Some(object), &["id"]);
    }

    let schemas = [
        ("create", create.into_schema("create", "The body of CreateCustomerPortal")),
        ("edit", edit.into_schema("edit", "The body of EditCustomerPortal: omitted fields do not change")),
        ("export", export.into_schema("export", "The response of GetCustomerPortal")),
    ];
    for (name, schema) in &schemas {
        assumptions::verify(name, schema)?;
    }
    Ok(schemas)
}

/// The body of `EditCustomerPortal` as its operation describes it or, without a description, derived from that of
/// `CreateCustomerPortal`.
fn derive_edit(operation: Option<&Value>, create: &Body) -> Result<Body, String> {
    let mut edit = if let Some(mut described) = Body::from_request(operation, EDIT_BODY)? {
        described.ensure_portal(EDIT_BODY, &["name"])?;
        described.require_email_fields();
        described.add_extensions();
        described
    } else {
        let mut edit = Body { required: Vec::new(), ..create.clone() };
        if let Some(Value::Object(recaptcha)) = edit.field_schema("/recaptcha") {
            recaptcha.remove("required");
        }
        edit
    };
    let description = "The customer portal to change. A 20 character customer portal ID.";
    let portal_id = json!({ "type": "string", "minLength": 20, "maxLength": 20, "description": description });
    edit.add_field("customer_portal_id", portal_id);
    edit.require(&["customer_portal_id"]);
    Ok(edit)
}

/// The fields of a request or response.
#[derive(Clone)]
struct Body {
    /// A JSON object: the schemas of the fields by name.
    properties: Value,
    required: Vec<String>,
}

impl Body {
    /// Reads the `application/json` content of a request or response. `subject` names it in errors.
    fn from_content(request_or_response: &Value, subject: &str) -> Result<Self, String> {
        let schema = json_schema_of(request_or_response);
        let schema = schema.ok_or_else(|| format!("{subject} is not described as `application/json`"))?;
        let mut schema = normalize(schema);
        for keyword in schema.as_object().into_iter().flat_map(Map::keys) {
            if !BODY_KEYWORDS.contains(&keyword.as_str()) && !is_annotation(keyword) {
                return Err(format!("{subject} uses `{keyword}`, which is not supported there"));
            }
        }
        let required = string_items(&schema["required"]);
        let Some(properties @ Value::Object(_)) = schema.get_mut("properties").map(Value::take) else {
            return Err(format!("{subject} has no fields"));
        };
        let mut body = Self { properties, required };
        body.limit_ids();
        Ok(body)
    }

    /// Reads the request of an operation; `None` if the document does not describe it.
    fn from_request(operation: Option<&Value>, subject: &str) -> Result<Option<Self>, String> {
        match operation.and_then(|operation| operation.get(REQUEST_BODY)) {
            Some(request) => Self::from_content(request, subject).map(Some),
            None => Ok(None),
        }
    }

    /// Rejects a body that lacks fields of a portal: a service may use the operation's name for something else.
    fn ensure_portal(&self, subject: &str, fields: &[&str]) -> Result<(), String> {
        for field in fields {
            if !self.properties[*field].is_object() {
                return Err(format!("{subject} has no `{field}`, so it does not describe a customer portal"));
            }
        }
        Ok(())
    }

    /// The schema of a field. `pointer` is a JSON Pointer that starts at the properties.
    fn field_schema(&mut self, pointer: &str) -> Option<&mut Value> {
        self.properties.pointer_mut(pointer)
    }

    /// Adds a field unless there is one with this name.
    fn add_field(&mut self, name: &str, schema: Value) {
        if let Some(properties) = self.properties.as_object_mut() {
            properties.entry(name).or_insert(schema);
        }
    }

    /// The request that corresponds to this response.
    fn to_request(&self) -> Self {
        let mut request = Self { required: Vec::new(), ..self.clone() };
        if let Some(properties) = request.properties.as_object_mut() {
            for name in ENVELOPE.iter().chain(&RESPONSE_ONLY) {
                properties.remove(*name);
            }
        }
        for object in request.account_objects() {
            *object = to_id_schema(object);
        }
        request
    }

    /// The schemas that represent objects of the account: those with an `id`, in a field or in a filter list.
    fn account_objects(&mut self) -> Vec<&mut Value> {
        let mut candidates = Vec::new();
        for (name, field) in self.properties.as_object_mut().into_iter().flatten() {
            if name != "customer_filters" {
                candidates.push(field);
            } else if let Some(Value::Object(lists)) = field.get_mut("properties") {
                candidates.extend(lists.values_mut().filter_map(|list| list.get_mut("items")));
            }
        }
        candidates.retain(|schema| schema.pointer("/properties/id").is_some());
        candidates
    }

    /// Limits IDs to 20 characters unless their schemas limit them already.
    fn limit_ids(&mut self) {
        for object in self.account_objects() {
            limit_id(object.pointer_mut("/properties/id"));
        }
        for name in ID_FIELDS {
            limit_id(self.field_schema(&format!("/{name}")));
        }
    }

    /// Requires the fields that the guide requires.
    fn require_guide_fields(&mut self) {
        self.require(&PORTAL_FIELDS);
        for name in PORTAL_FIELDS {
            disallow_null(self.field_schema(&format!("/{name}")));
        }
        require_fields(self.field_schema("/recaptcha"), &RECAPTCHA_FIELDS);
        self.require_email_fields();
    }

    fn require_email_fields(&mut self) {
        require_fields(self.field_schema("/customer_emails"), &EMAILS);
        for email in EMAILS {
            require_fields(self.field_schema(&format!("/customer_emails/properties/{email}")), &["from"]);
        }
    }

    /// Marks the secret, and adds the field `$schema`, in which a file names its schema for editors.
    fn add_extensions(&mut self) {
        if let Some(Value::Object(secret)) = self.field_schema("/recaptcha/properties/secret_key") {
            secret.insert("x-secret".into(), json!(true));
        }
        let description = "The schema for editors. Not part of the body.";
        self.add_field("$schema", json!({ "type": "string", "description": description }));
    }

    /// Requires top-level fields, listed before those that are required already.
    fn require(&mut self, names: &[&str]) {
        self.required.retain(|name| !names.contains(&name.as_str()));
        self.required.splice(0..0, names.iter().map(|name| (*name).to_owned()));
    }

    fn into_schema(self, name: &str, title: &str) -> Value {
        json!({
            "$schema": DIALECT,
            "$id": format!("{SCHEMA_URL}{name}.schema.json"),
            "title": title,
            "type": "object",
            "properties": self.properties,
            "required": self.required,
            "additionalProperties": false,
        })
    }
}

/// The schema of the `application/json` content of a request or response.
fn json_schema_of(request_or_response: &Value) -> Option<&Value> {
    for (media_type, content) in request_or_response["content"].as_object()? {
        // The media type may have parameters: `application/json; charset=utf-8`.
        let essence = media_type.split(';').next().unwrap_or_default();
        if essence.trim() == "application/json"
            && let Some(schema) = content.get("schema")
        {
            return Some(schema);
        }
    }
    None
}

/// The schema of the ID that a request has in place of an object of the account.
fn to_id_schema(object: &mut Value) -> Value {
    let own_description = text_at(object, "/description");
    let id_description = text_at(object, "/properties/id/description");
    let description = format!("{own_description} {id_description}").trim().to_owned();
    let mut id = object["properties"]["id"].take();
    if let Some(id) = id.as_object_mut() {
        id.remove("title");
        id.insert("description".into(), description.into());
    }
    id
}

fn text_at<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Requires fields of a nested object, listed before those that are required already. Fields that the schema does not describe
/// are left out: no document could contain them.
fn require_fields(schema: Option<&mut Value>, names: &[&str]) {
    let Some(schema) = schema.and_then(Value::as_object_mut) else { return };
    schema.entry("type").or_insert_with(|| "object".into());
    let mut required: Vec<String> = Vec::new();
    for name in names {
        if let Some(field) = schema.get_mut("properties").and_then(|properties| properties.get_mut(*name)) {
            disallow_null(Some(field));
            required.push((*name).to_owned());
        }
    }
    let mut required_before = schema.get("required").map(string_items).unwrap_or_default();
    required_before.retain(|name| !names.contains(&name.as_str()));
    required.append(&mut required_before);
    schema.insert("required".into(), required.into());
}

fn string_items(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Removes null from the types of a field. A required field that is null counts as missing.
fn disallow_null(schema: Option<&mut Value>) {
    let Some(schema) = schema else { return };
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [name] = &mut types[..] {
            schema["type"] = name.take();
        }
    }
}

/// Limits an ID to 20 characters, unless its schema has a limit or is that of an object.
fn limit_id(schema: Option<&mut Value>) {
    let Some(schema) = schema.and_then(Value::as_object_mut) else { return };
    if ["minLength", "maxLength", "properties"].iter().any(|keyword| schema.contains_key(*keyword)) {
        return;
    }
    for keyword in ["minLength", "maxLength"] {
        schema.insert(keyword.into(), json!(20));
    }
}
