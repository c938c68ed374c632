//! JSON-RPC messages: requests, responses and errors.

use serde_json::{Map, Value as Json, json};

/// The error codes of JSON-RPC 2.0 and MCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorCode {
    ParseError = -32700,
    InvalidRequest = -32600,
    MethodNotFound = -32601,
    InvalidParams = -32602,
    UnsupportedProtocolVersion = -32022,
}

/// Why a request has no result.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RpcError {
    pub code: ErrorCode,
    pub message: &'static str,
    pub data: Option<Json>,
}

impl RpcError {
    pub(super) fn new(code: ErrorCode, message: &'static str) -> Self {
        Self { code, message, data: None }
    }
}

/// A message of the client.
#[derive(Debug, PartialEq)]
pub(super) enum Message {
    Request {
        id: Json,
        method: String,
        params: Map<String, Json>,
    },
    /// A notification, or a response. Both are ignored: the server sends no requests.
    Other,
    Invalid {
        id: Option<Json>,
        error: RpcError,
    },
}

impl Message {
    /// Interprets a JSON value.
    pub(super) fn from_json(value: Json) -> Self {
        let invalid = |id, message| Self::Invalid { id, error: RpcError::new(ErrorCode::InvalidRequest, message) };
        let Json::Object(mut fields) = value else { return invalid(None, "a message must be an object") };
        let id = match fields.remove("id") {
            None => None,
            Some(id) if id.is_string() || id.is_i64() || id.is_u64() => Some(id),
            Some(_) => return invalid(None, "`id` must be a string or an integer"),
        };
        if fields.get("jsonrpc").and_then(Json::as_str) != Some("2.0") {
            return invalid(id, "`jsonrpc` must be \"2.0\"");
        }
        let method = match fields.remove("method") {
            Some(Json::String(method)) => method,
            None if fields.contains_key("result") || fields.contains_key("error") => return Self::Other,
            _ => return invalid(id, "`method` must be a string"),
        };
        let Some(id) = id else { return Self::Other };
        match fields.remove("params") {
            None => Self::Request { id, method, params: Map::new() },
            Some(Json::Object(params)) => Self::Request { id, method, params },
            Some(_) => {
                let error = RpcError::new(ErrorCode::InvalidParams, "`params` must be an object");
                Self::Invalid { id: Some(id), error }
            }
        }
    }
}

/// The response with a result.
pub(super) fn result_response(id: &Json, result: &Json) -> Json {
    json!({ "jsonrpc": "2.0", "id": id, "result": result })
}

/// The response with an error. `id` is that of the request, or `None` if it could not be read. The response then has no ID, as MCP
/// requires since 2025-11-25; the older versions do not define this case.
pub(super) fn error_response(id: Option<&Json>, error: &RpcError) -> Json {
    let mut body = json!({ "code": error.code as i32, "message": error.message });
    if let Some(data) = &error.data {
        body["data"] = data.clone();
    }
    let mut response = json!({ "jsonrpc": "2.0", "error": body });
    if let Some(id) = id {
        response["id"] = id.clone();
    }
    response
}
