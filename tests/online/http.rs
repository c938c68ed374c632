//! The part of HTTP/1.1 that the test servers need: requests are parsed, responses are bytes. A [`Fault`] replaces a response.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::server::{Stop, Stream};

/// A received request.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub received_at: Instant,
}

impl Request {
    /// Reads the head of the next request of a connection, except for its last byte: closing a connection with an unread byte resets
    /// it ([`Fault::Reset`]). `None` at the end of the connection, or if the bytes are not a request.
    pub fn peek(stream: &mut dyn Stream) -> Option<Self> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r") {
            let mut byte = [0];
            stream.read_exact(&mut byte).ok()?;
            head.push(byte[0]);
            if head.len() > 65_536 {
                return None;
            }
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let mut lines = head.lines();
        let mut first = lines.next()?.split(' ');
        let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
        Some(Self { method, target, headers, body: String::new(), received_at: Instant::now() })
    }

    /// Reads the last byte of the head, and the body.
    pub fn read(mut self, stream: &mut dyn Stream) -> Option<Self> {
        let length = self.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut rest = vec![0; 1 + length];
        stream.read_exact(&mut rest).ok()?;
        self.body = String::from_utf8_lossy(&rest[1..]).into_owned();
        Some(self)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The value of a query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        let (_, query) = self.target.split_once('?')?;
        query
            .split('&')
            .filter_map(|part| part.split_once('='))
            .find(|(other, _)| *other == name)
            .map(|(_, value)| value)
    }
}

/// A response with `Content-Length`.
pub fn http_response(status: u16, headers: &[&str], body: &str) -> Vec<u8> {
    let headers: String = headers.iter().flat_map(|header| [*header, "\r\n"]).collect();
    format!("HTTP/1.1 {status} Scripted\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// A response with JSON.
pub fn json_response(status: u16, body: &str) -> Vec<u8> {
    http_response(status, &["Content-Type: application/json"], body)
}

/// A fault that replaces a response.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Sends these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// Resets the connection when a request arrives.
    Reset,
    /// Sends nothing, and keeps the connection open.
    Silence,
    /// Sends the first text, and then the second one again and again, slowly, without end.
    Drip(&'static str, &'static str),
    /// Sends the first text, and then the second one as often as the client reads it.
    Flood(&'static str, &'static str),
}

/// Counts the bytes that [`Fault::Flood`] sent.
#[derive(Debug, Default)]
pub struct FloodCounter(AtomicU64);

impl FloodCounter {
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Fault {
    /// Applies the fault to a connection and ends it. Its request has been read, except for [`Fault::Reset`], which needs an unread
    /// byte.
    pub fn apply(&self, stream: &mut dyn Stream, stop: &Stop, flood: &FloodCounter) {
        match self {
            Self::Bytes(bytes) => {
                let _ = stream.write_all(bytes);
                let _ = stream.flush();
            }
            Self::Reset => {}
            Self::Silence => {
                // Returns when the client closes the connection.
                let _ = stream.read(&mut [0]);
            }
            Self::Drip(head, part) => {
                let mut is_connected = stream.write_all(head.as_bytes()).is_ok();
                while is_connected && !stop.is_set() {
                    is_connected = stream.write_all(part.as_bytes()).and_then(|()| stream.flush()).is_ok();
                    stop.sleep(Duration::from_millis(50));
                }
            }
            Self::Flood(head, part) => {
                let block = part.repeat(65_536 / part.len());
                let mut is_connected = stream.write_all(head.as_bytes()).is_ok();
                while is_connected && !stop.is_set() && flood.bytes() < 1 << 30 {
                    is_connected = stream.write_all(block.as_bytes()).is_ok();
                    flood.0.fetch_add(if is_connected { block.len() as u64 } else { 0 }, Ordering::SeqCst);
                }
            }
        }
    }
}
