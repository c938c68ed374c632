//! RevCent's OpenAPI document reduced to the published operation, for tests to change.

use std::fs;

use serde_json::{Value as Json, json};

use super::repository;

/// The JSON Pointer of the fields of the response within the operation.
pub const RESPONSE_FIELDS: &str = "/responses/200/content/application~1json/schema/allOf/1/properties";

/// The JSON Pointer of an operation in the document.
pub fn operation_pointer(name: &str) -> &'static str {
    match name {
        "GetCustomerPortal" => "/paths/~1customer_portals~1{customer_portal_id}/get",
        "CreateCustomerPortal" => "/paths/~1customer_portals/post",
        _ => "/paths/~1customer_portals~1{customer_portal_id}/post",
    }
}

/// A document whose only operation is the published one.
pub fn published_document() -> Json {
    let text = fs::read_to_string(repository("schemas/published/GetCustomerPortal.json")).expect("the operation");
    let get: Json = serde_json::from_str(&text).expect("JSON");
    let paths = json!({ "/customer_portals/{customer_portal_id}": { "get": get }, "/customer_portals": {} });
    json!({ "openapi": "3.1.0", "info": { "title": "RevCent", "version": "2" }, "paths": paths, "components": { "schemas": {} } })
}

pub fn value_at<'d>(document: &'d mut Json, pointer: &str) -> &'d mut Json {
    document.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}"))
}

/// The fields of the response of GetCustomerPortal.
pub fn response_fields(document: &mut Json) -> &mut Json {
    value_at(document, &format!("{}{RESPONSE_FIELDS}", operation_pointer("GetCustomerPortal")))
}
