//! A TCP connection whose reads and writes end at a deadline.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
#[expect(clippy::disallowed_types, reason = "connections are made here")]
use std::net::TcpStream;
use std::time::Duration;

use crate::online::net::deadline::Deadline;

/// Applies the deadline to each read and write. A timeout per call alone would let a host send one byte at a time forever.
#[derive(Debug)]
pub(super) struct Connection {
    #[expect(clippy::disallowed_types, reason = "connections are made here")]
    stream: TcpStream,
    pub deadline: Deadline,
}

impl Connection {
    /// Connects within `time_limit`.
    #[expect(clippy::disallowed_types, reason = "connections are made here")]
    pub(super) fn open(address: &SocketAddr, time_limit: Duration, deadline: Deadline) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(address, time_limit)?;
        Ok(Self { stream, deadline })
    }

    fn time_left(&self) -> io::Result<Duration> {
        self.deadline.time_left().map_err(|_| io::ErrorKind::TimedOut.into())
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.time_left()?))?;
        self.stream.read(buffer)
    }
}

impl Write for Connection {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.time_left()?))?;
        self.stream.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
