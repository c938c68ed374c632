//! Network access: RevCent's API, DNS, TLS handshakes, and reCAPTCHA's verifier. This is the only module that opens sockets.
//! It is compiled with the cargo feature `online` and runs only for `--online`.
//!
//! Only the user decides where queries go ([`NetOptions`]), and never a checked file. Each query is sent once, a few at a time, and
//! has a deadline. For a query without an answer, the reason is recorded.

mod api;
mod certificate;
mod connect_to;
mod connection;
mod deadline;
mod dial;
mod dns;
mod error;
mod fetch_account;
mod http;
mod mail_domain;
mod plain_words;
mod proxies;
mod recaptcha;
mod secret_finder;
mod text;
mod tls;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) use self::api::{BaseUrl, DEFAULT_BASE, OperationPaths};
pub(crate) use self::connect_to::ConnectTo;
pub(crate) use self::fetch_account::FetchedAccount;
pub(crate) use self::proxies::Proxies;

use self::api::Api;
use self::certificate::Authorities;
use self::deadline::{Clock, run_in_parallel};
use self::dial::Dialer;
use self::dns::Dns;
use self::http::Http;
use self::secret_finder::SecretFinder;
use self::tls::Tls;
use crate::online::{Answers, Certificate, Host, Queries, Resolution, Unanswered};

/// Where queries go, and how long they may take.
pub(crate) struct NetOptions {
    /// The API key. Without it, the account cannot be queried.
    pub key: Option<String>,
    /// The base URL of the API.
    pub base: BaseUrl,
    /// The paths of the API's operations.
    pub paths: OperationPaths,
    /// The DNS server to use instead of the system's.
    pub dns_server: Option<SocketAddr>,
    /// Additional trusted certificate authorities, in PEM form.
    pub authorities: Option<Vec<u8>>,
    /// Addresses to use instead of those from DNS.
    pub connect_to: Vec<ConnectTo>,
    /// The proxies of the environment.
    pub proxies: Proxies,
    /// The time limit of each query.
    pub probe_limit: Duration,
    /// The time limit of all queries together.
    pub run_limit: Duration,
}

/// The progress of a run, for display.
#[derive(Debug, Default)]
pub(crate) struct QueryProgress {
    finished: AtomicUsize,
    expected: AtomicUsize,
}

impl QueryProgress {
    /// The number of finished queries, and of all queries known so far.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.finished.load(Ordering::Relaxed), self.expected.load(Ordering::Relaxed))
    }

    fn add_expected(&self, count: usize) {
        self.expected.fetch_add(count, Ordering::Relaxed);
    }

    fn add_finished(&self) {
        self.finished.fetch_add(1, Ordering::Relaxed);
    }
}

/// Sends the queries of a run. Its time limit starts when it is created.
pub(crate) struct Client {
    http: Http,
    dns: Arc<Dns>,
    tls: Tls,
    clock: Clock,
    base: BaseUrl,
    paths: OperationPaths,
    key: Option<String>,
    /// The progress of the run, for another thread to display.
    pub progress: QueryProgress,
}

enum Probe<'q> {
    Host(&'q String),
    Sender(&'q String),
    Secret(&'q String),
}

impl Client {
    /// Prepares the connections without sending anything.
    ///
    /// # Errors
    ///
    /// If `authorities` contains no certificate.
    pub(crate) fn new(options: NetOptions) -> Result<Self, String> {
        let clock = Clock::start(options.probe_limit, options.run_limit);
        let authorities = Authorities::new(options.authorities.as_deref())?;
        let dns = Arc::new(Dns::new(options.dns_server));
        // Without `--dns-server`, the system resolves the names of the API and of proxies, which may be internal names.
        let dialer_dns = options.dns_server.map(|_| Arc::clone(&dns));
        let http = Http::new(Dialer::new(options.connect_to, options.proxies, dialer_dns, clock), &authorities, clock);
        let tls = Tls::new(&authorities)?;
        let NetOptions { key, base, paths, .. } = options;
        Ok(Self { http, dns, tls, clock, base, paths, key, progress: QueryProgress::default() })
    }

    /// Fetches the account's data that the queries need.
    pub(crate) fn fetch_account(&self, queries: &Queries) -> FetchedAccount {
        let Some(key) = &self.key else {
            return fetch_account::nothing_fetched(queries, &Unanswered::new("`REVCENT_API_KEY` is not set"));
        };
        let secrets =
            SecretFinder::new(queries.secrets_to_hide.iter().map(String::as_str).chain([&**key])).with_key_parts(key);
        let reported_modes = Mutex::default();
        let api = Api { http: &self.http, base: &self.base, paths: &self.paths, key, secrets, reported_modes };
        fetch_account::fetch_account(&api, queries, &self.progress)
    }

    /// Checks the hosts, sender domains and reCAPTCHA keys.
    pub(crate) fn run_probes(&self, queries: &Queries) -> Answers {
        let mut probes = Vec::new();
        probes.extend(queries.hosts.iter().map(Probe::Host));
        probes.extend(queries.senders.iter().map(Probe::Sender));
        probes.extend(queries.secrets.iter().map(Probe::Secret));
        self.progress.add_expected(probes.len());
        let mut answers = Answers::default();
        for Answers { hosts, senders, secrets, .. } in run_in_parallel(probes, |probe| self.run_probe(&probe)) {
            answers.hosts.extend(hosts);
            answers.senders.extend(senders);
            answers.secrets.extend(secrets);
        }
        answers
    }

    fn run_probe(&self, probe: &Probe<'_>) -> Answers {
        let mut answers = Answers::default();
        match *probe {
            Probe::Host(host) => {
                answers.hosts.insert(host.clone(), self.check_host(host));
            }
            Probe::Sender(domain) => {
                let sender = mail_domain::check_sender(&self.dns, domain, self.clock);
                answers.senders.insert(domain.clone(), sender);
            }
            Probe::Secret(secret) => {
                answers.secrets.insert(secret.clone(), recaptcha::is_known_secret(&self.http, secret));
            }
        }
        self.progress.add_finished();
        answers
    }

    /// Resolves the host's name, and reads its certificate. Each of the two has its own deadline.
    fn check_host(&self, host: &str) -> Host {
        let resolution = self.resolve_host(host);
        let certificate = self.check_certificate(host, &resolution);
        let certificate = certificate.map_err(|unanswered| unanswered.prefixed_with(host));
        Host { resolution, certificate }
    }

    fn resolve_host(&self, host: &str) -> Result<Resolution, Unanswered> {
        self.dns.query_addresses(host, self.clock.probe_deadline()?)
    }

    fn check_certificate(
        &self,
        host: &str,
        resolution: &Result<Resolution, Unanswered>,
    ) -> Result<Certificate, Unanswered> {
        let connection = self.http.dialer().connect(host, resolution, self.clock.probe_deadline()?)?;
        self.tls.check_certificate(host, connection)
    }
}
