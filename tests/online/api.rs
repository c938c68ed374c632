//! An HTTP server with RevCent's documented API for one account, with or without TLS.
//!
//! `GET /v2/<collection>?limit=&page=` is a page: `current_count`, `current_page`, `results` with the short form of each object
//! (ID, name). `GET /v2/<collection>/<id>` is the object in the envelope, or an error envelope if the account does not have it.
//! The collections are those of the given account; there is none for SMTP profiles. Any other request gets an error envelope:
//! another method (405), a wrong key (401), a page without its parameters (400).
//!
//! Each request is recorded before it is answered. A [`Fault`] can replace the response for paths with a prefix, for the first
//! few requests or for all.

use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::ServerConfig;
use serde_json::{Value as Json, json};

use super::http::{Fault, FloodCounter, Request, json_response};
use super::server::{Server, Stop, Stream};
use super::tls::Tls;

/// The key that the server accepts. If it occurs anywhere else, it has leaked.
pub const KEY: &str = "canary-api-key-0123456789";

/// The documented paths of the lists.
pub const COLLECTIONS: [&str; 4] = ["tracking_domains", "campaigns", "user_shops", "customer_portals"];

/// How the pages of a list are numbered, which RevCent does not document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pages {
    /// The first is 1, and a request for 0 returns it, too.
    #[default]
    FromOne,
    FromZero,
    /// The first is 1, and a request for 0 is an error.
    OnlyFromOne,
    /// The first is 1, and no page has more than ten items, whatever the limit is.
    AtMostTen,
    /// Each page is the first one, whatever its number is.
    Stuck,
    /// There is always another full page.
    Forever,
}

#[derive(Default)]
pub struct Script {
    /// `{ "campaigns": [ { "id": …, … } ], … }`; the documented envelope is put around it.
    account: Json,
    pages: Pages,
    /// Undocumented fields in the envelope of each page.
    extra_fields: Json,
    /// Prefixes of paths, each with the number of remaining faults and the fault.
    faults: Vec<(String, usize, Fault)>,
    requests: Vec<Request>,
    /// The number of the next requests that are delayed, and the time.
    delay: (usize, Duration),
    /// The number of requests that wait for a response.
    waiting_requests: usize,
    /// The maximum of `waiting_requests` so far.
    max_concurrent_requests: usize,
}

pub struct Api {
    /// The TLS server; without TLS, the plain server.
    tls: Option<Tls>,
    plain: Option<Server>,
    script: Arc<Mutex<Script>>,
    flood: Arc<FloodCounter>,
}

impl Api {
    /// Starts a server without TLS.
    pub fn start(account: Json) -> Self {
        let (script, flood) = Self::new_script(account);
        let (shared_script, shared_flood) = (Arc::clone(&script), Arc::clone(&flood));
        let plain =
            Server::start(move |mut stream: TcpStream, stop| serve(&mut stream, stop, &shared_script, &shared_flood));
        Self { tls: None, plain: Some(plain), script, flood }
    }

    pub fn secure(account: Json, config: Arc<ServerConfig>) -> Self {
        let (script, flood) = Self::new_script(account);
        let (shared_script, shared_flood) = (Arc::clone(&script), Arc::clone(&flood));
        let tls = Tls::serving(config, move |stream, stop| serve(stream, stop, &shared_script, &shared_flood));
        Self { tls: Some(tls), plain: None, script, flood }
    }

    fn new_script(account: Json) -> (Arc<Mutex<Script>>, Arc<FloodCounter>) {
        (Arc::new(Mutex::new(Script { account, ..Script::default() })), Arc::default())
    }

    fn server(&self) -> &Server {
        self.plain.as_ref().or(self.tls.as_ref().map(|tls| &tls.server)).expect("a server")
    }

    pub fn port(&self) -> u16 {
        self.server().port
    }

    pub fn connections(&self) -> usize {
        self.server().connections()
    }

    /// The value for `--api-url`, without TLS.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/v2", self.port())
    }

    /// Replaces the responses for paths with this prefix, relative to the base URL, this many times.
    pub fn fault(&self, path: &str, times: usize, fault: Fault) {
        self.script.lock().expect("no panic").faults.push((format!("/v2{path}"), times, fault));
    }

    pub fn pages(&self, pages: Pages) {
        self.script.lock().expect("no panic").pages = pages;
    }

    /// Adds fields to the envelope of each page.
    pub fn add_page_fields(&self, fields: Json) {
        self.script.lock().expect("no panic").extra_fields = fields;
    }

    /// Replaces a value of the account.
    pub fn set(&self, pointer: &str, value: Json) {
        let script = &mut *self.script.lock().expect("no panic");
        *script.account.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
    }

    pub fn get(&self, pointer: &str) -> Json {
        let script = self.script.lock().expect("no panic");
        script.account.pointer(pointer).unwrap_or_else(|| panic!("no {pointer}")).clone()
    }

    /// Delays the responses to this many of the next requests by this time.
    pub fn delay(&self, requests: usize, time: Duration) {
        self.script.lock().expect("no panic").delay = (requests, time);
    }

    /// The most requests that waited for a response at the same time.
    pub fn max_concurrent_requests(&self) -> usize {
        self.script.lock().expect("no panic").max_concurrent_requests
    }

    pub fn requests(&self) -> Vec<Request> {
        self.script.lock().expect("no panic").requests.clone()
    }

    /// The number of bytes of a [`Fault::Flood`] that clients read.
    pub fn flood_bytes(&self) -> u64 {
        self.flood.bytes()
    }
}

fn serve(stream: &mut dyn Stream, stop: &Stop, script: &Mutex<Script>, flood: &FloodCounter) {
    while let Some(request) = Request::peek(stream) {
        let fault = {
            let script = &mut *script.lock().expect("no panic");
            script.requests.push(request.clone());
            script.take_fault(&request.target)
        };
        if matches!(fault, Some(Fault::Reset)) {
            return;
        }
        let Some(request) = request.read(stream) else { return };
        if let Some(fault) = fault {
            return fault.apply(stream, stop, flood);
        }
        let delay = script.lock().expect("no panic").begin_request();
        stop.sleep(delay);
        let (status, body) = script.lock().expect("no panic").end_request(&request);
        let is_sent = stream.write_all(&json_response(status, &body.to_string())).and_then(|()| stream.flush());
        if is_sent.is_err() {
            return;
        }
    }
}

impl Script {
    /// The fault for a request, if there is one left.
    fn take_fault(&mut self, target: &str) -> Option<Fault> {
        for (prefix, remaining, fault) in &mut self.faults {
            if *remaining > 0 && target.starts_with(prefix.as_str()) {
                *remaining -= 1;
                return Some(fault.clone());
            }
        }
        None
    }

    fn begin_request(&mut self) -> Duration {
        self.waiting_requests += 1;
        self.max_concurrent_requests = self.max_concurrent_requests.max(self.waiting_requests);
        let (delayed_requests, time) = &mut self.delay;
        if *delayed_requests == 0 {
            return Duration::ZERO;
        }
        *delayed_requests -= 1;
        *time
    }

    fn end_request(&mut self, request: &Request) -> (u16, Json) {
        self.waiting_requests -= 1;
        self.respond(request)
    }

    fn respond(&self, request: &Request) -> (u16, Json) {
        if request.method != "GET" {
            return error(405, "method_not_allowed", "use GET");
        }
        if request.header("x-api-key") != Some(KEY) {
            return error(401, "invalid_api_key", "the API key is not known");
        }
        let (path, query) = match request.target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (request.target.as_str(), None),
        };
        let mut parts = path.strip_prefix("/v2/").unwrap_or_default().split('/');
        let objects = parts.next().and_then(|name| self.account[name].as_array());
        match (objects, parts.next(), parts.next(), query) {
            (Some(objects), Some(id), None, None) => match objects.iter().find(|object| object["id"] == id) {
                Some(object) => (200, envelope(object.clone())),
                None => error(404, "not_found", &format!("{id} does not exist")),
            },
            (Some(objects), None, None, Some(_)) => self.page(objects, request),
            _ => error(404, "not_found", "there is no such operation"),
        }
    }

    fn page(&self, objects: &[Json], request: &Request) -> (u16, Json) {
        let number = |name| request.query(name).and_then(|text| text.parse::<usize>().ok());
        let (Some(limit @ 1..=25), Some(page)) = (number("limit"), number("page")) else {
            return error(400, "invalid_parameter", "`limit` (1 to 25) and `page` are required");
        };
        let limit = if self.pages == Pages::AtMostTen { limit.min(10) } else { limit };
        let (first, page) = match self.pages {
            Pages::FromOne | Pages::AtMostTen => (1, page.max(1)),
            Pages::OnlyFromOne if page == 0 => return error(400, "invalid_parameter", "`page` starts with 1"),
            Pages::OnlyFromOne => (1, page),
            Pages::FromZero | Pages::Forever => (0, page),
            Pages::Stuck => (1, 1),
        };
        let results: Vec<Json> = if self.pages == Pages::Forever {
            (0..limit).map(|index| generated_object(page, index)).collect()
        } else {
            objects.iter().skip((page - first) * limit).take(limit).map(short_form).collect()
        };
        let mut body = json!({ "current_count": results.len(), "current_page": page, "results": results });
        let fields = self.extra_fields.as_object().cloned().unwrap_or_default();
        body.as_object_mut().expect("an object").extend(fields);
        (200, envelope(body))
    }
}

/// The fields of an object that a list contains.
fn short_form(object: &Json) -> Json {
    json!({ "id": object["id"], "name": object["name"], "created_date_unix": 1_748_736_000 })
}

fn generated_object(page: usize, index: usize) -> Json {
    json!({ "id": format!("Zz{page:08}{index:010}"), "name": format!("{page} {index}") })
}

fn envelope(mut body: Json) -> Json {
    body["api_call_id"] = "iJI9Av8Di9lvEtRTGWIS".into();
    body["api_call_unix"] = 1_763_769_600.into();
    body["code"] = 1.into();
    body
}

fn error(status: u16, code: &str, message: &str) -> (u16, Json) {
    (status, error_envelope(code, message))
}

/// An error envelope, `APIStandardErrors` in the documentation.
pub fn error_envelope(code: &str, message: &str) -> Json {
    json!({ "api_call_id": "iJI9Av8Di9lvEtRTGWIS", "api_call_unix": 1_763_769_600, "code": 0, "error_code": code, "message": message,
        "result": "error" })
}
