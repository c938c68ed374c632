//! RevCent's API, version 2: reads only, the envelope, the pages of lists.
//!
//! What is not documented is data ([`OPERATIONS`], [`DENIALS`]) with what follows from the rest as its default. Whatever
//! else comes back is no answer, and says so in the service's words.

use std::collections::HashSet;

use serde_json::{Map, Value};
use ureq::http::Uri;
use ureq::http::uri::Authority;

use super::http::{Http, Reply, Request, is_loopback, plain};
use super::recaptcha::encoded;
use crate::online::Untold;
use crate::online::pulled::Object;

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

/// What an error says that denies that something is there, and starts of words in one that speaks of something else.
const DENIALS: [&str; 5] = ["not found", "not_found", "notfound", "does not exist", "no such"];
const OTHER_THINGS: [&str; 8] = ["operation", "route", "endpoint", "path", "url", "method", "permission", "key"];

/// The paths of the operations, where a document says others than the usual ones.
#[derive(Clone, Debug)]
pub struct Paths([String; 7]);

impl Default for Paths {
    fn default() -> Self {
        Self(OPERATIONS.map(|(_, _, path)| path.to_owned()))
    }
}

impl Paths {
    /// Those that an `OpenAPI` document gives; of its servers nothing is taken.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn of_openapi(text: &str, base: &Base) -> Result<Self, String> {
        let document: Value = serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"))?;
        let paths = document.get("paths").and_then(Value::as_object).ok_or("it has no `paths`")?;
        let mut own = Self::default();
        for (path, methods) in paths {
            let name = methods.get("get").and_then(|get| get.get("operationId")).and_then(Value::as_str);
            let known = OPERATIONS.iter().position(|(_, known, _)| name == Some(known));
            if let Some(known) = known.filter(|known| path.starts_with('/') && Self::fits(*known, path)) {
                let start = base.path();
                path.strip_prefix(start)
                    .filter(|rest| rest.starts_with('/'))
                    .unwrap_or(path)
                    .clone_into(&mut own.0[known]);
            }
        }
        Ok(own)
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
}

/// What came of asking for one thing.
#[derive(Clone, Debug)]
pub enum Thing {
    /// It is this.
    Is(Object),
    /// The account does not have it.
    Absent,
}

/// What came of asking for a list.
#[derive(Debug, Default)]
pub struct Listed {
    /// The entries, as they are.
    pub items: Vec<Value>,
    /// Why there may be more.
    pub more: Option<Untold>,
}

impl Api<'_> {
    /// One thing.
    pub fn thing(&self, operation: Operation, id: &str) -> Result<Thing, Untold> {
        let url = format!("{}{}", self.base.0, self.paths.of(operation, id));
        match self.get(&url)? {
            Envelope::Good(object) => Ok(Thing::Is(object)),
            Envelope::Bad { denies: true, .. } => Ok(Thing::Absent),
            Envelope::Bad { said, .. } => Err(said),
        }
    }

    /// All pages of a list, as many as there are. Nobody documents whether the first is 0 or 1: 0 is asked for, and if that
    /// is none, 1.
    pub fn list(&self, operation: Operation) -> Result<Listed, Untold> {
        const FULL: usize = 25;
        const MOST: u64 = 400;
        let mut listed = Listed::default();
        let mut known = HashSet::new();
        let mut number = 0;
        while number < MOST {
            let url = format!("{}{}?limit={FULL}&page={number}", self.base.0, self.paths.of(operation, ""));
            let page = match self.get(&url) {
                Ok(Envelope::Good(page)) => Page::of(page),
                Ok(Envelope::Bad { said, .. }) => Err(said),
                Err(untold) if listed.items.is_empty() => return Err(untold),
                Err(untold) => Err(untold),
            };
            match page {
                // The first page may be the next one.
                Err(_) if number == 0 => {}
                Ok(page) if number == 0 && page.items.is_empty() => {}
                Err(said) if listed.items.is_empty() => return Err(said),
                Err(said) => return Ok(Listed { more: Some(said), ..listed }),
                Ok(page) => {
                    let (size, before) = (page.items.len(), listed.items.len());
                    // Whether by its id or as a whole: each thing once.
                    let mark = |item: &Value| item.get("id").unwrap_or(item).to_string();
                    listed.items.extend(page.items.into_iter().filter(|item| known.insert(mark(item))));
                    if size < FULL {
                        return Ok(listed);
                    }
                    if listed.items.len() == before {
                        listed.more = Some(Untold::new("the service gives the same page again and again"));
                        return Ok(listed);
                    }
                    // Who is asked for 0 and gives 1 has no 0.
                    number = number.max(page.number.unwrap_or(number));
                }
            }
            number += 1;
        }
        listed.more = Some(Untold(format!("there are more than {MOST} pages")));
        Ok(listed)
    }

    fn get(&self, url: &str) -> Result<Envelope, Untold> {
        let request = Request { url, header: Some(("x-api-key", self.key)), form: None };
        let is_good = |reply: &Reply| matches!(envelope(reply), Ok(Envelope::Good(_)));
        let mut reply = self.http.ask(&request, is_good).map_err(|untold| untold.of("RevCent's API"))?;
        self.cover(&mut reply.body);
        envelope(&reply)
    }

    /// Whoever says the key again is not heard saying it.
    fn cover(&self, body: &mut [u8]) {
        let key = self.key.as_bytes();
        let found: Vec<usize> = memchr::memmem::find_iter(body, key).collect();
        for start in found {
            body[start..start + key.len()].fill(b'*');
        }
    }
}

struct Page {
    items: Vec<Value>,
    number: Option<u64>,
}

impl Page {
    fn of(mut page: Object) -> Result<Self, Untold> {
        let number = page.get("current_page").and_then(Value::as_u64);
        match page.remove("results") {
            Some(Value::Array(items)) => Ok(Self { items, number }),
            _ => Err(Untold::new("RevCent's API gave a list without `results`")),
        }
    }
}

/// An answer in RevCent's form.
enum Envelope {
    /// `code` 1.
    Good(Object),
    /// `code` 0: what it says, and whether it says that there is no such thing.
    Bad { denies: bool, said: Untold },
}

/// Reads an answer: its `code` decides, whatever the status of HTTP.
fn envelope(reply: &Reply) -> Result<Envelope, Untold> {
    let status = reply.status;
    let other = |what: &str| Err(Untold(format!("RevCent's API {what} (HTTP {status})")));
    if (300..400).contains(&status) {
        return other("sends elsewhere, and the key does not go there");
    }
    let is_json = reply.content_type.is_empty() || reply.content_type.contains("json");
    let body = match serde_json::from_slice::<Value>(&reply.body) {
        Ok(Value::Object(body)) if is_json => body,
        _ if !is_json => return other(&format!("answered with {}, not JSON", plain(&reply.content_type))),
        Ok(_) => return other("answered with JSON that is no object"),
        Err(_) => return other("answered with what is no JSON"),
    };
    match body.get("code").and_then(Value::as_i64) {
        Some(1) => Ok(Envelope::Good(body)),
        Some(0) => Ok(refusal(&body, status)),
        Some(code) => other(&format!("answered with the unknown code {code}")),
        None => other("answered without a `code`"),
    }
}

fn refusal(body: &Map<String, Value>, status: u16) -> Envelope {
    let text = |key: &str| body.get(key).and_then(Value::as_str).map(plain).filter(|text| !text.is_empty());
    let said = match (text("message").or_else(|| text("result")), text("error_code")) {
        (Some(message), Some(code)) => format!("\"{message}\" ({code})"),
        (Some(one), None) | (None, Some(one)) => format!("\"{one}\""),
        (None, None) => "no more than that there is an error".into(),
    };
    let lower = said.to_lowercase();
    let denies = status == 404 || DENIALS.iter().any(|denial| lower.contains(denial));
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    let denies = denies && !words.any(|word| OTHER_THINGS.iter().any(|other| word.starts_with(other)));
    Envelope::Bad { denies, said: Untold(format!("RevCent's API said {said}, HTTP {status}")) }
}

#[cfg(test)]
#[path = "api/tests.rs"]
mod tests;
