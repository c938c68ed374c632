//! Why the text of a file cannot be had.

use std::fmt;
use std::io;

/// Why a file could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// No such file.
    Missing,
    /// Not allowed to read it.
    Forbidden,
    /// A directory where a file was named, a device, a pipe, a socket.
    NotAFile(&'static str),
    /// More bytes than the limit.
    TooLarge {
        /// Bytes of the file.
        bytes: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// Any other failure, in the system's words.
    Io(String),
    /// Two or four bytes a character, or marked so.
    Utf16,
    /// Not UTF-8 at this byte.
    NotUtf8 {
        /// From 0.
        offset: usize,
        /// From 1.
        line: usize,
    },
    /// A zero byte: no text.
    Nul {
        /// From 0.
        offset: usize,
    },
}

impl ReadError {
    pub(crate) fn from_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::PermissionDenied => Self::Forbidden,
            io::ErrorKind::IsADirectory => Self::NotAFile("a folder"),
            _ => Self::Io(error.to_string()),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no such file"),
            Self::Forbidden => f.write_str("the file may not be read"),
            Self::NotAFile(kind) => write!(f, "this is {kind}, not a file"),
            Self::TooLarge { bytes, limit } => {
                write!(f, "the file has {bytes} bytes, more than the {limit} that are read")
            }
            Self::Io(reason) => write!(f, "the file cannot be read: {reason}"),
            Self::Utf16 | Self::NotUtf8 { .. } | Self::Nul { .. } => f.write_str("the file is not UTF-8 text"),
        }
    }
}
