//! The results of requests.

use lsp_server::ErrorCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// The error of a response.
#[derive(Debug)]
pub(super) struct RequestError {
    pub code: ErrorCode,
    pub message: String,
}

impl RequestError {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The parameters have another form than the protocol requires.
    pub(super) fn invalid_params() -> Self {
        Self::new(ErrorCode::InvalidParams, "the parameters do not follow the protocol")
    }

    /// The request is about a document that is not open.
    pub(super) fn not_open() -> Self {
        Self::new(ErrorCode::InvalidParams, "the document is not open")
    }

    /// The request is about an earlier version of a document.
    pub(super) fn outdated() -> Self {
        Self::new(ErrorCode::ContentModified, "the document has changed since")
    }
}

/// The `result` of a response, or its error.
pub(super) type RequestResult = Result<Json, RequestError>;

/// Parses the parameters of a request or notification.
pub(super) fn parse_params<P: DeserializeOwned>(params: Json) -> Result<P, RequestError> {
    serde_json::from_value(params).map_err(|_| RequestError::invalid_params())
}

/// Converts a result to JSON. `None` becomes `null`, which LSP uses for "no result".
pub(super) fn to_json(value: impl Serialize) -> RequestResult {
    serde_json::to_value(value).map_err(|error| RequestError::new(ErrorCode::InternalError, error.to_string()))
}
