//! The environment of a test: a portal, and the account, DNS server and TLS server that it needs, all without errors; and runs
//! of the program in it.
//!
//! A test changes one thing and checks the output. Every run also checks that the program ended in time and by itself, that its
//! output contains neither the key nor the reCAPTCHA secret, and that the API server received only documented requests: reads,
//! with the key in its header and nowhere else.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::api::{Api, COLLECTIONS, KEY};
use super::dns::{Dns, Record};
use super::http::Request;
use super::server::REFUSING_ADDRESS;
use super::tls::{Authority, CertificateSpec, Tls};
use crate::support::json::{array, text};
use crate::support::program::{clean_body, create_folder};

/// The tracking domain of the account.
pub const DOMAIN: &str = "acme-outfitters.com";
/// The hosts that a run connects to over TLS, for which the valid certificate is issued.
pub const HOSTS: [&str; 2] = [DOMAIN, "portal.acme-outfitters.com"];
/// The reCAPTCHA secret of the portal.
pub const SECRET: &str = "canary-captcha-secret-000000000000000000";
/// Rules that the API has no operation for: they are unverified in every run.
pub const WITHOUT_OPERATION: [&str; 2] = ["RCP014", "RCP302"];
/// Longer than any run takes, even on a busy machine.
const MAX_RUN_TIME: Duration = Duration::from_secs(90);

pub struct TestEnv {
    pub api: Api,
    pub dns: Dns,
    pub host: Tls,
    pub authority: Authority,
    /// The current folder of the program, with `portal.json`.
    pub folder: TempDir,
    /// Files outside of that folder, such as the certificate authority.
    machine: TempDir,
    /// Options with their values.
    options: Vec<(&'static str, String)>,
    variables: Vec<(&'static str, String)>,
    /// The paths of lists for which an `openapi.json` of the test has another path.
    pub moved: Vec<&'static str>,
}

/// A portal with two warnings that need no query, and one ID of each kind.
pub fn portal() -> Json {
    let mut body: Json = serde_json::from_str(&clean_body()).expect("JSON");
    body["customer_filters"]["third_party_shop"] = json!(["RjV7N70LRjEiEsY4Za5b"]);
    body["customer_permissions"]["subscription_cancel"] = true.into();
    body["recaptcha"] = json!({ "site_key": "canary-site-key-0000000000000000000000a1", "secret_key": SECRET });
    body
}

/// The account that has all objects of that portal.
pub fn account() -> Json {
    json!({
        "tracking_domains": [{
            "id": "Kq7ZpW2mVx9LcT4bRn8D", "name": "Acme main site", "domain_name": DOMAIN, "a_records": ["192.0.2.10"],
            "dns": { "status": "ready" }, "ssl": { "status": "issued", "cname_records": [] }
        }],
        "campaigns": [{ "id": "P9dRk2XyM5vHs8LqT1Fz", "name": "Acme subscriptions" }],
        "user_shops": [{ "id": "RjV7N70LRjEiEsY4Za5b", "name": "Acme wholesale shop" }],
        "customer_portals": []
    })
}

impl TestEnv {
    /// An environment without errors.
    pub fn new() -> Self {
        Self::with_api(Api::start(account()), Authority::new("The authority of the test"))
    }

    pub fn with_api(api: Api, authority: Authority) -> Self {
        let text = |text| Record::Txt(text);
        let dns = Dns::start(&[
            (DOMAIN, Record::A(Ipv4Addr::new(192, 0, 2, 10))),
            (DOMAIN, Record::Mx("mx.acme-outfitters.com")),
            (DOMAIN, text("some-site-verification=1")),
            (DOMAIN, text("v=spf1 include:mail.acme-outfitters.com -all")),
            ("_dmarc.acme-outfitters.com", text("v=DMARC1; p=reject")),
            ("portal.acme-outfitters.com", Record::Cname(DOMAIN)),
            ("mx.acme-outfitters.com", Record::A(Ipv4Addr::new(192, 0, 2, 25))),
            ("mail.acme-outfitters.com", text("v=spf1 ip4:192.0.2.25 -all")),
        ]);
        let host = Tls::start(CertificateSpec::valid(&HOSTS).signed_by(&authority));
        let machine = create_folder(&[("ca.pem", &authority.pem())]);
        let text = serde_json::to_string_pretty(&portal()).expect("JSON");
        let folder = create_folder(&[("portal.json", &text)]);
        let (options, variables, moved) = (Vec::new(), Vec::new(), Vec::new());
        let mut env = Self { api, dns, host, authority, folder, machine, options, variables, moved };
        env.set("--api-url", &env.api.url());
        env.set("--dns-server", &env.dns.address());
        env.set("--ca-file", &env.machine_file("ca.pem"));
        env.set("--probe-timeout", "5");
        env.set("--run-timeout", "30");
        env.variable("REVCENT_API_KEY", KEY);
        env.connect_hosts_to(&format!("127.0.0.1:{}", env.host.server.port));
        // A connection to the real services is a bug, and must not leave this machine.
        for host in ["api.revcent.com", "www.google.com"] {
            env.connect_to(host, REFUSING_ADDRESS);
        }
        env
    }

    /// An environment in which probes wait for two seconds only, for tests in which a server never answers.
    pub fn with_short_timeouts() -> Self {
        let mut env = Self::new();
        env.set("--probe-timeout", "2");
        env.set("--run-timeout", "20");
        env
    }

    /// Sets an option, which replaces an earlier value.
    pub fn set(&mut self, option: &'static str, value: &str) {
        self.unset(option);
        self.options.push((option, value.to_owned()));
    }

    pub fn unset(&mut self, option: &str) {
        self.options.retain(|(known, _)| *known != option);
    }

    /// Sets `--connect-to` for both hosts.
    pub fn connect_hosts_to(&mut self, address: &str) {
        for host in HOSTS {
            self.connect_to(host, address);
        }
    }

    /// Sets `--connect-to` for port 443 of a host.
    pub fn connect_to(&mut self, host: &str, address: &str) {
        self.connect_port_to(host, 443, address);
    }

    /// Sets `--connect-to` for a host and port, which replaces an earlier value.
    pub fn connect_port_to(&mut self, host: &str, port: u16, address: &str) {
        self.remove_connect_to(host, port);
        self.options.push(("--connect-to", format!("{host}:{port}:{address}")));
    }

    pub fn remove_connect_to(&mut self, host: &str, port: u16) {
        let start = format!("{host}:{port}:");
        self.options.retain(|(option, value)| *option != "--connect-to" || !value.starts_with(&start));
    }

    /// Sets a variable of the environment, or removes it if the value is empty.
    pub fn variable(&mut self, name: &'static str, value: &str) {
        self.variables.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            self.variables.push((name, value.to_owned()));
        }
    }

    fn machine_file(&self, name: &str) -> String {
        self.machine.path().join(name).to_string_lossy().into_owned()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub fn read(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Replaces a value of the portal.
    pub fn edit(&self, pointer: &str, value: Json) {
        let mut body: Json = serde_json::from_str(&self.read("portal.json")).expect("JSON");
        *body.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
        self.write("portal.json", &serde_json::to_string_pretty(&body).expect("JSON"));
    }

    /// The program with the options and variables of this environment.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.offline(args);
        command.args(self.options.iter().flat_map(|(option, value)| [*option, value.as_str()]));
        command
    }

    /// The program with the variables of this environment, but without its options.
    fn offline(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portal-lint"));
        command.env_clear().envs(self.variables.iter().map(|(name, value)| (*name, value)));
        command.args(args).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// `check --online` on the portal, as JSON.
    pub fn check(&self) -> Run {
        self.run(&["check", "--online", "--format", "json", "portal.json"])
    }

    /// `check --online=captcha` on the portal, as JSON.
    pub fn check_captcha(&self) -> Run {
        self.run(&["check", "--online=captcha", "--format", "json", "portal.json"])
    }

    /// `check` on the portal without any query, as JSON.
    pub fn check_offline(&self) -> Run {
        self.run_offline(&["check", "--format", "json", "portal.json"])
    }

    pub fn run(&self, args: &[&str]) -> Run {
        let run = Run::wait_for(self.command(args).spawn().expect("the program starts"));
        run.assert_no_secrets();
        self.assert_documented_requests();
        run
    }

    /// Runs the program without the options of this environment.
    pub fn run_offline(&self, args: &[&str]) -> Run {
        let run = Run::wait_for(self.offline(args).spawn().expect("the program starts"));
        run.assert_no_secrets();
        run
    }

    /// Checks that the API server received only documented requests.
    fn assert_documented_requests(&self) {
        for request in self.api.requests() {
            let collections = COLLECTIONS.iter().chain(&self.moved);
            assert!(is_documented(&request.target, collections), "undocumented request: {}", request.target);
            assert_eq!((&*request.method, &*request.body), ("GET", ""), "{}", request.target);
            assert_eq!(request.header("x-api-key"), Some(KEY), "{}", request.target);
            let others = request.headers.iter().filter(|(name, value)| name != "x-api-key" && value.contains(KEY));
            assert_eq!(others.count(), 0, "the key is in another header: {:?}", request.headers);
        }
    }

    /// The API requests whose path starts with `path`.
    pub fn requests(&self, path: &str) -> Vec<Request> {
        let path = format!("/v2{path}");
        self.api.requests().into_iter().filter(|request| request.target.starts_with(&path)).collect()
    }
}

/// Whether a target is `/v2/<collection>/<id>` or `/v2/<collection>?limit=…&page=…`, so that no ID of a file changed the path.
fn is_documented<'a>(target: &str, mut collections: impl Iterator<Item = &'a &'static str>) -> bool {
    let Some(rest) = collections.find_map(|name| target.strip_prefix("/v2/")?.strip_prefix(name)) else {
        return false;
    };
    // Percent-encoded characters are allowed: such an ID is still one segment of the path.
    let is_id = |id: &str| id.len() >= 20 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'%');
    rest.strip_prefix('/').is_some_and(is_id) || rest.strip_prefix('?').is_some_and(is_limit_and_page)
}

/// Whether a query has exactly the parameters `limit` and `page`, each with a number.
fn is_limit_and_page(query: &str) -> bool {
    let mut names = Vec::new();
    for parameter in query.split('&') {
        let Some((name, value)) = parameter.split_once('=') else { return false };
        if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
            return false;
        }
        names.push(name);
    }
    names.sort_unstable();
    names == ["limit", "page"]
}

/// The result of a run.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
    pub took: Duration,
}

impl Run {
    /// Waits for the end of a run, and kills it after a time limit.
    pub fn wait_for(mut child: Child) -> Self {
        let start = Instant::now();
        let out = read_in_thread(child.stdout.take().expect("a pipe"));
        let err = read_in_thread(child.stderr.take().expect("a pipe"));
        let status = loop {
            match child.try_wait().expect("a child") {
                Some(status) => break Some(status),
                None if start.elapsed() > MAX_RUN_TIME => break None,
                None => thread::sleep(Duration::from_millis(5)),
            }
        };
        let took = start.elapsed();
        if status.is_none() {
            child.kill().expect("a child");
            child.wait().expect("a child");
        }
        let (out, err) = (out.join().expect("read"), err.join().expect("read"));
        assert!(status.is_some(), "still running after {MAX_RUN_TIME:?}\n{out}\n{err}");
        Self { code: status.and_then(|status| status.code()), out, err, took }
    }

    /// Checks that the output contains no secret, no panic and no control sequence of a terminal.
    fn assert_no_secrets(&self) {
        for (name, text) in [("standard output", &self.out), ("standard error", &self.err)] {
            for canary in [KEY, SECRET, "panicked at", "\u{1b}"] {
                assert!(!text.contains(canary), "{canary} on {name}:\n{text}");
            }
        }
    }

    pub fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.out, self.err))
    }

    /// The codes of `diagnostics` or `unverified`.
    pub fn codes(&self, list: &str) -> BTreeSet<String> {
        self.list(list).iter().map(|item| text(&item["code"]).to_owned()).collect()
    }

    pub fn list(&self, list: &str) -> Vec<Json> {
        array(&self.json()[list]).to_vec()
    }

    /// `code pointer message` of each diagnostic.
    pub fn findings(&self) -> BTreeSet<String> {
        let describe = |finding: &Json| ["code", "pointer", "message"].map(|field| text(&finding[field])).join(" ");
        self.list("diagnostics").iter().map(describe).collect()
    }

    /// The reasons why these codes are unverified, in lower case.
    pub fn reasons(&self, codes: &[&str]) -> String {
        let unverified = self.list("unverified");
        let matching = unverified.iter().filter(|item| codes.iter().any(|code| item["code"] == *code));
        matching.map(|item| text(&item["reason"]).to_lowercase()).collect::<Vec<_>>().join("\n")
    }

    /// The codes that are unverified although the API has an operation for them.
    pub fn unverified(&self) -> BTreeSet<String> {
        self.codes("unverified").into_iter().filter(|code| !WITHOUT_OPERATION.contains(&code.as_str())).collect()
    }
}

fn read_in_thread(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Runs each case of a table and reports all that fail. Eight cases run at the same time, because they mostly wait.
pub fn run_cases<T: Sync>(cases: &[T], name: impl Fn(&T) -> String + Sync, run: impl Fn(&T) + Sync) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let failed = std::sync::Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, std::sync::atomic::Ordering::SeqCst)) {
                    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(case)));
                    if outcome.is_err() {
                        failed.lock().expect("no panic").push(name(case));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("no panic");
    assert!(failed.is_empty(), "{} of {} cases fail (see above): {failed:#?}", failed.len(), cases.len());
}
