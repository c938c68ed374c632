//! The way to a host: its own address, another one that `--connect-to` names, or through a proxy.

use crate::online::net::http;
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
use crate::online::net::proxies::Proxies;
use crate::online::{Resolution, Unanswered};

/// `HOST:PORT:ADDR:PORT`, as curl has it: a host and a port, either left out for any, and where they are instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectTo {
    host: String,
    port: Option<u16>,
    there: SocketAddr,
}

impl FromStr for ConnectTo {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = || format!("`{text}` is not HOST:PORT:ADDR:PORT, such as `acme.com:443:127.0.0.1:8443`");
        // An address of IPv6 stands in brackets, as a host or as an address.
        let (host, rest) = match text.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
            Some(parts) => parts,
            None => text.split_once(':').ok_or_else(wanted)?,
        };
        let (port, there) = rest.split_once(':').ok_or_else(wanted)?;
        let port = if port.is_empty() { None } else { Some(port.parse().map_err(|_| wanted())?) };
        let there = there.replacen("localhost:", "127.0.0.1:", 1).parse().map_err(|_| wanted())?;
        Ok(Self { host: host.to_lowercase(), port, there })
    }
}

/// How hosts are reached.
#[derive(Debug)]
pub struct Dialer {
    connect_to: Vec<ConnectTo>,
    proxies: Proxies,
    /// Asked for the addresses of all hosts; `None` leaves those of the API and of proxies to the system.
    dns: Option<Arc<Dns>>,
    clock: Clock,
}

/// A connection, and until when it has to have done.
#[derive(Debug)]
pub struct Connection {
    /// The connection.
    #[expect(clippy::disallowed_types, reason = "connections are made here")]
    pub stream: TcpStream,
    /// Until then.
    pub deadline: Deadline,
}

impl Dialer {
    /// Over these proxies.
    pub fn new(connect_to: Vec<ConnectTo>, proxies: Proxies, dns: Option<Arc<Dns>>, clock: Clock) -> Self {
        Self { connect_to, proxies, dns, clock }
    }

    /// Where a host is said to be.
    fn elsewhere(&self, host: &str, port: u16) -> Option<SocketAddr> {
        let host = host.trim_start_matches('[').trim_end_matches(']').to_lowercase();
        let fits =
            |way: &&ConnectTo| (way.host.is_empty() || way.host == host) && way.port.is_none_or(|own| own == port);
        self.connect_to.iter().find(fits).map(|way| way.there)
    }

    /// The proxy for a host. What is on this machine, or said to be at some address, is asked itself.
    pub fn proxy(&self, uri: &Uri) -> Result<Option<&Proxy>, Unanswered> {
        let host = uri.host().unwrap_or_default();
        let port = uri.port_u16().unwrap_or(443);
        let is_direct = http::is_loopback(host) || self.elsewhere(host, port).is_some();
        match self.proxies.of_host(host).filter(|_| !is_direct) {
            Some(proxy) if !matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https) => {
                Err(Unanswered::new("the proxy of the environment is none of HTTP, and there is no other way"))
            }
            proxy => Ok(proxy),
        }
    }

    /// Connects to the TLS port of a host of which DNS said this, but to no private address: the name comes from a file or
    /// the account, and neither decides which machines of a private network are reached.
    pub fn connect(
        &self,
        host: &str,
        resolution: &Result<Resolution, Unanswered>,
        deadline: Deadline,
    ) -> Result<Connection, Unanswered> {
        const PORT: u16 = 443;
        let uri: Uri =
            format!("https://{host}").parse().map_err(|_| Unanswered::new("its name is none that a URL can hold"))?;
        let there = self.elsewhere(host, PORT);
        if there.is_none() && resolution.as_ref().is_ok_and(Resolution::is_private) {
            return Err(Unanswered::new("no connection is made to private addresses, and it has no others"));
        }
        if let Some(proxy) = self.proxy(&uri)? {
            if proxy.protocol() == ProxyProtocol::Https {
                return Err(Unanswered::new("hosts are not asked through a proxy that itself speaks TLS"));
            }
            let addresses = self.addresses(proxy.host(), proxy.port(), deadline)?;
            let mut connection = open(&addresses, deadline)?;
            tunnel(&mut connection, proxy, &format!("{host}:{PORT}")).map_err(|untold| untold.of("the proxy"))?;
            return Ok(connection);
        }
        let addresses: Vec<SocketAddr> = match (there, resolution) {
            (Some(there), _) => vec![there],
            (None, Ok(Resolution::Addresses(addresses))) => {
                let public = addresses.iter().filter(|address| !is_private(**address));
                public.map(|address| (*address, PORT).into()).collect()
            }
            (None, Ok(_)) => return Err(Unanswered::new("it has no address")),
            (None, Err(untold)) => return Err(untold.clone()),
        };
        open(&addresses, deadline)
    }

    /// The addresses of a host that is not itself looked at.
    fn addresses(&self, host: &str, port: u16, deadline: Deadline) -> Result<Vec<SocketAddr>, Unanswered> {
        let uri = format!("http://{host}:{port}").parse().map_err(|_| Unanswered::new("it is no host"))?;
        let timeout =
            NextTimeout { after: deadline.left()?.into(), reason: Timeout::Resolve, ..NextTimeout::default() };
        let found = self.resolve(&uri, &Config::default(), timeout);
        found.map(|found| found.to_vec()).map_err(|error| http::untold(&error, &deadline))
    }

    /// A look-up is part of a request, and has no more time than is left of that.
    fn ask(&self, dns: &Dns, host: &str, left: Duration) -> Result<Vec<IpAddr>, Unanswered> {
        match dns.addresses(host, self.clock.probe()?.within(left))? {
            Resolution::Addresses(addresses) => Ok(addresses),
            _ => Ok(Vec::new()),
        }
    }
}

impl Resolver for Dialer {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().unwrap_or_default();
        let usual = if uri.scheme_str() == Some("http") { 80 } else { 443 };
        let port = uri.port_u16().unwrap_or(usual);
        // In the clear nothing leaves this machine, whatever anybody says of its names.
        let elsewhere = if uri.scheme_str() == Some("http") { None } else { self.elsewhere(host, port) };
        let found: Vec<SocketAddr> = match (elsewhere, &self.dns) {
            (Some(there), _) => vec![there],
            (None, _) if host == "localhost" => {
                vec![(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()]
            }
            (None, Some(dns)) if crate::online::host_name(host).is_some() => {
                let found =
                    self.ask(dns, host, *timeout.after).map_err(|untold| ureq::Error::Other(untold.0.into()))?;
                found.into_iter().map(|ip| (ip, port).into()).collect()
            }
            _ => return DefaultResolver::default().resolve(uri, config, timeout),
        };
        let mut addresses = self.empty();
        let room = addresses.len().max(16);
        found.into_iter().take(room).for_each(|address| addresses.push(address));
        if addresses.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(addresses) }
    }
}

/// Connects to the first that answers.
#[expect(clippy::disallowed_types, reason = "connections are made here")]
fn open(addresses: &[SocketAddr], deadline: Deadline) -> Result<Connection, Unanswered> {
    let mut last = Unanswered::new("it has no address");
    for (index, address) in addresses.iter().enumerate() {
        let left = deadline.left()?;
        // The others get their share of the time.
        let share = left / u32::try_from(addresses.len() - index).unwrap_or(1);
        match TcpStream::connect_timeout(address, share) {
            Ok(stream) => return Ok(Connection { stream, deadline }),
            Err(error) => last = untold(&error, &deadline),
        }
    }
    Err(last)
}

/// Asks a proxy for a connection to `target` (RFC 9110, section 9.3.6).
fn tunnel(connection: &mut Connection, proxy: &Proxy, target: &str) -> Result<(), Unanswered> {
    const LONGEST: usize = 16 << 10;
    let deadline = connection.deadline;
    let failed = |error: io::Error| untold(&error, &deadline);
    let user = proxy.username().map(|user| format!("{user}:{}", proxy.password().unwrap_or_default()));
    let credentials = user.map(|user| format!("Proxy-Authorization: Basic {}\r\n", BASE64_STANDARD.encode(user)));
    let request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{}\r\n", credentials.unwrap_or_default());
    connection.stream.set_write_timeout(Some(deadline.left()?)).map_err(failed)?;
    connection.stream.write_all(request.as_bytes()).map_err(failed)?;
    let mut head = Vec::new();
    // Byte by byte: what comes behind the head is the host's.
    while !head.ends_with(b"\r\n\r\n") && head.len() < LONGEST {
        let mut byte = [0];
        connection.stream.set_read_timeout(Some(deadline.left()?)).map_err(failed)?;
        connection.stream.read_exact(&mut byte).map_err(failed)?;
        head.extend(byte);
    }
    let status = String::from_utf8_lossy(&head).split_whitespace().nth(1).map(http::plain);
    match status.as_deref() {
        Some("200") => Ok(()),
        Some(status) => Err(Unanswered(format!("it refused the connection ({status})"))),
        None => Err(Unanswered::new("its answer is no HTTP")),
    }
}

/// What an error of a connection is, in a few words.
pub fn untold(error: &io::Error, deadline: &Deadline) -> Unanswered {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::TimedOut | Kind::WouldBlock => deadline.missed(),
        Kind::ConnectionRefused => Unanswered::new("the connection was refused"),
        Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::UnexpectedEof => {
            Unanswered::new("the connection was broken off")
        }
        Kind::NetworkUnreachable | Kind::HostUnreachable => Unanswered::new("there is no way to it"),
        _ => Unanswered(http::plain(&error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use crate::online::net::dial::*;

    /// As after a wait between two tries: the look-up has what is left of the request, not the time of a new probe.
    #[test]
    #[expect(clippy::disallowed_types, reason = "a name server that says nothing")]
    fn a_look_up_has_no_more_time_than_its_request() {
        let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let dns = Arc::new(Dns::new(Some(silent.local_addr().unwrap())));
        let clock = Clock::start(Duration::from_secs(20), Duration::from_secs(20));
        let ways = Dialer { connect_to: Vec::new(), proxies: Proxies::default(), dns: Some(dns), clock };
        let left = Duration::from_millis(200);
        let timeout = NextTimeout { after: left.into(), reason: Timeout::Global, ..NextTimeout::default() };
        let start = std::time::Instant::now();
        let uri = "https://api.revcent.com/v2".parse().unwrap();
        assert!(ways.resolve(&uri, &Config::default(), timeout).is_err());
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    }

    #[test]
    fn another_address_is_read_as_curl_reads_it() {
        let way: ConnectTo = "Acme.com:443:127.0.0.1:8443".parse().unwrap();
        assert_eq!((way.host.as_str(), way.port, way.there.port()), ("acme.com", Some(443), 8443));
        let way: ConnectTo = "[::1]:443:[::1]:8443".parse().unwrap();
        assert_eq!((way.host.as_str(), way.there.to_string().as_str()), ("::1", "[::1]:8443"));
        assert!("::127.0.0.1:1".parse::<ConnectTo>().is_ok_and(|way| way.host.is_empty() && way.port.is_none()));
        for text in ["", "acme.com", "acme.com:443", "acme.com:x:127.0.0.1:1", "acme.com:443:127.0.0.1", "a:1:b:2"] {
            assert!(text.parse::<ConnectTo>().is_err(), "{text}");
        }
    }
}
