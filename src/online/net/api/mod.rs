//! RevCent's API, version 2: reads only, the envelope, the pages of lists.
//!
//! What is not documented is data ([`OPERATIONS`], the words in `refusal`) with what follows from the rest as its default. Whatever
//! else comes back is no answer, and says so in the service's words.

mod error_response;
mod pagination;

use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use ureq::http::Uri;
use ureq::http::uri::Authority;

use super::http::{Http, Reply, Request, encoded, is_loopback, plain};
use crate::online::Unanswered;
use crate::online::key_mode::{Mode, Said};
use crate::online::net::redact::Redactor;
use crate::online::snapshot_text::{ENVELOPE, Object};
use crate::schema::openapi::OpenApi;
use error_response::Refusal;
pub use pagination::Listed;
use pagination::{FULL, pages};

/// Where the API is, as RevCent says.
pub const USUAL: &str = "https://api.revcent.com/v2";

/// Something that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// One tracking domain.
    TrackingDomain,
    /// All of them.
    TrackingDomains,
    /// All campaigns.
    Campaigns,
    /// One shop.
    Shop,
    /// All of them.
    Shops,
    /// One portal.
    Portal,
    /// All of them.
    Portals,
}

/// The names and the paths of operations. Seen in the documentation: those of a shop and of a portal; the others are built
/// alike.
const OPERATIONS: [(Operation, &str, &str); 7] = [
    (Operation::TrackingDomain, "GetTrackingDomain", "/tracking_domains/{id}"),
    (Operation::TrackingDomains, "GetTrackingDomains", "/tracking_domains"),
    (Operation::Campaigns, "GetCampaigns", "/campaigns"),
    (Operation::Shop, "GetUserShop", "/user_shops/{id}"),
    (Operation::Shops, "GetUserShops", "/user_shops"),
    (Operation::Portal, "GetCustomerPortal", "/customer_portals/{id}"),
    (Operation::Portals, "GetCustomerPortals", "/customer_portals"),
];

/// The paths of the operations, where a document says others than the usual ones.
#[derive(Clone, Debug)]
pub struct Paths([String; 7]);

impl Default for Paths {
    fn default() -> Self {
        Self(OPERATIONS.map(|(_, _, path)| path.to_owned()))
    }
}

impl Paths {
    /// Those that an OpenAPI document gives; of its servers nothing is taken.
    ///
    /// # Errors
    ///
    /// When it gives none.
    pub fn of_openapi(document: &OpenApi, base: &Base) -> Result<Self, String> {
        let mut own = Self::default();
        let mut is_of_use = false;
        for (name, operation) in document.operations().filter(|(_, operation)| operation.method == "get") {
            let (path, start) = (operation.path, base.path());
            let known = OPERATIONS.iter().position(|(_, known, _)| name == *known);
            if let Some(known) = known.filter(|known| path.starts_with('/') && Self::fits(*known, path)) {
                let rest = path.strip_prefix(start).filter(|rest| rest.starts_with('/'));
                rest.unwrap_or(path).clone_into(&mut own.0[known]);
                is_of_use = true;
            }
        }
        let names = OPERATIONS.map(|(_, name, _)| name).join(", ");
        if is_of_use { Ok(own) } else { Err(format!("it has none of the operations that are asked for: {names}")) }
    }

    /// One thing is asked for by one id, a list by none.
    fn fits(known: usize, path: &str) -> bool {
        let gaps = |path: &str| path.matches('{').count();
        gaps(path) == gaps(OPERATIONS[known].2)
    }

    fn of(&self, operation: Operation, id: &str) -> String {
        let index = OPERATIONS.iter().position(|(known, ..)| *known == operation).unwrap_or_default();
        let parts: Vec<String> = self.0[index]
            .split('/')
            .map(|part| if part.starts_with('{') { encoded(id) } else { part.to_owned() })
            .collect();
        parts.join("/")
    }
}

/// Where the key may be sent: over TLS, or in the clear to this machine.
#[derive(Clone, Debug)]
pub struct Base(String);

impl Base {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// When the key must not go there.
    pub fn of(text: &str) -> Result<Self, String> {
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

/// The account that a key opens.
pub struct Api<'a> {
    /// Who asks.
    pub http: &'a Http,
    /// Where.
    pub base: &'a Base,
    /// For what.
    pub paths: &'a Paths,
    /// The key.
    pub key: &'a str,
    /// It, and the secrets of the portals: what nobody is to hear again.
    pub cover: Redactor,
    /// What answers say of it.
    pub said: Mutex<Said>,
}

/// What came of asking for one thing.
#[derive(Clone, Debug)]
pub enum Thing {
    /// It is this.
    Is(Object),
    /// The account does not have it.
    Absent,
}

impl Api<'_> {
    /// One thing.
    pub fn thing(&self, operation: Operation, id: &str) -> Result<Thing, Unanswered> {
        let url = format!("{}{}", self.base.0, self.paths.of(operation, id));
        match self.get(&url)? {
            Envelope::Good(object) if is_another(&object, id) => {
                Err(Unanswered::new("RevCent's API answered with something else than what was asked for"))
            }
            Envelope::Good(object) => Ok(Thing::Is(object)),
            Envelope::Bad(refusal) if refusal.is_not_found(operation, id) => Ok(Thing::Absent),
            Envelope::Bad(refusal) => Err(refusal.said),
        }
    }

    /// All pages of a list.
    pub fn list(&self, operation: Operation) -> Result<Listed, Unanswered> {
        pages(|number| {
            let path = self.paths.of(operation, "");
            let page = self.get(&format!("{}{path}?limit={FULL}&page={number}", self.base.0));
            if let Ok(Envelope::Good(page)) = &page {
                self.said.lock().unwrap_or_else(PoisonError::into_inner).add(page);
            }
            page
        })
    }

    /// The mode of the key, as the pages of lists say.
    pub fn mode(&self) -> Mode {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).mode()
    }

    fn get(&self, url: &str) -> Result<Envelope, Unanswered> {
        let cover = &self.cover;
        let request = Request { url, header: Some(("x-api-key", self.key)), form: None, cover };
        let is_good = |reply: &Reply| matches!(envelope(reply, cover), Ok(Envelope::Good(_)));
        let reply = self.http.ask(&request, is_good).map_err(|untold| untold.of("RevCent's API"))?;
        envelope(&reply, cover)
    }
}

/// A thing that calls itself otherwise, a list, or nothing but the envelope.
fn is_another(object: &Object, id: &str) -> bool {
    let is_empty = object.keys().all(|key| ENVELOPE.contains(&&**key));
    is_empty || object.contains_key("results") || object.get("id").is_some_and(|own| own != id)
}

/// An answer in RevCent's form.
enum Envelope {
    /// `code` 1, as it came: what it repeats is for who keeps something of it to look at.
    Good(Object),
    /// `code` 0.
    Bad(Refusal),
}

/// Reads an answer: its `code` decides, whatever the status of HTTP. What is said of it is covered before it is cut short.
fn envelope(reply: &Reply, cover: &Redactor) -> Result<Envelope, Unanswered> {
    let status = reply.status;
    let other = |what: &str| Err(Unanswered(format!("RevCent's API {what} (HTTP {status})")));
    if (300..400).contains(&status) {
        return other("sends elsewhere, and the key does not go there");
    }
    let is_json = reply.content_type.is_empty() || reply.content_type.contains("json");
    let content_type = plain(&cover.text(&reply.content_type));
    let body = match serde_json::from_slice(&reply.body) {
        Ok(Value::Object(body)) if is_json => body,
        _ if !is_json => return other(&format!("answered with {content_type}, not JSON")),
        Ok(_) => return other("answered with JSON that is no object"),
        Err(_) => return other("answered with what is no JSON"),
    };
    match (body.get("code"), body.get("code").and_then(Value::as_i64)) {
        (_, Some(1)) => Ok(Envelope::Good(body)),
        (_, Some(0)) => Ok(Envelope::Bad(Refusal::of(&body, status, cover))),
        (Some(code), _) => other(&format!("answered with the unknown code {}", plain(&cover.text(&code.to_string())))),
        (None, _) => other("answered without a `code`"),
    }
}

#[cfg(test)]
mod tests;
