//! DNS queries (RFC 1035), over UDP, and over TCP if the UDP answer is truncated. This is the only module that uses
//! `simple_dns`.
//!
//! "No such name" and "no record of this type" are answers. An error code of the server is not.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
#[expect(clippy::disallowed_types, reason = "name servers are asked here")]
use std::net::{TcpStream, UdpSocket};
use std::time::Duration;

use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, QCLASS, QTYPE, Question, RCODE, TYPE};

use super::deadline::Deadline;
use super::error::describe_io_error;
use crate::online::{Resolution, Unanswered};

/// The DNS servers, which are queried in turn.
#[derive(Clone, Debug)]
pub(super) struct Dns {
    servers: Vec<SocketAddr>,
}

/// The data of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// The address of an A or AAAA record.
    Address(IpAddr),
    /// The server of an MX record; empty for a null MX (RFC 7505).
    Mail(String),
    /// The joined strings of a TXT record.
    Text(String),
}

/// Queries the records of a name, and follows aliases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Records {
    /// At least one record of the kind.
    Found(Vec<Record>),
    /// The name does not exist (NXDOMAIN).
    NoSuchName {
        /// The last name of the chain of aliases, if there is one.
        alias: Option<String>,
    },
    /// The name exists, without records of this kind.
    None {
        /// The last name of the chain of aliases, if there is one.
        alias: Option<String>,
    },
}

/// A kind of record to query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordKind {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
    /// Mail servers.
    Mx,
    /// Text records.
    Txt,
}

impl RecordKind {
    fn record_type(self) -> TYPE {
        match self {
            Self::A => TYPE::A,
            Self::Aaaa => TYPE::AAAA,
            Self::Mx => TYPE::MX,
            Self::Txt => TYPE::TXT,
        }
    }
}

impl Dns {
    /// Uses this server, or else those of `/etc/resolv.conf`.
    pub(super) fn new(server: Option<SocketAddr>) -> Self {
        let system = || parse_resolv_conf(&std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default());
        Self { servers: server.map_or_else(system, |server| vec![server]) }
    }

    /// The addresses of a name.
    pub(super) fn addresses(&self, name: &str, deadline: Deadline) -> Result<Resolution, Unanswered> {
        let ipv4 = self.query_records(name, RecordKind::A, deadline);
        if let Ok(Records::NoSuchName { alias }) = ipv4 {
            return Ok(Resolution::NoSuchName { alias });
        }
        let ipv6 = self.query_records(name, RecordKind::Aaaa, deadline);
        let mut found = Vec::new();
        for records in [&ipv4, &ipv6] {
            if let Ok(Records::Found(records)) = records {
                found.extend(records.iter().filter_map(|record| match record {
                    Record::Address(address) => Some(*address),
                    _ => None,
                }));
            }
        }
        let found = Resolution::Addresses(found);
        let is_found = found != Resolution::Addresses(Vec::new());
        match (ipv4, ipv6) {
            _ if is_found && !found.is_private() => Ok(found),
            // One kind failed, and the other has private addresses only: there may be public ones.
            (Err(unanswered), _) | (_, Err(unanswered)) => Err(unanswered),
            _ if is_found => Ok(found),
            (_, Ok(Records::NoSuchName { alias })) => Ok(Resolution::NoSuchName { alias }),
            (Ok(Records::None { alias }), _) => Ok(Resolution::NoAddress { alias }),
            _ => Ok(Resolution::NoAddress { alias: None }),
        }
    }

    /// The records of a name, aliases followed.
    pub(super) fn query_records(
        &self,
        name: &str,
        record_kind: RecordKind,
        deadline: Deadline,
    ) -> Result<Records, Unanswered> {
        /// A longer chain of aliases is a cycle or a mistake.
        const MAX_ALIASES: usize = 8;
        let mut name = name.to_lowercase();
        let mut alias = None;
        for _ in 0..MAX_ALIASES {
            let (found, last) = self.query_servers(&name, record_kind, deadline)?;
            let is_other = last != name;
            if is_other {
                alias = Some(last.clone());
                name = last;
            }
            match found {
                // The server returned only the alias: query its target next.
                Found::Nothing if is_other => {}
                Found::Nothing => return Ok(Records::None { alias }),
                Found::NoSuchName => return Ok(Records::NoSuchName { alias }),
                Found::Records(records) => return Ok(Records::Found(records)),
            }
        }
        Err(Unanswered::new("DNS: its name is an alias of an alias, and so on"))
    }

    /// Queries the servers in turn until one answers. Also returns the name at the end of the aliases in the answer.
    fn query_servers(
        &self,
        name: &str,
        record_kind: RecordKind,
        deadline: Deadline,
    ) -> Result<(Found, String), Unanswered> {
        const TIME_PER_SERVER: Duration = Duration::from_millis(1500);
        const ROUNDS: usize = 3;
        if self.servers.is_empty() {
            return Err(Unanswered::new("no DNS server is known: name one with --dns-server"));
        }
        let mut last = None;
        for server in std::iter::repeat_n(&self.servers, ROUNDS).flatten() {
            // Use at most half of the remaining time per attempt, because a packet may get lost.
            let part = TIME_PER_SERVER
                .min(deadline.left().map_err(|_| last.clone().unwrap_or_else(|| no_answer(deadline)))? / 2);
            match exchange(*server, name, record_kind, deadline.within(part.max(Duration::from_millis(50)))) {
                Ok(answer) => return Ok(answer),
                Err(ExchangeError::ServerError(unanswered)) => return Err(unanswered),
                Err(ExchangeError::NoAnswer) => last = Some(no_answer(deadline)),
                Err(ExchangeError::Unreachable(unanswered)) => last = Some(unanswered),
            }
        }
        Err(last.unwrap_or_else(|| no_answer(deadline)))
    }
}

fn no_answer(deadline: Deadline) -> Unanswered {
    deadline.missed().prefixed_with("DNS")
}

enum Found {
    Records(Vec<Record>),
    Nothing,
    NoSuchName,
}

enum ExchangeError {
    /// No valid answer came in time.
    NoAnswer,
    /// The server could not be reached.
    Unreachable(Unanswered),
    /// The server answered with an error code.
    ServerError(Unanswered),
}

/// Queries one server.
fn exchange(
    server: SocketAddr,
    name: &str,
    record_kind: RecordKind,
    deadline: Deadline,
) -> Result<(Found, String), ExchangeError> {
    let id = u16::try_from(RandomState::new().build_hasher().finish() & 0xffff).unwrap_or_default();
    let query = build_query(id, name, record_kind)
        .ok_or_else(|| ExchangeError::ServerError(Unanswered::new("DNS cannot hold its name")))?;
    let answer = over_udp(server, &query, deadline, |bytes| parse_answer(bytes, id, name, record_kind))?;
    match answer {
        Answer::Complete(answer) => answer,
        Answer::Truncated => {
            let bytes = over_tcp(server, &query, deadline).map_err(|error| exchange_error(&error, deadline))?;
            match parse_answer(&bytes, id, name, record_kind) {
                Some(Answer::Complete(answer)) => answer,
                _ => Err(ExchangeError::NoAnswer),
            }
        }
    }
}

fn exchange_error(error: &io::Error, deadline: Deadline) -> ExchangeError {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => ExchangeError::NoAnswer,
        _ => ExchangeError::Unreachable(describe_io_error(error, &deadline).prefixed_with("DNS")),
    }
}

fn build_query(id: u16, name: &str, record_kind: RecordKind) -> Option<Vec<u8>> {
    let mut packet = Packet::new_query(id);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    let question =
        Question::new(Name::new(name).ok()?, QTYPE::TYPE(record_kind.record_type()), QCLASS::CLASS(CLASS::IN), false);
    packet.questions.push(question);
    packet.build_bytes_vec().ok()
}

/// Sends the query, and waits for a packet that `read` accepts. Other packets may be forged, and are ignored.
#[expect(clippy::disallowed_types, reason = "name servers are asked here")]
fn over_udp<T>(
    server: SocketAddr,
    query: &[u8],
    deadline: Deadline,
    read: impl Fn(&[u8]) -> Option<T>,
) -> Result<T, ExchangeError> {
    let failed = |error: io::Error| exchange_error(&error, deadline);
    let any: IpAddr = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).map_err(failed)?;
    socket.connect(server).map_err(failed)?;
    socket.send(query).map_err(failed)?;
    let mut buffer = [0; 4096];
    loop {
        let left = deadline.left().map_err(|_| ExchangeError::NoAnswer)?;
        socket.set_read_timeout(Some(left)).map_err(failed)?;
        let length = socket.recv(&mut buffer).map_err(failed)?;
        if let Some(answer) = read(&buffer[..length]) {
            return Ok(answer);
        }
    }
}

#[expect(clippy::disallowed_types, reason = "name servers are asked here")]
fn over_tcp(server: SocketAddr, query: &[u8], deadline: Deadline) -> io::Result<Vec<u8>> {
    let left = || deadline.left().map_err(|_| io::Error::from(io::ErrorKind::TimedOut));
    let mut stream = TcpStream::connect_timeout(&server, left()?)?;
    stream.set_write_timeout(Some(left()?))?;
    let length = u16::try_from(query.len()).map_err(io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes(), query].concat())?;
    let mut read = |mut bytes: &mut [u8]| -> io::Result<()> {
        while !bytes.is_empty() {
            stream.set_read_timeout(Some(left()?))?;
            let length = stream.read(bytes)?;
            if length == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            bytes = &mut bytes[length..];
        }
        Ok(())
    };
    let mut length = [0; 2];
    read(&mut length)?;
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    read(&mut answer)?;
    Ok(answer)
}

enum Answer {
    Complete(Result<(Found, String), ExchangeError>),
    /// The answer did not fit into the packet.
    Truncated,
}

/// Parses a packet. `None` if it is not the answer to this query.
fn parse_answer(bytes: &[u8], id: u16, name: &str, record_kind: RecordKind) -> Option<Answer> {
    let packet = Packet::parse(bytes).ok()?;
    let same = |other: &Name<'_>| normalized_name(other) == name.trim_end_matches('.');
    let is_it =
        |question: &Question<'_>| same(&question.qname) && question.qtype == QTYPE::TYPE(record_kind.record_type());
    if packet.id() != id || !packet.has_flags(PacketFlag::RESPONSE) || !packet.questions.iter().all(is_it) {
        return None;
    }
    if packet.has_flags(PacketFlag::TRUNCATION) {
        return Some(Answer::Truncated);
    }
    let server_error = |code: &str| Err(ExchangeError::ServerError(Unanswered(format!("the DNS server says {code}"))));
    let (records, last) = records_after_aliases(&packet, name, record_kind);
    Some(Answer::Complete(match packet.rcode() {
        RCODE::NoError if records.is_empty() => Ok((Found::Nothing, last)),
        RCODE::NoError => Ok((Found::Records(records), last)),
        RCODE::NameError => Ok((Found::NoSuchName, last)),
        RCODE::ServerFailure => server_error("SERVFAIL"),
        RCODE::Refused => server_error("REFUSED"),
        RCODE::FormatError => server_error("FORMERR"),
        RCODE::NotImplemented => server_error("NOTIMP"),
        other => server_error(&format!("{other:?}")),
    }))
}

/// The records of the kind at the end of the aliases that start with `name`, and the name there.
fn records_after_aliases(packet: &Packet<'_>, name: &str, record_kind: RecordKind) -> (Vec<Record>, String) {
    let mut last = name.trim_end_matches('.').to_owned();
    for _ in 0..packet.answers.len() {
        let next = packet.answers.iter().find_map(|record| match &record.rdata {
            RData::CNAME(alias) if normalized_name(&record.name) == last => Some(normalized_name(&alias.0)),
            _ => None,
        });
        let Some(next) = next else { break };
        last = next;
    }
    let own = packet.answers.iter().filter(|record| normalized_name(&record.name) == last);
    let records = own.filter_map(|record| match (&record.rdata, record_kind) {
        (RData::A(address), RecordKind::A) => Some(Record::Address(Ipv4Addr::from(address.address).into())),
        (RData::AAAA(address), RecordKind::Aaaa) => Some(Record::Address(Ipv6Addr::from(address.address).into())),
        (RData::MX(mail), RecordKind::Mx) => Some(Record::Mail(normalized_name(&mail.exchange))),
        (RData::TXT(text), RecordKind::Txt) => String::try_from(text.clone()).ok().map(Record::Text),
        _ => None,
    });
    (records.collect(), last)
}

fn normalized_name(name: &Name<'_>) -> String {
    name.to_string().trim_end_matches('.').to_ascii_lowercase()
}

/// The `nameserver` lines of `/etc/resolv.conf`.
fn parse_resolv_conf(text: &str) -> Vec<SocketAddr> {
    let address = |line: &str| {
        let mut words = line.split_whitespace();
        let ip = words.next().filter(|word| *word == "nameserver").and(words.next())?;
        Some(SocketAddr::new(ip.split('%').next()?.parse().ok()?, 53))
    };
    text.lines().filter_map(address).collect()
}

#[cfg(test)]
mod tests;
