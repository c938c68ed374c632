//! The only room that opens sockets, there with the cargo feature `online` alone: RevCent's API, DNS, TLS, the captcha's
//! verifier. Nothing here runs but for `--online`.
//!
//! Where a question goes is decided by who runs the program ([`NetOptions`]), never by a file that is checked. Each question is
//! asked once, few at a time, within a deadline; what has no answer has a reason.

mod api;
mod deadline;
mod dial;
mod dns;
mod fetch_account;
mod http;
mod mail_domain;
mod proxies;
mod recaptcha;
mod redact;
mod tls;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use self::api::Api;
pub use self::api::{Base, Paths, USUAL};
use self::deadline::{Clock, in_parallel};
use self::dns::Dns;
use self::http::Http;
pub use self::proxies::Proxies;
use self::tls::{Authorities, Tls};
use super::{Answers, Host, Queries, Sender, Unanswered};
pub use dial::ConnectTo;
use dial::Dialer;
pub use fetch_account::Pull;
use redact::Redactor;

/// How to ask.
pub struct NetOptions {
    /// What opens the account; without it the account cannot be asked.
    pub key: Option<String>,
    /// Where the API is.
    pub base: Base,
    /// The paths of its operations.
    pub paths: Paths,
    /// The only name server to ask.
    pub dns_server: Option<SocketAddr>,
    /// Further authorities, in PEM form.
    pub authorities: Option<Vec<u8>>,
    /// Where hosts are instead.
    pub connect_to: Vec<ConnectTo>,
    /// What hosts are asked through.
    pub proxies: Proxies,
    /// The time of each probe.
    pub probe: Duration,
    /// The time of all of them.
    pub run: Duration,
}

/// How far it is, for who waits.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicUsize,
    all: AtomicUsize,
}

impl Progress {
    /// Answers there are, and answers there will be.
    pub fn so_far(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed))
    }

    fn expect(&self, more: usize) {
        self.all.fetch_add(more, Ordering::Relaxed);
    }

    fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

/// A run of questions; its time starts when it is made.
pub struct Client {
    http: Http,
    dns: Arc<Dns>,
    tls: Tls,
    clock: Clock,
    base: Base,
    paths: Paths,
    key: Option<String>,
    /// See there.
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
    /// Nothing is asked yet.
    ///
    /// # Errors
    ///
    /// When the authorities are none.
    pub fn start(asking: NetOptions) -> Result<Self, String> {
        let clock = Clock::start(asking.probe, asking.run);
        let authorities = Authorities::with(asking.authorities.as_deref())?;
        let dns = Arc::new(Dns::new(asking.dns_server));
        let own_dns = asking.dns_server.map(|_| Arc::clone(&dns));
        let http = Http::new(Dialer::new(asking.connect_to, asking.proxies, own_dns, clock), &authorities, clock);
        let tls = Tls::new(&authorities)?;
        let NetOptions { key, base, paths, .. } = asking;
        Ok(Self { http, dns, tls, clock, base, paths, key, progress: Progress::default() })
    }

    /// Asks the account.
    pub fn pull(&self, questions: &Queries) -> Pull {
        let Some(key) = &self.key else {
            return fetch_account::nothing(questions, &Unanswered::new("there is no key in `REVCENT_API_KEY`"));
        };
        let cover = Redactor::of(questions.hidden.iter().map(String::as_str).chain([&**key]));
        let said = Mutex::default();
        let api = Api { http: &self.http, base: &self.base, paths: &self.paths, key, cover, said };
        fetch_account::pull(&api, questions, &self.progress)
    }

    /// Asks hosts, name servers and the captcha's verifier.
    pub fn probe(&self, questions: &Queries) -> Answers {
        let Queries { hosts, senders, secrets, .. } = questions;
        let hosts = hosts.iter().map(Probe::Host);
        let probes = hosts.chain(senders.iter().map(Probe::Sender)).chain(secrets.iter().map(Probe::Secret));
        let probes: Vec<Probe<'_>> = probes.collect();
        self.progress.expect(probes.len());
        let mut answers = Answers::default();
        for told in in_parallel(probes, |probe| self.ask(&probe)) {
            match told {
                ProbeResult::Host(host, told) => drop(answers.hosts.insert(host, told)),
                ProbeResult::Sender(domain, told) => drop(answers.senders.insert(domain, told)),
                ProbeResult::Secret(secret, told) => drop(answers.secrets.insert(secret, told)),
            }
        }
        answers
    }

    fn ask(&self, probe: &Probe<'_>) -> ProbeResult {
        let told = match *probe {
            Probe::Host(host) => ProbeResult::Host(host.clone(), self.host(host)),
            Probe::Sender(domain) => {
                ProbeResult::Sender(domain.clone(), mail_domain::sender(&self.dns, domain, self.clock))
            }
            Probe::Secret(secret) => ProbeResult::Secret(secret.clone(), recaptcha::knows(&self.http, secret)),
        };
        self.progress.step();
        told
    }

    /// What its name leads to, and what it shows there.
    fn host(&self, host: &str) -> Host {
        let resolution = self.clock.probe().and_then(|deadline| self.dns.addresses(host, deadline));
        let connection = self.clock.probe().and_then(|deadline| self.http.ways().connect(host, &resolution, deadline));
        let certificate = connection.and_then(|connection| self.tls.certificate(host, connection));
        Host { resolution, certificate: certificate.map_err(|untold| untold.of(host)) }
    }
}
