//! Standard output and standard error that may be closed by whoever reads them.
//!
//! `portal-lint check | head -1` closes the pipe after one line. That is no failure, and it is no success either: the command has
//! to run to its end, write its files and exit with the code of what it found. So what is written to a closed pipe is dropped.

use std::io::{self, Write};

/// A writer that drops everything once its reader is gone. All other errors are passed on.
pub(super) struct Closable<W> {
    inner: W,
    is_closed: bool,
}

impl<W: Write> Closable<W> {
    /// Wraps a writer.
    pub(super) fn new(inner: W) -> Self {
        Self { inner, is_closed: false }
    }

    /// Calls the inner writer, unless its reader is gone. `dropped` is what is returned when it is.
    fn unless_closed<T>(&mut self, dropped: T, write: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        if self.is_closed {
            return Ok(dropped);
        }
        match write(&mut self.inner) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(dropped)
            }
            result => result,
        }
    }
}

impl<W: Write> Write for Closable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_closed(bytes.len(), |inner| inner.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_closed((), Write::flush)
    }
}

/// Standard output, held in a buffer.
pub(super) fn stdout() -> impl Write {
    io::BufWriter::new(Closable::new(io::stdout().lock()))
}

/// Standard error.
pub(super) fn stderr() -> impl Write {
    Closable::new(io::stderr())
}
