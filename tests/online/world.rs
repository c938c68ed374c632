//! A portal, the account, the DNS and the TLS server it is about, all well; and runs of the program in that world.
//!
//! A test changes one thing and looks what is said. After each run it is looked, whatever the test is about, that the program
//! ended in time and by itself, that neither the key nor the captcha secret is in what it said, and that the API server was asked
//! nothing but what is documented: reads, with the key in its header and nowhere else.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::api::{Api, COLLECTIONS, KEY};
use super::dns::{Dns, Record};
use super::http::Request;
use super::server::NOBODY;
use super::tls::{Authority, Tls, Wanted};
use crate::support::program::{clean, folder};

/// The tracking domain of the account.
pub const DOMAIN: &str = "acme-outfitters.com";
/// What may have to be asked for over TLS, and what a good certificate is for.
pub const HOSTS: [&str; 2] = [DOMAIN, "portal.acme-outfitters.com"];
/// The reCAPTCHA secret of the portal.
pub const SECRET: &str = "canary-captcha-secret-000000000000000000";
/// Rules that the API has no look-up for: open in the best of worlds, and nobody tried.
pub const WITHOUT_LOOK_UP: [&str; 2] = ["RCP014", "RCP302"];
/// More than a run may ever take on a machine that is busy.
const TOO_LONG: Duration = Duration::from_secs(90);

pub struct World {
    pub api: Api,
    pub dns: Dns,
    pub host: Tls,
    pub authority: Authority,
    /// Where the program runs: `portal.json` lies here.
    pub folder: TempDir,
    /// What belongs to the machine, not to the repository.
    machine: TempDir,
    /// Options, and what they say; the last one of a name counts.
    options: Vec<(&'static str, String)>,
    variables: Vec<(&'static str, String)>,
    /// Lists that an `openapi.json` puts elsewhere.
    pub moved: Vec<&'static str>,
}

/// A body with two warnings that nobody has to be asked for, and one id of each kind.
pub fn portal() -> Json {
    let mut body: Json = serde_json::from_str(&clean()).expect("JSON");
    body["customer_filters"]["third_party_shop"] = json!(["RjV7N70LRjEiEsY4Za5b"]);
    body["customer_permissions"]["subscription_cancel"] = true.into();
    body["recaptcha"] = json!({ "site_key": "canary-site-key-0000000000000000000000a1", "secret_key": SECRET });
    body
}

/// The account in which that portal can be made.
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

impl World {
    /// All is well.
    pub fn new() -> Self {
        Self::of(Api::start(account()), Authority::new("The authority of the test"))
    }

    pub fn of(api: Api, authority: Authority) -> Self {
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
        let host = Tls::start(Wanted::valid(&HOSTS).by(&authority));
        let machine = folder(&[("ca.pem", &authority.pem())]);
        let text = serde_json::to_string_pretty(&portal()).expect("JSON");
        let folder = folder(&[("portal.json", &text)]);
        let (options, variables, moved) = (Vec::new(), Vec::new(), Vec::new());
        let mut world = Self { api, dns, host, authority, folder, machine, options, variables, moved };
        world.set("--api-url", &world.api.url());
        world.set("--dns-server", &world.dns.address());
        world.set("--ca-file", &world.machine_file("ca.pem"));
        world.set("--probe-timeout", "5");
        world.set("--run-timeout", "30");
        world.variable("REVCENT_API_KEY", KEY);
        world.lead_hosts_to(&format!("127.0.0.1:{}", world.host.server.port));
        // Whoever goes there in spite of all does not leave this machine.
        for host in ["api.revcent.com", "www.google.com"] {
            world.lead(host, NOBODY);
        }
        world
    }

    /// Where the probes wait for two seconds only: for worlds in which something never answers.
    pub fn impatient() -> Self {
        let mut world = Self::new();
        world.set("--probe-timeout", "2");
        world.set("--run-timeout", "20");
        world
    }

    /// An option, in the place of the one there was.
    pub fn set(&mut self, option: &'static str, value: &str) {
        self.unset(option);
        self.options.push((option, value.to_owned()));
    }

    pub fn unset(&mut self, option: &str) {
        self.options.retain(|(own, _)| *own != option);
    }

    /// `--connect-to` for both hosts, in the place of what there was for them.
    pub fn lead_hosts_to(&mut self, address: &str) {
        for host in HOSTS {
            self.lead(host, address);
        }
    }

    pub fn lead(&mut self, host: &str, address: &str) {
        self.lead_port(host, 443, address);
    }

    /// In the place of where it led to before.
    pub fn lead_port(&mut self, host: &str, port: u16, address: &str) {
        self.unlead(host, port);
        self.options.push(("--connect-to", format!("{host}:{port}:{address}")));
    }

    pub fn unlead(&mut self, host: &str, port: u16) {
        let start = format!("{host}:{port}:");
        self.options.retain(|(option, value)| *option != "--connect-to" || !value.starts_with(&start));
    }

    /// A variable of the environment, in the place of the one there was; empty: none.
    pub fn variable(&mut self, name: &'static str, value: &str) {
        self.variables.retain(|(own, _)| *own != name);
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

    /// Changes the portal.
    pub fn edit(&self, pointer: &str, value: Json) {
        let mut body: Json = serde_json::from_str(&self.read("portal.json")).expect("JSON");
        *body.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
        self.write("portal.json", &serde_json::to_string_pretty(&body).expect("JSON"));
    }

    /// The program as it is about to be started, with what leads it into this world.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.offline(args);
        command.args(self.options.iter().flat_map(|(option, value)| [*option, value.as_str()]));
        command
    }

    /// The program with the variables of this world and nothing else.
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

    /// The same with the captcha probe.
    pub fn check_captcha(&self) -> Run {
        self.run(&["check", "--online=captcha", "--format", "json", "portal.json"])
    }

    /// What is said about the portal without asking anybody.
    pub fn check_offline(&self) -> Run {
        self.run_offline(&["check", "--format", "json", "portal.json"])
    }

    pub fn run(&self, args: &[&str]) -> Run {
        let run = Run::of(self.command(args).spawn().expect("the program starts"));
        run.keeps_quiet();
        self.was_asked_in_order();
        run
    }

    /// Without the options that lead into this world.
    pub fn run_offline(&self, args: &[&str]) -> Run {
        let run = Run::of(self.offline(args).spawn().expect("the program starts"));
        run.keeps_quiet();
        run
    }

    /// What the API server was asked is what is documented, and nothing else.
    fn was_asked_in_order(&self) {
        for request in self.api.requests() {
            let places = COLLECTIONS.iter().chain(&self.moved);
            assert!(is_documented(&request.target, places), "asked for {}", request.target);
            assert_eq!((&*request.method, &*request.body), ("GET", ""), "{}", request.target);
            assert_eq!(request.header("x-api-key"), Some(KEY), "{}", request.target);
            let others = request.headers.iter().filter(|(name, value)| name != "x-api-key" && value.contains(KEY));
            assert_eq!(others.count(), 0, "the key is in another header: {:?}", request.headers);
        }
    }

    /// The API requests whose path starts so.
    pub fn requests(&self, path: &str) -> Vec<Request> {
        let path = format!("/v2{path}");
        self.api.requests().into_iter().filter(|request| request.target.starts_with(&path)).collect()
    }
}

/// `/v2/<collection>/<id>` or `/v2/<collection>?limit=…&page=…`, and nothing that an id of the file could have made of it.
fn is_documented<'a>(target: &str, mut collections: impl Iterator<Item = &'a &'static str>) -> bool {
    let Some(rest) = collections.find_map(|name| target.strip_prefix("/v2/")?.strip_prefix(name)) else {
        return false;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // What an id must not have in a path may be there in hexadecimal: it is one part of the path all the same.
    let is_id = |id: &str| id.len() >= 20 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'%');
    let parameters = |query: &str| {
        let mut names: Vec<&str> =
            query.split('&').filter_map(|part| part.split_once('=')).map(|(name, _)| name).collect();
        names.sort_unstable();
        names == ["limit", "page"]
            && query.split('&').all(|part| part.split_once('=').is_some_and(|(_, value)| is_number(value)))
    };
    rest.strip_prefix('/').is_some_and(is_id) || rest.strip_prefix('?').is_some_and(parameters)
}

/// What came of a run.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
    pub took: Duration,
}

impl Run {
    /// Waits for the end, but not for ever.
    pub fn of(mut child: Child) -> Self {
        let start = Instant::now();
        let drain = |mut stream: Box<dyn Read + Send>| {
            thread::spawn(move || {
                let mut bytes = Vec::new();
                let _ = stream.read_to_end(&mut bytes);
                String::from_utf8_lossy(&bytes).into_owned()
            })
        };
        let out = drain(Box::new(child.stdout.take().expect("a pipe")));
        let err = drain(Box::new(child.stderr.take().expect("a pipe")));
        let status = loop {
            match child.try_wait().expect("a child") {
                Some(status) => break Some(status),
                None if start.elapsed() > TOO_LONG => break None,
                None => thread::sleep(Duration::from_millis(5)),
            }
        };
        let took = start.elapsed();
        if status.is_none() {
            child.kill().expect("a child");
            child.wait().expect("a child");
        }
        let (out, err) = (out.join().expect("read"), err.join().expect("read"));
        assert!(status.is_some(), "still there after {TOO_LONG:?}\n{out}\n{err}");
        Self { code: status.and_then(|status| status.code()), out, err, took }
    }

    /// Neither a secret nor a panic nor a terminal's control sequence in what it said.
    fn keeps_quiet(&self) {
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
        self.list(list).iter().map(|one| one["code"].as_str().expect("a code").to_owned()).collect()
    }

    pub fn list(&self, list: &str) -> Vec<Json> {
        self.json()[list].as_array().unwrap_or_else(|| panic!("no {list}: {}", self.out)).clone()
    }

    /// `code pointer message` of each diagnostic.
    pub fn findings(&self) -> BTreeSet<String> {
        let text = |one: &Json, key| one[key].as_str().expect("text").to_owned();
        let of = |one: &Json| [text(one, "code"), text(one, "pointer"), text(one, "message")].join(" ");
        self.list("diagnostics").iter().map(of).collect()
    }

    /// Why these codes are open, in lower case.
    pub fn reasons(&self, codes: &[&str]) -> String {
        let open = self.list("unverified");
        let open = open.iter().filter(|one| codes.iter().any(|code| one["code"] == *code));
        open.map(|one| one["reason"].as_str().expect("a reason").to_lowercase()).collect::<Vec<_>>().join("\n")
    }

    /// The codes that are open and could have been had.
    pub fn open(&self) -> BTreeSet<String> {
        self.codes("unverified").into_iter().filter(|code| !WITHOUT_LOOK_UP.contains(&code.as_str())).collect()
    }
}

/// Runs each case of a table, a few at once since most of their time is waiting, and tells of all that fail.
pub fn each<T: Sync>(cases: &[T], name: impl Fn(&T) -> String + Sync, run: impl Fn(&T) + Sync) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let failed = std::sync::Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..4 {
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
