//! Sends HTTP requests. They use TLS, except to this machine. Redirects are not followed, because the key must not be sent
//! elsewhere. The length of a response is limited. A request is repeated after a temporary error if the deadline allows it.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::{HeaderMap, Uri};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body, Error};

use crate::online::Unanswered;
use crate::online::net::certificate::{Authorities, crypto_provider};
use crate::online::net::deadline::{Clock, Deadline};
use crate::online::net::dial::Dialer;
use crate::online::net::error::describe_http_error;
use crate::online::net::secret_finder::SecretFinder;

/// The longest accepted response body.
const MAX_BODY_LEN: u64 = 1 << 20;

/// The limit for all response bodies of a run together.
const MAX_TOTAL_LEN: u64 = 32 << 20;

/// The HTTP client of a run.
pub(super) struct Http {
    agent: Agent,
    dialer: Arc<Dialer>,
    clock: Clock,
    /// The number of body bytes read so far, of all responses.
    total_len: AtomicU64,
}

/// A complete response.
#[derive(Debug)]
pub(super) struct Reply {
    pub status: u16,
    /// The `Content-Type` header in lower case; empty if there is none.
    pub content_type: String,
    pub body: Vec<u8>,
    /// The `Retry-After` header (RFC 9110, section 10.2.3).
    retry_after: Option<RetryAfter>,
}

#[derive(Clone, Copy, Debug)]
enum RetryAfter {
    Seconds(u64),
    /// A date. It is assumed to be after the deadline of the request.
    AfterDeadline,
}

#[cfg(test)]
impl Reply {
    pub(super) fn new(status: u16, content_type: &str, body: &str) -> Self {
        Self { status, content_type: content_type.into(), body: body.into(), retry_after: None }
    }
}

/// A request to send.
pub(super) struct Request<'a> {
    pub url: &'a str,
    /// A header, such as the API key.
    pub header: Option<(&'static str, &'a str)>,
    /// The body of a POST request, in form encoding. Without it, the request is a GET.
    pub form: Option<&'a str>,
    /// Finds secrets in the errors of this request.
    pub secrets: &'a SecretFinder,
}

impl Http {
    /// Creates a client that connects through `dialer` and trusts `authorities`.
    pub(super) fn new(dialer: Dialer, authorities: &Authorities, clock: Clock) -> Self {
        let certificates: Vec<Certificate<'static>> =
            authorities.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&certificates))
            .unversioned_rustls_crypto_provider(crypto_provider())
            .build();
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .user_agent(concat!("portal-lint/", env!("CARGO_PKG_VERSION")))
            .accept("application/json")
            // ureq would read the environment itself. The proxy is set per request, see `Dialer::proxy_for`.
            .proxy(None)
            .tls_config(tls)
            .build();
        let dialer = Arc::new(dialer);
        let agent = Agent::with_parts(config, DefaultConnector::default(), SharedDialer(Arc::clone(&dialer)));
        Self { agent, dialer, clock, total_len: AtomicU64::new(0) }
    }

    pub(super) fn dialer(&self) -> &Dialer {
        &self.dialer
    }

    /// Sends a request. Repeats it, with growing pauses, while the response is 429 or 5xx and `is_final` rejects it.
    pub(super) fn send_request(
        &self,
        request: &Request<'_>,
        is_final: impl Fn(&Reply) -> bool,
    ) -> Result<Reply, Unanswered> {
        const MAX_ATTEMPTS: u32 = 4;
        const FIRST_PAUSE: Duration = Duration::from_millis(200);
        let deadline = self.clock.probe_deadline()?;
        for attempt in 0..MAX_ATTEMPTS {
            let reply = self.send_once(request, deadline)?;
            let is_temporary = reply.status == 429 || (500..600).contains(&reply.status);
            if !is_temporary || attempt + 1 == MAX_ATTEMPTS || is_final(&reply) {
                return Ok(reply);
            }
            let pause = match reply.retry_after {
                Some(RetryAfter::Seconds(seconds)) => Duration::from_secs(seconds),
                Some(RetryAfter::AfterDeadline) => Duration::MAX,
                None => FIRST_PAUSE * 2_u32.pow(attempt),
            };
            if pause < deadline.time_left()? {
                std::thread::sleep(pause);
            } else if reply.retry_after.is_some() {
                return Err(Unanswered(format!("the server is busy (HTTP {}); try again later", reply.status)));
            } else {
                // The error of the service is more helpful than a missed deadline.
                return Ok(reply);
            }
        }
        Err(deadline.exceeded_error())
    }

    fn send_once(&self, request: &Request<'_>, deadline: Deadline) -> Result<Reply, Unanswered> {
        if self.total_len.load(Ordering::Relaxed) > MAX_TOTAL_LEN {
            return Err(Unanswered(format!("all responses together exceed {} MiB", MAX_TOTAL_LEN >> 20)));
        }
        let uri: Uri = request.url.parse().map_err(|_| Unanswered::new("the address is not a URL"))?;
        let proxy = self.dialer.proxy_for(&uri)?.cloned();
        let timeout = Some(deadline.time_left()?);
        let result = if let Some(form) = request.form {
            let post = self.agent.post(uri).config().proxy(proxy).timeout_global(timeout).build();
            post.content_type("application/x-www-form-urlencoded").send(form)
        } else {
            let mut get = self.agent.get(uri).config().proxy(proxy).timeout_global(timeout).build();
            if let Some((name, value)) = request.header {
                get = get.header(name, value);
            }
            get.call()
        };
        let (parts, body) = result.map_err(|error| request.describe_error(&error, deadline))?.into_parts();
        let content_type = header_text(&parts.headers, "content-type").unwrap_or_default().to_ascii_lowercase();
        let retry_after = header_text(&parts.headers, "retry-after").map(RetryAfter::from_header);
        let body = read_body(body, request, deadline)?;
        self.total_len.fetch_add(body.len() as u64, Ordering::Relaxed);
        Ok(Reply { status: parts.status.as_u16(), content_type, body, retry_after })
    }
}

impl Request<'_> {
    fn describe_error(&self, error: &Error, deadline: Deadline) -> Unanswered {
        // Check the whole text, because its excerpt may contain only a part of a secret, which must not be shown either.
        let text = error.to_string();
        if self.secrets.finds_secret(&text) {
            Unanswered::new("the error message contains a secret and is not shown")
        } else {
            describe_http_error(error, &deadline)
        }
    }
}

impl RetryAfter {
    fn from_header(value: &str) -> Self {
        value.trim().parse().map_or(Self::AfterDeadline, Self::Seconds)
    }
}

/// Lets ureq use the shared dialer to resolve names.
#[derive(Debug)]
struct SharedDialer(Arc<Dialer>);

impl Resolver for SharedDialer {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        self.0.resolve(uri, config, timeout)
    }
}

fn header_text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn read_body(body: Body, request: &Request<'_>, deadline: Deadline) -> Result<Vec<u8>, Unanswered> {
    let is_declared_too_long = body.content_length().is_some_and(|length| length > MAX_BODY_LEN);
    let mut bytes = Vec::new();
    if !is_declared_too_long {
        // Read one byte more than is accepted, to detect a body without `Content-Length` that is too long.
        let mut reader = body.into_reader().take(MAX_BODY_LEN + 1);
        if let Err(error) = reader.read_to_end(&mut bytes) {
            return Err(request.describe_error(&Error::from(error), deadline));
        }
    }
    if is_declared_too_long || bytes.len() as u64 > MAX_BODY_LEN {
        return Err(Unanswered(format!("the response exceeds {} MiB", MAX_BODY_LEN >> 20)));
    }
    Ok(bytes)
}
