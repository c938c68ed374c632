//! Connects to hosts: at their address in DNS, at an address from `--connect-to`, or through a proxy.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::{Proxy, ProxyProtocol, Timeout};

use crate::online::host::is_domain_name;
use crate::online::net::connect_to::ConnectTo;
use crate::online::net::connection::Connection;
use crate::online::net::deadline::{Clock, Deadline};
use crate::online::net::dns::Dns;
use crate::online::net::error::{describe_http_error, describe_io_error};
use crate::online::net::proxies::Proxies;
use crate::online::private_address::{is_loopback, is_private};
use crate::online::{Resolution, Unanswered};

/// Opens connections to hosts.
#[derive(Debug)]
pub(super) struct Dialer {
    connect_to: Vec<ConnectTo>,
    proxies: Proxies,
    /// Resolves all names; `None` leaves the names of the API and of proxies to the system's resolver.
    dns: Option<Arc<Dns>>,
    clock: Clock,
}

impl Dialer {
    pub(super) fn new(connect_to: Vec<ConnectTo>, proxies: Proxies, dns: Option<Arc<Dns>>, clock: Clock) -> Self {
        Self { connect_to, proxies, dns, clock }
    }

    /// The address that `--connect-to` gives for a host and port.
    fn override_for(&self, host: &str, port: u16) -> Option<SocketAddr> {
        let entry = self.connect_to.iter().find(|entry| entry.matches(host, port))?;
        Some(entry.address)
    }

    /// The proxy to use for a URL. There is none for this machine and for hosts in `--connect-to`.
    pub(super) fn proxy_for(&self, uri: &Uri) -> Result<Option<&Proxy>, Unanswered> {
        let host = uri.host().unwrap_or_default();
        let port = uri.port_u16().unwrap_or(443);
        if is_loopback(host) || self.override_for(host, port).is_some() {
            return Ok(None);
        }
        match self.proxies.for_host(host, port) {
            Some(proxy) if !matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https) => {
                Err(Unanswered::new("the configured proxy is not an HTTP proxy"))
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
            format!("https://{host}").parse().map_err(|_| Unanswered::new("the host name is not valid in a URL"))?;
        let host_override = self.override_for(host, PORT);
        // This check comes before the proxy, because a proxy inside the private network could connect to the host.
        if host_override.is_none() && resolution.as_ref().is_ok_and(Resolution::is_private) {
            return Err(Unanswered::new("the host has only private addresses, which are not contacted"));
        }
        if let Some(proxy) = self.proxy_for(&uri)? {
            return self.connect_through_proxy(proxy, &format!("{host}:{PORT}"), deadline);
        }
        if let Some(address) = host_override {
            return connect_to_any(&[address], deadline);
        }
        let Resolution::Addresses(resolved) = resolution.as_ref().map_err(Unanswered::clone)? else {
            return Err(Unanswered::new("the host has no address"));
        };
        let public = resolved.iter().filter(|ip| !is_private(**ip));
        let addresses: Vec<SocketAddr> = public.map(|ip| SocketAddr::new(*ip, PORT)).collect();
        connect_to_any(&addresses, deadline)
    }

    fn connect_through_proxy(&self, proxy: &Proxy, target: &str, deadline: Deadline) -> Result<Connection, Unanswered> {
        if proxy.protocol() == ProxyProtocol::Https {
            return Err(Unanswered::new("HTTPS proxies are not supported for these checks"));
        }
        let addresses = self.resolve_proxy(proxy.host(), proxy.port(), deadline)?;
        let mut connection = connect_to_any(&addresses, deadline)?;
        open_tunnel(&mut connection, proxy, target).map_err(|unanswered| unanswered.prefixed_with("the proxy"))?;
        Ok(connection)
    }

    /// The addresses of a proxy.
    fn resolve_proxy(&self, host: &str, port: u16, deadline: Deadline) -> Result<Vec<SocketAddr>, Unanswered> {
        let uri = format!("http://{host}:{port}").parse().map_err(|_| Unanswered::new("the host name is not valid"))?;
        let timeout =
            NextTimeout { after: deadline.time_left()?.into(), reason: Timeout::Resolve, ..NextTimeout::default() };
        match self.resolve(&uri, &Config::default(), timeout) {
            Ok(addresses) => Ok(addresses.to_vec()),
            Err(error) => Err(describe_http_error(&error, &deadline)),
        }
    }

    /// Queries DNS for the addresses of a host, within the time that is left of the request.
    fn query_addresses(&self, dns: &Dns, host: &str, left: Duration) -> Result<Vec<IpAddr>, Unanswered> {
        match dns.query_addresses(host, self.clock.probe_deadline()?.limited_to(left))? {
            Resolution::Addresses(addresses) => Ok(addresses),
            Resolution::NoSuchName { .. } | Resolution::NoAddress { .. } => Ok(Vec::new()),
        }
    }
}

impl Resolver for Dialer {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        // ureq's list has this fixed capacity, and pushing more panics.
        const MAX_ADDRESSES: usize = 16;
        let host = uri.host().unwrap_or_default();
        let is_http = uri.scheme_str() == Some("http");
        let port = uri.port_u16().unwrap_or(if is_http { 80 } else { 443 });
        // `--connect-to` does not apply to `http`, because unencrypted requests must not leave this machine.
        let host_override = if is_http { None } else { self.override_for(host, port) };
        let ips: Vec<IpAddr> = match (host_override, &self.dns) {
            (Some(address), _) => {
                let mut addresses = self.empty();
                addresses.push(address);
                return Ok(addresses);
            }
            // RFC 6761, section 6.3: `localhost` is not queried.
            (None, _) if host == "localhost" => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
            (None, Some(dns)) if is_domain_name(host) => self
                .query_addresses(dns, host, *timeout.after)
                .map_err(|unanswered| ureq::Error::Other(unanswered.0.into()))?,
            _ => return DefaultResolver::default().resolve(uri, config, timeout),
        };
        let mut addresses = self.empty();
        for ip in ips.into_iter().take(MAX_ADDRESSES) {
            addresses.push(SocketAddr::new(ip, port));
        }
        if addresses.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(addresses) }
    }
}

/// Connects to the first address that accepts a connection.
fn connect_to_any(addresses: &[SocketAddr], deadline: Deadline) -> Result<Connection, Unanswered> {
    let mut last_error = Unanswered::new("the host has no address");
    for (index, address) in addresses.iter().enumerate() {
        let left = deadline.time_left()?;
        // Keep a share of the time for each of the other addresses.
        let share = left / u32::try_from(addresses.len() - index).unwrap_or(1);
        match Connection::open(address, share, deadline) {
            Ok(connection) => return Ok(connection),
            Err(error) => last_error = describe_io_error(&error, &deadline),
        }
    }
    Err(last_error)
}

/// Requests from a proxy a tunnel to `target` (CONNECT, RFC 9110, section 9.3.6).
fn open_tunnel(connection: &mut Connection, proxy: &Proxy, target: &str) -> Result<(), Unanswered> {
    let authorization = match proxy.username() {
        Some(user) => {
            let credentials = format!("{user}:{}", proxy.password().unwrap_or_default());
            format!("Proxy-Authorization: Basic {}\r\n", BASE64_STANDARD.encode(credentials))
        }
        None => String::new(),
    };
    let request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{authorization}\r\n");
    let head = exchange_heads(connection, &request);
    let head = head.map_err(|error| describe_io_error(&error, &connection.deadline))?;
    // Only a number is shown: the proxy could repeat the password.
    match String::from_utf8_lossy(&head).split_whitespace().nth(1).map(str::parse::<u16>) {
        Some(Ok(200)) => Ok(()),
        Some(Ok(status)) => Err(Unanswered(format!("the server refused the connection ({status})"))),
        _ => Err(Unanswered::new("the response is not HTTP")),
    }
}

/// Sends the head of a request. Returns the head of the response, up to a limit.
fn exchange_heads(connection: &mut Connection, request: &str) -> io::Result<Vec<u8>> {
    const MAX_HEAD_LEN: usize = 16 << 10;
    connection.write_all(request.as_bytes())?;
    let mut head = Vec::new();
    // Read single bytes: anything after the head belongs to the TLS connection.
    while !head.ends_with(b"\r\n\r\n") && head.len() < MAX_HEAD_LEN {
        let mut byte = [0];
        connection.read_exact(&mut byte)?;
        head.extend(byte);
    }
    Ok(head)
}

#[cfg(test)]
mod tests {
    use crate::online::net::dial::*;

    /// A DNS query gets the time that is left of its request, not the time of a new query.
    #[test]
    #[expect(clippy::disallowed_types, reason = "a name server that does not answer")]
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
}
