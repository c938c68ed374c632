//! Connects to hosts: at the address from DNS, at one that `--connect-to` names, or through a proxy.

use std::io::{self, Read, Write};
#[expect(clippy::disallowed_types, reason = "connections are made here")]
use std::net::TcpStream;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::{Proxy, ProxyProtocol, Timeout};

use crate::online::host::is_private;
use crate::online::net::deadline::{Clock, Deadline};
use crate::online::net::dns::Dns;
use crate::online::net::error::{describe_http_error, describe_io_error};
use crate::online::net::proxies::Proxies;
use crate::online::net::text::{is_loopback, to_single_line};
use crate::online::{Resolution, Unanswered};

/// An entry of `--connect-to`, in curl's form `HOST:PORT:ADDR:PORT`: the address for a host and port. An empty host or port
/// matches any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConnectTo {
    host: String,
    port: Option<u16>,
    address: SocketAddr,
}

impl FromStr for ConnectTo {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let format_error = || format!("`{text}` is not HOST:PORT:ADDR:PORT, such as `acme.com:443:127.0.0.1:8443`");
        // IPv6 addresses are written in brackets.
        let (host, rest) = match text.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
            Some(parts) => parts,
            None => text.split_once(':').ok_or_else(format_error)?,
        };
        let (port, address) = rest.split_once(':').ok_or_else(format_error)?;
        let port = if port.is_empty() { None } else { Some(port.parse().map_err(|_| format_error())?) };
        let address = address.replacen("localhost:", "127.0.0.1:", 1).parse().map_err(|_| format_error())?;
        Ok(Self { host: host.to_lowercase(), port, address })
    }
}

/// Opens connections to hosts.
#[derive(Debug)]
pub(super) struct Dialer {
    connect_to: Vec<ConnectTo>,
    proxies: Proxies,
    /// Resolves all names; `None` leaves the names of the API and of proxies to the system's resolver.
    dns: Option<Arc<Dns>>,
    clock: Clock,
}

/// A connection with the deadline for its use.
#[derive(Debug)]
pub(super) struct Connection {
    #[expect(clippy::disallowed_types, reason = "connections are made here")]
    pub stream: TcpStream,
    pub deadline: Deadline,
}

impl Dialer {
    pub(super) fn new(connect_to: Vec<ConnectTo>, proxies: Proxies, dns: Option<Arc<Dns>>, clock: Clock) -> Self {
        Self { connect_to, proxies, dns, clock }
    }

    /// The address that `--connect-to` gives for a host and port.
    fn override_for(&self, host: &str, port: u16) -> Option<SocketAddr> {
        let host = host.trim_start_matches('[').trim_end_matches(']').to_lowercase();
        let matches = |entry: &&ConnectTo| {
            (entry.host.is_empty() || entry.host == host) && entry.port.is_none_or(|entry_port| entry_port == port)
        };
        self.connect_to.iter().find(matches).map(|entry| entry.address)
    }

    /// The proxy to use for a URL. There is none for this machine and for hosts in `--connect-to`.
    pub(super) fn proxy(&self, uri: &Uri) -> Result<Option<&Proxy>, Unanswered> {
        let host = uri.host().unwrap_or_default();
        let port = uri.port_u16().unwrap_or(443);
        let is_direct = is_loopback(host) || self.override_for(host, port).is_some();
        match self.proxies.for_host(host).filter(|_| !is_direct) {
            Some(proxy) if !matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https) => {
                Err(Unanswered::new("the proxy of the environment is none of HTTP, and there is no other way"))
            }
            proxy => Ok(proxy),
        }
    }

    /// Connects to port 443 of a host with this DNS result. Refuses private addresses: the host's name comes from a file or
    /// the account, and neither may make this program connect to machines of a private network.
    pub(super) fn connect(
        &self,
        host: &str,
        resolution: &Result<Resolution, Unanswered>,
        deadline: Deadline,
    ) -> Result<Connection, Unanswered> {
        const PORT: u16 = 443;
        let uri: Uri =
            format!("https://{host}").parse().map_err(|_| Unanswered::new("its name is none that a URL can hold"))?;
        let host_override = self.override_for(host, PORT);
        if host_override.is_none() && resolution.as_ref().is_ok_and(Resolution::is_private) {
            return Err(Unanswered::new("no connection is made to private addresses, and it has no others"));
        }
        if let Some(proxy) = self.proxy(&uri)? {
            if proxy.protocol() == ProxyProtocol::Https {
                return Err(Unanswered::new("hosts are not asked through a proxy that itself speaks TLS"));
            }
            let addresses = self.resolve_host(proxy.host(), proxy.port(), deadline)?;
            let mut connection = connect_to_any(&addresses, deadline)?;
            open_tunnel(&mut connection, proxy, &format!("{host}:{PORT}"))
                .map_err(|unanswered| unanswered.prefixed_with("the proxy"))?;
            return Ok(connection);
        }
        let addresses: Vec<SocketAddr> = match (host_override, resolution) {
            (Some(address), _) => vec![address],
            (None, Ok(Resolution::Addresses(addresses))) => {
                let public = addresses.iter().filter(|address| !is_private(**address));
                public.map(|address| (*address, PORT).into()).collect()
            }
            (None, Ok(_)) => return Err(Unanswered::new("it has no address")),
            (None, Err(unanswered)) => return Err(unanswered.clone()),
        };
        connect_to_any(&addresses, deadline)
    }

    /// The addresses of a proxy.
    fn resolve_host(&self, host: &str, port: u16, deadline: Deadline) -> Result<Vec<SocketAddr>, Unanswered> {
        let uri = format!("http://{host}:{port}").parse().map_err(|_| Unanswered::new("it is no host"))?;
        let timeout =
            NextTimeout { after: deadline.left()?.into(), reason: Timeout::Resolve, ..NextTimeout::default() };
        let found = self.resolve(&uri, &Config::default(), timeout);
        found.map(|found| found.to_vec()).map_err(|error| describe_http_error(&error, &deadline))
    }

    /// Queries DNS for the addresses of a host, within the time that is left of the request.
    fn query_addresses(&self, dns: &Dns, host: &str, left: Duration) -> Result<Vec<IpAddr>, Unanswered> {
        match dns.addresses(host, self.clock.probe()?.within(left))? {
            Resolution::Addresses(addresses) => Ok(addresses),
            _ => Ok(Vec::new()),
        }
    }
}

impl Resolver for Dialer {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().unwrap_or_default();
        let default_port = if uri.scheme_str() == Some("http") { 80 } else { 443 };
        let port = uri.port_u16().unwrap_or(default_port);
        // `--connect-to` does not apply to `http`: it is only used for this machine, and must not leave it.
        let elsewhere = if uri.scheme_str() == Some("http") { None } else { self.override_for(host, port) };
        let found: Vec<SocketAddr> = match (elsewhere, &self.dns) {
            (Some(address), _) => vec![address],
            (None, _) if host == "localhost" => {
                vec![(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()]
            }
            (None, Some(dns)) if crate::online::host_name(host).is_some() => {
                let found = self
                    .query_addresses(dns, host, *timeout.after)
                    .map_err(|unanswered| ureq::Error::Other(unanswered.0.into()))?;
                found.into_iter().map(|ip| (ip, port).into()).collect()
            }
            _ => return DefaultResolver::default().resolve(uri, config, timeout),
        };
        let mut addresses = self.empty();
        let limit = addresses.len().max(16);
        found.into_iter().take(limit).for_each(|address| addresses.push(address));
        if addresses.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(addresses) }
    }
}

/// Connects to the first address that accepts a connection.
#[expect(clippy::disallowed_types, reason = "connections are made here")]
fn connect_to_any(addresses: &[SocketAddr], deadline: Deadline) -> Result<Connection, Unanswered> {
    let mut last = Unanswered::new("it has no address");
    for (index, address) in addresses.iter().enumerate() {
        let left = deadline.left()?;
        // Keep a share of the time for each of the other addresses.
        let share = left / u32::try_from(addresses.len() - index).unwrap_or(1);
        match TcpStream::connect_timeout(address, share) {
            Ok(stream) => return Ok(Connection { stream, deadline }),
            Err(error) => last = describe_io_error(&error, &deadline),
        }
    }
    Err(last)
}

/// Asks a proxy for a tunnel to `target` (CONNECT, RFC 9110, section 9.3.6).
fn open_tunnel(connection: &mut Connection, proxy: &Proxy, target: &str) -> Result<(), Unanswered> {
    const MAX_HEAD_LEN: usize = 16 << 10;
    let deadline = connection.deadline;
    let failed = |error: io::Error| describe_io_error(&error, &deadline);
    let user = proxy.username().map(|user| format!("{user}:{}", proxy.password().unwrap_or_default()));
    let credentials = user.map(|user| format!("Proxy-Authorization: Basic {}\r\n", BASE64_STANDARD.encode(user)));
    let request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{}\r\n", credentials.unwrap_or_default());
    connection.stream.set_write_timeout(Some(deadline.left()?)).map_err(failed)?;
    connection.stream.write_all(request.as_bytes()).map_err(failed)?;
    let mut head = Vec::new();
    // Read single bytes: anything after the head belongs to the TLS connection.
    while !head.ends_with(b"\r\n\r\n") && head.len() < MAX_HEAD_LEN {
        let mut byte = [0];
        connection.stream.set_read_timeout(Some(deadline.left()?)).map_err(failed)?;
        connection.stream.read_exact(&mut byte).map_err(failed)?;
        head.extend(byte);
    }
    let status = String::from_utf8_lossy(&head).split_whitespace().nth(1).map(to_single_line);
    match status.as_deref() {
        Some("200") => Ok(()),
        Some(status) => Err(Unanswered(format!("it refused the connection ({status})"))),
        None => Err(Unanswered::new("its answer is no HTTP")),
    }
}

#[cfg(test)]
mod tests {
    use crate::online::net::dial::*;

    /// The time between two attempts counts: DNS gets what is left of the request's time, not the time of a new query.
    #[test]
    #[expect(clippy::disallowed_types, reason = "a name server that says nothing")]
    fn dns_queries_end_with_their_request() {
        let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let dns = Arc::new(Dns::new(Some(silent.local_addr().unwrap())));
        let clock = Clock::start(Duration::from_secs(20), Duration::from_secs(20));
        let dialer = Dialer { connect_to: Vec::new(), proxies: Proxies::default(), dns: Some(dns), clock };
        let left = Duration::from_millis(200);
        let timeout = NextTimeout { after: left.into(), reason: Timeout::Global, ..NextTimeout::default() };
        let start = std::time::Instant::now();
        let uri = "https://api.revcent.com/v2".parse().unwrap();
        assert!(dialer.resolve(&uri, &Config::default(), timeout).is_err());
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    }

    #[test]
    fn parses_connect_to_like_curl() {
        let host_override: ConnectTo = "Acme.com:443:127.0.0.1:8443".parse().unwrap();
        assert_eq!(
            (host_override.host.as_str(), host_override.port, host_override.address.port()),
            ("acme.com", Some(443), 8443)
        );
        let host_override: ConnectTo = "[::1]:443:[::1]:8443".parse().unwrap();
        assert_eq!((host_override.host.as_str(), host_override.address.to_string().as_str()), ("::1", "[::1]:8443"));
        assert!(
            "::127.0.0.1:1"
                .parse::<ConnectTo>()
                .is_ok_and(|host_override| host_override.host.is_empty() && host_override.port.is_none())
        );
        for text in ["", "acme.com", "acme.com:443", "acme.com:x:127.0.0.1:1", "acme.com:443:127.0.0.1", "a:1:b:2"] {
            assert!(text.parse::<ConnectTo>().is_err(), "{text}");
        }
    }
}
