//! Questions to a DNS server (RFC 1035), over UDP and, where an answer is cut, over TCP. The only room that
//! names `simple_dns`.
//!
//! That there is no such name, or nothing of the kind, is an answer; that a server could not tell is none.

use crate::online::net::dial;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
#[expect(clippy::disallowed_types, reason = "name servers are asked here")]
use std::net::{TcpStream, UdpSocket};
use std::time::Duration;

use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, QCLASS, QTYPE, Question, RCODE, TYPE};

use super::deadline::Deadline;
use crate::online::{Resolution, Unanswered};

/// The name servers that are asked, one after the other.
#[derive(Clone, Debug)]
pub struct Dns {
    servers: Vec<SocketAddr>,
}

/// A record, as far as anybody here wants to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A or AAAA.
    Address(IpAddr),
    /// MX: the name of the server; the root where there is none.
    Mail(String),
    /// TXT: its strings in one.
    Text(String),
}

/// What there is of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Records {
    /// These.
    Found(Vec<Record>),
    /// There is no such name; `alias` is the one it stands for.
    NoSuchName {
        /// Of an alias, the name that is not there.
        alias: Option<String>,
    },
    /// None of the kind.
    None {
        /// Of an alias, the name that has none.
        alias: Option<String>,
    },
}

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Addresses of version 4.
    A,
    /// Addresses of version 6.
    Aaaa,
    /// Mail servers.
    Mx,
    /// Texts.
    Txt,
}

impl Wanted {
    fn of(self) -> TYPE {
        match self {
            Self::A => TYPE::A,
            Self::Aaaa => TYPE::AAAA,
            Self::Mx => TYPE::MX,
            Self::Txt => TYPE::TXT,
        }
    }
}

impl Dns {
    /// This server, or those of the system.
    pub fn new(server: Option<SocketAddr>) -> Self {
        let system = || server_lines(&std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default());
        Self { servers: server.map_or_else(system, |server| vec![server]) }
    }

    /// Where a name leads to.
    pub fn addresses(&self, name: &str, deadline: Deadline) -> Result<Resolution, Unanswered> {
        let four = self.ask(name, Wanted::A, deadline);
        if let Ok(Records::NoSuchName { alias }) = four {
            return Ok(Resolution::NoSuchName { alias });
        }
        let six = self.ask(name, Wanted::Aaaa, deadline);
        let mut found = Vec::new();
        for records in [&four, &six] {
            if let Ok(Records::Found(records)) = records {
                found.extend(records.iter().filter_map(|record| match record {
                    Record::Address(address) => Some(*address),
                    _ => None,
                }));
            }
        }
        let found = Resolution::Addresses(found);
        let is_found = found != Resolution::Addresses(Vec::new());
        match (four, six) {
            _ if is_found && !found.is_private() => Ok(found),
            // Private addresses of one kind do not tell whether there are public ones of the other.
            (Err(untold), _) | (_, Err(untold)) => Err(untold),
            _ if is_found => Ok(found),
            (_, Ok(Records::NoSuchName { alias })) => Ok(Resolution::NoSuchName { alias }),
            (Ok(Records::None { alias }), _) => Ok(Resolution::NoAddress { alias }),
            _ => Ok(Resolution::NoAddress { alias: None }),
        }
    }

    /// The records of a name, aliases followed.
    pub fn ask(&self, name: &str, wanted: Wanted, deadline: Deadline) -> Result<Records, Unanswered> {
        /// More aliases in a row are a circle, or as good as one.
        const ALIASES: usize = 8;
        let mut name = name.to_lowercase();
        let mut alias = None;
        for _ in 0..ALIASES {
            let (found, last) = self.ask_once(&name, wanted, deadline)?;
            let is_other = last != name;
            if is_other {
                alias = Some(last.clone());
                name = last;
            }
            match found {
                // The server said what the name stands for, and left the rest to be asked.
                Found::Nothing if is_other => {}
                Found::Nothing => return Ok(Records::None { alias }),
                Found::NoSuchName => return Ok(Records::NoSuchName { alias }),
                Found::Records(records) => return Ok(Records::Found(records)),
            }
        }
        Err(Unanswered::new("DNS: its name is an alias of an alias, and so on"))
    }

    /// One question, to the servers in turn until one has an answer; and the name at the end of the aliases in it.
    fn ask_once(&self, name: &str, wanted: Wanted, deadline: Deadline) -> Result<(Found, String), Unanswered> {
        const PATIENCE: Duration = Duration::from_millis(1500);
        const ROUNDS: usize = 3;
        if self.servers.is_empty() {
            return Err(Unanswered::new("no DNS server is known: name one with --dns-server"));
        }
        let mut last = None;
        for server in std::iter::repeat_n(&self.servers, ROUNDS).flatten() {
            // Time to ask again in, where there is some: a packet may get lost.
            let part = PATIENCE.min(deadline.left().map_err(|_| last.clone().unwrap_or_else(|| silent(deadline)))? / 2);
            match exchange(*server, name, wanted, deadline.within(part.max(Duration::from_millis(50)))) {
                Ok(answer) => return Ok(answer),
                Err(ReadError::Said(untold)) => return Err(untold),
                Err(ReadError::Silent) => last = Some(silent(deadline)),
                Err(ReadError::Broken(untold)) => last = Some(untold),
            }
        }
        Err(last.unwrap_or_else(|| silent(deadline)))
    }
}

fn silent(deadline: Deadline) -> Unanswered {
    deadline.missed().of("DNS")
}

enum Found {
    Records(Vec<Record>),
    Nothing,
    NoSuchName,
}

enum ReadError {
    /// Nothing came that is an answer to the question.
    Silent,
    /// It could not be reached.
    Broken(Unanswered),
    /// It says that it cannot tell.
    Said(Unanswered),
}

/// Asks one server.
fn exchange(server: SocketAddr, name: &str, wanted: Wanted, deadline: Deadline) -> Result<(Found, String), ReadError> {
    let id = u16::try_from(RandomState::new().build_hasher().finish() & 0xffff).unwrap_or_default();
    let query = query(id, name, wanted).ok_or_else(|| ReadError::Said(Unanswered::new("DNS cannot hold its name")))?;
    let answer = over_udp(server, &query, deadline, |bytes| read(bytes, id, name, wanted))?;
    match answer {
        Answer::Whole(answer) => answer,
        Answer::Cut => {
            let bytes = over_tcp(server, &query, deadline).map_err(|error| broken(&error, deadline))?;
            match read(&bytes, id, name, wanted) {
                Some(Answer::Whole(answer)) => answer,
                _ => Err(ReadError::Silent),
            }
        }
    }
}

fn broken(error: &io::Error, deadline: Deadline) -> ReadError {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => ReadError::Silent,
        _ => ReadError::Broken(dial::untold(error, &deadline).of("DNS")),
    }
}

fn query(id: u16, name: &str, wanted: Wanted) -> Option<Vec<u8>> {
    let mut packet = Packet::new_query(id);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    let question = Question::new(Name::new(name).ok()?, QTYPE::TYPE(wanted.of()), QCLASS::CLASS(CLASS::IN), false);
    packet.questions.push(question);
    packet.build_bytes_vec().ok()
}

/// Sends the question, and waits for what `read` takes for an answer; anything else was sent by somebody else.
#[expect(clippy::disallowed_types, reason = "name servers are asked here")]
fn over_udp<T>(
    server: SocketAddr,
    query: &[u8],
    deadline: Deadline,
    read: impl Fn(&[u8]) -> Option<T>,
) -> Result<T, ReadError> {
    let failed = |error: io::Error| broken(&error, deadline);
    let any: IpAddr = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).map_err(failed)?;
    socket.connect(server).map_err(failed)?;
    socket.send(query).map_err(failed)?;
    let mut buffer = [0; 4096];
    loop {
        let left = deadline.left().map_err(|_| ReadError::Silent)?;
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
    Whole(Result<(Found, String), ReadError>),
    /// It did not fit.
    Cut,
}

/// What a packet says, if it is the answer to the question.
fn read(bytes: &[u8], id: u16, name: &str, wanted: Wanted) -> Option<Answer> {
    let packet = Packet::parse(bytes).ok()?;
    let same = |other: &Name<'_>| written(other) == name.trim_end_matches('.');
    let is_it = |question: &Question<'_>| same(&question.qname) && question.qtype == QTYPE::TYPE(wanted.of());
    if packet.id() != id || !packet.has_flags(PacketFlag::RESPONSE) || !packet.questions.iter().all(is_it) {
        return None;
    }
    if packet.has_flags(PacketFlag::TRUNCATION) {
        return Some(Answer::Cut);
    }
    let refused = |word: &str| Err(ReadError::Said(Unanswered(format!("the DNS server says {word}"))));
    let (records, last) = records(&packet, name, wanted);
    Some(Answer::Whole(match packet.rcode() {
        RCODE::NoError if records.is_empty() => Ok((Found::Nothing, last)),
        RCODE::NoError => Ok((Found::Records(records), last)),
        RCODE::NameError => Ok((Found::NoSuchName, last)),
        RCODE::ServerFailure => refused("SERVFAIL"),
        RCODE::Refused => refused("REFUSED"),
        RCODE::FormatError => refused("FORMERR"),
        RCODE::NotImplemented => refused("NOTIMP"),
        other => refused(&format!("{other:?}")),
    }))
}

/// The records of the kind at the end of the aliases that start with `name`, and the name there.
fn records(packet: &Packet<'_>, name: &str, wanted: Wanted) -> (Vec<Record>, String) {
    let mut last = name.trim_end_matches('.').to_owned();
    for _ in 0..packet.answers.len() {
        let next = packet.answers.iter().find_map(|record| match &record.rdata {
            RData::CNAME(alias) if written(&record.name) == last => Some(written(&alias.0)),
            _ => None,
        });
        let Some(next) = next else { break };
        last = next;
    }
    let own = packet.answers.iter().filter(|record| written(&record.name) == last);
    let records = own.filter_map(|record| match (&record.rdata, wanted) {
        (RData::A(address), Wanted::A) => Some(Record::Address(Ipv4Addr::from(address.address).into())),
        (RData::AAAA(address), Wanted::Aaaa) => Some(Record::Address(Ipv6Addr::from(address.address).into())),
        (RData::MX(mail), Wanted::Mx) => Some(Record::Mail(written(&mail.exchange))),
        (RData::TXT(text), Wanted::Txt) => String::try_from(text.clone()).ok().map(Record::Text),
        _ => None,
    });
    (records.collect(), last)
}

fn written(name: &Name<'_>) -> String {
    name.to_string().trim_end_matches('.').to_ascii_lowercase()
}

/// The `nameserver` lines of `/etc/resolv.conf`.
fn server_lines(text: &str) -> Vec<SocketAddr> {
    let address = |line: &str| {
        let mut words = line.split_whitespace();
        let ip = words.next().filter(|word| *word == "nameserver").and(words.next())?;
        Some(SocketAddr::new(ip.split('%').next()?.parse().ok()?, 53))
    };
    text.lines().filter_map(address).collect()
}

#[cfg(test)]
mod tests;
