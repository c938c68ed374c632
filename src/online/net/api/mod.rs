//! RevCent's API, version 2: read operations, the response envelope, and the pages of lists.
//!
//! What RevCent does not document is kept as data ([`OPERATIONS`], the word lists in `error_response`), with defaults
//! inferred from what it documents. An unexpected response is an error that quotes the service.

mod error_response;
mod pagination;

use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use ureq::http::Uri;
use ureq::http::uri::Authority;

use super::http::{Http, Reply, Request};
use super::text::{is_loopback, percent_encode, to_single_line};
use crate::online::Unanswered;
use crate::online::key_mode::{Mode, ReportedModes};
use crate::online::net::redact::Redactor;
use crate::online::snapshot_text::{ENVELOPE, Object};
use crate::schema::openapi::OpenApi;
use error_response::Refusal;
pub(super) use pagination::Listed;
use pagination::{PAGE_SIZE, fetch_pages};

/// The base URL that RevCent documents.
pub(crate) const DEFAULT_BASE: &str = "https://api.revcent.com/v2";

/// A read operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
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
const OPERATIONS: [(Operation, &str, &str); 7] = [
    (Operation::TrackingDomain, "GetTrackingDomain", "/tracking_domains/{id}"),
    (Operation::TrackingDomains, "GetTrackingDomains", "/tracking_domains"),
    (Operation::Campaigns, "GetCampaigns", "/campaigns"),
    (Operation::Shop, "GetUserShop", "/user_shops/{id}"),
    (Operation::Shops, "GetUserShops", "/user_shops"),
    (Operation::Portal, "GetCustomerPortal", "/customer_portals/{id}"),
    (Operation::Portals, "GetCustomerPortals", "/customer_portals"),
];

/// The paths of the operations, in the order of [`OPERATIONS`].
#[derive(Clone, Debug)]
pub(crate) struct Paths([String; 7]);

impl Default for Paths {
    fn default() -> Self {
        Self(OPERATIONS.map(|(_, _, path)| path.to_owned()))
    }
}

impl Paths {
    /// Reads the paths from an OpenAPI document. Its `servers` are ignored, because the key must not be sent to them.
    ///
    /// # Errors
    ///
    /// If the document contains none of the operations.
    pub(crate) fn from_openapi(document: &OpenApi, base: &Base) -> Result<Self, String> {
        let mut own = Self::default();
        let mut has_known_operation = false;
        for (name, operation) in document.operations().filter(|(_, operation)| operation.method == "get") {
            let (path, start) = (operation.path, base.path());
            let known = OPERATIONS.iter().position(|(_, known, _)| name == *known);
            if let Some(known) = known.filter(|known| path.starts_with('/') && Self::has_same_parameters(*known, path))
            {
                let rest = path.strip_prefix(start).filter(|rest| rest.starts_with('/'));
                rest.unwrap_or(path).clone_into(&mut own.0[known]);
                has_known_operation = true;
            }
        }
        let names = OPERATIONS.map(|(_, name, _)| name).join(", ");
        if has_known_operation {
            Ok(own)
        } else {
            Err(format!("it has none of the operations that are asked for: {names}"))
        }
    }

    /// Whether a path has as many parameters as the default path: one for an object, none for a list.
    fn has_same_parameters(known: usize, path: &str) -> bool {
        let gaps = |path: &str| path.matches('{').count();
        gaps(path) == gaps(OPERATIONS[known].2)
    }

    fn path_for(&self, operation: Operation, id: &str) -> String {
        let index = OPERATIONS.iter().position(|(known, ..)| *known == operation).unwrap_or_default();
        let parts: Vec<String> = self.0[index]
            .split('/')
            .map(|part| if part.starts_with('{') { percent_encode(id) } else { part.to_owned() })
            .collect();
        parts.join("/")
    }
}

/// The base URL: `https`, or `http` to this machine, because the key is sent to it.
#[derive(Clone, Debug)]
pub(crate) struct Base(String);

impl Base {
    /// Parses a base URL.
    ///
    /// # Errors
    ///
    /// If the text is not a URL that the key may be sent to.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let uri: Uri = text.trim().parse().map_err(|_| "it is no URL".to_owned())?;
        let (scheme, host) = (uri.scheme_str(), uri.host().unwrap_or_default());
        let authority = uri.authority().map(Authority::as_str).unwrap_or_default();
        match scheme {
            _ if host.is_empty() => Err("it names no host".into()),
            _ if authority.contains('@') => Err("it must not hold a user or a password".into()),
            _ if uri.query().is_some() || text.contains('#') => Err("it must end with the path".into()),
            Some("https") => Ok(Self(text.trim().trim_end_matches('/').to_owned())),
            Some("http") if is_loopback(host) => Ok(Self(text.trim().trim_end_matches('/').to_owned())),
            Some("http") => Err("the key is sent over TLS only: write https".into()),
            _ => Err("it must start with https://".into()),
        }
    }

    fn path(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.find('/').map_or("/", |start| &rest[start..])
    }
}

/// Access to the account of a key.
pub(super) struct Api<'a> {
    pub http: &'a Http,
    pub base: &'a Base,
    pub paths: &'a Paths,
    pub key: &'a str,
    /// Redacts the key and the secrets of the portals in errors.
    pub redactor: Redactor,
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
    pub(super) fn fetch_object(&self, operation: Operation, id: &str) -> Result<ObjectLookup, Unanswered> {
        let url = format!("{}{}", self.base.0, self.paths.path_for(operation, id));
        match self.get(&url)? {
            Envelope::Success(object) if is_other_object(&object, id) => {
                Err(Unanswered::new("RevCent's API answered with something else than what was asked for"))
            }
            Envelope::Success(object) => Ok(ObjectLookup::Found(object)),
            Envelope::Error(refusal) if refusal.is_not_found(operation, id) => Ok(ObjectLookup::Absent),
            Envelope::Error(refusal) => Err(refusal.error),
        }
    }

    /// Fetches all pages of a list.
    pub(super) fn fetch_list(&self, operation: Operation) -> Result<Listed, Unanswered> {
        fetch_pages(|number| {
            let path = self.paths.path_for(operation, "");
            let page = self.get(&format!("{}{path}?limit={PAGE_SIZE}&page={number}", self.base.0));
            if let Ok(Envelope::Success(page)) = &page {
                self.reported_modes.lock().unwrap_or_else(PoisonError::into_inner).add(page);
            }
            page
        })
    }

    /// The mode of the key, as the pages of lists report it.
    pub(super) fn mode(&self) -> Mode {
        self.reported_modes.lock().unwrap_or_else(PoisonError::into_inner).mode()
    }

    fn get(&self, url: &str) -> Result<Envelope, Unanswered> {
        let redactor = &self.redactor;
        let request = Request { url, header: Some(("x-api-key", self.key)), form: None, redactor };
        let is_success = |reply: &Reply| matches!(parse_envelope(reply, redactor), Ok(Envelope::Success(_)));
        let reply =
            self.http.ask(&request, is_success).map_err(|unanswered| unanswered.prefixed_with("RevCent's API"))?;
        parse_envelope(&reply, redactor)
    }
}

/// Whether a response is not the requested object: it has another id, is a list, or has only the fields of the envelope.
fn is_other_object(object: &Object, id: &str) -> bool {
    let is_empty = object.keys().all(|key| ENVELOPE.contains(&&**key));
    is_empty || object.contains_key("results") || object.get("id").is_some_and(|own| own != id)
}

/// A response in RevCent's envelope.
enum Envelope {
    /// `code` 1. The content is not redacted: whoever stores a part of it has to check it for secrets.
    Success(Object),
    /// `code` 0.
    Error(Refusal),
}

/// Parses a response. Its `code` decides, whatever the HTTP status. Quoted texts are redacted before they are shortened.
fn parse_envelope(reply: &Reply, redactor: &Redactor) -> Result<Envelope, Unanswered> {
    let status = reply.status;
    let other = |what: &str| Err(Unanswered(format!("RevCent's API {what} (HTTP {status})")));
    if (300..400).contains(&status) {
        return other("sends elsewhere, and the key does not go there");
    }
    let is_json = reply.content_type.is_empty() || reply.content_type.contains("json");
    let content_type = to_single_line(&redactor.redact(&reply.content_type));
    let body = match serde_json::from_slice(&reply.body) {
        Ok(Value::Object(body)) if is_json => body,
        _ if !is_json => return other(&format!("answered with {content_type}, not JSON")),
        Ok(_) => return other("answered with JSON that is no object"),
        Err(_) => return other("answered with what is no JSON"),
    };
    match (body.get("code"), body.get("code").and_then(Value::as_i64)) {
        (_, Some(1)) => Ok(Envelope::Success(body)),
        (_, Some(0)) => Ok(Envelope::Error(Refusal::from_body(&body, status, redactor))),
        (Some(code), _) => {
            other(&format!("answered with the unknown code {}", to_single_line(&redactor.redact(&code.to_string()))))
        }
        (None, _) => other("answered without a `code`"),
    }
}

#[cfg(test)]
mod tests;
