//! Sends one query to one DNS server.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
#[expect(clippy::disallowed_types, reason = "name servers are asked here")]
use std::net::{TcpStream, UdpSocket};

use crate::online::Unanswered;
use crate::online::net::deadline::Deadline;
use crate::online::net::dns::packet::{PacketContent, build_query, parse_answer};
use crate::online::net::dns::{AnswerContent, RecordKind};
use crate::online::net::error::describe_io_error;

/// Why a server did not answer.
pub(super) enum ExchangeError {
    /// No valid answer came in time.
    NoAnswer,
    /// The server could not be reached.
    Unreachable(Unanswered),
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
    // The id must not be predictable, or others could forge an answer (RFC 5452). `RandomState` has random keys.
    let id = u16::try_from(RandomState::new().build_hasher().finish() & 0xffff).unwrap_or_default();
    let query = build_query(id, name, record_kind)
        .ok_or_else(|| ExchangeError::ServerError(Unanswered::new("DNS cannot hold its name")))?;
    let content = query_over_udp(server, &query, deadline, |bytes| parse_answer(bytes, id, name, record_kind))?;
    let content = match content {
        // RFC 7766: a truncated answer is queried again over TCP.
        PacketContent::Truncated => {
            let bytes = query_over_tcp(server, &query, deadline).map_err(|error| classify_error(&error, deadline))?;
            parse_answer(&bytes, id, name, record_kind)
        }
        content => Some(content),
    };
    match content {
        Some(PacketContent::Answer(answer)) => Ok(answer),
        Some(PacketContent::ServerError(unanswered)) => Err(ExchangeError::ServerError(unanswered)),
        Some(PacketContent::Truncated) | None => Err(ExchangeError::NoAnswer),
    }
}

fn classify_error(error: &io::Error, deadline: Deadline) -> ExchangeError {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => ExchangeError::NoAnswer,
        _ => ExchangeError::Unreachable(describe_io_error(error, &deadline).prefixed_with("DNS")),
    }
}

/// Sends the query, and waits for a packet that `parse` accepts. Other packets may be forged, and are ignored.
#[expect(clippy::disallowed_types, reason = "name servers are asked here")]
fn query_over_udp(
    server: SocketAddr,
    query: &[u8],
    deadline: Deadline,
    parse: impl Fn(&[u8]) -> Option<PacketContent>,
) -> Result<PacketContent, ExchangeError> {
    let failed = |error: io::Error| classify_error(&error, deadline);
    let any: IpAddr = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).map_err(failed)?;
    // A connected socket receives packets of this server only.
    socket.connect(server).map_err(failed)?;
    socket.send(query).map_err(failed)?;
    let mut buffer = [0; 4096];
    loop {
        let left = deadline.time_left().map_err(|_| ExchangeError::NoAnswer)?;
        socket.set_read_timeout(Some(left)).map_err(failed)?;
        let length = socket.recv(&mut buffer).map_err(failed)?;
        if let Some(content) = parse(&buffer[..length]) {
            return Ok(content);
        }
    }
}

/// Sends the query and reads the answer, each with its length in front (RFC 1035, section 4.2.2).
#[expect(clippy::disallowed_types, reason = "name servers are asked here")]
fn query_over_tcp(server: SocketAddr, query: &[u8], deadline: Deadline) -> io::Result<Vec<u8>> {
    let left = || deadline.time_left().map_err(|_| io::Error::from(io::ErrorKind::TimedOut));
    let mut stream = TcpStream::connect_timeout(&server, left()?)?;
    stream.set_write_timeout(Some(left()?))?;
    let length = u16::try_from(query.len()).map_err(io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes(), query].concat())?;
    // `read_exact` would apply the timeout to each read, and the server could send one byte at a time forever.
    let mut read_all = |mut bytes: &mut [u8]| -> io::Result<()> {
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
    read_all(&mut length)?;
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    read_all(&mut answer)?;
    Ok(answer)
}
