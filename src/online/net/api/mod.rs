//! RevCent's API, version 2: read operations, the response envelope, and the pages of lists.
//!
//! Assumptions that RevCent does not document are kept as data: [`OPERATIONS`], and the word lists in `error_response`. An
//! unexpected response is an error that quotes the service.

mod error_response;
mod pagination;

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use ureq::http::Uri;
use ureq::http::uri::Authority;

use crate::base::source::{Format, Source};
use crate::online::Unanswered;
use crate::online::key_mode::{Mode, ReportedModes};
use crate::online::net::http::{Http, Reply, Request};
use crate::online::net::secret_finder::SecretFinder;
use crate::online::net::text::{has_invalid_port, percent_encode};
use crate::online::private_address::is_loopback;
use crate::online::snapshot_text::{ENVELOPE, Object};
use crate::schema::openapi::OpenApi;
use crate::syntax::cursor::Cursor;
use crate::syntax::{Limits, parse};
use error_response::ErrorResponse;
pub(super) use pagination::FetchedList;
use pagination::{PAGE_SIZE, fetch_pages};

/// The base URL that RevCent documents.
pub(crate) const DEFAULT_BASE: &str = "https://api.revcent.com/v2";

/// A read operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ApiOperation {
    /// Reads one tracking domain.
    TrackingDomain,
    /// Reads all tracking domains.
    TrackingDomains,
    /// Reads all campaigns.
    Campaigns,
    /// Reads one shop.
    Shop,
    /// Reads all shops.
    Shops,
    /// Reads one portal.
    Portal,
    /// Reads all portals.
    Portals,
}

/// The names and paths of the operations. RevCent documents those of one shop and one portal; the others are inferred from
/// them.
const OPERATIONS: [(ApiOperation, &str, &str); 7] = [
    (ApiOperation::TrackingDomain, "GetTrackingDomain", "/tracking_domains/{id}"),
    (ApiOperation::TrackingDomains, "GetTrackingDomains", "/tracking_domains"),
    (ApiOperation::Campaigns, "GetCampaigns", "/campaigns"),
    (ApiOperation::Shop, "GetUserShop", "/user_shops/{id}"),
    (ApiOperation::Shops, "GetUserShops", "/user_shops"),
    (ApiOperation::Portal, "GetCustomerPortal", "/customer_portals/{id}"),
    (ApiOperation::Portals, "GetCustomerPortals", "/customer_portals"),
];

/// The paths of the operations, in the order of [`OPERATIONS`].
#[derive(Clone, Debug)]
pub(crate) struct OperationPaths([String; 7]);

impl Default for OperationPaths {
    fn default() -> Self {
        Self(OPERATIONS.map(|(_, _, path)| path.to_owned()))
    }
}

impl OperationPaths {
    /// Reads the paths from an OpenAPI document. Its `servers` are ignored, because the key must not be sent to them.
    ///
    /// # Errors
    ///
    /// If the document contains none of the operations.
    pub(crate) fn from_openapi(document: &OpenApi, base: &BaseUrl) -> Result<Self, String> {
        let mut paths = Self::default();
        let mut has_known_operation = false;
        for (name, operation) in document.operations() {
            let Some(index) = OPERATIONS.iter().position(|(_, known_name, _)| name == *known_name) else { continue };
            if operation.method != "get"
                || !operation.path.starts_with('/')
                || !has_same_parameters(operation.path, OPERATIONS[index].2)
            {
                continue;
            }
            // The paths of a document may start with the path of the base URL, `/v2`.
            let path = match operation.path.strip_prefix(base.path()) {
                Some(path) if path.starts_with('/') => path,
                _ => operation.path,
            };
            path.clone_into(&mut paths.0[index]);
            has_known_operation = true;
        }
        if has_known_operation {
            return Ok(paths);
        }
        let names = OPERATIONS.map(|(_, name, _)| name).join(", ");
        Err(format!("it has none of the required operations: {names}"))
    }

    fn path_for(&self, operation: ApiOperation, id: &str) -> String {
        let index = OPERATIONS.iter().position(|(known, ..)| *known == operation).unwrap_or_default();
        let mut segments = Vec::new();
        for segment in self.0[index].split('/') {
            segments.push(if segment.starts_with('{') { percent_encode(id) } else { segment.to_owned() });
        }
        segments.join("/")
    }
}

/// Whether a path has as many parameters as the default path: one for an object, none for a list.
fn has_same_parameters(path: &str, default_path: &str) -> bool {
    path.matches('{').count() == default_path.matches('{').count()
}

/// The base URL: `https`, or `http` to this machine, because the key is sent to it.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl(String);

impl BaseUrl {
    /// Parses a base URL.
    ///
    /// # Errors
    ///
    /// If the text is not a URL that the key may be sent to.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let uri: Uri = text.parse().map_err(|_| "it is not a URL".to_owned())?;
        let host = uri.host().unwrap_or_default();
        let authority = uri.authority().map(Authority::as_str).unwrap_or_default();
        match uri.scheme_str() {
            _ if host.is_empty() => Err("it has no host".into()),
            _ if authority.contains('@') => Err("it must not contain a user name or password".into()),
            _ if has_invalid_port(authority) => Err("its port is not a number up to 65535".into()),
            // The parser drops a fragment, so this searches the text.
            _ if uri.query().is_some() || text.contains('#') => Err("it must end with the path".into()),
            Some("https") => Ok(Self(text.trim_end_matches('/').to_owned())),
            Some("http") if is_loopback(host) => Ok(Self(text.trim_end_matches('/').to_owned())),
            Some("http") => Err("the key is sent only over TLS: use https".into()),
            _ => Err("it must start with https://".into()),
        }
    }

    fn path(&self) -> &str {
        let Some((_, without_scheme)) = self.0.split_once("://") else { return "/" };
        match without_scheme.find('/') {
            Some(start) => &without_scheme[start..],
            None => "/",
        }
    }
}

/// Access to the account of a key.
pub(super) struct Api<'a> {
    pub http: &'a Http,
    pub base: &'a BaseUrl,
    pub paths: &'a OperationPaths,
    pub key: &'a str,
    /// Finds the key and the secrets of the portals in responses.
    pub secrets: SecretFinder,
    /// The modes of the key that responses reported.
    pub reported_modes: Mutex<ReportedModes>,
}

/// The response to a request for one object.
#[derive(Clone, Debug)]
pub(super) enum ObjectLookup {
    Found(Object),
    /// The account does not have the object.
    Absent,
}

impl Api<'_> {
    /// Fetches one object.
    pub(super) fn fetch_object(&self, operation: ApiOperation, id: &str) -> Result<ObjectLookup, Unanswered> {
        let url = format!("{}{}", self.base.0, self.paths.path_for(operation, id));
        match self.get_envelope(&url)? {
            Envelope::Success(object) if is_other_object(&object, id) => {
                Err(Unanswered::new("RevCent's API returned a different object"))
            }
            Envelope::Success(object) => Ok(ObjectLookup::Found(object)),
            Envelope::Error(response) if response.is_not_found(operation, id) => Ok(ObjectLookup::Absent),
            Envelope::Error(response) => Err(response.error),
        }
    }

    /// Fetches all pages of a list.
    pub(super) fn fetch_list(&self, operation: ApiOperation) -> Result<FetchedList, Unanswered> {
        let path = self.paths.path_for(operation, "");
        fetch_pages(|number| {
            let page = self.get_envelope(&format!("{}{path}?limit={PAGE_SIZE}&page={number}", self.base.0));
            if let Ok(Envelope::Success(page)) = &page {
                self.lock_reported_modes().add_page(page);
            }
            page
        })
    }

    /// The mode of the key, as the pages of lists report it.
    pub(super) fn key_mode(&self) -> Mode {
        self.lock_reported_modes().key_mode()
    }

    fn lock_reported_modes(&self) -> MutexGuard<'_, ReportedModes> {
        self.reported_modes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get_envelope(&self, url: &str) -> Result<Envelope, Unanswered> {
        let secrets = &self.secrets;
        let request = Request { url, header: Some(("x-api-key", self.key)), form: None, secrets };
        // The `code` of the envelope decides, so a success with the status 500 is not requested again.
        let is_success = |reply: &Reply| matches!(parse_envelope(reply, secrets), Ok(Envelope::Success(_)));
        match self.http.send_request(&request, is_success) {
            Ok(reply) => parse_envelope(&reply, secrets),
            Err(unanswered) => Err(unanswered.prefixed_with("RevCent's API")),
        }
    }
}

/// Whether a response is not the requested object: it has another ID, is a list, or has only the fields of the envelope.
fn is_other_object(object: &Object, id: &str) -> bool {
    let is_empty = object.keys().all(|key| ENVELOPE.contains(&key.as_str()));
    is_empty || object.contains_key("results") || object.get("id").is_some_and(|object_id| object_id != id)
}

/// A response in RevCent's envelope.
enum Envelope {
    /// `code` 1. Code that stores a part of the content must check it for secrets.
    Success(Object),
    /// `code` 0.
    Error(ErrorResponse),
}

/// Parses a response. Its `code` decides, whatever the HTTP status.
fn parse_envelope(reply: &Reply, secrets: &SecretFinder) -> Result<Envelope, Unanswered> {
    if (300..400).contains(&reply.status) {
        return unexpected_response(reply, "redirected the request, and the key is not sent to another address");
    }
    let is_json = reply.content_type.is_empty() || reply.content_type.contains("json");
    if !is_json {
        let content_type = secrets.quote(&reply.content_type).unwrap_or_else(|| "another type".into());
        return unexpected_response(reply, &format!("returned {content_type} instead of JSON"));
    }
    let body = match serde_json::from_slice(&reply.body) {
        Ok(Value::Object(body)) => body,
        Ok(_) => return unexpected_response(reply, "returned JSON that is not an object"),
        Err(_) => return unexpected_response(reply, "returned invalid JSON"),
    };
    // With a duplicate key, it is not defined which value counts. serde_json takes the last one.
    if has_duplicate_key(&reply.body) {
        return unexpected_response(reply, "returned JSON with a duplicate key");
    }
    let Some(code) = body.get("code") else { return unexpected_response(reply, "returned no `code`") };
    match code.as_i64() {
        Some(1) => Ok(Envelope::Success(body)),
        Some(0) => Ok(Envelope::Error(ErrorResponse::from_body(&body, reply.status, secrets))),
        _ => {
            let code = secrets.quote(&code.to_string()).map(|code| format!(" {code}")).unwrap_or_default();
            unexpected_response(reply, &format!("returned the unknown code{code}"))
        }
    }
}

fn has_duplicate_key(body: &[u8]) -> bool {
    let source = Source::new("", String::from_utf8_lossy(body), Format::Json);
    let parsed = parse(&source, &Limits::MAX);
    parsed.documents.iter().any(|document| Cursor::root(document).has_duplicate_key_below())
}

fn unexpected_response(reply: &Reply, description: &str) -> Result<Envelope, Unanswered> {
    Err(Unanswered(format!("RevCent's API {description} (HTTP {})", reply.status)))
}

#[cfg(test)]
mod tests;
