//! Sends one query to one DNS server.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read, Write};
#[expect(clippy::disallowed_types, reason = "DNS queries are sent here")]
use std::net::UdpSocket;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::online::Unanswered;
use crate::online::net::connection::Connection;
use crate::online::net::deadline::Deadline;
use crate::online::net::dns::packet::{PacketContent, build_query, parse_answer};
use crate::online::net::dns::{AnswerContent, RecordKind};
use crate::online::net::error::describe_io_error;

/// Why a server did not answer.
pub(super) enum ExchangeError {
    /// No valid answer came in time.
    NoAnswer,
    /// The server could not be reached, or did not send a valid answer over TCP.
    Failed(Unanswered),
    /// The server answered with an error code.
    ServerError(Unanswered),
}

/// Queries one server.
pub(super) fn exchange_with_server(
    server: SocketAddr,
    name: &str,
    record_kind: RecordKind,
    deadline: Deadline,
) -> Result<AnswerContent, ExchangeError> {
    // The ID must not be predictable, or others could forge an answer (RFC 5452). `RandomState` has random keys.
    let id = u16::try_from(RandomState::new().build_hasher().finish() & 0xffff).unwrap_or_default();
    let Some(query) = build_query(id, name, record_kind) else {
        return Err(ExchangeError::ServerError(Unanswered::new("the name is too long for DNS")));
    };
    let mut content = match query_over_udp(server, &query, deadline, |bytes| parse_answer(bytes, id, name, record_kind))
    {
        Ok(content) => Some(content),
        Err(error) => return Err(classify_error(&error, deadline)),
    };
    // If the answer is truncated, the query is repeated over TCP (RFC 7766).
    if let Some(PacketContent::Truncated) = content {
        content = match query_over_tcp(server, &query, deadline) {
            Ok(bytes) => parse_answer(&bytes, id, name, record_kind),
            Err(error) => return Err(classify_error(&error, deadline)),
        };
    }
    match content {
        Some(PacketContent::Answer(answer)) => Ok(answer),
        Some(PacketContent::ServerError(unanswered)) => Err(ExchangeError::ServerError(unanswered)),
        Some(PacketContent::Truncated) | None => {
            Err(ExchangeError::Failed(Unanswered::new("the DNS server sent an invalid answer")))
        }
    }
}

fn classify_error(error: &io::Error, deadline: Deadline) -> ExchangeError {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => ExchangeError::NoAnswer,
        _ => ExchangeError::Failed(describe_io_error(error, &deadline).prefixed_with("DNS")),
    }
}

/// Sends the query, and waits for a packet that `parse` accepts. Other packets may be forged, and are ignored.
#[expect(clippy::disallowed_types, reason = "DNS queries are sent here")]
fn query_over_udp(
    server: SocketAddr,
    query: &[u8],
    deadline: Deadline,
    parse: impl Fn(&[u8]) -> Option<PacketContent>,
) -> io::Result<PacketContent> {
    let local: IpAddr = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((local, 0))?;
    // A connected socket only receives packets from this server.
    socket.connect(server)?;
    socket.send(query)?;
    let mut buffer = [0; 4096];
    loop {
        let Ok(left) = deadline.time_left() else { return Err(io::ErrorKind::TimedOut.into()) };
        socket.set_read_timeout(Some(left))?;
        let length = socket.recv(&mut buffer)?;
        if let Some(content) = parse(&buffer[..length]) {
            return Ok(content);
        }
    }
}

/// Sends the query and reads the answer, each with its length in front (RFC 1035, section 4.2.2).
fn query_over_tcp(server: SocketAddr, query: &[u8], deadline: Deadline) -> io::Result<Vec<u8>> {
    let Ok(left) = deadline.time_left() else { return Err(io::ErrorKind::TimedOut.into()) };
    let mut connection = Connection::open(&server, left, deadline)?;
    let query_len = u16::try_from(query.len()).map_err(io::Error::other)?;
    connection.write_all(&[&query_len.to_be_bytes(), query].concat())?;
    let mut answer_len = [0; 2];
    connection.read_exact(&mut answer_len)?;
    let mut answer = vec![0; usize::from(u16::from_be_bytes(answer_len))];
    connection.read_exact(&mut answer)?;
    Ok(answer)
}
