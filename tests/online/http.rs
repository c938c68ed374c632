//! As much of HTTP/1.1 as the scripted servers need: requests are read and kept, answers are bytes. What goes wrong on the
//! way to an answer is a [`Fault`].

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::server::{Stop, Stream};

/// A request, as it came.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub at: Instant,
}

impl Request {
    /// The head of the next request of a connection but for its last byte; `None` at the end of the connection, or when it is no
    /// request. Whoever leaves now leaves something unread, and the connection is reset ([`Fault::Reset`]).
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
        Some(Self { method, target, headers, body: String::new(), at: Instant::now() })
    }

    /// The rest of it.
    pub fn read(mut self, stream: &mut dyn Stream) -> Option<Self> {
        let length = self.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut rest = vec![0; 1 + length];
        stream.read_exact(&mut rest).ok()?;
        self.body = String::from_utf8_lossy(&rest[1..]).into_owned();
        Some(self)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// A part of the query.
    pub fn query(&self, name: &str) -> Option<&str> {
        let (_, query) = self.target.split_once('?')?;
        query.split('&').filter_map(|part| part.split_once('=')).find(|(own, _)| *own == name).map(|(_, value)| value)
    }
}

/// An answer with its length.
pub fn answer(status: u16, headers: &[&str], body: &str) -> Vec<u8> {
    let headers: String = headers.iter().flat_map(|header| [*header, "\r\n"]).collect();
    format!("HTTP/1.1 {status} Scripted\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// A JSON answer.
pub fn json(status: u16, body: &str) -> Vec<u8> {
    answer(status, &["Content-Type: application/json"], body)
}

/// What is done instead of an answer.
#[derive(Clone, Debug)]
pub enum Fault {
    /// These bytes, and the end of the connection. No bytes: it is closed without a word.
    Bytes(Vec<u8>),
    /// The connection is reset as soon as something was said.
    Reset,
    /// Not a word, and the connection stays open.
    Silence,
    /// These bytes, and then a byte again and again, slowly, without an end.
    Drip(&'static str, &'static str),
    /// These bytes, and then as many as the other side takes.
    Flood(&'static str, &'static str),
}

/// How much was poured out by [`Fault::Flood`].
#[derive(Debug, Default)]
pub struct Poured(AtomicU64);

impl Poured {
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Fault {
    /// On a connection whose request was read, but for [`Fault::Reset`], which wants a part unread. The connection is over then.
    pub fn play(&self, stream: &mut dyn Stream, stop: &Stop, poured: &Poured) {
        match self {
            Self::Bytes(bytes) => {
                let _ = stream.write_all(bytes);
                let _ = stream.flush();
            }
            Self::Reset => {}
            // Until the other side is gone.
            Self::Silence => {
                let _ = stream.read(&mut [0]);
            }
            Self::Drip(head, part) => {
                let mut is_there = stream.write_all(head.as_bytes()).is_ok();
                while is_there && !stop.is_asked() {
                    is_there = stream.write_all(part.as_bytes()).and_then(|()| stream.flush()).is_ok();
                    stop.sleep(Duration::from_millis(50));
                }
            }
            Self::Flood(head, part) => {
                let block = part.repeat(65_536 / part.len());
                let mut is_there = stream.write_all(head.as_bytes()).is_ok();
                while is_there && !stop.is_asked() && poured.bytes() < 1 << 30 {
                    is_there = stream.write_all(block.as_bytes()).is_ok();
                    poured.0.fetch_add(if is_there { block.len() as u64 } else { 0 }, Ordering::SeqCst);
                }
            }
        }
    }
}
