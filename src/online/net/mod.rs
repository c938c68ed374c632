//! Network access: RevCent's API, DNS, TLS handshakes, and reCAPTCHA's verifier. This is the only module that opens sockets.
//! It is compiled with the cargo feature `online` and runs only for `--online`.
//!
//! The user decides where queries go ([`NetOptions`]); a checked file never does. Each query is sent once, a few at a time,
//! and within a deadline. A query without an answer has a reason.

mod api;
mod certificate;
mod deadline;
mod dial;
mod dns;
mod error;
mod fetch_account;
mod http;
mod mail_domain;
mod proxies;
mod recaptcha;
mod redact;
mod text;
mod tls;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use self::api::Api;
pub(crate) use self::api::{Base, DEFAULT_BASE, Paths};
use self::certificate::Authorities;
use self::deadline::{Clock, in_parallel};
use self::dns::Dns;
use self::http::Http;
pub(crate) use self::proxies::Proxies;
use self::tls::Tls;
use super::{Answers, Host, Queries, Sender, Unanswered};
pub(crate) use dial::ConnectTo;
use dial::Dialer;
pub(crate) use fetch_account::Pull;
use redact::Redactor;

/// Where queries go, and how long they may take.
pub(crate) struct NetOptions {
    /// The API key. Without it, the account cannot be queried.
    pub key: Option<String>,
    /// The base URL of the API.
    pub base: Base,
    /// The paths of the API's operations.
    pub paths: Paths,
    /// The DNS server to use instead of the system's.
    pub dns_server: Option<SocketAddr>,
    /// Additional trusted certificate authorities, in PEM form.
    pub authorities: Option<Vec<u8>>,
    /// Addresses to use instead of those from DNS.
    pub connect_to: Vec<ConnectTo>,
    /// The proxies of the environment.
    pub proxies: Proxies,
    /// The time limit of each query.
    pub probe: Duration,
    /// The time limit of all queries together.
    pub run: Duration,
}

/// The progress of a run, for display.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    done: AtomicUsize,
    all: AtomicUsize,
}

impl Progress {
    /// The number of finished queries, and of all queries known so far.
    pub(crate) fn so_far(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed))
    }

    fn expect(&self, more: usize) {
        self.all.fetch_add(more, Ordering::Relaxed);
    }

    fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Sends the queries of a run. Its time limit starts when it is created.
pub(crate) struct Client {
    http: Http,
    dns: Arc<Dns>,
    tls: Tls,
    clock: Clock,
    base: Base,
    paths: Paths,
    key: Option<String>,
    /// The progress of the run, for another thread to display.
    pub progress: Progress,
}

enum Probe<'q> {
    Host(&'q String),
    Sender(&'q String),
    Secret(&'q String),
}

enum ProbeResult {
    Host(String, Host),
    Sender(String, Sender),
    Secret(String, Result<bool, Unanswered>),
}

impl Client {
    /// Prepares the connections without sending anything.
    ///
    /// # Errors
    ///
    /// If `authorities` contains no certificate.
    pub(crate) fn start(options: NetOptions) -> Result<Self, String> {
        let clock = Clock::start(options.probe, options.run);
        let authorities = Authorities::with(options.authorities.as_deref())?;
        let dns = Arc::new(Dns::new(options.dns_server));
        let dialer_dns = options.dns_server.map(|_| Arc::clone(&dns));
        let http = Http::new(Dialer::new(options.connect_to, options.proxies, dialer_dns, clock), &authorities, clock);
        let tls = Tls::new(&authorities)?;
        let NetOptions { key, base, paths, .. } = options;
        Ok(Self { http, dns, tls, clock, base, paths, key, progress: Progress::default() })
    }

    /// Fetches the account's data that the queries need.
    pub(crate) fn pull(&self, queries: &Queries) -> Pull {
        let Some(key) = &self.key else {
            return fetch_account::nothing_fetched(queries, &Unanswered::new("there is no key in `REVCENT_API_KEY`"));
        };
        let redactor = Redactor::new(queries.hidden.iter().map(String::as_str).chain([&**key]));
        let reported_modes = Mutex::default();
        let api = Api { http: &self.http, base: &self.base, paths: &self.paths, key, redactor, reported_modes };
        fetch_account::pull(&api, queries, &self.progress)
    }

    /// Checks the hosts, sender domains and reCAPTCHA keys.
    pub(crate) fn probe(&self, queries: &Queries) -> Answers {
        let Queries { hosts, senders, secrets, .. } = queries;
        let hosts = hosts.iter().map(Probe::Host);
        let probes = hosts.chain(senders.iter().map(Probe::Sender)).chain(secrets.iter().map(Probe::Secret));
        let probes: Vec<Probe<'_>> = probes.collect();
        self.progress.expect(probes.len());
        let mut answers = Answers::default();
        for result in in_parallel(probes, |probe| self.run_probe(&probe)) {
            match result {
                ProbeResult::Host(host, result) => drop(answers.hosts.insert(host, result)),
                ProbeResult::Sender(domain, result) => drop(answers.senders.insert(domain, result)),
                ProbeResult::Secret(secret, result) => drop(answers.secrets.insert(secret, result)),
            }
        }
        answers
    }

    fn run_probe(&self, probe: &Probe<'_>) -> ProbeResult {
        let result = match *probe {
            Probe::Host(host) => ProbeResult::Host(host.clone(), self.check_host(host)),
            Probe::Sender(domain) => {
                ProbeResult::Sender(domain.clone(), mail_domain::check_sender(&self.dns, domain, self.clock))
            }
            Probe::Secret(secret) => {
                ProbeResult::Secret(secret.clone(), recaptcha::is_known_secret(&self.http, secret))
            }
        };
        self.progress.step();
        result
    }

    /// Resolves the host's name, and reads its certificate.
    fn check_host(&self, host: &str) -> Host {
        let resolution = self.clock.probe().and_then(|deadline| self.dns.addresses(host, deadline));
        let connection =
            self.clock.probe().and_then(|deadline| self.http.dialer().connect(host, &resolution, deadline));
        let certificate = connection.and_then(|connection| self.tls.certificate(host, connection));
        Host { resolution, certificate: certificate.map_err(|unanswered| unanswered.prefixed_with(host)) }
    }
}
