//! Requests: over TLS, or in the clear to this very machine; no redirect is followed, no answer is read that is too long,
//! and who asks for time is given it as far as there is some.

use crate::base::sanitize::is_unprintable;
use crate::online::net::dial;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::{HeaderMap, Uri};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Error};

use super::deadline::{Clock, Deadline};
use super::tls::{Authorities, provider, words};
use crate::online::Unanswered;
use crate::online::net::dial::Dialer;
use crate::online::net::redact::Redactor;

/// The longest answer that is read.
const LONGEST: u64 = 1 << 20;

/// All answers of a run together are no longer.
const ALL: u64 = 32 << 20;

/// Who asks.
pub struct Http {
    agent: Agent,
    ways: Arc<Dialer>,
    clock: Clock,
    /// So many bytes were read.
    read: AtomicU64,
}

/// A whole answer.
#[derive(Debug)]
pub struct Reply {
    /// The status of HTTP.
    pub status: u16,
    /// What it says that it is; nothing when it does not say.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
    /// How long it wants to be left alone.
    wait: Option<RetryAfter>,
}

#[derive(Clone, Copy, Debug)]
enum RetryAfter {
    Seconds(u64),
    /// Until a time of day: longer than a probe.
    Long,
}

#[cfg(test)]
impl Reply {
    /// As if it had come.
    pub fn of(status: u16, content_type: &str, body: &str) -> Self {
        Self { status, content_type: content_type.into(), body: body.into(), wait: None }
    }
}

/// What is asked for.
pub struct Request<'a> {
    /// Where.
    pub url: &'a str,
    /// One header: the key.
    pub header: Option<(&'static str, &'a str)>,
    /// The fields of a form; without one, nothing is sent.
    pub form: Option<&'a str>,
    /// What must not be heard when it fails.
    pub cover: &'a Redactor,
}

impl Http {
    /// Reaches hosts so, and trusts these.
    pub fn new(ways: Dialer, authorities: &Authorities, clock: Clock) -> Self {
        let certificates: Vec<Certificate<'static>> =
            authorities.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&certificates))
            .unversioned_rustls_crypto_provider(provider())
            .build();
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .user_agent(concat!("portal-lint/", env!("CARGO_PKG_VERSION")))
            .accept("application/json")
            .proxy(None)
            .tls_config(tls)
            .build();
        let ways = Arc::new(ways);
        let agent = Agent::with_parts(config, DefaultConnector::default(), Shared(Arc::clone(&ways)));
        Self { agent, ways, clock, read: AtomicU64::new(0) }
    }

    /// The ways to hosts.
    pub fn ways(&self) -> &Dialer {
        &self.ways
    }

    /// Asks until there is an answer that is worth reading: who is busy or broken down is asked again, a little later.
    /// `is_final` says that an answer is one, whatever its status.
    pub fn ask(&self, request: &Request<'_>, is_final: impl Fn(&Reply) -> bool) -> Result<Reply, Unanswered> {
        const TRIES: u32 = 4;
        const FIRST_WAIT: Duration = Duration::from_millis(200);
        let deadline = self.clock.probe()?;
        for attempt in 0..TRIES {
            let reply = self.once(request, deadline)?;
            let is_passing = reply.status == 429 || (500..600).contains(&reply.status);
            if !is_passing || attempt + 1 == TRIES || is_final(&reply) {
                return Ok(reply);
            }
            let wait = match reply.wait {
                Some(RetryAfter::Seconds(seconds)) => Duration::from_secs(seconds),
                Some(RetryAfter::Long) => Duration::MAX,
                None => FIRST_WAIT * 2_u32.pow(attempt),
            };
            if wait >= deadline.left()? {
                return match reply.wait {
                    Some(_) => {
                        Err(Unanswered(format!("it is busy (HTTP {}) and wants to be asked later", reply.status)))
                    }
                    None => Ok(reply),
                };
            }
            std::thread::sleep(wait);
        }
        Err(deadline.missed())
    }

    fn once(&self, request: &Request<'_>, deadline: Deadline) -> Result<Reply, Unanswered> {
        // Before anything is cut short: half a key is not to be heard either.
        let failed = |error: &Error| {
            let is_telling = request.cover.finds(&error.to_string());
            if is_telling {
                Unanswered::new("what went wrong cannot be told without the key")
            } else {
                untold(error, &deadline)
            }
        };
        if self.read.load(Ordering::Relaxed) > ALL {
            return Err(Unanswered(format!("all answers together are longer than {} MiB", ALL >> 20)));
        }
        let uri: Uri = request.url.parse().map_err(|_| Unanswered::new("its address is no URL"))?;
        let proxy = self.ways.proxy(&uri)?.cloned();
        let left = Some(deadline.left()?);
        let sent = if let Some(form) = request.form {
            let post = self.agent.post(uri).config().proxy(proxy).timeout_global(left).build();
            post.content_type("application/x-www-form-urlencoded").send(form)
        } else {
            let mut get = self.agent.get(uri).config().proxy(proxy).timeout_global(left).build();
            if let Some((name, value)) = request.header {
                get = get.header(name, value);
            }
            get.call()
        };
        let (parts, body) = sent.map_err(|error| failed(&error))?.into_parts();
        let content_type = header(&parts.headers, "content-type").unwrap_or_default().to_ascii_lowercase();
        let wait = header(&parts.headers, "retry-after");
        let wait = wait.map(|wait| wait.trim().parse().map_or(RetryAfter::Long, RetryAfter::Seconds));
        let body = read(body, failed)?;
        self.read.fetch_add(body.len() as u64, Ordering::Relaxed);
        Ok(Reply { status: parts.status.as_u16(), content_type, body, wait })
    }
}

/// The same ways for each connection.
#[derive(Debug)]
struct Shared(Arc<Dialer>);

impl ureq::unversioned::resolver::Resolver for Shared {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: ureq::unversioned::transport::NextTimeout,
    ) -> Result<ureq::unversioned::resolver::ResolvedSocketAddrs, Error> {
        self.0.resolve(uri, config, timeout)
    }
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn read(body: Body, failed: impl Fn(&Error) -> Unanswered) -> Result<Vec<u8>, Unanswered> {
    let mut bytes = Vec::new();
    let too_long = || Unanswered(format!("its answer is longer than {} MiB", LONGEST >> 20));
    if body.content_length().is_some_and(|length| length > LONGEST) {
        return Err(too_long());
    }
    let mut reader = body.into_reader().take(LONGEST + 1);
    reader.read_to_end(&mut bytes).map_err(|error| failed(&Error::from(error)))?;
    if bytes.len() as u64 > LONGEST { Err(too_long()) } else { Ok(bytes) }
}

/// What went wrong, in a few words.
pub fn untold(error: &Error, deadline: &Deadline) -> Unanswered {
    match error {
        Error::Timeout(_) => deadline.missed(),
        Error::HostNotFound => Unanswered::new("its name is not in DNS"),
        Error::Rustls(error) => Unanswered(words(error)),
        Error::ConnectProxyFailed(reason) => Unanswered(format!("the proxy: {}", of_proxy(reason))),
        Error::Protocol(error) => Unanswered(format!("its answer is no HTTP ({})", plain(&error.to_string()))),
        Error::Io(error) => match error.get_ref() {
            Some(inner) if inner.is::<Error>() => {
                inner.downcast_ref::<Error>().map_or_else(|| deadline.missed(), |inner| untold(inner, deadline))
            }
            Some(inner) => match inner.downcast_ref() {
                Some(tls) => Unanswered(words(tls)),
                None => dial::untold(error, deadline),
            },
            None => dial::untold(error, deadline),
        },
        Error::Other(reason) => Unanswered(plain(&reason.to_string())),
        other => Unanswered(plain(&other.to_string())),
    }
}

/// As it is said where a proxy is asked without the library.
fn of_proxy(reason: &str) -> String {
    let status = reason.strip_prefix("proxy server responded ").and_then(|rest| rest.split('/').next());
    status.map_or_else(|| plain(reason), |status| format!("it refused the connection ({})", plain(status)))
}

/// As a form or a part of a path holds it: every byte that is no letter and no digit as `%XX`.
pub fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(byte.into());
        } else {
            // Memory can be written to.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Words of others: on one line, nothing that could move a cursor, and not too many.
pub fn plain(text: &str) -> String {
    const ENOUGH: usize = 160;
    let mut shown: String = text.chars().take(ENOUGH).map(|c| if is_unprintable(c) { ' ' } else { c }).collect();
    if text.chars().nth(ENOUGH).is_some() {
        shown.push('…');
    }
    shown.trim().to_owned()
}

/// Whether a host is this very machine, whatever a name server says.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_value_is_a_sign_of_the_form() {
        assert_eq!(encoded("a&b=c/ü"), "a%26b%3Dc%2F%C3%BC");
    }

    #[test]
    fn a_proxy_that_refuses_is_told_in_few_words() {
        assert_eq!(of_proxy("proxy server responded 407/407"), "it refused the connection (407)");
        assert_eq!(of_proxy("proxy server did not respond"), "proxy server did not respond");
    }

    #[test]
    fn words_of_others_stay_on_one_line_and_in_their_direction() {
        for c in ["\n", "\u{2028}", "\u{2029}", "\u{61c}", "\u{202e}", "\u{2066}", "\u{ad}", "\u{e0041}", "\u{1b}"] {
            assert_eq!(plain(&format!("a{c}b")), "a b", "{c:?}");
        }
    }
}
