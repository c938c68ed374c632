//! RevCent's OpenAPI document, as far as it is known: the operation that was published, to be changed by tests.

use std::fs;

use serde_json::{Value as Json, json};

use super::repository;

/// Where the fields of the response are, in the operation.
pub const FIELDS: &str = "/responses/200/content/application~1json/schema/allOf/1/properties";

/// The operation of a document by its path and method.
pub fn operation(name: &str) -> &'static str {
    match name {
        "GetCustomerPortal" => "/paths/~1customer_portals~1{customer_portal_id}/get",
        "CreateCustomerPortal" => "/paths/~1customer_portals/post",
        _ => "/paths/~1customer_portals~1{customer_portal_id}/post",
    }
}

/// RevCent's document, as far as it is known.
pub fn document() -> Json {
    let text = fs::read_to_string(repository("schemas/published/GetCustomerPortal.json")).expect("the operation");
    let get: Json = serde_json::from_str(&text).expect("JSON");
    let paths = json!({ "/customer_portals/{customer_portal_id}": { "get": get }, "/customer_portals": {} });
    json!({ "openapi": "3.1.0", "info": { "title": "RevCent", "version": "2" }, "paths": paths, "components": { "schemas": {} } })
}

pub fn at<'d>(document: &'d mut Json, pointer: &str) -> &'d mut Json {
    document.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}"))
}

/// The fields of the response.
pub fn fields(document: &mut Json) -> &mut Json {
    at(document, &format!("{}{FIELDS}", operation("GetCustomerPortal")))
}
